import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readSitemap } from '../../../crawler/extract/sitemap.ts';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { articleAddress, articlePage, now, publish, sourceOf, visit } from './visiting.ts';

const DAY = 86_400_000;
const iso = (at: number) => new Date(at).toISOString();

const url = (address: string, lastmod?: string) =>
  `<url><loc>${address}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</url>`;
const urlset = (...urls: string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>`;
const index = (...maps: [address: string, lastmod: string][]) =>
  `<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${maps
    .map(([address, lastmod]) => `<sitemap><loc>${address}</loc><lastmod>${lastmod}</lastmod></sitemap>`)
    .join('')}</sitemapindex>`;
const xml = (body: string | Uint8Array) => ({ headers: { 'content-type': 'application/xml' }, body });

/** A site whose front page names no article. */
async function scripted(routes: LocalSite['routes'] = {}) {
  const site = await localSite({ '/': '<html><body><div id="app"></div></body></html>', ...routes });
  for (const n of [1, 2, 3]) site.routes[`/2026/1122/a${n}.html`] = articlePage(n);
  return site;
}

const mapped = (site: LocalSite, sitemap?: string) =>
  sourceOf('site', `${site.origin}/`, { list: { maxPages: 1, ...(sitemap ? { sitemap } : {}) } });
const addresses = (drafts: { url: string }[]) => drafts.map((draft) => draft.url).sort();
const articles = (site: LocalSite, ...numbers: number[]) => numbers.map((n) => articleAddress(site, n));

describe('where the list page names no articles, the site’s map does', () => {
  test('as robots.txt says where it is', async () => {
    const site = await scripted();
    site.routes['/robots.txt'] = `User-agent: *\nAllow: /\nSitemap: ${site.origin}/maps/all.xml`;
    site.routes['/maps/all.xml'] = xml(
      urlset(
        ...articles(site, 1, 2).map((each) => url(each, iso(now - DAY / 2))),
        url(`${site.origin}/`),
        url(`${site.origin}/list/`),
        url('https://other.example.com/2026/1122/a3.html'),
      ),
    );
    const report = await visit(mapped(site));
    expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2 });
    expect(addresses(report.drafts)).toEqual(articles(site, 1, 2));
  });

  test('at the usual place, through an index, packed', async () => {
    const site = await scripted();
    site.routes['/sitemap.xml'] = xml(
      index([`${site.origin}/old.xml`, iso(now - 400 * DAY)], [`${site.origin}/new.xml.gz`, iso(now - DAY)]),
    );
    site.routes['/new.xml.gz'] = {
      headers: { 'content-type': 'application/octet-stream' },
      body: gzipSync(urlset(url(articleAddress(site, 3), '2026-11-22'))),
    };
    const report = await visit(mapped(site));
    expect(addresses(report.drafts)).toEqual(articles(site, 3));
    expect(site.paths).not.toContain('/old.xml');
  });

  test('and only what changed since the last visit is read', async () => {
    const site = await scripted();
    site.routes['/sitemap.xml'] = xml(
      urlset(
        url(articleAddress(site, 1), iso(now - 20 * DAY)),
        url(articleAddress(site, 2), iso(now - 2 * DAY)),
        url(articleAddress(site, 3), iso(now - DAY / 4)),
      ),
    );
    const report = await visit(mapped(site), { since: now - DAY / 2, known: articles(site, 3) });
    expect(report).toMatchObject({ outcome: 'complete', expected: 1, got: 1, drafts: [] });
    const quiet = await visit(mapped(site), { since: now + 30 * DAY });
    expect(quiet).toMatchObject({ outcome: 'complete', expected: 0, got: 0 });
  });

  test('and where there is none either, the visit has failed', async () => {
    const site = await scripted();
    expect(await visit(mapped(site))).toMatchObject({ outcome: 'failed', reason: 'no-items' });
    expect(site.paths).toEqual(['/', '/sitemap.xml']);
  });

  test('also when the list page itself does not change', async () => {
    const site = await scripted();
    site.routes['/'] = (request, response) => {
      const known = request.headers['if-none-match'] !== undefined;
      response.writeHead(known ? 304 : 200, { 'content-type': 'text/html', etag: '"1"' });
      response.end(known ? '' : '<html><body><div id="app"></div></body></html>');
    };
    site.routes['/sitemap.xml'] = xml(urlset(url(articleAddress(site, 1), iso(now))));
    const { conditional } = await visit(mapped(site));
    site.routes['/sitemap.xml'] = xml(urlset(url(articleAddress(site, 2), iso(now))));
    const report = await visit({ ...mapped(site), ...conditional });
    expect(addresses(report.drafts)).toEqual(articles(site, 2));
  });

  test('unless the settings say never', async () => {
    const site = await scripted();
    site.routes['/sitemap.xml'] = xml(urlset(url(articleAddress(site, 1))));
    expect(await visit(mapped(site, 'never'))).toMatchObject({ outcome: 'failed', reason: 'no-items' });
    expect(site.paths).toEqual(['/']);
  });
});

test('a map that the settings name is read beside the list', async () => {
  const site = await localSite();
  publish(site, [2, 1]);
  site.routes['/2026/1122/a3.html'] = articlePage(3);
  site.routes['/map.xml'] = xml(urlset(...articles(site, 2, 3).map((each) => url(each, iso(now)))));
  const source = sourceOf('site', `${site.origin}/list/1.html`, {
    list: { maxPages: 1, sitemap: `${site.origin}/map.xml` },
  });
  const report = await visit(source);
  expect(report).toMatchObject({ outcome: 'complete', expected: 3, got: 3 });
  expect(addresses(report.drafts)).toEqual(articles(site, 1, 2, 3));
});

test.each([
  ['is not there', { status: 404 }, 'status-4xx', false],
  ['fails', { status: 503 }, 'status-5xx', true],
  ['is packed badly', { body: gzipSync('x'.repeat(10_000)).subarray(0, 30) }, 'truncated-content', true],
] as const)('a map that the settings name and that %s is missed', async (_, answer, reason, unsettled) => {
  const site = await localSite();
  publish(site, [1]);
  site.routes['/map.xml'] = answer;
  const source = sourceOf('site', `${site.origin}/list/1.html`, {
    list: { maxPages: 1, sitemap: `${site.origin}/map.xml` },
  });
  const report = await visit(source);
  expect(report).toMatchObject({
    outcome: 'partial',
    expected: 1,
    got: 1,
    failures: { [reason]: 1 },
    unsettled,
  });
});

describe('a sitemap is read', () => {
  test('with the dates of a news sitemap', () => {
    const text = `<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/1</loc><lastmod>2020-01-01</lastmod>
      <news:news><news:publication><news:name>云州日报</news:name></news:publication><news:publication_date>2026-11-22T08:00:00+08:00</news:publication_date></news:news>
      <image:image><image:loc>https://a.example/1.jpg</image:loc></image:image></url></urlset>`;
    expect(readSitemap(text, now)).toEqual({
      pages: [{ url: 'https://a.example/1', changedAt: Date.UTC(2026, 10, 22) }],
      sitemaps: [],
    });
  });

  test('with escaped addresses and CDATA', () => {
    const text = urlset(url('https://a.example/?a=1&amp;b=2'), url('<![CDATA[https://a.example/?c=3&d=4]]>'));
    expect(readSitemap(text, now).pages.map((page) => page.url)).toEqual([
      'https://a.example/?a=1&b=2',
      'https://a.example/?c=3&d=4',
    ]);
  });

  test('as a plain list of addresses', () => {
    expect(readSitemap('https://a.example/1\r\nhttps://a.example/2\n', now).pages).toHaveLength(2);
  });

  test.each([
    '',
    '{}',
    '<html><body><a href="/1">x</a></body></html>',
    '<urlset><url><loc>https://a.example/1',
    '\0\0',
  ])('and %j has no entries', (text) => {
    expect(readSitemap(text, now)).toEqual({ pages: [], sitemaps: [] });
  });
});

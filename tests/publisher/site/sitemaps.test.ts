import { expect, test } from 'vitest';
import { newsSitemap, robots, sitemap, sitemapIndex } from '../../../publisher/site/sitemaps.ts';
import { all, readXml, textOf } from '../../support/xml.ts';
import { HOSTILE, site } from './articles.ts';

const SITEMAP = 'http://www.sitemaps.org/schemas/sitemap/0.9';
const changedAt = new Date('2026-11-22T16:05:30.900Z');

test('a sitemap lists addresses with their last change as a W3C date', () => {
  const root = readXml(
    sitemap([
      { address: 'https://news.yunzhou.example/news?office=1&page=2', changedAt: null },
      { address: 'https://news.yunzhou.example/news/20261123-9', changedAt },
    ]),
  );
  expect(root.name).toBe('urlset');
  expect(root.attributes['xmlns']).toBe(SITEMAP);
  const [first, second] = all(root, 'url');
  if (!first || !second) throw new Error('no addresses');
  expect(textOf(first, 'loc')).toBe('https://news.yunzhou.example/news?office=1&page=2');
  expect(all(first, 'lastmod')).toEqual([]);
  expect(textOf(second, 'lastmod')).toBe('2026-11-23T00:05:30+08:00');
});

test('the index lists the files', () => {
  const root = readXml(sitemapIndex([{ address: 'https://news.yunzhou.example/a.xml', changedAt }]));
  expect(root.name).toBe('sitemapindex');
  expect(all(root, 'sitemap').map((each) => textOf(each, 'loc'))).toEqual([
    'https://news.yunzhou.example/a.xml',
  ]);
});

test('the news sitemap names publication, language, time and title of each article', () => {
  const root = readXml(newsSitemap(site, [{ slug: '20261123-9', title: HOSTILE, publishedAt: changedAt }]));
  const [news] = all(root, 'news:news');
  const [publication] = all(root, 'news:publication');
  if (!news || !publication) throw new Error('no news');
  expect(textOf(publication, 'news:name')).toBe('云州检察');
  expect(textOf(publication, 'news:language')).toBe('zh-cn');
  expect(textOf(news, 'news:publication_date')).toBe('2026-11-23T00:05:30+08:00');
  expect(textOf(news, 'news:title')).toBe(HOSTILE.replace('\u0008', ''));
});

/** As RFC 9309 has it: of the rules that fit, the longest counts. */
function mayAsk(text: string, path: string): boolean {
  const rules = [...text.matchAll(/^(Allow|Disallow): (\S+)$/gmu)].map(([, kind, rule = '']) => ({
    allowed: kind === 'Allow',
    rule,
  }));
  const fits = rules.filter(({ rule }) =>
    rule.endsWith('$') ? path === rule.slice(0, -1) : path.startsWith(rule),
  );
  return fits.toSorted((a, b) => b.rule.length - a.rule.length)[0]?.allowed ?? true;
}

test.each([
  ['/news', true],
  ['/news/20261123-9', true],
  ['/news/columns/notices?page=2', true],
  ['/media/3-0123456789ab.png', true],
  ['/sitemap.xml', true],
  ['/sitemaps/articles-1.xml', true],
  ['/_app/immutable/assets/0.css', true],
  ['/privacy', true],
  ['/objection', true],
  ['/objection/1111-2222-3333-4444', false],
  ['/', false],
  ['/sign-in', false],
  ['/releases/3', false],
  ['/api/live', false],
])('whether programs may ask for %s: %s', (path, allowed) => {
  expect(mayAsk(robots(site), path)).toBe(allowed);
});

test('robots.txt names the sitemaps by whole addresses', () => {
  expect(robots(site)).toContain('Sitemap: https://news.yunzhou.example/sitemap.xml\n');
});

import { describe, expect, test } from 'vitest';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { articlePage, articleText, sourceOf, visit } from './visiting.ts';

const SUMMARY = '云州市人民检察院依法办理了一批案件，并就有关情况向社会作了说明。';
const WHOLE = articleText(7).replaceAll('第7号', '全文');

type Entry = { n: number; description?: string; encoded?: string; guid?: string };

const item = ({ n, description, encoded, guid }: Entry) =>
  `<item><title>通报${n}</title><link>/2026/1122/a${n}.html</link><guid isPermaLink="false">${guid ?? `n${n}`}</guid>
   <pubDate>Sun, 22 Nov 2026 07:00:00 +0800</pubDate>${description === undefined ? '' : `<description><![CDATA[${description}]]></description>`}
   ${encoded === undefined ? '' : `<content:encoded><![CDATA[${encoded}]]></content:encoded>`}</item>`;

const feed = (...entries: Entry[]) =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>云州日报</title>${entries.map(item).join('')}</channel></rss>`;

async function siteOf(entries: Entry[], fullText = 'auto') {
  const site = await localSite({ '/feed': feed(...entries) });
  for (const { n } of entries) site.routes[`/2026/1122/a${n}.html`] = articlePage(n);
  return { site, source: sourceOf('feed', `${site.origin}/feed`, { fullText }) };
}

const asked = (site: LocalSite) => site.paths.filter((path) => path !== '/feed');

describe('the article behind an entry is read', () => {
  test.each([
    ['has a summary', { description: SUMMARY }],
    ['has a longer one that breaks off', { description: `${SUMMARY.repeat(12)}……` }],
    ['ends with the way to its rest', { encoded: `${SUMMARY.repeat(12)}<a href="/x">阅读全文</a>` }],
    ['has its title for a text', { description: '通报7' }],
    ['has nothing but its title', {}],
    ['has a short text in the place for the whole one', { encoded: '详见附件。' }],
  ])('where it %s', async (_, entry) => {
    const { site, source } = await siteOf([{ n: 7, ...entry }]);
    const { drafts, outcome } = await visit(source);
    expect(outcome).toBe('complete');
    expect(drafts).toEqual([
      {
        kind: 'article',
        url: `${site.origin}/2026/1122/a7.html`,
        externalId: 'n7',
        parentUrl: null,
        title: '通报7',
        text: articleText(7),
        // What the feed says of an entry goes before what its page says.
        publishedAt: Date.UTC(2026, 10, 21, 23),
        outlet: '云州日报',
        counts: { likes: null, comments: null, shares: null },
      },
    ]);
  });

  test.each([
    ['in the place for it', { encoded: WHOLE }],
    ['where summaries stand', { description: WHOLE.repeat(2) }],
  ])('but not where the entry has its whole text %s', async (_, entry) => {
    const { site, source } = await siteOf([{ n: 7, ...entry }]);
    expect(await visit(source)).toMatchObject({ outcome: 'complete', got: 1 });
    expect(asked(site)).toEqual([]);
  });

  test('always or never where the settings say so', async () => {
    const always = await siteOf([{ n: 7, encoded: WHOLE }], 'always');
    await visit(always.source);
    expect(asked(always.site)).toEqual(['/2026/1122/a7.html']);
    const never = await siteOf([{ n: 7, description: SUMMARY }], 'never');
    expect((await visit(never.source)).drafts).toMatchObject([{ text: SUMMARY }]);
    expect(asked(never.site)).toEqual([]);
  });

  test('only for what is not known', async () => {
    const { site, source } = await siteOf([
      { n: 7, description: SUMMARY },
      { n: 6, description: SUMMARY },
    ]);
    const report = await visit(source, { known: ['n6'] });
    expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2 });
    expect(asked(site)).toEqual(['/2026/1122/a7.html']);
    expect(report.drafts.map(({ externalId }) => externalId)).toEqual(['n7']);
  });

  test('with its comments and its further parts', async () => {
    const { site, source } = await siteOf([{ n: 7, description: SUMMARY }]);
    const comment = `<ul class="comments"><li class="comment"><b class="user">网友某某</b><i class="time">2026-11-22 09:00</i><p class="content">办得好。</p></li></ul>`;
    site.routes['/2026/1122/a7.html'] = articlePage(7).replace(
      '</article>',
      `<a href="a7_2.html">下一页</a></article>${comment}`,
    );
    site.routes['/2026/1122/a7_2.html'] = articlePage(8);
    const { drafts } = await visit(source);
    expect(drafts.map(({ kind, text }) => [kind, text])).toEqual([
      ['article', `${articleText(7)}\n${articleText(8)}`],
      ['comment', '办得好。'],
    ]);
    expect(JSON.stringify(drafts)).not.toContain('某某');
  });
});

describe('where the article cannot be had', () => {
  test.each([
    ['is not there', { status: 404 }],
    ['fails', { status: 500 }],
    ['has no text', '<html><body></body></html>'],
    ['is a picture', { headers: { 'content-type': 'image/png' }, body: 'x' }],
  ])('because it %s, the summary is stored, and the visit says so', async (_, answer) => {
    const { site, source } = await siteOf([
      { n: 7, description: SUMMARY },
      { n: 6, description: SUMMARY },
    ]);
    site.routes['/2026/1122/a7.html'] = answer;
    const report = await visit(source);
    expect(report).toMatchObject({
      outcome: 'partial',
      reason: 'summary-only',
      expected: 2,
      got: 2,
      failed: 1,
      failures: { 'summary-only': 1 },
      unsettled: false,
    });
    expect(report.drafts.find(({ externalId }) => externalId === 'n7')?.text).toBe(SUMMARY);
  });

  test('because robots.txt forbids it, it is not asked for', async () => {
    const { site, source } = await siteOf([{ n: 7, description: SUMMARY }]);
    site.routes['/robots.txt'] = 'User-agent: *\nDisallow: /2026/';
    expect(await visit(source)).toMatchObject({
      failures: { 'summary-only': 1 },
      drafts: [{ text: SUMMARY }],
    });
    expect(asked(site)).toEqual([]);
  });

  test('an entry without a word of its own is missed', async () => {
    const { site, source } = await siteOf([]);
    site.routes['/feed'] = feed().replace(
      '</channel>',
      '<item><link>/2026/1122/a7.html</link></item></channel>',
    );
    site.routes['/2026/1122/a7.html'] = { status: 403 };
    expect(await visit(source)).toMatchObject({
      expected: 1,
      got: 0,
      failures: { 'status-4xx': 1 },
      drafts: [],
    });
    site.routes['/2026/1122/a7.html'] = articlePage(7);
    expect(await visit(source)).toMatchObject({ got: 1, drafts: [{ text: articleText(7) }] });
  });
});

test('beyond what one visit fetches, summaries are stored', async () => {
  const entries = Array.from({ length: 203 }, (_, at) => ({ n: at + 1, description: SUMMARY }));
  const { site, source } = await siteOf(entries);
  const report = await visit(source);
  expect(report).toMatchObject({ expected: 203, got: 203, failures: { 'summary-only': 3 } });
  expect(asked(site)).toHaveLength(200);
  expect(report.drafts).toHaveLength(203);
});

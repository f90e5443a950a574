import { describe, expect, test } from 'vitest';
import { localSite, type Answer } from '../fetch/local-site.ts';
import { sourceOf, visit } from './visiting.ts';

const rss2 = (items: string) =>
  `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>云州日报</title><link>https://daily.example/</link>${items}</channel></rss>`;

const FORMATS: [format: string, type: string, text: string][] = [
  [
    'RSS 2.0',
    'application/rss+xml',
    rss2(`<item><title>通报一</title><link>https://daily.example/1</link><guid isPermaLink="false">n1</guid>
      <description><![CDATA[<p>第一段</p><p>第二段&amp;</p>]]></description><author>someone@example.com (某某)</author>
      <pubDate>Sun, 22 Nov 2026 08:00:00 +0800</pubDate></item>
      <item><title>通报二</title><guid>https://daily.example/2</guid><description>文字</description></item>`),
  ],
  [
    'RSS 1.0',
    'application/rdf+xml',
    `<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://daily.example/"><title>云州日报</title><link>https://daily.example/</link><description>新闻</description></channel>
      <item rdf:about="n1"><title>通报一</title><link>https://daily.example/1</link><description>&lt;p&gt;第一段&lt;/p&gt;&lt;p&gt;第二段&amp;amp;&lt;/p&gt;</description><dc:creator>某某</dc:creator><dc:date>2026-11-22T08:00:00+08:00</dc:date></item>
      <item rdf:about="https://daily.example/2"><title>通报二</title><link>https://daily.example/2</link><description>文字</description></item></rdf:RDF>`,
  ],
  [
    'Atom',
    'application/atom+xml',
    `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>云州日报</title><id>urn:x</id><updated>2026-11-22T00:00:00Z</updated>
      <entry><title>通报一</title><id>n1</id><link rel="enclosure" href="https://daily.example/1.mp3"/><link href="https://daily.example/1"/>
      <published>2026-11-22T00:00:00Z</published><updated>2026-11-22T01:00:00Z</updated><author><name>某某</name></author>
      <content type="html">&lt;p&gt;第一段&lt;/p&gt;&lt;p&gt;第二段&amp;amp;&lt;/p&gt;</content></entry>
      <entry><title>通报二</title><id>urn:n2</id><link rel="alternate" href="https://daily.example/2"/><summary>文字</summary></entry></feed>`,
  ],
  [
    'JSON Feed',
    'application/feed+json',
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: '云州日报',
      items: [
        {
          id: 'n1',
          url: 'https://daily.example/1',
          title: '通报一',
          content_html: '<p>第一段</p><p>第二段&amp;</p>',
          date_published: '2026-11-22T08:00:00+08:00',
          authors: [{ name: '某某' }],
        },
        { id: 'n2', url: 'https://daily.example/2', title: '通报二', content_text: '文字' },
      ],
    }),
  ],
];

async function visitFeed(answer: Answer, changes: Parameters<typeof visit>[1] = {}) {
  const site = await localSite({ '/feed': answer });
  return { site, ...(await visit(sourceOf('feed', `${site.origin}/feed`), changes)) };
}

describe('every format gives the same drafts, without authors', () => {
  test.each(FORMATS)('%s', async (_, type, body) => {
    const { drafts, ...report } = await visitFeed({ headers: { 'content-type': type }, body });
    expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2, failed: 0, unsettled: false });
    expect(drafts).toEqual([
      {
        kind: 'article',
        url: 'https://daily.example/1',
        externalId: 'n1',
        parentUrl: null,
        title: '通报一',
        text: '第一段\n第二段&',
        publishedAt: Date.UTC(2026, 10, 22),
        outlet: '云州日报',
        counts: { likes: null, comments: null, shares: null },
      },
      expect.objectContaining({
        url: 'https://daily.example/2',
        title: '通报二',
        text: '文字',
        publishedAt: null,
      }),
    ]);
    expect(JSON.stringify(drafts)).not.toMatch(/某某|someone/);
  });

  test.each(FORMATS)('%s, whatever its declared type and however it begins', async (_, __, body) => {
    const { outcome } = await visitFeed({
      headers: { 'content-type': 'text/plain' },
      body: `\ufeff\n ${body}`,
    });
    expect(outcome).toBe('complete');
  });
});

describe('what is no feed fails as a whole', () => {
  test.each([
    ['a page', '<!doctype html><html><head><title>登录</title></head><body><form></form></body></html>'],
    ['nothing', ''],
    ['JSON of another kind', '{"code":0,"data":[]}'],
    ['JSON that breaks off', '{"version":"https://jsonfeed.org/version/1.1","items":['],
    ['XML of another kind', '<?xml version="1.0"?><urlset><url><loc>https://a.example/</loc></url></urlset>'],
    ['words', '系统维护中'],
  ])('%s', async (_, body) => {
    expect(await visitFeed(body)).toMatchObject({
      outcome: 'failed',
      reason: 'not-a-feed',
      detail: expect.stringContaining('订阅'),
      expected: null,
      got: null,
      unsettled: true,
      conditional: null,
      drafts: [],
    });
  });

  test('an answer that fails', async () => {
    expect(await visitFeed({ status: 503, headers: { 'retry-after': '30' } })).toMatchObject({
      outcome: 'failed',
      reason: 'status-5xx',
      retryAfterSeconds: 30,
    });
  });
});

test('a feed without entries is complete and empty', async () => {
  expect(await visitFeed(rss2(''))).toMatchObject({ outcome: 'complete', expected: 0, got: 0, drafts: [] });
});

describe('an entry that cannot be used is told, the others are taken', () => {
  const good = '<item><title>通报</title><link>https://daily.example/1</link></item>';

  test.each([
    ['without link and id', '<item><title>无址</title><description>文字</description></item>', 'no-address'],
    ['with an id that is no address', '<item><title>无址</title><guid>n-17</guid></item>', 'no-address'],
    ['with an empty link', '<item><title>无址</title><link></link></item>', 'no-address'],
    [
      'with a link of another kind',
      '<item><title>甲</title><link>javascript:void(0)</link></item>',
      'no-address',
    ],
    ['without words', '<item><link>https://daily.example/2</link><guid>2</guid></item>', 'no-text'],
    [
      'with an image only',
      '<item><link>https://daily.example/2</link><description>&lt;img src="a.png"&gt;</description></item>',
      'no-text',
    ],
  ])('%s', async (_, item, reason) => {
    const { drafts, ...report } = await visitFeed(rss2(good + item));
    expect(report).toMatchObject({
      outcome: 'partial',
      reason,
      expected: 2,
      got: 1,
      failed: 1,
      failures: { [reason]: 1 },
      unsettled: false,
    });
    expect(report.detail).toContain('列出 2 条，有 1 条没有取到');
    expect(drafts.map(({ url }) => url)).toEqual(['https://daily.example/1']);
  });

  test('where all fail, the visit has failed', async () => {
    expect(await visitFeed(rss2('<item><title>无址</title></item>'))).toMatchObject({
      outcome: 'failed',
      expected: 1,
      got: 0,
    });
  });
});

describe('an entry', () => {
  const one = async (item: string) => (await visitFeed(rss2(`<item>${item}</item>`))).drafts[0];

  test('with a relative link is found beside the feed', async () => {
    const { site, drafts } = await visitFeed(rss2('<item><title>甲</title><link>/a/1.html</link></item>'));
    expect(drafts[0]?.url).toBe(`${site.origin}/a/1.html`);
  });

  test('without a text has its title as text', async () => {
    expect(await one('<title>甲</title><link>https://a.example/1</link>')).toMatchObject({
      title: '甲',
      text: '甲',
    });
  });

  test('without a title has none', async () => {
    expect(await one('<description>甲</description><link>https://a.example/1</link>')).toMatchObject({
      title: null,
      text: '甲',
    });
  });

  test.each([
    ['in the future', '<pubDate>Fri, 01 Oct 2027 08:00:00 +0800</pubDate>', Date.UTC(2027, 9, 1)],
    ['that cannot be read', '<pubDate>soon</pubDate>', null],
    ['that is missing', '', null],
    ['without a zone is one of Shanghai', '<pubDate>2026-11-22 08:00:00</pubDate>', Date.UTC(2026, 10, 22)],
  ])('with a date %s passes it through', async (_, date, publishedAt) => {
    expect((await one(`<title>甲</title><link>https://a.example/1</link>${date}`))?.publishedAt).toBe(
      publishedAt,
    );
  });

  test('with an unpaired surrogate and a NUL arrives without stopping anything', async () => {
    const { drafts, outcome } = await visitFeed(
      rss2(
        '<item><title>甲&#xD800;乙</title><link>https://a.example/1</link><description>丙&#0;丁\0戊</description></item>' +
          '<item><title>己</title><link>https://a.example/2</link></item>',
      ),
    );
    expect(outcome).toBe('complete');
    expect(drafts).toHaveLength(2);
    expect(drafts[0]?.title).toMatch(/^甲.?乙$/u);
    expect(drafts[0]?.text).toMatch(/^丙.?丁.?戊$/u);
  });
});

describe('a feed that has not changed', () => {
  test('is asked for with the validators of the last visit and is unchanged', async () => {
    const site = await localSite({ '/feed': { status: 304 } });
    const source = { ...sourceOf('feed', `${site.origin}/feed`), etag: '"1"', lastModified: null };
    expect(await visit(source)).toMatchObject({
      outcome: 'unchanged',
      reason: null,
      expected: null,
      got: null,
      unsettled: false,
      conditional: null,
      drafts: [],
    });
    expect(site.headers[0]).toMatchObject({ 'if-none-match': '"1"' });
  });

  test('is read in full when something is left over from last time', async () => {
    const site = await localSite({ '/feed': rss2('') });
    await visit({ ...sourceOf('feed', `${site.origin}/feed`), etag: '"1"' }, { deep: true });
    expect(site.headers[0]).not.toHaveProperty('if-none-match');
  });

  test('gives its new validators with a complete visit', async () => {
    const headers = { etag: '"2"', 'last-modified': 'Sun, 22 Nov 2026 00:00:00 GMT' };
    expect((await visitFeed({ headers, body: rss2('') })).conditional).toEqual({
      etag: '"2"',
      lastModified: headers['last-modified'],
    });
  });
});

test('a feed that robots.txt forbids is not fetched', async () => {
  const site = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /feed', '/feed': rss2('') });
  expect(await visit(sourceOf('feed', `${site.origin}/feed`))).toMatchObject({
    outcome: 'failed',
    reason: 'robots-disallow',
  });
  expect(site.paths).toEqual([]);
});

test('a database that fails is a failed visit, not an empty one', async () => {
  const fault = new Error('connection terminated');
  const body = rss2('<item><title>甲</title><link>https://a.example/1</link></item>');
  expect(await visitFeed(body, { emit: () => Promise.reject(fault) })).toMatchObject({
    outcome: 'failed',
    reason: 'internal',
    cause: fault,
    unsettled: true,
  });
});

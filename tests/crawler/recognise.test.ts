import { describe, expect, test } from 'vitest';
import { sourceSchema } from '../../config/sources.ts';
import { readPage } from '../../crawler/extract/page.ts';
import { pageSigns, sourceName } from '../../crawler/extract/page-signs.ts';
import { rhythmOf } from '../../crawler/probe-rhythm.ts';
import { recognise, type Recognised } from '../../crawler/recognise.ts';
import { boundedFetcher, tryVisit } from '../../crawler/trial.ts';
import { rss } from '../support/site.ts';
import { codeOf, localSite, openFetcher, type LocalSite } from './fetch/local-site.ts';
import { articlePage, now, publish } from './sources/visiting.ts';

async function look(site: LocalSite, path: string): Promise<Recognised> {
  return recognise(site.origin + path, { fetcher: openFetcher(), now });
}

describe('an address is', () => {
  test('a feed, under the name that it gives itself', async () => {
    const site = await localSite();
    site.routes['/rss.xml'] = rss(site.origin, 3);
    expect(await look(site, '/rss.xml')).toMatchObject({
      is: 'feed',
      choices: [{ kind: 'feed', url: `${site.origin}/rss.xml`, name: '测试' }],
    });
  });

  test('a list of articles, of which its own feed is the better way; a feed that is dead is told', async () => {
    const site = await localSite();
    publish(site, [8, 7, 6, 5, 4, 3]);
    const list = String(site.routes['/list/1.html']).replace(
      '<head>',
      `<head><link rel="alternate" type="application/rss+xml" title="通报订阅" href="/rss.xml">
       <link rel="alternate" type="application/atom+xml" href="/gone.xml">`,
    );
    site.routes['/list/1.html'] = list;
    site.routes['/rss.xml'] = rss(site.origin, 2);
    const found = await look(site, '/list/1.html');
    expect(found).toMatchObject({ is: 'list', links: 6 });
    expect(found.choices.map(({ kind, url }) => [kind, url])).toEqual([
      ['feed', `${site.origin}/rss.xml`],
      ['site', `${site.origin}/list/1.html`],
    ]);
    expect(found.deadFeeds).toEqual([{ url: `${site.origin}/gone.xml`, reason: 'status-4xx' }]);
  });

  test('one article, which is no source', async () => {
    const site = await localSite({ '/a': articlePage(1) });
    expect(await look(site, '/a')).toMatchObject({ is: 'article', choices: [] });
  });

  test('a page that scripts draw', async () => {
    const site = await localSite({
      '/': '<html><head><title>民意直通车</title><script src="/app.js"></script></head><body><div id="app"></div></body></html>',
    });
    expect(await look(site, '/')).toMatchObject({
      is: 'script',
      choices: [{ kind: 'browser', name: '民意直通车' }],
    });
  });

  test('a page that asks for a password', async () => {
    const site = await localSite({
      '/': '<title>登录</title><form><input name="user"><input type="password" name="p"><button>登录</button></form>',
    });
    expect(await look(site, '/')).toMatchObject({ is: 'login', choices: [] });
  });

  test('JSON without a list, and a page without anything', async () => {
    const site = await localSite({ '/json': '{"ok":true}', '/': '<p>你好</p>' });
    expect(await look(site, '/json')).toMatchObject({ is: 'json', choices: [] });
    expect(await look(site, '/')).toMatchObject({ is: 'nothing', choices: [] });
  });

  test('not to be had, with the reason', async () => {
    const site = await localSite({ '/robots.txt': 'User-agent: *\nDisallow: /', '/x': articlePage(1) });
    expect(await codeOf(look(site, '/x'))).toBe('robots-disallow');
    expect(await codeOf(look(site, '/y'))).toBe('robots-disallow');
  });
});

describe('a JSON answer is read by a mapping that is guessed', () => {
  test.each([
    [
      {
        data: {
          list: items(({ n, text }) => ({ id: n, created_at: '2026-11-22 10:00:00', text, likes: 3 })),
        },
      },
      { items: 'data.list', fields: { id: 'id', text: 'text', publishedAt: 'created_at', likes: 'likes' } },
    ],
    [
      items(({ n, text }) => ({
        newsId: `n-${n}`,
        newsTitle: text,
        ptime: 1,
        'pub-date': 'x',
        pubDate: 1_790_000_000,
      })),
      { items: '@', fields: { id: 'newsId', text: 'newsTitle', publishedAt: 'pubDate' } },
    ],
    [
      { 结果: { 'a-b': items(({ n, text }) => ({ 编号: n, 正文: text })) } },
      { items: '"结果"."a-b"', fields: { id: '"编号"', text: '"正文"' } },
    ],
  ])('%#', async (body, expected) => {
    const site = await localSite({ '/api': JSON.stringify(body) });
    const found = await look(site, '/api');
    expect(found).toMatchObject({ is: 'api', choices: [{ kind: 'api', settings: expected }] });
  });
});

function items(one: (item: { n: number; text: string }) => object): object[] {
  return Array.from({ length: 6 }, (_, n) =>
    one({ n: n + 1, text: `第${n}条评论，谈到检察机关办理的第${n}件案件的进展情况。` }),
  );
}

test('what a page calls itself is shortened to a name', () => {
  expect(sourceName('检务公开 - 云州市人民检察院', null, 'x')).toBe('检务公开');
  expect(sourceName('要闻_云州日报_权威发布', '云州日报', 'x')).toBe('云州日报 要闻');
  expect(sourceName('首页 | 云州热线', null, 'x')).toBe('云州热线');
  expect(sourceName('', null, 'news.example')).toBe('news.example');
});

test('feeds in the body are found by their address or their word, others are not', () => {
  const html = `<a href="/feed/">内容</a><a href="/x">订阅</a><a href="/feedback.html">反馈</a><a href="javascript:1">RSS</a>`;
  const { feeds } = pageSigns(readPage(html, 'http://a.example/'));
  expect(feeds.map(({ url }) => url)).toEqual(['http://a.example/feed/', 'http://a.example/x']);
});

test.each([
  [[0, 1, 2, 3, 4].map((n) => n / 24), 24, 1_800],
  [[0, 1, 2, 3], 1, 43_200],
  [[40, 41, 42], 2 / 42, 86_400],
  [[0, 1], null, 3_600],
  [[null, null, null, null], null, 3_600],
] as const)('from the times of its newest items: %#', (daysAgo, perDay, intervalSeconds) => {
  const times = daysAgo.map((days) => (days === null ? null : now - days * 86_400_000));
  const rhythm = rhythmOf(times, now);
  expect(rhythm.intervalSeconds).toBe(intervalSeconds);
  if (perDay === null) expect(rhythm.perDay).toBeNull();
  else expect((rhythm.perDay ?? 0) / perDay).toBeGreaterThan(0.7);
});

describe('a trial', () => {
  const listOf = (site: LocalSite) =>
    sourceSchema.parse({
      kind: 'site',
      key: 'trial',
      name: '云州日报',
      url: `${site.origin}/list/1.html`,
      legalBasis: '试读一次',
      impactNote: '试读一次',
      approvedBy: '试读',
    });

  test('reads no more articles than it shows', async () => {
    const site = await localSite();
    publish(site, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    const { drafts, report } = await tryVisit(listOf(site), { fetcher: openFetcher(), now, limit: 3 });
    expect(drafts.map(({ title }) => title)).toEqual([9, 8, 7].map((n) => `云州检察通报第${n}号`));
    expect(report.expected).toBe(9);
    expect(site.paths.filter((path) => path.startsWith('/2026'))).toHaveLength(3);
  });

  test('ends when whoever waits for it has gone, and asks for nothing more', async () => {
    const gone = new AbortController();
    const site = await localSite();
    publish(site, [3, 2, 1]);
    const list = site.routes['/list/1.html'] as string;
    site.routes['/list/1.html'] = (_, response) => {
      gone.abort();
      setTimeout(() => response.writeHead(200, { 'content-type': 'text/html' }).end(list), 50);
    };
    const fetcher = boundedFetcher(openFetcher(), gone.signal, 20);
    const { drafts, report } = await tryVisit(listOf(site), { fetcher, now, limit: 3 });
    expect(drafts).toEqual([]);
    expect(report.outcome).toBe('failed');
    expect(site.paths).toEqual(['/list/1.html']);
  });

  test('asks a site no more often than it may', async () => {
    const site = await localSite();
    publish(site, [9, 8, 7, 6, 5]);
    const fetcher = boundedFetcher(openFetcher(), new AbortController().signal, 3);
    const { drafts } = await tryVisit(listOf(site), { fetcher, now, limit: 5 });
    expect(drafts).toHaveLength(2);
    expect(site.paths).toHaveLength(3);
  });
});

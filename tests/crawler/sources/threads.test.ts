import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { localSite } from '../fetch/local-site.ts';
import { forums, type Floor } from './shapes/forums.ts';
import { sourceOf, visit } from './visiting.ts';

const TITLE = '求助：楼顶漏水没人管';
const opening: Floor = {
  who: '楼主甲某',
  when: '2026-11-22 08:00',
  words: '小区楼顶漏水半年了，物业一直推脱，想问问检察院能不能管公益诉讼？',
};
const replies: Floor[] = [
  { who: '热心乙某', when: '2026-11-22 09:10', words: '可以先打12309咨询，别光发帖。' },
  { who: '路人丙某', when: '2026-11-22 10:20', words: '同问。' },
];
const late: Floor[] = [
  { who: '楼主甲某', when: '2026-11-22 11:30', words: '谢谢，已经打了，说会转办。' },
  { who: '路人丁某', when: '2026-11-22 11:50', words: '顶一下，我们小区也是。' },
];
const at = (hour: number, minute: number) => Date.UTC(2026, 10, 22, hour - 8, minute);
const words = (floors: readonly Floor[]) => floors.map((floor) => floor.words);

const board = (first: string) =>
  `<html><body><div class="nav"><a href="/">论坛首页</a></div><ul class="threads"><li><a href="${first}">${TITLE}</a></li></ul></body></html>`;

async function threadOf(
  [, page, first, second]: (typeof forums)[number],
  floors: readonly [readonly Floor[], readonly Floor[]],
  encoding = 'utf-8',
) {
  const encoded = (html: string) => ({
    headers: { 'content-type': 'text/html' },
    body: iconv.encode(html.replace('charset="utf-8"', `charset="${encoding}"`), encoding),
  });
  const site = await localSite({ '/board': board(first) });
  const more = floors[1].length > 0;
  site.routes[first] = encoded(page(TITLE, floors[0], more ? second : null, 1));
  if (more) site.routes[second] = encoded(page(TITLE, floors[1], null, floors[0].length + 1));
  const source = sourceOf('site', `${site.origin}/board`, { list: { link: '.threads a', maxPages: 1 } });
  return { site, source, url: `${site.origin}${first}` };
}

describe('a thread is known without selectors, with its floors and pages, without those who wrote', () => {
  test.each(forums)('%s', async (...forum) => {
    const { source, url } = await threadOf(forum, [[opening, ...replies], late]);
    const { drafts, outcome } = await visit(source);
    expect(outcome).toBe('complete');
    expect(drafts[0]).toMatchObject({
      kind: 'post',
      url,
      parentUrl: null,
      title: TITLE,
      text: opening.words,
      publishedAt: at(8, 0),
      outlet: '云州日报',
      counts: { likes: null, comments: 4, shares: null },
    });
    expect(drafts.slice(1).map(({ kind, parentUrl, text }) => [kind, parentUrl, text])).toEqual(
      words([...replies, ...late]).map((text) => ['comment', url, text]),
    );
    expect(drafts.map(({ publishedAt }) => publishedAt)).toEqual([
      at(8, 0),
      at(9, 10),
      at(10, 20),
      at(11, 30),
      at(11, 50),
    ]);
    expect(new Set(drafts.map(({ externalId, url: own }) => externalId ?? own)).size).toBe(5);
    expect(JSON.stringify(drafts)).not.toMatch(/[甲乙丙丁]某|注册会员|三级|member/);
  });

  test.each(forums)('%s, when the last page has a single floor', async (...forum) => {
    const { source } = await threadOf(forum, [[opening, ...replies], late.slice(0, 1)]);
    const { drafts } = await visit(source);
    expect(drafts.map(({ text }) => text)).toEqual(words([opening, ...replies, ...late.slice(0, 1)]));
    expect(JSON.stringify(drafts)).not.toMatch(/[甲乙丙丁]某/);
  });

  test.each(forums)('%s, with a single reply', async (...forum) => {
    const { source } = await threadOf(forum, [[opening, ...replies.slice(0, 1)], []]);
    const { drafts } = await visit(source);
    expect(drafts.map(({ kind, text }) => [kind, text])).toEqual([
      ['post', opening.words],
      ['comment', '可以先打12309咨询，别光发帖。'],
    ]);
    expect(JSON.stringify(drafts)).not.toMatch(/[甲乙丙丁]某/);
  });

  test.each(forums)('%s, that nobody has answered yet', async (...forum) => {
    const { source } = await threadOf(forum, [[opening], []]);
    const { drafts } = await visit(source);
    expect(drafts.map(({ kind, text }) => [kind, text])).toEqual([['post', opening.words]]);
  });

  test.each(forums)('%s, in GBK', async (...forum) => {
    const { source } = await threadOf(forum, [[opening, ...replies], late], 'gbk');
    const { drafts } = await visit(source);
    expect(drafts.map(({ text }) => text)).toEqual(words([opening, ...replies, ...late]));
  });
});

test.each(forums)('a first floor of two words is the post, in the manner of %s', async (...forum) => {
  for (const answers of [[], [{ who: '热心乙某', when: '2026-11-22 09:10', words: '同问' }]]) {
    const { source } = await threadOf(forum, [[{ ...opening, words: '谁管？' }, ...answers], []]);
    const { drafts } = await visit(source);
    expect(drafts.map(({ kind, text }) => [kind, text])).toEqual([
      ['post', '谁管？'],
      ...answers.map(({ words: said }) => ['comment', said]),
    ]);
    expect(drafts[0]?.publishedAt).toBe(at(8, 0));
  }
});

test('the first floor on top of every page is told once', async () => {
  for (const forum of forums) {
    const { source } = await threadOf(forum, [
      [opening, ...replies],
      [opening, ...late],
    ]);
    const { drafts } = await visit(source);
    expect(
      drafts.map(({ text }) => text),
      forum[0],
    ).toEqual(words([opening, ...replies, ...late]));
  }
});

test('a page of a thread that may come later leaves the whole thread for later', async () => {
  const [forum] = forums;
  if (!forum) throw new Error('no forum');
  const { site, source } = await threadOf(forum, [[opening, ...replies], late]);
  site.routes[forum[3]] = { status: 503 };
  expect(await visit(source)).toMatchObject({ got: 0, drafts: [], failures: { 'status-5xx': 1 } });
  site.routes[forum[3]] = { status: 403 };
  const report = await visit(source);
  expect(report).toMatchObject({ outcome: 'partial', got: 1, failures: { 'status-4xx': 1 } });
  expect(report.drafts).toHaveLength(3);
});

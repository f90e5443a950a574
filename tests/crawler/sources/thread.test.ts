import { describe, expect, test } from 'vitest';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { sourceOf, visit } from './visiting.ts';

type Floor = [words: string, when: string];

const floors = (list: Floor[]) =>
  list
    .map(
      ([words, when]) =>
        `<div class="floor"><a class="who" href="/user/7">网友某某</a><em>${when}</em><div class="message">${words}</div></div>`,
    )
    .join('');

const page = (list: Floor[], next?: string) =>
  `<html><head><title>咨询</title></head><body><h1>咨询办案进度</h1>${floors(list)}${next ? `<a class="nxt" href="${next}">下一页</a>` : ''}</body></html>`;

const list = (...numbers: number[]) =>
  `<html><body>${numbers.map((n) => `<a class="subject" href="/thread-${n}-1.html">咨询办案进度之${n}</a>`).join('')}</body></html>`;

const board = (site: LocalSite, maxPages = 20) =>
  sourceOf('site', `${site.origin}/board-1.html`, {
    list: { link: 'a.subject', maxPages: 1 },
    thread: { item: 'div.floor', text: 'div.message', publishedAt: 'em', next: 'a.nxt', maxPages },
  });

const opening: Floor = ['请问我的案子办到哪一步了？', '2026-11-22 08:00'];
const answer: Floor = ['同问', '3 小时前'];

test('the first floor is a post, the others are comments that answer it', async () => {
  const site = await localSite({ '/board-1.html': list(1), '/thread-1-1.html': page([opening, answer]) });
  const { drafts, outcome } = await visit(board(site));
  const url = `${site.origin}/thread-1-1.html`;
  expect(outcome).toBe('complete');
  expect(drafts).toEqual([
    {
      kind: 'post',
      url,
      externalId: null,
      parentUrl: null,
      title: '咨询办案进度',
      text: opening[0],
      publishedAt: Date.UTC(2026, 10, 22, 0, 0),
      outlet: '云州日报',
      counts: { likes: null, comments: 1, shares: null },
    },
    {
      kind: 'comment',
      url,
      externalId: expect.any(String),
      parentUrl: url,
      title: null,
      text: '同问',
      publishedAt: Date.UTC(2026, 10, 22, 1, 0),
      outlet: '云州日报',
      counts: { likes: null, comments: null, shares: null },
    },
  ]);
  expect(JSON.stringify(drafts)).not.toMatch(/某某|\/user\//);
});

test('a thread is read over its pages', async () => {
  const site = await localSite({
    '/board-1.html': list(1),
    '/thread-1-1.html': page([opening, answer], '/thread-1-2.html'),
    '/thread-1-2.html': page([['三楼', '刚刚']], '/thread-1-3.html'),
    '/thread-1-3.html': page([['四楼', '刚刚']], '/thread-1-1.html'),
  });
  const { drafts } = await visit(board(site));
  expect(drafts.map(({ kind, text }) => [kind, text])).toEqual([
    ['post', opening[0]],
    ['comment', '同问'],
    ['comment', '三楼'],
    ['comment', '四楼'],
  ]);
  expect(new Set(drafts.map(({ url }) => url))).toEqual(new Set([`${site.origin}/thread-1-1.html`]));
  expect(drafts[0]?.counts.comments).toBe(3);
});

test('no further than the settings say', async () => {
  const site = await localSite({
    '/board-1.html': list(1),
    '/thread-1-1.html': page([opening], '/thread-1-2.html'),
    '/thread-1-2.html': page([answer], '/thread-1-3.html'),
    '/thread-1-3.html': page([answer]),
  });
  expect((await visit(board(site, 2))).drafts).toHaveLength(2);
  expect(site.paths).not.toContain('/thread-1-3.html');
});

describe('a floor keeps its identity', () => {
  const ids = async (...thread: Floor[]) => {
    const site = await localSite({ '/board-1.html': list(1), '/thread-1-1.html': page(thread) });
    const { drafts } = await visit(board(site));
    return drafts.map(({ url, externalId }) => (externalId ?? url).replace(site.origin, ''));
  };

  test('when the hour that is named moves on', async () => {
    expect(await ids(opening, ['同问', '3 小时前'])).toEqual(await ids(opening, ['同问', '昨天 20:10']));
  });

  test('when floors are added', async () => {
    const before = await ids(opening, answer, ['顶', '1 小时前']);
    const after = await ids(opening, answer, ['顶', '2 小时前'], ['顶', '刚刚'], ['谢谢', '刚刚']);
    expect(after.slice(0, 3)).toEqual(before);
    expect(new Set(after).size).toBe(5);
  });

  test('and the same words are told apart by their number', async () => {
    const all = await ids(opening, ['顶', '刚刚'], ['顶', '刚刚'], ['顶', '刚刚']);
    expect(new Set(all).size).toBe(4);
  });
});

test('known threads of the first page are read again for their new floors', async () => {
  const site = await localSite({ '/board-1.html': list(1, 2), '/thread-1-1.html': page([opening, answer]) });
  site.routes['/thread-2-1.html'] = page([opening]);
  const known = [1, 2].map((n) => `${site.origin}/thread-${n}-1.html`);
  const { drafts } = await visit(board(site), { known });
  expect(drafts.map(({ text }) => text).sort()).toEqual([opening[0], opening[0], '同问'].sort());
});

describe('a thread that is not got', () => {
  test('is told, the others are read', async () => {
    const site = await localSite({ '/board-1.html': list(1, 2), '/thread-1-1.html': page([opening]) });
    site.routes['/thread-2-1.html'] = '<html><body><p>主题已删除</p></body></html>';
    const { drafts, ...report } = await visit(board(site));
    expect(report).toMatchObject({
      outcome: 'partial',
      reason: 'no-text',
      expected: 2,
      got: 1,
      unsettled: false,
    });
    expect(drafts).toHaveLength(1);
  });

  test('to its end keeps what was read, and says so', async () => {
    const site = await localSite({
      '/board-1.html': list(1),
      '/thread-1-1.html': page([opening, answer], '/thread-1-2.html'),
      '/thread-1-2.html': { status: 404 },
    });
    const { drafts, ...report } = await visit(board(site));
    expect(report).toMatchObject({ outcome: 'partial', reason: 'status-4xx', got: 1, unsettled: false });
    expect(drafts.map(({ text }) => text)).toEqual([opening[0], '同问']);
  });

  test('to its end for the time being is owed, whole, to the next visit', async () => {
    const site = await localSite({
      '/board-1.html': list(1),
      '/thread-1-1.html': page([opening, answer], '/thread-1-2.html'),
      '/thread-1-2.html': { status: 502 },
    });
    expect(await visit(board(site))).toMatchObject({ reason: 'status-5xx', got: 0, drafts: [] });
    expect(site.paths.filter((path) => path === '/thread-1-2.html')).toHaveLength(3);
  });
});

describe('floors of one thread', () => {
  const many = (n: number): Floor[] =>
    Array.from({ length: 15 }, (_, floor) => [`主题${n}的第${floor}楼`, '2026-11-22 08:00']);
  const pages = (...numbers: number[]) =>
    Object.fromEntries(numbers.map((n) => [`/thread-${n}-1.html`, page(many(n))]));

  test('are handed on together, so that a thread is stored whole or not at all', async () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7];
    const site = await localSite({ '/board-1.html': list(...numbers), ...pages(...numbers) });
    const whole: boolean[] = [];
    await visit(board(site), {
      emit: async (batch) => {
        const floorsOf = Map.groupBy(batch, (draft) => draft.url);
        whole.push(...[...floorsOf.values()].map((drafts) => drafts.length === 15));
      },
    });
    expect(whole).toEqual(numbers.map(() => true));
  });

  test('are all read again after a visit that was cut short, also of known threads on later pages', async () => {
    const site = await localSite({
      '/board-1.html': `${list(1)}<a class="nxt" href="/board-2.html">下一页</a>`,
      '/board-2.html': list(2),
      ...pages(1, 2),
    });
    const known = [`${site.origin}/thread-1-1.html`, `${site.origin}/thread-2-1.html`];
    const source = board(site);
    const settings = { ...source.settings, list: { link: 'a.subject', next: 'a.nxt', maxPages: 2 } };
    const twoPages = { ...source, settings } as typeof source;
    expect((await visit(twoPages, { known, deep: false })).drafts).toHaveLength(15);
    expect((await visit(twoPages, { known, deep: true })).drafts).toHaveLength(30);
  });
});

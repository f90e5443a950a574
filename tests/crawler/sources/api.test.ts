import { describe, expect, test } from 'vitest';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { sourceOf, visit } from './visiting.ts';

const settings = {
  items: 'data.list',
  next: 'data.next',
  nextParam: 'cursor',
  maxPages: 5,
  fields: {
    id: 'id',
    text: 'text',
    title: 'title',
    publishedAt: 'at',
    likes: 'likes',
    comments: 'comments',
    shares: 'shares',
  },
  urlTemplate: 'https://weiyi.example.com/status/{id}',
};

const timeline = (site: LocalSite, changes: object = {}) =>
  sourceOf('api', `${site.origin}/timeline?count=50`, { ...settings, ...changes });

const item = (id: number | string, changes: object = {}) => ({
  id,
  text: `第${id}条`,
  user: { name: '网友某某', id: 10_001 },
  ...changes,
});

const json = (list: unknown, next: unknown = null) => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code: 0, data: { list, next } }),
});

const FIRST = '/timeline?count=50';
const page = (cursor: string) => `${FIRST}&cursor=${cursor}`;

test('an item becomes a draft, without its author', async () => {
  const full = item(7, {
    title: '标题',
    text: '<p>第一段</p>第二段&lt;',
    at: '2026-11-22 08:00:00',
    likes: 3,
    comments: '0',
    shares: 2,
  });
  const site = await localSite({ [FIRST]: json([full]) });
  const { drafts, ...report } = await visit(timeline(site));
  expect(report).toMatchObject({ outcome: 'complete', expected: 1, got: 1, failed: 0 });
  expect(drafts).toEqual([
    {
      kind: 'post',
      url: 'https://weiyi.example.com/status/7',
      externalId: '7',
      parentUrl: null,
      title: '标题',
      text: '第一段\n第二段<',
      publishedAt: Date.UTC(2026, 10, 22),
      outlet: '云州日报',
      counts: { likes: 3, comments: 0, shares: 2 },
    },
  ]);
});

describe('pages follow each other by a cursor', () => {
  test('until there is none', async () => {
    const site = await localSite({
      [FIRST]: json([item(3)], 'c/2'),
      [page('c%2F2')]: json([item(2)], 17),
      [page('17')]: json([item(1)]),
    });
    const { drafts, batches, expected } = await visit(timeline(site));
    expect(drafts.map(({ externalId }) => externalId)).toEqual(['3', '2', '1']);
    expect(batches).toEqual([1, 1, 1]);
    expect(expected).toBe(3);
  });

  test.each([[''], [0], ['0'], [null], [false], [{}]])('%j is none', async (next) => {
    const site = await localSite({ [FIRST]: json([item(1)], next) });
    expect(await visit(timeline(site), { deep: true })).toMatchObject({ outcome: 'complete', expected: 1 });
    expect(site.paths).toEqual([FIRST]);
  });

  test('no further than the settings say', async () => {
    const site = await localSite({ [FIRST]: json([item(2)], 'b'), [page('b')]: json([item(1)], 'c') });
    await visit(timeline(site, { maxPages: 2 }));
    expect(site.paths).toEqual([FIRST, page('b')]);
  });

  test('and one that comes back does not lead round', async () => {
    const site = await localSite({ [FIRST]: json([item(2)], 'b'), [page('b')]: json([item(1)], 'b') });
    expect(await visit(timeline(site), { deep: true })).toMatchObject({ expected: 2 });
    expect(site.paths).toEqual([FIRST, page('b')]);
  });

  test('and stop at a page of known items', async () => {
    const site = await localSite({ [FIRST]: json([item(2), item(1)], 'b') });
    const report = await visit(timeline(site), { known: ['1', '2'] });
    expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2 });
    expect(site.paths).toEqual([FIRST]);
  });

  test('but not on a deep visit', async () => {
    const site = await localSite({ [FIRST]: json([item(2)], 'b'), [page('b')]: json([item(1)]) });
    await visit(timeline(site), { known: ['1', '2'], deep: true });
    expect(site.paths).toEqual([FIRST, page('b')]);
  });

  test('and an empty page ends them', async () => {
    const site = await localSite({ [FIRST]: json([item(2)], 'b'), [page('b')]: json([], 'c') });
    expect(await visit(timeline(site))).toMatchObject({ outcome: 'complete', expected: 1 });
  });

  test.each([
    ['is broken', { body: '{"data":' }, 'not-json', false],
    ['fails', { status: 500 }, 'status-5xx', true],
    ['has no list', json(null), 'no-items', false],
  ])('where a later one %s, the earlier are got', async (_, answer, reason, unsettled) => {
    const site = await localSite({ [FIRST]: json([item(2)], 'b'), [page('b')]: answer });
    const { drafts, ...report } = await visit(timeline(site));
    expect(report).toMatchObject({ outcome: 'partial', reason, expected: 1, got: 1, failed: 1, unsettled });
    expect(drafts).toHaveLength(1);
  });
});

describe('an interface that does not give what it should fails as a whole', () => {
  test.each([
    ['a page', '<html><body>登录</body></html>', 'not-json'],
    ['JSON that breaks off', '{"data":{"list":[', 'not-json'],
    ['nothing', '', 'not-json'],
    ['no list', '{"code":10001,"message":"limit"}', 'no-items'],
    ['an object for the list', '{"data":{"list":{"a":1}}}', 'no-items'],
    ['null', 'null', 'no-items'],
  ])('%s', async (_, body, reason) => {
    const site = await localSite({ [FIRST]: body });
    expect(await visit(timeline(site))).toMatchObject({
      outcome: 'failed',
      reason,
      got: null,
      unsettled: true,
    });
  });

  test('an empty list is complete and empty', async () => {
    const site = await localSite({ [FIRST]: json([]) });
    expect(await visit(timeline(site))).toMatchObject({ outcome: 'complete', expected: 0, got: 0 });
  });
});

describe('an item that cannot be used is told, the others are taken', () => {
  test.each([
    ['without an id', { text: '甲' }, 'no-address'],
    ['with an empty id', item(''), 'no-address'],
    ['with an object for an id', { id: {}, text: '甲' }, 'no-address'],
    ['without a text', { id: 8 }, 'no-text'],
    ['with an empty text', item(8, { text: ' <br> ' }), 'no-text'],
    ['that is no object', 'x', 'no-address'],
    ['that is null', null, 'no-address'],
    ['with a broken id', item('\ud800'), 'item-broken'],
  ])('%s', async (_, bad, reason) => {
    const site = await localSite({ [FIRST]: json([item(1), bad]) });
    const { drafts, ...report } = await visit(timeline(site));
    expect(report).toMatchObject({ outcome: 'partial', reason, expected: 2, got: 1, unsettled: false });
    expect(drafts).toHaveLength(1);
  });
});

describe('what an item does not say is not known', () => {
  const one = async (changes: object) => {
    const site = await localSite({ [FIRST]: json([item(1, changes)]) });
    return (await visit(timeline(site))).drafts[0];
  };

  test.each([[undefined], [null], [''], [' '], ['1.2万'], [-1], [1.5], [2 ** 31], ['many'], [true], [[]]])(
    'a count of %j',
    async (likes) => {
      expect((await one({ likes }))?.counts).toEqual({ likes: null, comments: null, shares: null });
    },
  );

  test.each([
    ['missing', undefined, null],
    ['empty', '', null],
    ['nonsense', 'soon', null],
    ['in Unix seconds', Date.UTC(2026, 10, 22) / 1000, Date.UTC(2026, 10, 22)],
    ['in Unix milliseconds', Date.UTC(2026, 10, 22), Date.UTC(2026, 10, 22)],
    ['in the words of Weibo', 'Sun Nov 22 08:00:00 +0800 2026', Date.UTC(2026, 10, 22)],
    ['in the future', '2027-10-01T00:00:00Z', Date.UTC(2027, 9, 1)],
  ])('a time that is %s', async (_, at, publishedAt) => {
    expect((await one({ at }))?.publishedAt).toBe(publishedAt);
  });

  test('a title', async () => {
    expect((await one({ title: '' }))?.title).toBeNull();
    expect((await one({}))?.title).toBeNull();
  });
});

test('ids go into the address as one part of it', async () => {
  const site = await localSite({ [FIRST]: json([item('../a b?c=1#d$&')]) });
  expect((await visit(timeline(site))).drafts[0]?.url).toBe(
    'https://weiyi.example.com/status/..%2Fa%20b%3Fc%3D1%23d%24%26',
  );
});

test('an unchanged answer is an unchanged source', async () => {
  const site = await localSite({ [FIRST]: { status: 304 } });
  expect(await visit({ ...timeline(site), lastModified: 'Sun, 22 Nov 2026 00:00:00 GMT' })).toMatchObject({
    outcome: 'unchanged',
  });
});

test('an interface that robots.txt forbids is not asked', async () => {
  const site = await localSite({
    '/robots.txt': 'User-agent: *\nDisallow: /timeline',
    [FIRST]: json([item(1)]),
  });
  expect(await visit(timeline(site))).toMatchObject({ outcome: 'failed', reason: 'robots-disallow' });
  expect(site.paths).toEqual([]);
});

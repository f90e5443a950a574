import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openPlatformFetch } from '../../../publisher/channels/http.ts';
import { pushToBaidu } from '../../../publisher/site/baidu.ts';
import { startBaidu, type Baidu } from '../../simulators/baidu.ts';

let baidu: Baidu;
beforeAll(async () => {
  baidu = await startBaidu();
});
beforeEach(() => {
  Object.assign(baidu, { trouble: null, quota: 100, known: [] });
});
afterAll(() => baidu?.close());

const fetch = openPlatformFetch(['127.0.0.1']);
const push = (addresses: string[], change = {}) =>
  pushToBaidu(fetch, { endpoint: baidu.origin, site: baidu.site, token: baidu.token, ...change }, addresses);
const page = (n: number) => `https://desk.example/news/20261122-${n}`;

test('addresses are told, one on each line', async () => {
  expect(await push([page(1), page(2)])).toEqual({ kind: 'taken', refused: new Map() });
  expect(baidu.known).toEqual([page(1), page(2)]);
  expect(baidu.contentType).toBe('text/plain');
});

test('which ones were not taken is told, with why', async () => {
  const result = await push([page(1), 'https://other.example/1', 'nonsense']);
  expect(result.kind === 'taken' && [...result.refused]).toEqual([
    ['https://other.example/1', expect.stringContaining('不属于')],
    ['nonsense', expect.stringContaining('不合要求')],
  ]);
  expect(baidu.known).toEqual([page(1)]);
});

test.each([
  ['a token that is not valid', { token: 'another' }, 'wrong'],
  ['a site that is not theirs', { site: 'other.example' }, 'wrong'],
] as const)('%s is for a person to put right', async (_, change, kind) => {
  const result = await push([page(1)], change);
  expect(result.kind).toBe(kind);
  expect(JSON.stringify(result)).not.toContain(change && 'token' in change ? change.token : baidu.token);
});

test('a quota that is used up is told apart from everything else', async () => {
  baidu.quota = 1;
  expect(await push([page(1), page(2)])).toEqual({ kind: 'quota' });
  expect(baidu.known).toEqual([]);
});

test.each(['busy', 'proxy', 'drop'] as const)(
  'what may pass by itself is tried again: %s',
  async (trouble) => {
    baidu.trouble = trouble;
    const result = await push([page(1)]);
    expect(result.kind).toBe('again');
    expect(JSON.stringify(result)).not.toContain(baidu.token);
  },
);

test('an address that may not be reached is for a person to put right', async () => {
  const guarded = openPlatformFetch([]);
  const { origin: endpoint, site, token } = baidu;
  const result = await pushToBaidu(guarded, { endpoint, site, token }, [page(1)]);
  expect(result.kind).toBe('wrong');
  expect(baidu.known).toEqual([]);
});

import { createHmac } from 'node:crypto';
import { Meilisearch } from 'meilisearch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POSTS_INDEX, type PostsIndex } from '../../indexer/search/engine.ts';
import { searchPosts } from '../../indexer/search/query.ts';
import { searchSettings } from '../../indexer/search/settings.ts';
import { searchWithin } from '../../indexer/search/tenant.ts';
import { EVERY_OFFICE, NO_OFFICE, oneOffice, type Scope } from '../../store/scope.ts';
import type { SearchRow } from '../../store/search-outbox.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { searchRow } from '../support/posts.ts';

const OWN = 11;
const OTHER = 12;
let engines: TestEngines;

beforeAll(async () => {
  engines = await startTestEngines();
  const { posts } = engines.search;
  await posts.updateSettings(searchSettings).waitTask();
  const rows = Array.from({ length: 40 }, (_, n) => document(n + 1, n % 2 === 0 ? OWN : OTHER));
  await posts.addDocuments(rows, { primaryKey: 'id' }).waitTask();
});
afterAll(() => engines.stop());

function document(id: number, officeId: number): SearchRow {
  const text = `第${id}条公开评论`;
  const of = { sourceId: officeId * 10, outlet: `单位${officeId}` };
  return searchRow({ id, officeId, ...of, text, at: id });
}

const within = (scope: Scope, shared: number[] = []): Promise<PostsIndex> =>
  searchWithin(engines.runtime().meiliUrl, engines.searchKey, scope, shared, 5_000);
const officesOf = (hits: { officeId?: number }[]) => [...new Set(hits.map((hit) => hit.officeId))].toSorted();

describe('a search within one office', () => {
  test.each([
    undefined,
    `officeId = ${OTHER}`,
    `officeId = ${OWN} OR officeId = ${OTHER}`,
    `officeId IN [${OWN}, ${OTHER}]`,
    'officeId EXISTS OR id > 0',
    `officeId != ${OWN}`,
    [[`officeId = ${OWN}`, `officeId = ${OTHER}`, 'id > 0']],
    `id > 0) OR (officeId = ${OTHER}`,
  ])('finds no post of another, whatever is asked: %j', async (filter) => {
    const posts = await within(oneOffice(OWN));
    const found = await posts.search('公开', { limit: 100, ...(filter && { filter }) }).catch(() => null);
    if (found) expect(officesOf(found.hits).filter((office) => office !== OWN)).toEqual([]);
    if (filter === undefined) expect(found?.hits).toHaveLength(20);
  });

  test('counts nothing of another, in facets either', async () => {
    const posts = await within(oneOffice(OWN));
    const found = await posts.search('', { facets: ['officeId', 'sourceId'] });
    expect(found.facetDistribution).toEqual({ officeId: { [OWN]: 20 }, sourceId: { [OWN * 10]: 20 } });
    expect(found.estimatedTotalHits).toBe(20);
    const values = await posts.searchForFacetValues({ facetName: 'officeId' }).catch(() => null);
    expect(values?.facetHits ?? []).not.toContainEqual(expect.objectContaining({ value: String(OTHER) }));
  });

  test('finds single posts that were shared, and not their neighbours', async () => {
    const found = await (await within(oneOffice(OWN), [2])).search('', { limit: 100 });
    expect(found.hits.filter((hit) => hit.officeId === OTHER).map((hit) => hit.id)).toEqual([2]);
    const asked = { text: '', sort: 'time', page: 1, perPage: 50 } as const;
    expect((await searchPosts(await within(oneOffice(OWN), [2]), null, asked)).total).toBe(21);
  });

  test('nobody without an office finds anything, and the hub itself everything', async () => {
    expect((await (await within(NO_OFFICE)).search('')).hits).toEqual([]);
    expect(officesOf((await (await within(EVERY_OFFICE)).search('', { limit: 100 })).hits)).toEqual([
      OWN,
      OTHER,
    ]);
  });
});

const DENIED = { cause: { code: 'invalid_api_key' } };

describe('the token of a search', () => {
  const claims = (change: object = {}) => ({
    searchRules: { [POSTS_INDEX]: { filter: `officeId = ${OWN}` } },
    apiKeyUid: engines.searchKey.uid,
    exp: Math.floor(Date.now() / 1000) + 60,
    ...change,
  });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const sign = (payload: object, key = engines.searchKey.key, alg = 'HS256') => {
    const text = `${part({ alg, typ: 'JWT' })}.${part(payload)}`;
    return `${text}.${alg === 'none' ? '' : createHmac('sha256', key).update(text).digest('base64url')}`;
  };
  const withToken = (apiKey: string) => new Meilisearch({ host: engines.runtime().meiliUrl, apiKey });
  const search = (token: string) => withToken(token).index(POSTS_INDEX).search('');

  test('opens nothing but the search', async () => {
    const client = withToken(sign(claims()));
    expect((await client.index(POSTS_INDEX).search('', { limit: 100 })).hits).toHaveLength(20);
    for (const denied of [
      () => client.index(POSTS_INDEX).getDocuments(),
      () => client.index(POSTS_INDEX).getDocument(1),
      () => client.index(POSTS_INDEX).addDocuments([document(99, OWN)]),
      () => client.index(POSTS_INDEX).deleteAllDocuments(),
      () => client.index(POSTS_INDEX).getSettings(),
      () => client.index(POSTS_INDEX).updateFilterableAttributes([]),
      () => client.index(POSTS_INDEX).getStats(),
      () => client.getKeys(),
      () => client.createKey({ actions: ['*'], indexes: ['*'], expiresAt: null }),
      () => client.getStats(),
      () => client.createDump(),
      () => client.tasks.getTasks(),
    ]) {
      await expect(Promise.resolve(denied()), String(denied)).rejects.toMatchObject(DENIED);
    }
  });

  test('holds for its time and no longer', async () => {
    const now = Math.floor(Date.now() / 1000);
    await expect(search(sign(claims({ exp: now - 1 })))).rejects.toMatchObject(DENIED);
  });

  test('cannot be widened, signed by others or left unsigned', async () => {
    const [head, , signature] = sign(claims()).split('.');
    const widened = part(claims({ searchRules: { [POSTS_INDEX]: {} } }));
    await expect(search(`${head}.${widened}.${signature}`)).rejects.toMatchObject(DENIED);
    await expect(search(sign(claims(), 'another-key'))).rejects.toMatchObject(DENIED);
    await expect(search(sign(claims(), '', 'none'))).rejects.toMatchObject(DENIED);
    const other = '00000000-0000-4000-8000-000000000000';
    await expect(search(sign(claims({ apiKeyUid: other })))).rejects.toMatchObject(DENIED);
  });

  test('is of no use for what else the engine holds', async () => {
    await engines.search.client.createIndex('others', { primaryKey: 'id' }).waitTask();
    await expect(withToken(sign(claims())).index('others').search('')).rejects.toMatchObject(DENIED);
    const all = sign(claims({ searchRules: { '*': {} } }));
    await expect(withToken(all).index('others').search('')).rejects.toMatchObject(DENIED);
  });

  test('nothing is found without one', async () => {
    await expect(search('')).rejects.toThrow();
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { index } from '../../hub/roles/index.ts';
import { ingest } from '../../indexer/ingest.ts';
import { POSTS_INDEX, openSearch } from '../../indexer/search/engine.ts';
import { runRound } from '../../indexer/search/outbox-worker.ts';
import { searchPosts } from '../../indexer/search/query.ts';
import type { SearchQuery } from '../../indexer/search/result.ts';
import { rebuildIndex } from '../../indexer/search/rebuild.ts';
import { outboxCounts } from '../../store/search-outbox.ts';
import { draft, makeSource } from '../support/posts.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';

let engines: TestEngines;
let source: { id: number; officeId: number };
let stop: () => Promise<void>;
const NOW = Date.UTC(2026, 10, 22, 4);

beforeAll(async () => {
  engines = await startTestEngines();
  source = await makeSource(engines.store, engines.officeId, 'search');
  stop = await index(engines.runtime(), silent);
});
afterAll(async () => {
  await stop();
  await engines.stop();
});

const query = (text: string, change: Partial<SearchQuery> = {}): SearchQuery => ({
  text,
  sort: 'relevance',
  page: 1,
  perPage: 20,
  ...change,
});
const search = (text: string, change: Partial<SearchQuery> = {}) =>
  searchPosts(engines.search.posts, [engines.officeId], query(text, change));
const drained = () =>
  until('the outbox to be empty', async () => (await outboxCounts(engines.store)).waiting === 0);

describe('search', () => {
  test('finds posts by Chinese words, with the hits marked and the counts by feeling', async () => {
    await ingest(
      engines.store,
      source,
      [
        draft('wages', {
          title: '检察机关支持农民工讨薪',
          text: '二十三名农民工拿到了被拖欠的工资，大家纷纷点赞感谢。',
        }),
        draft('river', {
          title: '河道污染整改',
          text: '河水发黑发臭，居民质疑整改敷衍，迟迟没有答复，令人失望。',
        }),
      ],
      NOW,
    );
    await drained();
    const found = await search('农民工');
    expect(found.total).toBe(1);
    expect(
      found.hits[0]?.title
        ?.filter((part) => part.hit)
        .map((part) => part.text)
        .join(''),
    ).toContain('农民工');
    expect(found.facets.sentiment).toEqual({ positive: 1 });
    expect((await search('', { sentiments: ['negative'] })).hits.map((hit) => hit.title?.[0]?.text)).toEqual([
      '河道污染整改',
    ]);
    expect((await search('量子计算机')).total).toBe(0);
  });

  test('puts the newest first when asked to, however well an older one fits', async () => {
    const at = (hour: number) => Date.UTC(2026, 9, 1, hour);
    const drafts = [
      draft('old', {
        title: '检察听证检察听证',
        text: '检察听证今天举行，检察听证员到场。',
        publishedAt: at(1),
      }),
      draft('new', {
        title: '其他',
        text: '说了很多别的话之后，最后才提到检察机关也会组织听证。',
        publishedAt: at(3),
      }),
      draft('middle', { title: '检察听证', text: '听证。', publishedAt: at(2) }),
    ];
    await ingest(engines.store, source, drafts, NOW);
    await drained();
    const hours = (hits: { at: Date }[]) => hits.map((hit) => hit.at.getUTCHours());
    expect(hours((await search('检察听证', { sort: 'time' })).hits)).toEqual([3, 2, 1]);
    expect(hours((await search('检察听证')).hits)[0]).not.toBe(3);
  });

  test('keeps to the time asked for and to the own office', async () => {
    const at = Date.UTC(2026, 10, 1, 8);
    expect((await search('', { from: new Date(at), to: new Date(at + 1000) })).total).toBe(2);
    expect((await search('', { from: new Date(at + 1000) })).total).toBe(0);
    expect((await searchPosts(engines.search.posts, [engines.officeId + 1], query(''))).total).toBe(0);
  });

  test('survives whatever is typed', async () => {
    for (const text of ['"', '\\', '\ud800', '不'.repeat(5_000), "officeId = 1 OR 1=1'", '🙂', '\0']) {
      expect((await search(text)).total).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('while the search engine is down', () => {
  test('posts are stored and wait, and all are found when it is back', async () => {
    await engines.stopMeilisearch();
    for (let batch = 0; batch < 5; batch += 1) {
      const drafts = Array.from({ length: 100 }, (_, n) =>
        draft(`down-${batch}-${n}`, { title: '停机期间的帖文' }),
      );
      expect(await ingest(engines.store, source, drafts, NOW)).toMatchObject({ fresh: 100 });
    }
    await expect(search('停机')).rejects.toMatchObject({ code: 'search-down' });
    expect((await outboxCounts(engines.store)).waiting).toBe(500);
    await engines.startMeilisearch();
    await drained();
    expect((await search('停机期间', { withCopies: true })).total).toBe(500);
  });
});

describe('a document that the engine refuses', () => {
  test('is set aside with the reason, and no other is lost', async () => {
    const drafts = Array.from({ length: 40 }, (_, n) => draft(`poison-${n}`, { title: '同一批的帖文' }));
    await ingest(engines.store, source, drafts, NOW);
    await drained();
    const poison = await engines.store.query<{ id: number }>(
      `select id from posts where url like '%poison-7'`,
    );
    const id = poison.rows[0]?.id ?? 0;
    const before = await engines.search.posts.getStats();
    const broken = { ...engines.search, posts: refusing(engines.search.posts, id) };
    await engines.store.query(
      'insert into search_outbox (office_id, post_id) select office_id, id from posts where url like $1',
      ['%poison-%'],
    );
    await stop();
    await runRound(engines.store, broken, silent);
    stop = await index(engines.runtime(), silent);
    const rows = await engines.store.query<{ post_id: number; refused: string }>(
      'select post_id, refused from search_outbox',
    );
    expect(rows.rows).toEqual([{ post_id: id, refused: expect.stringContaining('refused') }]);
    expect((await engines.search.posts.getStats()).numberOfDocuments).toBe(before.numberOfDocuments);
  });
});

describe('the index', () => {
  test('is built again from the database when the engine has lost it', async () => {
    const before = await engines.search.posts.getStats();
    await stop();
    await engines.search.client.deleteIndex(POSTS_INDEX).waitTask();
    stop = await index(engines.runtime(), silent);
    const rebuilt = await until('the index', () =>
      engines.search.posts.getStats().then(
        (stats) => (stats.numberOfDocuments >= before.numberOfDocuments ? stats : null),
        () => null,
      ),
    );
    expect(rebuilt.numberOfDocuments).toBe(before.numberOfDocuments);
  });

  test('is rebuilt while searches go on, and holds every post afterwards', async () => {
    let searches = 0;
    let done = false;
    // What is stored meanwhile waits in the outbox, and comes into the new index.
    let written = 0;
    const writing = (async () => {
      while (!done) {
        const title = `重建期间的第${written}条`;
        await ingest(engines.store, source, [draft(`meanwhile-${written}`, { title })], NOW);
        written += 1;
      }
    })();
    const searching = (async () => {
      while (!done) {
        expect((await search('停机期间', { withCopies: true })).total).toBe(500);
        searches += 1;
      }
    })();
    const count = await rebuildIndex(
      engines.store,
      openSearch(engines.runtime().meiliUrl, engines.runtime().meiliKey),
      () => {},
    );
    done = true;
    await Promise.all([searching, writing]);
    await drained();
    const posts = await engines.store.query<{ n: number }>('select count(*)::int as n from posts');
    expect(count).toBeGreaterThanOrEqual((posts.rows[0]?.n ?? 0) - written);
    expect((await engines.search.posts.getStats()).numberOfDocuments).toBe(posts.rows[0]?.n);
    expect(written).toBeGreaterThan(0);
    expect(searches).toBeGreaterThan(0);
  });
});

describe('what the engine is told of its settings', () => {
  const settingTasks = async () =>
    (await engines.search.client.tasks.getTasks({ types: ['settingsUpdate'], limit: 1_000 })).total;

  test('is nothing at a start that finds them as they should be', async () => {
    const before = await settingTasks();
    await stop();
    stop = await index(engines.runtime(), silent);
    await ingest(engines.store, source, [draft('after-start', { title: '重新启动之后' })], NOW);
    await drained();
    expect((await search('重新启动之后')).total).toBe(1);
    expect(await settingTasks()).toBe(before);
  });

  test('is what differs, and a synonym then finds what says it otherwise', async () => {
    await engines.search.posts.updateSynonyms({}).waitTask();
    await ingest(
      engines.store,
      source,
      [draft('synonym', { title: '工地欠薪', text: '工地欠薪半年。' })],
      NOW,
    );
    await drained();
    expect((await search('讨薪', { exact: true })).hits.map((hit) => hit.title)).not.toContainEqual(
      expect.arrayContaining([expect.objectContaining({ text: '欠薪' })]),
    );
    await stop();
    stop = await index(engines.runtime(), silent);
    const found = await until('the synonym', async () => {
      const { hits } = await search('讨薪', { exact: true });
      return hits.find((hit) =>
        hit.text
          .map(({ text }) => text)
          .join('')
          .includes('欠薪半年'),
      );
    });
    expect(found.kind).toBe('article');
  });
});

describe('a search by what posts are about', () => {
  test('keeps to a place and what lies in it, and counts what lies below', async () => {
    const rows = await engines.store.query<{ id: number }>(
      `update posts set place = case when id % 2 = 0 then '330106' else '330200' end, line = 'criminal'
       where url like '%poison-%' returning id`,
    );
    const even = rows.rows.filter(({ id }) => id % 2 === 0).length;
    await engines.store.query(
      'insert into search_outbox (office_id, post_id) select office_id, id from posts where url like $1',
      ['%poison-%'],
    );
    await drained();
    const all = { withCopies: true } as const;
    const inProvince = await search('', { ...all, place: '330000' });
    expect(inProvince.total).toBe(rows.rows.length);
    expect(inProvince.facets.area).toEqual({ 330100: even, 330200: rows.rows.length - even });
    expect((await search('', { ...all, place: '330100' })).facets.area).toEqual({ 330106: even });
    expect((await search('', { ...all, place: '330106' })).total).toBe(even);
    expect((await search('', { ...all, lines: ['criminal'] })).total).toBe(rows.rows.length);
    expect((await search('', { ...all, lines: ['civil'], place: '330000' })).total).toBe(0);
  });

  test('puts what was said in most places first when asked for heat', async () => {
    const first = await engines.store.query<{ id: number }>(
      `update posts set likes = 100000 where id = (select min(id) from posts where copy_of is null) returning id`,
    );
    await engines.store.query(
      'insert into search_outbox (office_id, post_id) select office_id, id from posts where likes = 100000',
    );
    await drained();
    expect((await search('', { sort: 'heat' })).hits[0]?.id).toBe(first.rows[0]?.id);
  });

  test('counts beyond what can be paged through by its facets', async () => {
    const found = await search('', { withCopies: true, perPage: 1 });
    const posts = await engines.store.query<{ n: number }>('select count(*)::int as n from posts');
    expect(found.total).toBe(posts.rows[0]?.n);
    expect(Object.values(found.facets.sentiment).reduce((sum, n) => sum + n, 0)).toBe(found.total);
  });
});

/** The engine's index as it is, but for one document that it refuses together with its whole batch. */
function refusing(posts: TestEngines['search']['posts'], id: number): TestEngines['search']['posts'] {
  return new Proxy(posts, {
    get(target, name) {
      if (name !== 'addDocuments') return Reflect.get(target, name) as unknown;
      return (documents: { id: number }[]) =>
        documents.some((document) => document.id === id)
          ? {
              waitTask: async () => ({
                status: 'failed',
                error: { type: 'invalid_request', message: 'refused' },
              }),
            }
          : target.addDocuments(documents as never);
    },
  });
}

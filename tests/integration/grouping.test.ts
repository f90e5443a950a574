import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Engines } from '../../indexer/topics/engines-worker.ts';
import { groupPortion } from '../../indexer/topics/portion-worker.ts';
import { shippedSegmenter } from '../../indexer/text/segmenter.ts';
import { concernSpread } from '../../store/concern-spread.ts';
import { forgetPosts } from '../../store/forget.ts';
import { lockPosts } from '../../store/locks.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import type { NewPost } from '../../store/posts.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { concernState, expectConcernsCounted, told } from '../support/concerns.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource, newPost } from '../support/posts.ts';

let engines: TestEngines;
let pool: Pool;
let office: number;
let db: Store;
let source: { id: number; officeId: number };
let grouping: Engines;
let made = 0;
const NOW = new Date('2026-11-22T04:00:00Z');

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app');
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});
beforeEach(async () => {
  made += 1;
  office = await makeOffice(engines.store, `grouping-${made}`, 'county', engines.officeId);
  db = scoped(pool, oneOffice(office));
  source = await makeSource(engines.store, office, `feed-${made}`);
  grouping = new Engines();
});

async function store(posts: Partial<NewPost>[], from = source): Promise<number[]> {
  const before = await engines.store.query<{ id: number }>('select coalesce(max(id), 0) as id from posts');
  await storePosts(
    db,
    office,
    from.id,
    posts.map((change) => newPost({ publishedAt: NOW, ...change })),
  );
  const found = await engines.store.query<{ id: number }>('select id from posts where id > $1 order by id', [
    before.rows[0]?.id,
  ]);
  return found.rows.map(({ id }) => id);
}

/** Groups until nothing waits. */
async function group(with_ = grouping, size?: number): Promise<void> {
  for (;;) {
    const done = await groupPortion(db, office, with_, shippedSegmenter(), NOW, size);
    if (done === 'busy' || !done.left) return;
  }
}

const state = () => concernState(engines.store, office);

describe('posts that have come', () => {
  test('are grouped by what they are about, and one that stands alone is no concern', async () => {
    await store([...told('canteen', 4), ...told('noise', 3), { text: '今年的银杏叶黄得特别早。' }]);
    await group();
    expect((await state()).map(({ posts }) => posts)).toEqual([4, 3]);
    await expectConcernsCounted(engines.store, office);
  });

  test('join the concern that is there, whichever process groups them', async () => {
    await store(told('canteen', 4));
    await group();
    await store(told('canteen', 2, 4));
    await group(new Engines());
    expect((await state()).map(({ posts }) => posts)).toEqual([6]);
    // What is in memory has been gone on with by another one: it is read anew.
    await store(told('canteen', 1, 6));
    await group(grouping);
    expect((await state()).map(({ posts }) => posts)).toEqual([7]);
    await expectConcernsCounted(engines.store, office);
  });

  test('are grouped the same in small portions', async () => {
    await store([...told('canteen', 5), ...told('noise', 5)]);
    await group(grouping, 2);
    expect((await state()).map(({ posts }) => posts)).toEqual([5, 5]);
    await expectConcernsCounted(engines.store, office);
  });

  test('that sell something, or are about something else, are not grouped until a person says so', async () => {
    const [first] = await store([
      ...told('canteen', 1).map((post) => ({ ...post, relevance: 'off-topic' as const })),
      ...told('canteen', 1, 1).map((post) => ({ ...post, relevance: 'advertisement' as const })),
      ...told('canteen', 2, 2),
    ]);
    await group();
    expect((await state()).map(({ posts }) => posts)).toEqual([2]);
    await engines.store.query(`update posts set relevance = 'relevant' where id = $1`, [first]);
    await engines.store.query('insert into grouping_backlog (office_id, post_ids) values ($1, $2)', [
      office,
      [first],
    ]);
    await group();
    expect((await state()).map(({ posts }) => posts)).toEqual([3]);
    await engines.store.query(`update posts set relevance = 'off-topic' where id = $1`, [first]);
    await engines.store.query('insert into grouping_backlog (office_id, post_ids) values ($1, $2)', [
      office,
      [first],
    ]);
    await group();
    expect((await state()).map(({ posts }) => posts)).toEqual([2]);
    await expectConcernsCounted(engines.store, office);
  });

  test('are counted at the sources in the order in which these joined', async () => {
    const other = await makeSource(engines.store, office, 'second');
    const late = new Date(NOW.getTime() - 3_600_000);
    const early = new Date(NOW.getTime() - 7_200_000);
    await store(told('canteen', 2).map((post) => ({ ...post, publishedAt: late, outlet: '云州日报' })));
    await store(
      told('canteen', 3, 2).map((post) => ({ ...post, publishedAt: early })),
      other,
    );
    await group();
    const [concern] = await state();
    const spread = await concernSpread(db, concern?.id ?? 0);
    expect(spread.map(({ sourceId, outlet, posts, first }) => ({ sourceId, outlet, posts, first }))).toEqual([
      { sourceId: other.id, outlet: null, posts: 3, first: true },
      { sourceId: source.id, outlet: '云州日报', posts: 2, first: false },
    ]);
    expect(concern).toMatchObject({ sources: 2, firstSourceId: other.id, firstAt: early, lastAt: late });
  });

  test('of comments follow the post that they stand under', async () => {
    const [article] = await store(told('canteen', 2));
    const url = `https://news.example/${made}`;
    await engines.store.query('update posts set url = $2 where id = $1', [article, url]);
    await store([{ kind: 'comment', parentUrl: url, text: '早就该管管了' }]);
    await group();
    expect((await state()).map(({ posts }) => posts)).toEqual([3]);
    await expectConcernsCounted(engines.store, office);
  });
});

describe('posts that go', () => {
  test('take their sentences along, and leave the counters as they are', async () => {
    const ids = await store(told('canteen', 3));
    await group();
    const [concern] = await state();
    await engines.store.query(
      `update concerns set sentences = jsonb_build_array(jsonb_build_object('postId', $2::bigint, 'text', '甲'),
         jsonb_build_object('postId', $3::bigint, 'text', '乙')), sentence_posts = array[$2, $3]::bigint[], labelled_posts = 3
       where id = $1`,
      [concern?.id, ids[0], ids[1]],
    );
    await transaction(db, async (client) => {
      await lockPosts(client, office);
      await forgetPosts(client, office, [ids[0] as number], 'objection');
    });
    const left = await engines.store.query(
      'select sentences, posts, labelled_posts as labelled from concerns where id = $1',
      [concern?.id],
    );
    expect(left.rows).toEqual([{ sentences: [{ postId: ids[1], text: '乙' }], posts: 3, labelled: null }]);
    await group();
    const placed = await engines.store.query('select post_id from concern_posts where concern_id = $1', [
      concern?.id,
    ]);
    expect(placed.rowCount).toBe(2);
  });

  test('all of them, leave the concern with what was counted', async () => {
    const ids = await store(told('canteen', 3));
    await group();
    await transaction(db, async (client) => {
      await lockPosts(client, office);
      await forgetPosts(client, office, ids, 'expired');
    });
    await group();
    expect(await state()).toMatchObject([{ posts: 3, sources: 1 }]);
    const pulse = await engines.store.query(
      `select sum(posts)::int as posts from pulse_by where office_id = $1 and dimension = 'concern'`,
      [office],
    );
    expect(pulse.rows).toEqual([{ posts: 3 }]);
  });
});

test('an office sees its own concerns only', async () => {
  await store(told('canteen', 3));
  await group();
  await store(told('canteen', 1, 3));
  await group();
  const other = scoped(
    pool,
    oneOffice(await makeOffice(engines.store, `other-${made}`, 'county', engines.officeId)),
  );
  for (const table of [
    'concerns',
    'concern_posts',
    'concern_sources',
    'grouping_states',
    'grouping_journal',
  ]) {
    const own = await db.query(`select from ${table}`);
    expect(own.rowCount, table).toBeGreaterThan(0);
    expect((await other.query(`select from ${table}`)).rowCount, table).toBe(0);
  }
});

test('when its memory is of an older form, grouping begins anew and each concern keeps its place', async () => {
  await store([...told('canteen', 4), ...told('noise', 3)]);
  await group();
  const before = (await state()).map(({ id, posts }) => ({ id, posts }));
  await engines.store.query('update grouping_states set form = -1 where office_id = $1', [office]);
  await group(new Engines());
  expect((await state()).map(({ id, posts }) => ({ id, posts }))).toEqual(before);
  await expectConcernsCounted(engines.store, office);
});

test('of many offices only some are in memory, and none forgets', async () => {
  const few = new Engines(2_500);
  const offices = [office];
  for (const key of ['b', 'c']) {
    offices.push(await makeOffice(engines.store, `few-${key}-${made}`, 'county', engines.officeId));
  }
  const sources = await Promise.all(offices.map((id) => makeSource(engines.store, id, `few-${id}`)));
  for (const from of [0, 3]) {
    for (const { id, officeId } of sources) {
      const own = scoped(pool, oneOffice(officeId));
      const posts = told('canteen', 3, from).map((change) => newPost({ publishedAt: NOW, ...change }));
      await storePosts(own, officeId, id, posts);
      await groupPortion(own, officeId, few, shippedSegmenter(), NOW);
    }
    expect(offices.map((id) => few.peek(id) !== null)).toEqual([false, true, true]);
  }
  for (const id of offices) {
    expect((await concernState(engines.store, id)).map(({ posts }) => posts)).toEqual([6]);
  }
});

test('what has come is grouped anew by the clock, also when nothing comes after it', async () => {
  await store(told('canteen', 3));
  await group();
  await store(told('canteen', 1, 3));
  await group();
  const kept = async () =>
    (
      await engines.store.query(
        `select turn, (select count(*)::int from grouping_journal j where j.office_id = s.office_id) as journal
         from grouping_states s where office_id = $1`,
        [office],
      )
    ).rows[0];
  expect(await kept()).toEqual({ turn: 2, journal: 1 });
  expect(grouping.due(NOW.getTime())).toEqual([]);
  const later = new Date(NOW.getTime() + 2 * 86_400_000);
  expect(grouping.due(later.getTime())).toEqual([office]);
  await groupPortion(db, office, grouping, shippedSegmenter(), later);
  expect(await kept()).toEqual({ turn: 3, journal: 0 });
  expect(grouping.due(later.getTime())).toEqual([]);
});

test('a portion that fails leaves nothing behind, and is grouped by the next one', async () => {
  await store(told('canteen', 4));
  await engines.store.query(
    `create function refuse_concerns() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
     create trigger refuse before insert on concerns for each row execute function refuse_concerns()`,
  );
  await expect(group()).rejects.toThrow('no');
  expect(await state()).toEqual([]);
  await engines.store.query('drop trigger refuse on concerns');
  await group();
  expect((await state()).map(({ posts }) => posts)).toEqual([4]);
  await expectConcernsCounted(engines.store, office);
});

test('two processes at once group every post once', async () => {
  const all = [...told('canteen', 30), ...told('noise', 30)];
  for (let at = 0; at < all.length; at += 10) await store(all.slice(at, at + 10));
  const one = new Engines();
  const other = new Engines();
  const waiting = async () =>
    (await engines.store.query('select from grouping_backlog where office_id = $1', [office])).rowCount;
  while ((await waiting()) !== 0) {
    await Promise.all([
      groupPortion(db, office, one, shippedSegmenter(), NOW, 5),
      groupPortion(db, office, other, shippedSegmenter(), NOW, 5),
    ]);
  }
  expect((await state()).map(({ posts }) => posts)).toEqual([30, 30]);
  await expectConcernsCounted(engines.store, office);
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Engines } from '../../indexer/topics/engines-worker.ts';
import { runGrouping } from '../../indexer/topics/grouping-worker.ts';
import { heatDue } from '../../indexer/topics/heat-worker.ts';
import { groupPortion } from '../../indexer/topics/portion-worker.ts';
import { shippedSegmenter } from '../../indexer/text/segmenter.ts';
import { concernTimeline } from '../../store/concern-spread.ts';
import { listenLive, type LiveEvent } from '../../store/live.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import type { NewPost } from '../../store/posts.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { concernState, told } from '../support/concerns.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource, newPost } from '../support/posts.ts';

/** What the role does with concerns by and by: names, heat, words of the day, sleep. */
let engines: TestEngines;
let pool: Pool;
let office: number;
let db: Store;
let source: { id: number; officeId: number };
let made = 0;
const HOUR = 3_600_000;
const NOW = new Date('2026-11-22T04:00:00Z');
const going = new AbortController();

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
  office = await makeOffice(engines.store, `clock-${made}`, 'county', engines.officeId);
  db = scoped(pool, oneOffice(office));
  source = await makeSource(engines.store, office, `feed-${made}`);
});

const store = (posts: Partial<NewPost>[], at = NOW) =>
  storePosts(
    db,
    office,
    source.id,
    posts.map((change) => newPost({ publishedAt: at, ...change })),
  );

async function group(): Promise<void> {
  const grouping = new Engines();
  for (;;) {
    const done = await groupPortion(db, office, grouping, shippedSegmenter(), NOW);
    if (done === 'busy' || !done.left) return;
  }
}

type Row = {
  id: number;
  heat: number;
  parts: Record<string, number>;
  trend: number | null;
  asleep: boolean;
  label: string;
};
async function concern(): Promise<Row> {
  const found = await engines.store.query<Row>(
    `select id, heat, heat_parts as parts, trend, asleep_at is not null as asleep, label from concerns
     where office_id = $1 and merged_into is null order by posts desc limit 1`,
    [office],
  );
  return found.rows[0] as Row;
}
const heat = (at: Date) => heatDue(db, at, going.signal, office);

test('heat comes with the posts, falls with time, and a concern of which nobody speaks sleeps until somebody does', async () => {
  await store(told('canteen', 6).map((post) => ({ ...post, sentiment: 'negative' })));
  await group();
  expect(await heat(NOW)).toBe(1);
  const hot = await concern();
  expect(hot.parts).toMatchObject({ copies: 0, interaction: 0 });
  expect(hot.heat).toBeCloseTo((hot.parts.volume ?? 0) + (hot.parts.negativity ?? 0), 4);
  // Nothing is due again at once.
  expect(await heat(NOW)).toBe(0);
  await heat(new Date(NOW.getTime() + 24 * HOUR));
  expect((await concern()).heat).toBeCloseTo(hot.heat / 2, 1);
  await heat(new Date(NOW.getTime() + 8 * 24 * HOUR));
  expect((await concern()).asleep).toBe(true);
  await store(told('canteen', 1, 6));
  await group();
  expect((await concern()).asleep).toBe(false);
});

test('how heat stands to its usual is told from the second day on, and not where collection was interrupted', async () => {
  for (let day = 1; day <= 5; day += 1) {
    await store(told('canteen', 2, 2 * day), new Date(NOW.getTime() - day * 24 * HOUR));
  }
  await store(told('canteen', 12, 20));
  await group();
  await heat(NOW);
  const { id, trend } = await concern();
  expect(trend).toBeGreaterThan(1.5);
  await engines.store.query(
    `insert into gaps (office_id, source_id, began_at, ended_at, reason) values ($1, $2, $3, $4, 'timeout')`,
    [office, source.id, new Date(NOW.getTime() - 20 * 24 * HOUR), new Date(NOW.getTime() - HOUR)],
  );
  await engines.store.query('update concerns set heat_due = $2 where id = $1', [id, NOW]);
  await heat(NOW);
  expect((await concern()).trend).toBeNull();
  const range = {
    from: new Date(NOW.getTime() - 48 * HOUR),
    to: new Date(NOW.getTime() + HOUR),
    step: 'day',
  } as const;
  const { points, gaps } = await concernTimeline(db, { id, officeId: office }, range);
  expect(points.at(-1)).toMatchObject({ neutral: 12 });
  expect(gaps).toHaveLength(1);
});

test('words are counted by day, once for each post, whatever is grouped again', async () => {
  await store(told('canteen', 3));
  await group();
  const words = async () =>
    (
      await engines.store.query<{ day: string; posts: number }>(
        `select day::text, posts from word_days where office_id = $1 and word = '食堂'`,
        [office],
      )
    ).rows;
  expect(await words()).toEqual([{ day: '2026-11-22', posts: 3 }]);
  await engines.store.query('update grouping_states set form = -1 where office_id = $1', [office]);
  await group();
  expect(await words()).toEqual([{ day: '2026-11-22', posts: 3 }]);
});

test('the role groups, names and tells of what is stored', async () => {
  const told_: (LiveEvent | null)[] = [];
  const deaf = listenLive(engines.runtime().databaseUrl, (event) => told_.push(event));
  const stop = new AbortController();
  const running = runGrouping(pool, silent, stop.signal);
  await store(told('canteen', 5));
  await until('a name', async () => (await concern())?.label);
  await until('news', async () =>
    told_.some((event) => event?.kind === 'concerns' && event.officeId === office),
  );
  const found = await engines.store.query<{ sentences: { postId: number; text: string }[]; posts: number[] }>(
    'select sentences, sentence_posts as posts from concerns where office_id = $1',
    [office],
  );
  const [row] = found.rows;
  expect(row?.sentences.length).toBeGreaterThan(0);
  expect(row?.posts.map(Number)).toEqual(row?.sentences.map(({ postId }) => postId));
  expect((await concern()).label).toContain('食堂');
  stop.abort();
  await running;
  await deaf();
  expect(await concernState(engines.store, office)).toMatchObject([{ posts: 5 }]);
});

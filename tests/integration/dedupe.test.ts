import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ingest } from '../../indexer/ingest.ts';
import { runSteps } from '../../indexer/steps/index.ts';
import { copiesOf } from '../../store/copies.ts';
import { forgetPosts } from '../../store/forget.ts';
import { lockPosts } from '../../store/locks.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import { identityOf, knownIdentities, type NewPost } from '../../store/posts.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { context } from '../indexer/working.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { draft, makeSource } from '../support/posts.ts';

let engines: TestEngines;
let pool: Pool;
/** As a visit has it: the program's own database role, one office in its scope. */
let store: Store;
let officeId: number;
let one: { id: number; officeId: number };
let two: { id: number; officeId: number };
let made = 0;
const NOW = Date.UTC(2026, 10, 22, 4);

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app');
});
afterAll(async () => {
  await pool?.end();
  await engines?.stop();
});
beforeEach(async () => {
  made += 1;
  officeId = await makeOffice(engines.store, `dedupe-${made}`, 'county');
  one = await makeSource(engines.store, officeId, 'one');
  two = await makeSource(engines.store, officeId, 'two');
  store = scoped(pool, oneOffice(officeId));
});

const LETTERS = [...'春夏秋冬东西南北山河湖海金木水火土日月星辰风雨雷电云雪霜露花草树村庄桥路家人牛羊'];
/** An article of thirty sentences, none like another. */
function article(seed: number): string {
  let state = seed + 1;
  const letter = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return LETTERS[(state >>> 8) % LETTERS.length];
  };
  return Array.from({ length: 30 }, () => `${Array.from({ length: 20 }, letter).join('')}。`).join('');
}
const third = (text: string, from: number) =>
  text.slice(0, from * text.length) + text.slice((from + 1 / 3) * text.length);

async function take(texts: readonly string[], from = one, minute = 0): Promise<number[]> {
  made += 1;
  const drafts = texts.map((text, n) =>
    draft(`${made}-${n}`, { text, publishedAt: NOW - 3_600_000 + minute * 60_000 + n }),
  );
  await ingest(store, from, drafts, NOW);
  const found = await engines.store.query<{ id: number }>(
    'select id from posts where source_id = $1 and url like $2 order by id',
    [from.id, `%/${made}-%`],
  );
  return found.rows.map(({ id }) => id);
}

async function firstOf(id: number | undefined): Promise<number | null> {
  const found = await engines.store.query<{ first: number | null }>(
    'select copy_of as first from posts where id = $1',
    [id],
  );
  return found.rows[0]?.first ?? null;
}

const waiting = async () =>
  (
    await engines.store.query<{ id: number }>(
      'select distinct post_id as id from search_outbox where office_id = $1 order by 1',
      [officeId],
    )
  ).rows.map(({ id }) => id);
const told = () => engines.store.query('delete from search_outbox where office_id = $1', [officeId]);

describe('a reprint at another source', () => {
  test.each([
    ['a third cut from its beginning', (text: string) => third(text, 0)],
    ['a third cut from its middle', (text: string) => third(text, 0.4)],
    ['a third cut from its end', (text: string) => third(text, 2 / 3)],
    ['a source line', (text: string) => `${text}\n来源：云州日报`],
    ['nothing left but its beginning', (text: string) => text.slice(0, 150)],
  ])('with %s is linked to the first, which is told as hotter', async (_, change) => {
    const [first] = await take([article(made)]);
    await told();
    const text = article(made - 1);
    const [copy] = await take([change(text)], two, 1);
    expect(await firstOf(copy)).toBe(first);
    expect(await waiting()).toEqual([first, copy]);
  });

  test('of the whole is linked to the part that came first', async () => {
    const text = article(1_000);
    const [part] = await take([third(text, 0.2)]);
    const [whole] = await take([text], two, 1);
    expect(await firstOf(whole)).toBe(part);
  });

  test('is found among many that share a set phrase with it', async () => {
    const phrase = '欢迎广大市民群众拨打12309检察服务热线提供线索，我们将依法及时办理并且反馈结果。';
    const texts = Array.from({ length: 40 }, (_, n) => `${article(2_000 + n).slice(0, 120)}${phrase}`);
    const ids = await take(texts);
    expect(await Promise.all(ids.map(firstOf))).toEqual(ids.map(() => null));
    const [copy] = await take([`${texts[0]}（转载）`], two, 1);
    expect(await firstOf(copy)).toBe(ids[0]);
  });

  test('of another office is its own', async () => {
    await take([article(3_000)]);
    const elsewhere = await makeOffice(engines.store, `dedupe-${(made += 1)}-other`, 'county');
    const source = await makeSource(engines.store, elsewhere, 'one');
    const result = await ingest(
      scoped(pool, oneOffice(elsewhere)),
      source,
      [draft(`${made}-other`, { text: article(3_000) })],
      NOW,
    );
    expect(result).toMatchObject({ fresh: 1, copies: 0 });
  });
});

test('after the first has gone, the copy that leads is found, and by what only it has', async () => {
  const text = article(4_000);
  const [first] = await take([text]);
  const [copy] = await take([third(text, 0)], two, 1);
  await transaction(store, async (client) => {
    await lockPosts(client, officeId);
    await forgetPosts(client, officeId, [first as number], 'expired');
  });
  expect(await firstOf(copy)).toBeNull();
  const [later] = await take([text], two, 2);
  expect(await firstOf(later)).toBe(copy);
  const left = await engines.store.query<{ posts: number[] }>(
    'select array_agg(distinct post_id)::float8[] as posts from likenesses where office_id = $1',
    [officeId],
  );
  expect(left.rows[0]?.posts).toEqual([copy]);
});

test('a first that loses a copy is told as less hot', async () => {
  const text = article(5_000);
  const [first] = await take([text]);
  const [copy] = await take([text], two, 1);
  await told();
  await transaction(store, async (client) => {
    await lockPosts(client, officeId);
    await forgetPosts(client, officeId, [copy as number], 'objection');
  });
  expect(await waiting()).toEqual([first, copy]);
});

test('a preview counts those that a post would be linked with', async () => {
  const text = article(6_000);
  await take([text]);
  await take([third(text, 0.3), `${text}来源：云州网`], two, 1);
  const asked = [third(text, 0.1), article(6_001), '太短'].map((each) =>
    runSteps({ ...draft('x'), text: each }, context),
  );
  expect(await copiesOf(store, officeId, asked as NewPost[])).toEqual([3, 0, 0]);
});

describe('a post that may not be kept', () => {
  const about = (n: number, change: Partial<NewPost> = {}): NewPost => {
    const post = runSteps(
      { ...draft(`minor-${made}-${n}`), text: `${article(n)}第${n}` },
      context,
    ) as NewPost;
    return {
      ...post,
      withheld: 'minor',
      line: 'minors',
      voice: 'report',
      place: '530000',
      watches: [7],
      ...change,
    };
  };
  const counters = async () => ({
    pulse: (
      await engines.store.query(
        'select posts, copies, withheld from pulse where office_id = $1 order by hour, sentiment',
        [officeId],
      )
    ).rows,
    by: (
      await engines.store.query(
        'select dimension, key, posts, copies from pulse_by where office_id = $1 order by dimension, key, hour',
        [officeId],
      )
    ).rows,
  });

  test('is counted as what it is, leaves its mark and nothing else', async () => {
    const post = about(7_000, { sentiment: 'negative' });
    expect(await storePosts(store, officeId, one.id, [post])).toEqual({
      ...{ fresh: 1, copies: 0, known: 0, withheld: 1 },
    });
    expect(await counters()).toEqual({
      pulse: [{ posts: 1, copies: 0, withheld: 1 }],
      by: [
        { dimension: 'line', key: 'minors', posts: 1, copies: 0 },
        { dimension: 'place', key: '530000', posts: 1, copies: 0 },
        { dimension: 'voice', key: 'report', posts: 1, copies: 0 },
        { dimension: 'watch', key: '7', posts: 1, copies: 0 },
      ],
    });
    for (const table of ['posts', 'search_outbox', 'likenesses']) {
      const rows = await engines.store.query(`select 1 from ${table} where office_id = $1`, [officeId]);
      expect([table, rows.rowCount]).toEqual([table, 0]);
    }
  });

  test('is known when it comes again, and counted once', async () => {
    const post = about(7_001, { url: 'http://news.example/minor' });
    await storePosts(store, officeId, one.id, [post]);
    expect(await storePosts(store, officeId, one.id, [post, post])).toEqual({
      ...{ fresh: 0, copies: 0, known: 1, withheld: 0 },
    });
    expect((await counters()).pulse).toEqual([{ posts: 1, copies: 0, withheld: 1 }]);
    const known = await knownIdentities(store, one.id, [post.identity, identityOf('another')]);
    expect([...known]).toEqual([post.identity.toString('hex')]);
  });

  test('is nobody’s copy, and nobody is linked to it', async () => {
    const [first] = await take([article(7_002)]);
    const kept = { ...about(7_003), withheld: null, identity: identityOf('kept') };
    const withheld = { ...about(7_003), publishedAt: new Date(NOW - 7_200_000) };
    const result = await storePosts(store, officeId, two.id, [
      { ...withheld, identity: identityOf('gone') },
      { ...about(7_002), identity: identityOf('gone too') },
      kept,
    ]);
    expect(result).toEqual({ fresh: 3, copies: 0, known: 0, withheld: 2 });
    const left = await engines.store.query<{ id: number; copy_of: number | null }>(
      'select id, copy_of from posts where office_id = $1 order by id',
      [officeId],
    );
    expect(left.rows).toEqual([
      { id: first, copy_of: null },
      { id: expect.any(Number), copy_of: null },
    ]);
  });
});

test('posts without a time are counted in the hour in which they came, beside those that have one', async () => {
  const post = (n: number, publishedAt: Date | null): NewPost => ({
    ...(runSteps({ ...draft(`timeless-${made}-${n}`), text: article(8_000 + n) }, context) as NewPost),
    ...{ publishedAt, line: 'civil' },
  });
  await storePosts(store, officeId, one.id, [post(1, null), post(2, null), post(3, new Date())]);
  const counted = await engines.store.query(
    `select sum(b.posts)::int as by, (
       select sum(q.posts)::int from pulse q where q.office_id = $1
         and q.hour in (select date_trunc('hour', at) from posts where office_id = $1)
     ) as posts from pulse_by b where b.office_id = $1 and dimension = 'line'`,
    [officeId],
  );
  expect(counted.rows).toEqual([{ by: 3, posts: 3 }]);
});

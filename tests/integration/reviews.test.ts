import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ingest } from '../../indexer/ingest.ts';
import { askAgain } from '../../indexer/watches/stored.ts';
import type { Actor } from '../../store/actor.ts';
import { forgetPosts } from '../../store/forget.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import { postById } from '../../store/posts.ts';
import { reviewPost, reviewsOf, undoReview, type Word } from '../../store/reviews.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { expectCounted } from '../support/counters.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { draft, makeSource } from '../support/posts.ts';
import { makePerson } from '../support/web.ts';

let engines: TestEngines;
let app: Pool;
let officeId: number;
let db: Store;
let actor: Actor;
let made = 0;

beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 6 });
});
afterAll(async () => {
  await app?.end();
  await engines?.stop();
});
beforeEach(async () => {
  made += 1;
  officeId = await makeOffice(engines.store, `reviews-${made}`, 'county');
  const { id } = await makePerson(engines.store, `reviewer-${made}`, officeId, 'analyst');
  db = scoped(app, oneOffice(officeId));
  actor = { id, officeId, role: 'analyst', address: '10.0.0.1' };
});

const NOW = Date.UTC(2026, 10, 2);

/** Stores a post of the office. @returns its id */
async function post(text: string): Promise<number> {
  made += 1;
  const source = await makeSource(engines.store, officeId, `s-${made}`);
  const publishedAt = Date.UTC(2026, 10, 1, 8) + made * 60_000;
  await ingest(engines.store, source, [draft(`review-${made}`, { text, title: null, publishedAt })], NOW);
  const found = await engines.store.query<{ id: number }>('select max(id) as id from posts');
  return found.rows[0]?.id ?? 0;
}

const says = (postId: number, field: Word['field'], is: string | null, sampled = false) =>
  reviewPost(db, actor, { postId, field, said: { is }, sampled }, askAgain);
const takesBack = (postId: number, field: Word['field']) => undoReview(db, actor, postId, field, askAgain);

const counted = () => expectCounted(engines.store, officeId);

async function waiting(): Promise<number[]> {
  const rows = await engines.store.query<{ id: number }>(
    'delete from search_outbox where office_id = $1 returning post_id as id',
    [officeId],
  );
  return [...new Set(rows.rows.map(({ id }) => id))].toSorted((a, b) => a - b);
}

const TEXT = '检察院今天公布了这件公益诉讼案件的办理经过和整改结果，附近居民都看到了变化。';

describe('a word about what a post feels like', () => {
  test('changes the post, its counters and its search document together', async () => {
    const id = await post(TEXT);
    const before = await postById(db, id);
    const other = before?.sentiment === 'negative' ? 'positive' : 'negative';
    await waiting();
    await says(id, 'sentiment', other);
    expect(await postById(db, id)).toMatchObject({ sentiment: other, sentimentProbability: 1 });
    expect(await counted()).toEqual([`${other}: 1 0`]);
    expect(await waiting()).toEqual([id]);
    expect(await reviewsOf(db, id)).toMatchObject([
      {
        field: 'sentiment',
        machine: before?.sentiment,
        said: other,
        agreed: false,
        verdict: 'says',
        sampled: false,
      },
    ]);
  });

  test('that agrees is kept too, and the post says that a person looked at it', async () => {
    const id = await post(TEXT);
    const found = await postById(db, id);
    await says(id, 'sentiment', found?.sentiment ?? null);
    expect(await reviewsOf(db, id)).toMatchObject([{ agreed: true }]);
    const rows = await engines.store.query('select reviewed from posts where id = $1', [id]);
    expect(rows.rows).toEqual([{ reviewed: ['sentiment'] }]);
  });

  test('is taken back: what was said before stands again, and at last what the program found', async () => {
    const id = await post(TEXT);
    const found = await postById(db, id);
    await says(id, 'sentiment', 'negative');
    await says(id, 'sentiment', 'positive');
    // Whether an earlier word stands then is what the person is told.
    expect(await takesBack(id, 'sentiment')).toBe(true);
    expect(await postById(db, id)).toMatchObject({ sentiment: 'negative', sentimentProbability: 1 });
    expect(await takesBack(id, 'sentiment')).toBe(false);
    expect(await postById(db, id)).toMatchObject({
      sentiment: found?.sentiment,
      sentimentProbability: found?.sentimentProbability,
    });
    await counted();
    expect(await reviewsOf(db, id)).toEqual([]);
    await expect(takesBack(id, 'sentiment')).rejects.toMatchObject({
      code: 'review-not-standing',
    });
  });

  test('remembers what the program had found, whoever speaks second', async () => {
    const id = await post(TEXT);
    const found = await postById(db, id);
    const [first, second] = (['negative', 'neutral', 'positive'] as const).filter(
      (each) => each !== found?.sentiment,
    ) as ['negative', 'positive'];
    await says(id, 'sentiment', first, true);
    await says(id, 'sentiment', second);
    const [row] = await reviewsOf(db, id);
    expect(row).toMatchObject({ machine: found?.sentiment, said: second, agreed: false });
    // It was drawn by chance, and still is.
    expect(row?.sampled).toBe(true);
  });

  test('who cannot tell, or only knows what it is not, leaves the post as it is', async () => {
    const id = await post(TEXT);
    const before = await postById(db, id);
    await reviewPost(db, actor, { postId: id, field: 'sentiment', said: 'unsure', sampled: true }, askAgain);
    await reviewPost(db, actor, { postId: id, field: 'place', said: 'wrong', sampled: true }, askAgain);
    expect(await postById(db, id)).toEqual(before);
    expect(await reviewsOf(db, id)).toMatchObject([
      { field: 'place', verdict: 'wrong', agreed: false },
      { field: 'sentiment', verdict: 'unsure', agreed: null },
    ]);
  });

  test('survives the next visit of the source', async () => {
    made += 1;
    const source = await makeSource(engines.store, officeId, `s-${made}`);
    const said = [draft('again', { counts: { likes: 1, comments: null, shares: null } })];
    await ingest(engines.store, source, said, NOW);
    const id =
      (await engines.store.query<{ id: number }>('select max(id) as id from posts')).rows[0]?.id ?? 0;
    await says(id, 'sentiment', 'negative');
    await ingest(
      engines.store,
      source,
      [draft('again', { counts: { likes: 9, comments: null, shares: null } })],
      NOW,
    );
    expect(await postById(db, id)).toMatchObject({ sentiment: 'negative', likes: 9 });
    await counted();
  });
});

test('lines, voices and places are moved in the counters with the post', async () => {
  const id = await post(TEXT);
  await says(id, 'line', 'civil');
  await says(id, 'voice', 'complaint');
  await says(id, 'place', '110000');
  await says(id, 'relevance', 'off-topic');
  expect(await postById(db, id)).toMatchObject({
    line: 'civil',
    voice: 'complaint',
    place: '110000',
    relevance: 'off-topic',
  });
  await counted();
  await says(id, 'line', null);
  expect(await postById(db, id)).toMatchObject({ line: null });
  await counted();
});

describe('copies', () => {
  async function pair() {
    const first = await post(TEXT);
    const copy = await post(TEXT);
    expect(await postById(db, copy)).toMatchObject({ copyOf: first });
    return { first, copy };
  }

  test('a copy that is none stands by itself, and is counted so', async () => {
    const { first, copy } = await pair();
    await waiting();
    await says(copy, 'copy', null);
    expect(await postById(db, copy)).toMatchObject({ copyOf: null });
    expect(await postById(db, first)).toMatchObject({ copies: 0 });
    await counted();
    // The first is worth less heat now: both documents change.
    expect(await waiting()).toEqual([first, copy]);
    await takesBack(copy, 'copy');
    expect(await postById(db, copy)).toMatchObject({ copyOf: first });
    await counted();
    await expect(says(first, 'copy', null)).rejects.toMatchObject({ code: 'review-not-copy' });
  });

  test('a post is linked to the first of another one, with its own copies, and undone with them', async () => {
    const { first, copy } = await pair();
    const later = '县里的志愿者周末来到社区，向老人讲解怎样识别养老诈骗，现场还有人讲了自己的经历。';
    const alone = await post(later);
    const follower = await post(later);
    await says(alone, 'copy', String(copy));
    expect(await postById(db, alone)).toMatchObject({ copyOf: first });
    expect(await postById(db, follower)).toMatchObject({ copyOf: first });
    await counted();
    await expect(says(alone, 'copy', String(first))).rejects.toMatchObject({ code: 'review-same' });
    await expect(says(first, 'copy', String(copy))).rejects.toMatchObject({ code: 'review-same' });
    await takesBack(alone, 'copy');
    expect(await postById(db, alone)).toMatchObject({ copyOf: null, copies: 1 });
    expect(await postById(db, follower)).toMatchObject({ copyOf: alone });
    await counted();
  });

  test('of another office are out of reach', async () => {
    const here = await post(TEXT);
    const mine = officeId;
    officeId = await makeOffice(engines.store, `elsewhere-${made}`, 'county');
    const there = await post('另一个单位的帖文，讲的是另一件民事监督案件的听证经过和最后结果。');
    officeId = mine;
    await expect(says(here, 'copy', String(there))).rejects.toMatchObject({ code: 'review-other' });
    await expect(says(there, 'sentiment', 'negative')).rejects.toMatchObject({ code: 'review-gone' });
  });
});

test('words outlive the post, without its text', async () => {
  const id = await post(TEXT);
  await says(id, 'sentiment', 'negative');
  await transaction(engines.store, (client) => forgetPosts(client, officeId, [id], 'expired'));
  const kept = await engines.store.query('select * from reviews where post_id = $1', [id]);
  expect(kept.rowCount).toBe(1);
  expect(JSON.stringify(kept.rows)).not.toContain('公益诉讼');
  await expect(says(id, 'sentiment', 'positive')).rejects.toMatchObject({ code: 'review-gone' });
});

test('two who speak at the same moment come one after the other', async () => {
  const id = await post(TEXT);
  await Promise.all([
    says(id, 'sentiment', 'negative'),
    says(id, 'sentiment', 'positive'),
    says(id, 'line', 'civil'),
    says(id, 'sentiment', 'neutral'),
  ]);
  const found = await postById(db, id);
  const [, said] = await reviewsOf(db, id);
  expect(said?.said).toBe(found?.sentiment);
  await counted();
});

test('every word is in the log, and none of the text', async () => {
  const id = await post(TEXT);
  await says(id, 'sentiment', 'negative');
  await takesBack(id, 'sentiment');
  const entries = await engines.store.query<{ entry: string }>(
    `select entry from audit_entries where entry like '%"post:${id}"%' order by seq`,
  );
  expect(entries.rows.map(({ entry }) => (JSON.parse(entry) as { action: string }).action)).toEqual([
    'review-make',
    'review-undo',
  ]);
  expect(JSON.stringify(entries.rows)).not.toContain('公益诉讼');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { learnApart } from '../../hub/learn-apart.ts';
import { KnowledgeKeeper } from '../../indexer/knowledge-keeper.ts';
import { FEWEST, learn, type Teaching } from '../../indexer/learning/learn.ts';
import type { Example } from '../../indexer/sentiment/types.ts';
import { cutWords } from '../../indexer/steps/segment.ts';
import { askAgain } from '../../indexer/watches/stored.ts';
import type { Actor } from '../../store/actor.ts';
import { chooseModel, learntModel, modelHistory } from '../../store/models.ts';
import { knowledgeVersion } from '../../store/knowledge.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { agreements, drawSample } from '../../store/review-sample.ts';
import { reviewPost, undoReview, type Word } from '../../store/reviews.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource } from '../support/posts.ts';
import { makePerson } from '../support/web.ts';

let engines: TestEngines;
let app: Pool;
let every: Store;
let actor: Actor;

beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  every = scoped(app, EVERY_OFFICE);
  const { id } = await makePerson(engines.store, 'analyst', engines.officeId, 'analyst');
  actor = { id, officeId: engines.officeId, role: 'analyst', address: '10.0.0.1' };
});
afterAll(async () => {
  await app?.end();
  await engines?.stop();
});

let made = 0;

/** Stores posts of an office as they would lie in the database, without the steps. @returns their ids */
async function posts(officeId: number, n: number, sentiment = 'neutral', daysAgo = 1): Promise<number[]> {
  made += 1;
  const source = await makeSource(engines.store, officeId, `posts-${made}`);
  const rows = await engines.store.query<{ id: number }>(
    `insert into posts (office_id, source_id, identity, kind, title, text, at, sentiment, sentiment_probability)
     select $1, $2, decode(md5($3 || '-' || n), 'hex'), 'post', '标题' || n, '第' || n || '条', now() - $5 * interval '1 day' - n * interval '1 second',
       $4, 0.7
     from generate_series(1, $6::int) as n returning id`,
    [officeId, source.id, String(made), sentiment, daysAgo, n],
  );
  return rows.rows.map(({ id }) => id);
}

function say(
  db: Store,
  by: Actor,
  postId: number,
  said: Word['said'],
  sampled: boolean,
  field: Word['field'] = 'sentiment',
) {
  return reviewPost(db, by, { postId, field, said, sampled }, askAgain);
}

async function officeWith(name: string): Promise<{ officeId: number; db: Store; by: Actor }> {
  const officeId = await makeOffice(engines.store, name, 'county');
  const { id } = await makePerson(engines.store, `${name}-person`, officeId, 'analyst');
  return {
    officeId,
    db: scoped(app, oneOffice(officeId)),
    by: { id, officeId, role: 'analyst', address: '10.0.0.1' },
  };
}

test('the sample is in an order that is the same for everybody, and not that of time', async () => {
  const { officeId, db } = await officeWith('order');
  const ids = await posts(officeId, 60);
  const drawn = (await drawSample(db, [officeId], 'sentiment', 60)).map(({ id }) => id);
  expect(drawn.toSorted((a, b) => a - b)).toEqual(ids);
  expect(drawn).not.toEqual(ids);
  expect(drawn).not.toEqual(ids.toReversed());
  expect((await drawSample(every, [officeId], 'sentiment', 60)).map(({ id }) => id)).toEqual(drawn);
  expect((await drawSample(db, [officeId], 'line', 5)).map(({ id }) => id)).toEqual(drawn.slice(0, 5));
});

test('a sampled post leaves the queue with its word, comes back when that is undone', async () => {
  const { officeId, db, by } = await officeWith('queue');
  await posts(officeId, 5);
  const [first] = await drawSample(db, [officeId], 'sentiment');
  const id = first?.id ?? 0;
  await say(db, by, id, { is: 'negative' }, true);
  const then = await drawSample(db, [officeId], 'sentiment');
  expect(then).toHaveLength(4);
  expect(then.map((post) => post.id)).not.toContain(id);
  // Its line was not looked at yet.
  expect(await drawSample(db, [officeId], 'line')).toHaveLength(5);
  await undoReview(db, by, id, 'sentiment', askAgain);
  expect((await drawSample(db, [officeId], 'sentiment'))[0]?.id).toBe(id);
});

test('what somebody corrected on their own stays in the sample, as the program had found it', async () => {
  const { officeId, db, by } = await officeWith('honest');
  const [id = 0] = await posts(officeId, 1, 'neutral');
  await say(db, by, id, { is: 'negative' }, false);
  expect(await drawSample(db, [officeId], 'sentiment')).toMatchObject([{ id, machine: 'neutral' }]);
  await say(db, by, id, { is: 'negative' }, true);
  expect(await drawSample(db, [officeId], 'sentiment')).toEqual([]);
  const [figure] = await agreements(db, [officeId]);
  expect(figure).toMatchObject({ field: 'sentiment', n: 1, agreed: 0, chosen: 0 });
});

test('posts of the last week are drawn; where they are few, those of a month; none of the future or of others', async () => {
  const { officeId, db } = await officeWith('window');
  const other = await officeWith('window-other');
  await posts(other.officeId, 3);
  const old = await posts(officeId, 3, 'neutral', 20);
  await posts(officeId, 2, 'neutral', 40);
  await posts(officeId, 2, 'neutral', -2);
  expect((await drawSample(db, [officeId], 'sentiment')).map(({ id }) => id).toSorted()).toEqual(old);
  const fresh = await posts(officeId, 200, 'neutral', 1);
  const drawn = (await drawSample(db, [officeId], 'sentiment', 100)).map(({ id }) => id);
  expect(drawn).toHaveLength(100);
  expect(drawn.every((id) => fresh.includes(id))).toBe(true);
});

test('agreement counts sampled posts once each, with the newest word; who cannot tell is told apart', async () => {
  const { officeId, db, by } = await officeWith('agreement');
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = await posts(officeId, 5, 'neutral');
  await say(db, by, a, { is: 'neutral' }, true);
  await say(db, by, b, { is: 'positive' }, true);
  await say(db, by, b, { is: 'negative' }, true);
  await say(db, by, c, 'unsure', true);
  await say(db, by, d, { is: 'positive' }, false);
  await say(db, by, e, { is: 'positive' }, true);
  await undoReview(db, by, e, 'sentiment', askAgain);
  await say(db, by, a, 'wrong', true, 'place');
  const found = await agreements(db, [officeId]);
  expect(found.find(({ field }) => field === 'sentiment')).toEqual({
    field: 'sentiment',
    ...{ n: 2, agreed: 1, unsure: 1, chosen: 1 },
  });
  expect(found.find(({ field }) => field === 'place')).toMatchObject({ n: 1, agreed: 0 });
  // Nothing was said about lines: that is no share of nought.
  expect(found.find(({ field }) => field === 'line')).toMatchObject({ n: 0, agreed: 0 });
  await engines.store.query(`update reviews set made_at = now() - interval '31 days' where post_id = $1`, [
    a,
  ]);
  expect((await agreements(db, [officeId]))[0]).toMatchObject({ n: 1, agreed: 0 });
});

/** A teacher that hands out what the test wants, and remembers what it was given. */
function teacher(after: number, base = 'as it ships'): Teaching & { given: readonly Example[] } {
  const teaching: Teaching & { given: readonly Example[] } = {
    given: [],
    shipped: { judge: () => ({ negative: 0, neutral: 1, positive: 0 }) },
    base: Buffer.from(base),
    read: ({ title, text }) => ({ analysed: `${title}\n${text}`, words: [text] }),
    adapt(model, examples) {
      teaching.given = examples;
      return {
        model,
        bytes: Buffer.from(`learnt ${examples.length}`),
        before: 0.7,
        after,
        n: examples.length,
      };
    },
  };
  return teaching;
}

test('learning takes up what people said, only when it is not worse, and once for the same words', async () => {
  const { officeId, db, by } = await officeWith('learn');
  const ids = await posts(officeId, FEWEST + 2);
  for (const id of ids.slice(0, FEWEST - 1)) await say(db, by, id, { is: 'negative' }, id % 2 === 0);
  await say(db, by, ids.at(-1) ?? 0, 'unsure', true);
  await engines.store.query(
    `update reviews set undone_at = now(), undone_by = made_by where office_id <> $1 and undone_at is null`,
    [officeId],
  );
  expect(await learn(every, engines.officeId, teacher(0.9))).toEqual({ outcome: 'few', n: FEWEST - 1 });

  await say(db, by, ids[FEWEST] ?? 0, { is: 'positive' }, true);
  const before = await knowledgeVersion(every);
  const worse = teacher(0.6);
  expect(await learn(every, engines.officeId, worse)).toMatchObject({
    outcome: 'worse',
    n: FEWEST,
    before: 0.7,
    after: 0.6,
  });
  expect(worse.given.filter(({ label }) => label === 'negative')).toHaveLength(FEWEST - 1);
  expect(worse.given.at(-1)).toMatchObject({
    label: 'positive',
    analysed: expect.stringContaining('标题') as string,
  });
  expect(await learntModel(every, 'sentiment')).toBeNull();
  expect(await learn(every, engines.officeId, teacher(0.9))).toEqual({ outcome: 'same', n: FEWEST });

  await say(db, by, ids[FEWEST] ?? 0, { is: 'neutral' }, true);
  expect(await learn(every, engines.officeId, teacher(0.7))).toMatchObject({ outcome: 'better' });
  expect((await learntModel(every, 'sentiment'))?.bytes.toString()).toBe(`learnt ${FEWEST}`);
  expect(await knowledgeVersion(every)).not.toBe(before);
});

test('somebody goes back to the shipped model, and nothing is learnt until somebody lets it go on', async () => {
  await expect(chooseModel(every, actor, 'sentiment', 'shipped', ' ')).rejects.toMatchObject({
    code: 'model-why',
  });
  const elsewhere = { ...actor, officeId: await makeOffice(engines.store, 'elsewhere', 'county') };
  await expect(chooseModel(every, elsewhere, 'sentiment', 'shipped', '试')).rejects.toMatchObject({
    code: 'model-office',
  });
  await chooseModel(every, actor, 'sentiment', 'shipped', '近期误判增多');
  expect(await learntModel(every, 'sentiment')).toBeNull();
  expect(await learn(every, engines.officeId, teacher(1))).toEqual({ outcome: 'off', n: 0 });
  await chooseModel(every, actor, 'sentiment', 'resumed', '已核对');
  expect((await learntModel(every, 'sentiment'))?.bytes.toString()).toBe(`learnt ${FEWEST}`);
  const [last, previous] = await modelHistory(every, 'sentiment');
  expect(last).toMatchObject({ kind: 'resumed', why: '已核对', madeBy: 'analyst' });
  expect(previous).toMatchObject({ kind: 'shipped', usable: false });
});

test('what people said here changes how the next posts are judged, learnt in a process of its own', async () => {
  const { officeId, db, by } = await officeWith('apart');
  await engines.store.query('truncate reviews, models');
  const ids = await posts(officeId, 2 * FEWEST);
  // A word that means something here, and nothing to a model made elsewhere.
  await engines.store.query(
    `update posts set title = null, text = case when id % 2 = 0 then '云州快办今天又来了，' || id else '云州慢办今天又来了，' || id end
     where id = any ($1)`,
    [ids],
  );
  for (const id of ids) await say(db, by, id, { is: id % 2 === 0 ? 'positive' : 'negative' }, true);
  const keeper = new KnowledgeKeeper(every, null, 0);
  const judge = async (text: string) => {
    const { sentiment, segmenter } = await keeper.current();
    return sentiment.judge(text, cutWords(text, segmenter));
  };
  const before = await judge('云州快办今天来了');
  const learnt = await learnApart(engines.runtime());
  expect(learnt).toMatchObject({ outcome: 'better', n: 2 * FEWEST });
  if (learnt.outcome === 'better') expect(learnt.after).toBeGreaterThan(learnt.before);
  const after = await judge('云州快办今天来了');
  expect(after.positive).toBeGreaterThan(before.positive);
  expect((await judge('云州慢办今天来了')).negative).toBeGreaterThan(after.negative);
  await chooseModel(every, actor, 'sentiment', 'shipped', '试毕');
  expect(await judge('云州快办今天来了')).toEqual(before);
  expect(await learnApart(engines.runtime())).toEqual({ outcome: 'off', n: 0 });
  await chooseModel(every, actor, 'sentiment', 'resumed', '试毕');
});

test('where the program ships another model, the same words are learnt on it anew', async () => {
  // As one that an older version of the program shipped and learnt on.
  await engines.store
    .query(`update models set base = '\\x00', bytes = overlay(bytes placing '\\x00'::bytea from 9)
    where bytes is not null`);
  const keeper = new KnowledgeKeeper(every, null, 0);
  const judge = async (text: string) => {
    const { sentiment, segmenter } = await keeper.current();
    return sentiment.judge(text, cutWords(text, segmenter));
  };
  const idle = await judge('云州快办今天来了');
  expect(await learnApart(engines.runtime())).toMatchObject({ outcome: 'better', n: 2 * FEWEST });
  expect((await judge('云州快办今天来了')).positive).toBeGreaterThan(idle.positive);
  expect(await learnApart(engines.runtime())).toEqual({ outcome: 'same', n: 2 * FEWEST });
  // Also where the first try with the new model was no better.
  const worse = teacher(0.6, 'another');
  expect(await learn(every, engines.officeId, worse)).toMatchObject({ outcome: 'worse' });
  expect(await learn(every, engines.officeId, worse)).toEqual({ outcome: 'same', n: 2 * FEWEST });
});

test('posts whose words are gone teach nothing more; what was learnt stays', async () => {
  await engines.store.query('truncate posts cascade');
  expect(await learn(every, engines.officeId, teacher(1))).toEqual({ outcome: 'few', n: 0 });
  expect(await learntModel(every, 'sentiment')).not.toBeNull();
});

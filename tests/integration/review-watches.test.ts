import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askAgain } from '../../indexer/watches/stored.ts';
import { pulseShares } from '../../store/pulse-by.ts';
import { postById, type NewPost } from '../../store/posts.ts';
import { reviewPost, undoReview, type ReviewField } from '../../store/reviews.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { storePosts } from '../../store/storing.ts';
import { addWatch, changeWatch } from '../../store/watches.ts';
import { expectCounted } from '../support/counters.ts';
import { makeSource, newPost } from '../support/posts.ts';
import { startStaff, type Hand, type Staff } from '../support/staff.ts';

/** A word of a person about a post has the watches asked again that look at what it is about. */
let staff: Staff;
let county: Hand;
let city: Hand;
let source: { id: number; officeId: number };
let made = 0;

beforeAll(async () => {
  staff = await startStaff();
  const { app, offices } = staff;
  const hand = async (place: 'county' | 'city') => ({
    db: scoped(app, oneOffice(offices[place])),
    actor: (await staff.hand('analyst', place, await staff.person(place, 'analyst'))).actor,
  });
  [county, city] = [await hand('county'), await hand('city')];
  source = await makeSource(staff.engines.store, offices.county, 'feed');
});
afterAll(() => staff.stop());
beforeEach(() => staff.engines.store.query('update watches set enabled = false'));

async function watch(query: string, who: Hand = county): Promise<number> {
  made += 1;
  const details = { name: `方案${made}`, subjectKind: 'issue', subject: '食堂', query } as const;
  return addWatch(who.db, who.actor, who.actor.officeId, details);
}

/** Stores a post of the county as the steps hand it on. @returns its id */
async function post(text: string, change: Partial<NewPost> = {}): Promise<number> {
  await storePosts(staff.engines.store, source.officeId, source.id, [newPost({ text, ...change })]);
  const found = await staff.engines.store.query<{ id: number }>('select max(id) as id from posts');
  return (found.rows[0] as { id: number }).id;
}

const says = (postId: number, field: ReviewField, is: string | null) =>
  reviewPost(county.db, county.actor, { postId, field, said: { is }, sampled: false }, askAgain);
const takesBack = (postId: number, field: ReviewField) =>
  undoReview(county.db, county.actor, postId, field, askAgain);

async function marks(id: number): Promise<number[]> {
  await expectCounted(staff.engines.store, staff.offices.county);
  const found = await staff.engines.store.query<{ watches: number[] }>(
    'select watches from posts where id = $1',
    [id],
  );
  return found.rows[0]?.watches ?? [];
}

const relevance = async (id: number) => (await postById(county.db, id))?.relevance;

const TEXT = '今天上午学校食堂组织了一次参观活动，家长代表看了后厨和仓库。';

describe('a word about a post', () => {
  test.each([
    ['sentiment', 'negative', '食堂 情感:负面'],
    ['line', 'civil', '食堂 业务:民事'],
    ['voice', 'complaint', '食堂 声音:投诉'],
    ['place', '530100', '食堂 地域:云南省'],
  ] as const)('on its %s gives it the marks of the watches that ask for that', async (field, is, query) => {
    const id = await post(TEXT);
    const own = await watch(query);
    const above = await watch(query, city);
    const not = await watch(`食堂 -${query.slice(3)}`);
    await watch(query.replace('食堂', '河道'));
    expect(await marks(id)).toEqual([]);
    await says(id, field, is);
    expect(await marks(id)).toEqual([own, above]);
    const range = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2027-01-01T00:00:00Z') };
    const shares = await pulseShares(county.db, null, 'watch', range);
    const counted = shares.map(({ key, negative, neutral, positive }) => [
      key,
      negative + neutral + positive,
    ]);
    expect(counted).toEqual(expect.arrayContaining([own, above].map((each) => [String(each), 1])));
    await takesBack(id, field);
    // Those that ask for the opposite have been asked as well.
    expect(await marks(id)).toEqual([not]);
  });

  test('takes marks from it that it had when it came, and gives them back when it is undone', async () => {
    const id = await watch('食堂 -情感:正面');
    const unasked = await watch('食堂 参观');
    const seen = await post(TEXT, { watches: [id, unasked] });
    await staff.engines.store.query('delete from search_outbox');
    await says(seen, 'sentiment', 'positive');
    expect(await marks(seen)).toEqual([unasked]);
    const told = await staff.engines.store.query<{ post: number }>(
      'select post_id as post from search_outbox',
    );
    expect(told.rows.map((row) => row.post)).toEqual([seen]);
    await takesBack(seen, 'sentiment');
    expect(await marks(seen)).toEqual([id, unasked]);
  });

  test('leaves the marks of watches that are not asked any more', async () => {
    const id = await watch('食堂 -情感:正面');
    const seen = await post(TEXT, { watches: [id] });
    await changeWatch(county.db, county.actor, id, 1, { enabled: false });
    await says(seen, 'sentiment', 'positive');
    expect(await marks(seen)).toEqual([id]);
  });

  test('that leaves the post as it is asks nobody', async () => {
    const id = await post(TEXT);
    await watch('食堂');
    const asked: string[] = [];
    const spy: typeof askAgain = (subject, field) => {
      asked.push(field);
      return askAgain(subject, field);
    };
    const word = { postId: id, sampled: false } as const;
    const { db, actor } = county;
    await reviewPost(db, actor, { ...word, field: 'sentiment', said: 'unsure' }, spy);
    await reviewPost(db, actor, { ...word, field: 'place', said: 'wrong' }, spy);
    await reviewPost(db, actor, { ...word, field: 'relevance', said: { is: 'advertisement' } }, spy);
    expect(asked).toEqual([]);
  });
});

describe('what seemed to be off-topic', () => {
  const RECIPE = '红烧排骨要小火炖四十分钟，出锅前撒一把葱花，邻居都说香';

  test('is relevant as long as a watch asks for it after a word', async () => {
    const id = await post(RECIPE, { relevance: 'off-topic' });
    const asks = await watch('排骨 情感:负面');
    await says(id, 'sentiment', 'negative');
    expect([await marks(id), await relevance(id)]).toEqual([[asks], 'relevant']);
    await says(id, 'sentiment', 'positive');
    expect([await marks(id), await relevance(id)]).toEqual([[], 'off-topic']);
    await takesBack(id, 'sentiment');
    expect([await marks(id), await relevance(id)]).toEqual([[asks], 'relevant']);
    await takesBack(id, 'sentiment');
    expect([await marks(id), await relevance(id)]).toEqual([[], 'off-topic']);
  });

  test('stays so where a person has said it', async () => {
    const id = await post(RECIPE, { relevance: 'off-topic' });
    const asks = await watch('排骨 情感:负面');
    await says(id, 'relevance', 'off-topic');
    await says(id, 'sentiment', 'negative');
    expect([await marks(id), await relevance(id)]).toEqual([[asks], 'off-topic']);
  });
});

import type pg from 'pg';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit, type Act } from './audit.ts';
import { queueGrouping } from './grouping.ts';
import { tellLive } from './live.ts';
import { enterLikenesses } from './likenesses.ts';
import { lockPosts } from './locks.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { countPosts } from './pulse-count.ts';
import { markAgain, type AskWatches } from './review-watches.ts';
import { tellSearch } from './search-outbox.ts';

const words = messages.reviews;

/** What a person may say about a post, each by itself. `copy`: whether it repeats another one. */
export const reviewFields = ['sentiment', 'line', 'voice', 'relevance', 'place', 'copy'] as const;
export type ReviewField = (typeof reviewFields)[number];

/** Fields whose words stand in a column of the post; the names are the columns'. */
const columns = {
  sentiment: 'sentiment',
  line: 'line',
  voice: 'voice',
  relevance: 'relevance',
  place: 'place',
  copy: 'copy_of',
} as const satisfies Record<ReviewField, string>;

export type Word = {
  postId: number;
  field: ReviewField;
  /**
   * What it is; null: nothing. For a copy the id of a post that says the same. `unsure`: the person cannot tell.
   * `wrong`: not what the program found, whatever else it may be. Neither of the two changes the post.
   */
  said: { is: string | null } | 'unsure' | 'wrong';
  /** Drawn by chance (review-sample.ts) and not chosen by the person. */
  sampled: boolean;
};

type Machine = { machine: string | null; probability: number | null; model: string };
type Standing = Machine & {
  id: number;
  said: string | null;
  sampled: boolean;
  followed: number[];
};

/** The post as it stands, held until the commit. */
type Held = {
  officeId: number;
  value: string | null;
  probability: number;
  firstSeenAt: Date;
};

/**
 * Keeps what a person says about a post and brings the post, the marks of watches, its counters and its search document in
 * line with it, all or nothing. The newest word stands; what is said later about a sampled post still counts as sampled.
 * @param store in whose scope the post's office is
 * @param ask of watches: askAgain of indexer/watches/stored.ts
 * @throws Refused `review-gone`, `review-not-copy`, `review-other`, `review-same`
 */
export async function reviewPost(store: Store, actor: Actor, word: Word, ask: AskWatches): Promise<void> {
  const { postId, field } = word;
  await transaction(store, async (client) => {
    const post = await hold(client, postId, field);
    const standing = await standingOf(client, postId, field);
    const found = standing ?? (await foundBy(client, field, post));
    const said = await heard(client, post, word);
    const verdict = typeof word.said === 'object' ? 'says' : word.said;
    const agreed = verdict === 'unsure' ? null : verdict === 'says' && said === found.machine;
    const followed = field === 'copy' && said !== null ? await copiesOfPost(client, postId) : [];
    // Who cannot tell, or only knows what it is not, leaves the post as it is.
    const madeRelevant =
      verdict === 'says' &&
      (await change(client, postId, field, post, { value: said, sure: 1, followed }, ask));
    await client.query(
      `insert into reviews (office_id, post_id, field, machine, probability, model, verdict, said, agreed, sampled, followed, made_by, made_relevant)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ...[
          post.officeId,
          postId,
          field,
          found.machine,
          found.probability,
          found.model,
          verdict,
          said,
          agreed,
        ],
        ...[word.sampled || (standing?.sampled ?? false), followed, actor.id, madeRelevant],
      ],
    );
    await enter(client, post.officeId, postId, {
      ...actor,
      action: 'review-make',
      before: { [field]: post.value },
      after: { [field]: verdict === 'says' ? said : verdict, sampled: word.sampled },
    });
  });
}

/**
 * Takes back the word that stands about a field; what was said before stands again, or else what the program had found.
 * @returns whether somebody had said what it is before: then their word stands now
 * @throws Refused `review-gone`, `review-not-standing`
 */
export async function undoReview(
  store: Store,
  actor: Actor,
  postId: number,
  field: ReviewField,
  ask: AskWatches,
): Promise<boolean> {
  return transaction(store, async (client) => {
    const post = await hold(client, postId, field);
    const undone = await standingOf(client, postId, field);
    if (!undone) throw new Refused('review-not-standing', words.notStanding);
    await client.query('update reviews set undone_at = now(), undone_by = $2 where id = $1', [
      undone.id,
      actor.id,
    ]);
    const before = await lastSaid(client, postId, field);
    const value = before ? before.said : undone.machine;
    const to = { value, sure: before ? 1 : undone.probability, followed: [] };
    if (await change(client, postId, field, post, to, ask)) {
      await client.query('update reviews set made_relevant = true where id = $1', [undone.id]);
    }
    if (undone.followed.length > 0 && value === null) await leadAgain(client, post, postId, undone);
    await enter(client, post.officeId, postId, {
      ...actor,
      action: 'review-undo',
      before: { [field]: post.value },
      after: { [field]: value },
    });
    return before !== null;
  });
}

/** Locks the office's posts and the post itself. @throws Refused `review-gone` */
async function hold(client: Queryable, postId: number, field: ReviewField): Promise<Held> {
  const where = await client.query<{ officeId: number }>(
    'select office_id as "officeId" from posts where id = $1',
    [postId],
  );
  const [at] = where.rows;
  if (!at) throw new Refused('review-gone', words.gone);
  await lockPosts(client, at.officeId);
  const found = await client.query<Held>(
    `select office_id as "officeId", ${columns[field]}::text as value, sentiment_probability as probability,
       first_seen_at as "firstSeenAt"
     from posts where id = $1 for update`,
    [postId],
  );
  const [post] = found.rows;
  if (!post) throw new Refused('review-gone', words.gone);
  return post;
}

async function standingOf(client: Queryable, postId: number, field: ReviewField): Promise<Standing | null> {
  const found = await client.query<Standing>(
    `select id, machine, probability, model, said, sampled, followed from reviews
     where post_id = $1 and field = $2 and undone_at is null order by id desc limit 1`,
    [postId, field],
  );
  return found.rows[0] ?? null;
}

/** The newest standing word that says what it is. */
async function lastSaid(
  client: Queryable,
  postId: number,
  field: ReviewField,
): Promise<{ said: string | null } | null> {
  const found = await client.query<{ said: string | null }>(
    `select said from reviews where post_id = $1 and field = $2 and undone_at is null and verdict = 'says'
     order by id desc limit 1`,
    [postId, field],
  );
  return found.rows[0] ?? null;
}

/** What the program had found, and which model: the one in use when the post came. */
async function foundBy(client: Queryable, field: ReviewField, post: Held): Promise<Machine> {
  if (field !== 'sentiment') return { machine: post.value, probability: null, model: 'rules' };
  const model = await client.query<{ model: string }>(
    `select kind || ' ' || id as model from models
     where name = 'sentiment' and (bytes is not null or kind = 'shipped') and made_at <= $1 order by id desc limit 1`,
    [post.firstSeenAt],
  );
  return {
    machine: post.value,
    probability: post.probability,
    model: model.rows[0]?.model ?? 'shipped',
  };
}

/** What the post is to have in the field. @throws Refused when it cannot be a copy as is said */
async function heard(client: Queryable, post: Held, { postId, field, said }: Word): Promise<string | null> {
  if (typeof said === 'string') return null;
  if (field !== 'copy') return said.is;
  if (said.is === null) {
    if (post.value === null) throw new Refused('review-not-copy', words.notCopy);
    return null;
  }
  const found = await client.query<{ first: number }>(
    'select coalesce(copy_of, id) as first from posts where id = $1 and office_id = $2',
    [said.is, post.officeId],
  );
  const [other] = found.rows;
  if (!other) throw new Refused('review-other', words.noOther);
  if (other.first === postId || String(other.first) === post.value)
    throw new Refused('review-same', words.same);
  return String(other.first);
}

async function copiesOfPost(client: Queryable, postId: number): Promise<number[]> {
  const found = await client.query<{ id: number }>('select id from posts where copy_of = $1 order by id', [
    postId,
  ]);
  return found.rows.map(({ id }) => id);
}

/** What a field is to be, how sure that is, and the copies that follow the post. */
type Change = { value: string | null; sure: number | null; followed: readonly number[] };

/**
 * Puts a value into the post: out of the counters, changed, into the counters, and the engine is told.
 * @returns whether the post was off-topic until then and is not any more
 */
async function change(
  client: Queryable,
  postId: number,
  field: ReviewField,
  post: Held,
  { value, sure, followed }: Change,
  ask: AskWatches,
): Promise<boolean> {
  await countPosts(client, [postId], 'take-out');
  // The first of that time may have gone, or repeat an earlier one by now.
  const set =
    field === 'copy'
      ? `copy_of = (select coalesce(f.copy_of, f.id) from posts f where f.id = $2::bigint and p.id not in (f.id, coalesce(f.copy_of, 0)))`
      : `${columns[field]} = $2`;
  await client.query(
    `update posts p set ${set}${field === 'sentiment' ? ', sentiment_probability = coalesce($3, sentiment_probability)' : ''}
     where id = $1`,
    [postId, value, ...(field === 'sentiment' ? [sure] : [])],
  );
  if (followed.length > 0) {
    await client.query(
      'update posts c set copy_of = p.copy_of from posts p where p.id = $1 and c.id = any ($2)',
      [postId, followed],
    );
  }
  // What repeats a post that stands by itself now is to be found.
  if (field === 'copy') await enterLikenesses(client, [postId], 'in');
  const madeRelevant = await markAgain(client, post.officeId, postId, field, ask);
  await countPosts(client, [postId]);
  // Whether it is grouped at all depends on what it is about.
  await queueGrouping(client, post.officeId, [postId]);
  const firsts = field === 'copy' ? [post.value, value].flatMap((id) => (id === null ? [] : Number(id))) : [];
  await tellSearch(client, post.officeId, [postId, ...firsts, ...followed]);
  return madeRelevant;
}

/** The copies that followed a post when it was linked come back to it. */
async function leadAgain(client: Queryable, post: Held, postId: number, undone: Standing): Promise<void> {
  const back = await client.query<{ id: number }>(
    'update posts set copy_of = $1 where id = any ($2) and copy_of = $3 returning id',
    [postId, undone.followed, undone.said],
  );
  await tellSearch(
    client,
    post.officeId,
    back.rows.map(({ id }) => id),
  );
}

/** Notes on the post on which fields words stand, in the log what was done, and open pages hear of it. */
async function enter(
  client: pg.PoolClient,
  officeId: number,
  postId: number,
  act: Omit<Act, 'officeId' | 'subject'>,
): Promise<void> {
  await client.query(
    `update posts set reviewed = array(
       select distinct field from reviews
       where post_id = $1 and undone_at is null and verdict = 'says' order by field)
     where id = $1`,
    [postId],
  );
  await tellLive(client, { kind: 'posts', officeId, stored: 0 });
  await appendAudit(client, { ...act, officeId, subject: `post:${postId}` });
}

/** The word that stands about a field of a post. */
export type ReviewRow = {
  field: ReviewField;
  machine: string | null;
  probability: number | null;
  verdict: 'says' | 'wrong' | 'unsure';
  said: string | null;
  /** With what the program found; null: the person could not tell. */
  agreed: boolean | null;
  sampled: boolean;
  madeAt: Date;
  /** Null: somebody of an office that is out of reach. */
  madeBy: string | null;
};

/** The newest standing word for each field of the post. */
export async function reviewsOf(db: Queryable, postId: number): Promise<ReviewRow[]> {
  const found = await db.query<ReviewRow>(
    `select distinct on (r.field) r.field, r.machine, r.probability, r.verdict, r.said, r.agreed, r.sampled,
       r.made_at as "madeAt", p.name as "madeBy"
     from reviews r left join people p on p.id = r.made_by
     where r.post_id = $1 and r.undone_at is null order by r.field, r.id desc`,
    [postId],
  );
  return found.rows;
}

import { createHash } from 'node:crypto';
import type { PostKind } from './drafts.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';
import type { Sketch } from './sketches.ts';

export type Sentiment = 'negative' | 'neutral' | 'positive';
/** What somebody wants who writes. */
export type Voice = 'question' | 'complaint' | 'suggestion' | 'praise' | 'rumour' | 'report';
export type Relevance = 'relevant' | 'advertisement' | 'off-topic';
/** Why a post is counted and not kept. */
export type Withheld = 'minor';
export type DateProblem = 'missing' | 'future' | 'ancient';

/** A post as the indexer's steps leave it: cleaned, redacted, ready to be stored. */
export type NewPost = {
  identity: Buffer;
  kind: PostKind;
  /** Null: it stands nowhere that a person could open. */
  url: string | null;
  parentUrl: string | null;
  title: string | null;
  text: string;
  outlet: string | null;
  publishedAt: Date | null;
  dateProblem: DateProblem | null;
  sentiment: Sentiment;
  sentimentProbability: number;
  redactions: Record<string, number>;
  /** Counted only, for this reason; null: kept. */
  withheld: Withheld | null;
  /** GB/T 2260 code of the division that it is about. */
  place: string | null;
  /** Key of a business line. */
  line: string | null;
  voice: Voice | null;
  relevance: Relevance;
  /** Ids of watches. */
  watches: number[];
  /** Null: too short to tell what repeats it. */
  sketch: Sketch | null;
  likes: number | null;
  comments: number | null;
  shares: number | null;
  /** How many there were of it, where the source has counted them. */
  times: number | null;
};

/** The 16 bytes under which a source's item is stored once. */
export function identityOf(idOrAddress: string): Buffer {
  return createHash('sha256').update(idOrAddress).digest().subarray(0, 16);
}

/** Of these identities, those that the source has or is not to have again (as hex). */
export async function knownIdentities(
  db: Queryable,
  sourceId: number,
  identities: Buffer[],
): Promise<Set<string>> {
  if (identities.length === 0) return new Set();
  const result = await db.query<{ identity: Buffer }>(
    `select identity from posts where source_id = $1 and identity = any ($2::bytea[])
     union select identity from forgotten where source_id = $1 and identity = any ($2::bytea[])
     union select address from refused_addresses where address = any ($2::bytea[])`,
    [sourceId, identities],
  );
  return new Set(result.rows.map((row) => row.identity.toString('hex')));
}

export type PostRow = {
  id: number;
  officeId: number;
  officeName: string;
  sourceId: number;
  sourceName: string;
  kind: PostKind;
  /** Null: it stands nowhere that a person could open. */
  url: string | null;
  parentUrl: string | null;
  title: string | null;
  text: string;
  outlet: string | null;
  publishedAt: Date | null;
  dateProblem: DateProblem | null;
  firstSeenAt: Date;
  at: Date;
  sentiment: Sentiment;
  sentimentProbability: number;
  redactions: Record<string, number>;
  place: string | null;
  line: string | null;
  voice: Voice | null;
  relevance: Relevance;
  watches: number[];
  copyOf: number | null;
  copies: number;
  likes: number | null;
  comments: number | null;
  shares: number | null;
  /** How many there were of it, where the source has counted them; null: it does not say. */
  times: number | null;
};

// Of a post that another office has shared, the source is out of reach.
const COLUMNS = `p.id, p.office_id as "officeId", o.name as "officeName", p.source_id as "sourceId", coalesce(s.name, p.outlet, o.name) as "sourceName", p.kind, p.url, p.parent_url as "parentUrl",
  p.title, p.text, p.outlet, p.published_at as "publishedAt", p.date_problem as "dateProblem",
  p.first_seen_at as "firstSeenAt", p.at, p.sentiment, p.sentiment_probability as "sentimentProbability", p.redactions, p.place,
  p.line, p.voice, p.relevance, p.watches, p.copy_of as "copyOf", (select count(*)::int from posts c where c.copy_of = p.id) as copies,
  p.likes, p.comments, p.shares, p.times`;

export async function postById(db: Queryable, id: number): Promise<PostRow | null> {
  const result = await db.query<PostRow>(
    `select ${COLUMNS} from posts p left join sources s on s.id = p.source_id join offices o on o.id = p.office_id where p.id = $1`,
    [id],
  );
  return result.rows[0] ?? null;
}

/** The posts that say the same as this one: the first, then its copies by time. The post itself is left out. */
export async function sameWords(db: Queryable, post: PostRow, limit = 50): Promise<PostRow[]> {
  const first = post.copyOf ?? post.id;
  const result = await db.query<PostRow>(
    `select ${COLUMNS} from posts p left join sources s on s.id = p.source_id join offices o on o.id = p.office_id
     where (p.id = $1 or p.copy_of = $1) and p.id <> $2
     order by p.copy_of nulls first, p.at limit $3`,
    [first, post.id, limit],
  );
  return result.rows;
}

/**
 * From so many offices on, walking back through everybody's posts finds enough of theirs sooner than looking into each
 * office for its newest.
 */
const MANY_OFFICES = 50;

/** The newest posts, copies left out (they are counted at the first). */
export async function latestPosts(db: Queryable, offices: Offices, limit = 20): Promise<PostRow[]> {
  const newest =
    offices && offices.length < MANY_OFFICES
      ? `select n.* from unnest($1::int[]) as o (id)
         cross join lateral (
           select * from posts where office_id = o.id and copy_of is null order by at desc, id desc limit $2
         ) n order by n.at desc, n.id desc limit $2`
      : `select * from posts where ($1::int[] is null or office_id = any ($1)) and copy_of is null
         order by at desc, id desc limit $2`;
  const result = await db.query<PostRow>(
    `select ${COLUMNS} from (${newest}) p
     join sources s on s.id = p.source_id join offices o on o.id = p.office_id order by p.at desc, p.id desc`,
    [offices, Math.min(limit, 200)],
  );
  return result.rows;
}

/** How many posts the offices have taken in, also those that have gone since; from the counters, not by scanning posts. */
export async function postCount(db: Queryable, offices: Offices): Promise<number> {
  const result = await db.query<{ posts: number }>(
    'select coalesce(sum(posts), 0)::bigint as posts from pulse where $1::int[] is null or office_id = any ($1)',
    [offices],
  );
  return result.rows[0]?.posts ?? 0;
}

import { createHash } from 'node:crypto';
import type { PostKind } from './drafts.ts';
import { tellLive } from './live.ts';
import { lockPosts } from './locks.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { countPosts } from './pulse-count.ts';
import type { Offices } from './scope.ts';

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
  fingerprint: bigint | null;
  sentences: number[];
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

export type StoreResult = { fresh: number; copies: number; known: number };

/**
 * Stores posts in one transaction with all that depends on them: links to the first of the same words, hourly counters,
 * search outbox, news for open pages. Posts that the source already has only get their interaction counts brought up
 * to date; what was forgotten, or stands at an address that somebody objected to, counts as known.
 */
export async function storePosts(
  store: Store,
  officeId: number,
  sourceId: number,
  posts: readonly NewPost[],
): Promise<StoreResult> {
  const unique = [...new Map(posts.map((post) => [post.identity.toString('hex'), post])).values()];
  if (unique.length === 0) return { fresh: 0, copies: 0, known: 0 };
  const rows = JSON.stringify(unique.map((post) => ({ ...post, ...encoded(post) })));
  return transaction(store, async (client) => {
    await lockPosts(client, officeId);
    const inserted = await client.query<{ id: number; copy: boolean }>(INSERT, [officeId, sourceId, rows]);
    const ids = inserted.rows.map((row) => row.id);
    while (((await client.query(LINK_TO_FIRST, [ids])).rowCount ?? 0) > 0);
    await countPosts(client, ids);
    const updated = await client.query<{ id: number }>(UPDATE_COUNTS, [sourceId, rows, ids]);
    const changed = [...ids, ...updated.rows.map((row) => row.id)];
    if (changed.length > 0) {
      await client.query(
        'insert into search_outbox (office_id, post_id) select $1, id from unnest($2::bigint[]) as id',
        [officeId, changed],
      );
    }
    if (ids.length > 0) await tellLive(client, { kind: 'posts', officeId, stored: ids.length });
    const copies = inserted.rows.filter((row) => row.copy).length;
    return { fresh: ids.length, copies, known: unique.length - ids.length };
  });
}

/** Bytes and big integers have no JSON form: both go as text. */
function encoded(post: NewPost) {
  return {
    identity: `\\x${post.identity.toString('hex')}`,
    address: post.url === null ? null : `\\x${identityOf(post.url).toString('hex')}`,
    fingerprint: post.fingerprint === null ? null : post.fingerprint.toString(),
  };
}

/** Two posts say the same when they share at least this part of the shorter one's sentences: a reprint may be cut. */
export const SAME_WORDS = 0.6;

/**
 * A post is linked to the oldest one with its fingerprint and its sentences, stored before or standing earlier (by time)
 * in the same batch. Ids are drawn beforehand and in that order, so that a copy can point at a post of the same statement.
 */
const INSERT = `
  with incoming as (
    select r.* from rows from (jsonb_to_recordset($3::jsonb) as (
      identity bytea, address bytea, kind text, url text, "parentUrl" text, title text, text text, outlet text,
      "publishedAt" timestamptz, "dateProblem" text, sentiment text, "sentimentProbability" real, redactions jsonb,
      place text, line text, voice text, relevance text, watches int[], fingerprint bigint, sentences int[], likes int, comments int, shares int,
      times int
    )) with ordinality as r(identity, address, kind, url, "parentUrl", title, text, outlet, "publishedAt", "dateProblem",
      sentiment, "sentimentProbability", redactions, place, line, voice, relevance, watches, fingerprint, sentences, likes, comments, shares, times, row)
    where not exists (select 1 from posts p where p.source_id = $2 and p.identity = r.identity)
      and not exists (select 1 from forgotten f where f.source_id = $2 and f.identity = r.identity)
      and not exists (select 1 from refused_addresses a where a.address = r.address)
    order by r."publishedAt" nulls last, r.row
  ), numbered as materialized (
    select nextval(pg_get_serial_sequence('posts', 'id')) as id, i.* from incoming i
  ), candidates as materialized (
    select p.id, p.fingerprint, p.sentences from posts p
    where p.office_id = $1 and p.copy_of is null and p.fingerprint in (select fingerprint from numbered)
    union all
    select id, fingerprint, sentences from numbered where fingerprint is not null
  )
  insert into posts (id, office_id, source_id, identity, kind, url, parent_url, title, text, outlet, published_at,
    date_problem, at, sentiment, sentiment_probability, redactions, place, line, voice, relevance, watches, fingerprint, sentences,
    copy_of, likes, comments, shares, times)
  overriding system value
  select n.id, $1, $2, n.identity, n.kind, n.url, n."parentUrl", n.title, n.text, n.outlet, n."publishedAt",
    n."dateProblem", coalesce(n."publishedAt", now()), n.sentiment, n."sentimentProbability", n.redactions,
    n.place, n.line, n.voice, n.relevance, coalesce(n.watches, '{}'), n.fingerprint, coalesce(n.sentences, '{}'),
    (select min(c.id) from candidates c
     where c.fingerprint = n.fingerprint and c.id < n.id
       and (select count(*) from unnest(n.sentences) as sentence where sentence = any (c.sentences))
         >= ${SAME_WORDS} * least(cardinality(n.sentences), cardinality(c.sentences))),
    n.likes, n.comments, n.shares, n.times
  from numbered n
  returning id, copy_of is not null as copy`;

/** Within one batch a copy may have been linked to another copy: each goes to the first. Returns how many moved. */
const LINK_TO_FIRST = `
  update posts p set copy_of = f.copy_of from posts f
  where p.id = any ($1::bigint[]) and f.id = p.copy_of and f.copy_of is not null`;

const UPDATE_COUNTS = `
  update posts p set likes = coalesce(r.likes, p.likes), comments = coalesce(r.comments, p.comments),
    shares = coalesce(r.shares, p.shares), times = coalesce(r.times, p.times)
  from jsonb_to_recordset($2::jsonb) as r(identity bytea, likes int, comments int, shares int, times int)
  where p.source_id = $1 and p.identity = r.identity and p.id <> all ($3::bigint[])
    and (p.likes, p.comments, p.shares, p.times) is distinct from (coalesce(r.likes, p.likes),
      coalesce(r.comments, p.comments), coalesce(r.shares, p.shares), coalesce(r.times, p.times))
  returning p.id`;

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

import type { Level } from '../config/levels.ts';
import type { Queryable } from './pool.ts';
import type { PostRow, Sentiment, Voice } from './posts.ts';
import type { PostKind } from './drafts.ts';
import { LABEL } from './trending.ts';

/** A concern as its page shows it. */
export type ConcernView = {
  id: number;
  officeId: number;
  officeName: string;
  label: string;
  /** The words of its posts that it is called without a name of its own; null: nobody has renamed it. */
  ownLabel: string | null;
  sentences: { postId: number; text: string }[];
  words: { word: string; weight: number }[];
  asleepAt: Date | null;
  mergedInto: number | null;
  pinnedAt: Date | null;
  mutedAt: Date | null;
  firstAt: Date;
  lastAt: Date;
  firstSourceId: number | null;
  firstSource: string | null;
  posts: number;
  copies: number;
  sources: number;
  heat: number;
  /** Its summands by name (indexer/topics/heat.ts); empty: not computed yet. */
  heatParts: Partial<Record<string, number>>;
  trend: number | null;
  heatAt: Date | null;
  version: number;
};

/** Null: there is none within reach. */
export async function concernById(db: Queryable, id: number): Promise<ConcernView | null> {
  const found = await db.query<ConcernView>(
    `select c.id, c.office_id as "officeId", o.name as "officeName", ${LABEL} as label,
       case when c.renamed is not null then c.label end as "ownLabel", c.sentences, c.words,
       c.asleep_at as "asleepAt", c.merged_into as "mergedInto", c.pinned_at as "pinnedAt", c.muted_at as "mutedAt",
       c.first_at as "firstAt", c.last_at as "lastAt", c.first_source_id as "firstSourceId", s.name as "firstSource",
       c.posts, c.copies, c.sources, c.heat, c.heat_parts as "heatParts", c.trend, c.heat_at as "heatAt", c.version
     from concerns c join offices o on o.id = c.office_id left join sources s on s.id = c.first_source_id where c.id = $1`,
    [id],
  );
  return found.rows[0] ?? null;
}

/**
 * Where the page looks at posts themselves, it looks at so many of the newest: a concern may have a hundred thousand, and the
 * page is to be there at once.
 */
export const SAMPLED = 2_000;

const NEWEST = `(select post_id from concern_posts where concern_id = $1 order by at desc, post_id desc limit ${SAMPLED})`;

/** How the newest posts of a concern divide by place; the largest first. `place` is a division code. */
export async function concernPlaces(
  db: Queryable,
  id: number,
  limit = 12,
): Promise<{ place: string; posts: number; negative: number }[]> {
  const found = await db.query<{ place: string; posts: number; negative: number }>(
    `select place, count(*)::int as posts, (count(*) filter (where sentiment = 'negative'))::int as negative
     from ${NEWEST} n join posts p on p.id = n.post_id where place is not null group by 1 order by 2 desc, 1 limit $2`,
    [id, limit],
  );
  return found.rows;
}

/** A post that speaks for others: what a list shows of it, and how many posts of the concern say the same. */
export type Speaking = {
  id: number;
  kind: PostKind;
  title: string | null;
  excerpt: string;
  outlet: string | null;
  sourceName: string;
  at: Date;
  sentiment: Sentiment;
  voice: Voice | null;
  /** With itself. */
  same: number;
};

/** How many posts of a concern are of a voice, and those that speak best for them. */
export type VoiceGroup = { voice: Voice | null; posts: number; speaking: Speaking[] };

/**
 * The newest posts by what their writers want. Those that are repeated and answered most stand for the others; what says the
 * same is shown once.
 */
export async function concernVoices(db: Queryable, id: number, each = 3): Promise<VoiceGroup[]> {
  const found = await db.query<Speaking & { posts: number }>(
    `with same as (
       select p.id, p.at, p.voice, count(*) over (partition by coalesce(p.copy_of, p.id))::int as same,
         coalesce(p.likes, 0) + coalesce(p.comments, 0) + coalesce(p.shares, 0) as touched,
         row_number() over (partition by coalesce(p.copy_of, p.id) order by p.copy_of nulls first, p.at, p.id) as nth,
         count(*) over (partition by p.voice)::int as posts
       from ${NEWEST} n join posts p on p.id = n.post_id
     ), ranked as (
       select *, row_number() over (partition by voice order by same desc, touched desc, at desc, id desc) as rank
       from same where nth = 1
     )
     select p.id, p.kind, p.title, left(p.text, 140) as excerpt, p.outlet, coalesce(s.name, p.outlet, '') as "sourceName", p.at,
       p.sentiment, p.voice, r.same, r.posts
     from ranked r join posts p on p.id = r.id left join sources s on s.id = p.source_id
     where r.rank <= $2 order by r.posts desc, r.voice, r.rank`,
    [id, each],
  );
  const groups = new Map<Voice | null, VoiceGroup>();
  for (const { posts, ...post } of found.rows) {
    const group = groups.get(post.voice) ?? { voice: post.voice, posts, speaking: [] };
    groups.set(post.voice, group);
    group.speaking.push({ ...post, excerpt: post.excerpt.toWellFormed() });
  }
  // Those of whom nothing is known stand last, however many they are.
  return [...groups.values()].toSorted((a, b) => Number(a.voice === null) - Number(b.voice === null));
}

export type ConcernPost = Speaking & { officeId: number; officeName: string; copies: number };

/** The posts of a concern, the newest first: `limit` of them after the first `skip`. */
export async function concernPostsPage(
  db: Queryable,
  id: number,
  {
    sentiment = null,
    from = null,
    to = null,
    limit,
    skip,
  }: {
    sentiment?: Sentiment | null;
    from?: Date | null;
    to?: Date | null;
    limit: number;
    skip: number;
  },
): Promise<ConcernPost[]> {
  const found = await db.query<ConcernPost>(
    `select p.id, p.kind, p.title, left(p.text, 140) as excerpt, p.outlet, coalesce(s.name, p.outlet, '') as "sourceName", p.at,
       p.sentiment, p.voice, 1 as same, p.office_id as "officeId", o.name as "officeName",
       (select count(*)::int from posts c where c.copy_of = p.id) as copies
     from concern_posts n join posts p on p.id = n.post_id join offices o on o.id = p.office_id
     left join sources s on s.id = p.source_id
     where n.concern_id = $1 and ($2::text is null or p.sentiment = $2) and ($3::timestamptz is null or n.at >= $3)
       and ($4::timestamptz is null or n.at < $4)
     order by n.at desc, n.post_id desc limit $5 offset $6`,
    [id, sentiment, from, to, limit, skip],
  );
  return found.rows.map((post) => ({ ...post, excerpt: post.excerpt.toWellFormed() }));
}

/** The concern that a post is in; null: none. */
export async function concernOfPost(
  db: Queryable,
  post: Pick<PostRow, 'id'>,
): Promise<{ id: number; label: string; posts: number } | null> {
  const found = await db.query<{ id: number; label: string; posts: number }>(
    `select c.id, ${LABEL} as label, c.posts from concern_posts n join concerns c on c.id = n.concern_id
     where n.post_id = $1 and c.posts > 1`,
    [post.id],
  );
  return found.rows[0] ?? null;
}

/** A warning about a concern, as its page lists it. */
export type ConcernWarning = {
  id: number;
  title: string;
  level: Level;
  suggestedLevel: Level;
  state: string;
  suggestedAt: Date;
};

/** The warnings there were about a concern or what is a part of it, the newest first. */
export async function concernWarnings(db: Queryable, id: number): Promise<ConcernWarning[]> {
  const found = await db.query<ConcernWarning>(
    `select id, title, level, suggested_level as "suggestedLevel", state, suggested_at as "suggestedAt"
     from warnings where concern_id in (select concern_parts($1)) order by suggested_at desc, id desc limit 20`,
    [id],
  );
  return found.rows;
}

/** What was handed over about posts of a concern, and what was answered. */
export type ConcernHandOver = {
  id: number;
  toOfficeName: string;
  state: string;
  answer: string | null;
  createdAt: Date;
};

export async function concernHandOvers(db: Queryable, id: number): Promise<ConcernHandOver[]> {
  const found = await db.query<ConcernHandOver>(
    `select h.id, o.name as "toOfficeName", h.state, h.answer, h.created_at as "createdAt"
     from hand_overs h join concern_posts n on n.post_id = h.subject_id join offices o on o.id = h.to_office_id
     where h.subject_kind = 'post' and n.concern_id = $1 order by h.created_at desc, h.id desc limit 20`,
    [id],
  );
  return found.rows;
}

import type { SourceKind } from '../config/sources.ts';
import type { PostKind } from './drafts.ts';
import type { Queryable } from './pool.ts';

/** What heat is worked out from: what was said in one hour, of one kind, in one kind of source. */
export type HourOfConcern = {
  /** Unix ms. */
  at: number;
  kind: PostKind;
  sourceKind: SourceKind;
  posts: number;
  copies: number;
  negative: number;
  /** Sum over the posts of ln(1 + likes + comments + shares). */
  engaged: number;
};

/** A source of a concern was not known from `from` to `to` (Unix ms); `share`: of the concern's posts that it has. */
export type GapOfConcern = { from: number; to: number; share: number };

export type HeatTask = { id: number; posts: number; firstAt: Date; lastAt: Date };

/** Concerns whose heat is due, the longest waiting first. @param officeId of this office only */
export async function concernsToHeat(
  db: Queryable,
  now: Date,
  officeId: number | null,
  limit: number,
): Promise<HeatTask[]> {
  const found = await db.query<HeatTask>(
    `select id, posts, first_at as "firstAt", last_at as "lastAt" from concerns
     where merged_into is null and asleep_at is null and heat_due <= $1 and ($2::int is null or office_id = $2)
     order by heat_due, id limit $3`,
    [now, officeId, limit],
  );
  return found.rows;
}

/** What was said of concerns since `since`, by concern. */
export async function hoursOfConcerns(
  db: Queryable,
  ids: readonly number[],
  since: Date,
): Promise<Map<number, HourOfConcern[]>> {
  const found = await db.query<HourOfConcern & { id: number }>(
    `select m.concern_id as id, (extract(epoch from date_trunc('hour', p.at)) * 1000)::float8 as at, p.kind, s.kind as "sourceKind",
       count(*)::int as posts, count(p.copy_of)::int as copies,
       (count(*) filter (where p.sentiment = 'negative'))::int as negative,
       sum(ln(1 + coalesce(p.likes, 0)::float8 + coalesce(p.comments, 0) + coalesce(p.shares, 0)))::float8 as engaged
     from concern_posts m join posts p on p.id = m.post_id join sources s on s.id = p.source_id
     where m.concern_id = any ($1::bigint[]) and m.at >= $2 group by 1, 2, 3, 4`,
    [ids, since],
  );
  return Map.groupBy(found.rows, ({ id }) => id);
}

/** When sources of concerns were not known since `since`, by concern. */
export async function gapsOfConcerns(
  db: Queryable,
  ids: readonly number[],
  since: Date,
  now: Date,
): Promise<Map<number, GapOfConcern[]>> {
  const found = await db.query<GapOfConcern & { id: number }>(
    `select c.id, (extract(epoch from g.began_at) * 1000)::float8 as "from",
       (extract(epoch from coalesce(g.ended_at, $3)) * 1000)::float8 as "to",
       sum(s.posts)::float8 / greatest(c.posts, 1) as share
     from concerns c join concern_sources s on s.concern_id = c.id and s.posts > 0
     join gaps g on g.source_id = s.source_id and coalesce(g.ended_at, $3) > $2 and g.began_at < $3
     where c.id = any ($1::bigint[]) group by c.id, c.posts, g.id, g.began_at, g.ended_at`,
    [ids, since, now],
  );
  return Map.groupBy(found.rows, ({ id }) => id);
}

export type HeatFound = {
  id: number;
  /** How many posts it had then. */
  posts: number;
  heat: number;
  parts: Record<string, number>;
  trend: number | null;
  /** When it is worked out next; null: nothing was said for long, it sleeps. */
  next: Date | null;
};

/** Keeps what was worked out; a concern that got posts meanwhile stays due. */
export async function keepHeat(db: Queryable, found: readonly HeatFound[], now: Date): Promise<void> {
  await db.query(
    `update concerns c set heat = r.heat, heat_parts = r.parts, trend = r.trend, heat_at = $2,
       heat_due = case when c.posts = r.posts then coalesce(r.next, $2) else c.heat_due end,
       asleep_at = case when c.posts = r.posts and r.next is null then $2 else c.asleep_at end
     from jsonb_to_recordset($1::jsonb) as r (id bigint, posts int, heat real, parts jsonb, trend real, next timestamptz)
     where c.id = r.id`,
    [JSON.stringify(found), now],
  );
}

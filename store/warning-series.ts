import type { RuleSubject } from '../config/warning-rules.ts';
import type { Queryable } from './pool.ts';
import type { Sentiment } from './posts.ts';

/** What can be warned about, as it is counted: `key` as in pulse_by; of an office its id. */
export type SubjectKey = { kind: RuleSubject; key: string };

/** An hour of a subject in which something was posted. */
export type SeriesHour = { hour: Date; posts: number; negative: number };

/**
 * Subjects of an office that anything was posted about since the earliest of the starts, with their posts since each of them:
 * reads counters. Concerns that were merged away or muted, and watches of other offices or that are off, are left out.
 * @param only these subjects, if given
 */
export async function postedAbout(
  db: Queryable,
  officeId: number,
  starts: readonly Date[],
  only: readonly SubjectKey[] | null = null,
): Promise<(SubjectKey & { posts: number[] })[]> {
  const found = await db.query<SubjectKey & { posts: number[] }>(
    `with counted as (
       select dimension, key, hour, posts from pulse_by
       where office_id = $1 and hour >= (select min(s) from unnest($2::timestamptz[]) s) and dimension in ('concern', 'watch', 'line')
         and ($3::text[] is null or (dimension, key) in (select * from unnest($3::text[], $4::text[])))
       union all
       select 'office', office_id::text, hour, posts from pulse
       where office_id = $1 and hour >= (select min(s) from unnest($2::timestamptz[]) s)
         and ($3::text[] is null or 'office' = any ($3::text[]))
     ), hours as (
       select dimension, key, hour, sum(posts) as posts from counted group by 1, 2, 3
     ), summed as (
       select h.dimension, h.key, s.n, coalesce(sum(h.posts) filter (where h.hour >= s.start), 0)::int as posts
       from hours h cross join unnest($2::timestamptz[]) with ordinality as s (start, n) group by 1, 2, 3
     )
     select m.dimension as kind, m.key, array_agg(m.posts order by m.n) as posts from summed m
     where case m.dimension
       when 'concern' then exists (select from concerns c where c.id = case m.dimension when 'concern' then m.key::bigint end and c.merged_into is null and c.muted_at is null)
       when 'watch' then exists (select from watches w where w.id = case m.dimension when 'watch' then m.key::int end and w.office_id = $1 and w.enabled and w.archived_at is null)
       else true end
     group by 1, 2`,
    [officeId, starts, only?.map(({ kind }) => kind) ?? null, only?.map(({ key }) => key) ?? null],
  );
  return found.rows;
}

/** The hours of subjects since `from` in which anything was posted, by `kind:key`, in order. */
export async function hoursOf(
  db: Queryable,
  officeId: number,
  subjects: readonly SubjectKey[],
  from: Date,
): Promise<Map<string, SeriesHour[]>> {
  const found = await db.query<SubjectKey & { hours: number[]; posts: number[]; negative: number[] }>(
    `with counted as (
       select dimension as kind, key, hour, sentiment, posts from pulse_by
       where office_id = $1 and (dimension, key) in (select * from unnest($2::text[], $3::text[])) and hour >= $4
       union all
       select 'office', office_id::text, hour, sentiment, posts from pulse
       where office_id = $1 and hour >= $4 and 'office' = any ($2::text[])
     ), hours as (
       select kind, key, hour, sum(posts)::int as posts, coalesce(sum(posts) filter (where sentiment = 'negative'), 0)::int as negative
       from counted group by 1, 2, 3
     )
     select kind, key, array_agg(extract(epoch from hour)::float8 order by hour) as hours, array_agg(posts order by hour) as posts,
       array_agg(negative order by hour) as negative
     from hours where posts > 0 group by 1, 2`,
    [officeId, subjects.map(({ kind }) => kind), subjects.map(({ key }) => key), from],
  );
  return new Map(
    found.rows.map(({ kind, key, hours, posts, negative }) => [
      `${kind}:${key}`,
      hours.map((at, n) => ({
        hour: new Date(at * 1000),
        posts: posts[n] ?? 0,
        negative: negative[n] ?? 0,
      })),
    ]),
  );
}

/** A subject by name, and of a concern where it stands. Lines are named by the caller. */
export type SubjectFacts = SubjectKey & {
  title: string;
  /** Of a concern: its earliest post; null: another subject. */
  firstAt: Date | null;
  heat: number | null;
  trend: number | null;
};

export async function subjectFacts(
  db: Queryable,
  officeId: number,
  subjects: readonly SubjectKey[],
): Promise<Map<string, SubjectFacts>> {
  const found = await db.query<SubjectFacts>(
    `select s.kind, s.key, coalesce(c.renamed, nullif(c.label, ''), w.name, '') as title, c.first_at as "firstAt", c.heat, c.trend
     from unnest($2::text[], $3::text[]) as s (kind, key)
     left join concerns c on s.kind = 'concern' and c.id = case when s.kind = 'concern' then s.key::bigint end and c.office_id = $1
     left join watches w on s.kind = 'watch' and w.id = case when s.kind = 'watch' then s.key::int end`,
    [officeId, subjects.map(({ kind }) => kind), subjects.map(({ key }) => key)],
  );
  return new Map(found.rows.map((row) => [`${row.kind}:${row.key}`, row]));
}

/** Where posts of a subject stood since then: sources and outlets, with their first and latest. */
export async function placesOf(
  db: Queryable,
  officeId: number,
  subject: SubjectKey,
  since: Date,
): Promise<{ firstAt: Date; lastAt: Date }[]> {
  if (subject.kind === 'concern') {
    const found = await db.query<{ firstAt: Date; lastAt: Date }>(
      `select first_at as "firstAt", last_at as "lastAt" from concern_sources where concern_id = $1 and posts > 0 and last_at >= $2`,
      [subject.key, since],
    );
    return found.rows;
  }
  const found = await db.query<{ firstAt: Date; lastAt: Date }>(
    `select min(p.at) as "firstAt", max(p.at) as "lastAt" from posts p
     where p.office_id = $1 and p.at >= $2 and ${OF_SUBJECT} group by p.source_id, p.outlet`,
    [officeId, since, subject.kind, subject.key],
  );
  return found.rows;
}

/** Whether a post `p` is of a subject ($3 kind, $4 key). */
const OF_SUBJECT = `case $3 when 'concern' then exists (select from concern_posts m where m.post_id = p.id and m.concern_id = ($4::text)::bigint)
  when 'watch' then p.watches @> array[($4::text)::int] when 'line' then p.line = $4::text else true end`;

/** Times of the first posts of a concern, in order. */
export async function firstTimes(db: Queryable, concernId: string, limit: number): Promise<Date[]> {
  const found = await db.query<{ at: Date }>(
    'select at from concern_posts where concern_id = $1 order by at limit $2',
    [concernId, limit],
  );
  return found.rows.map(({ at }) => at);
}

export type MomentPost = {
  id: number;
  at: Date;
  outlet: string;
  sentiment: Sentiment;
  title: string | null;
  text: string;
};

/** Posts of a subject since then that show best what there is: the critical ones first, then those that go round most. */
export async function postsOfMoment(
  db: Queryable,
  officeId: number,
  subject: SubjectKey,
  since: Date,
  limit: number,
): Promise<MomentPost[]> {
  const found = await db.query<MomentPost>(
    `select p.id, p.at, coalesce(p.outlet, s.name, '') as outlet, p.sentiment, p.title, left(p.text, 400) as text
     from posts p join sources s on s.id = p.source_id
     where p.office_id = $1 and p.at >= $2 and p.copy_of is null and p.relevance = 'relevant' and ${OF_SUBJECT}
     order by p.sentiment = 'negative' desc,
       coalesce(p.likes, 0) + 2 * coalesce(p.comments, 0) + 3 * coalesce(p.shares, 0) desc, p.id desc limit $5`,
    [officeId, since, subject.kind, subject.key, limit],
  );
  return found.rows;
}

/** How many posts of a subject since then are of these concerns. */
export async function postsWithin(
  db: Queryable,
  officeId: number,
  subject: SubjectKey,
  since: Date,
  concerns: readonly string[],
): Promise<number> {
  if (concerns.length === 0) return 0;
  const found = await db.query<{ n: number }>(
    `select count(*)::int as n from posts p join concern_posts o on o.post_id = p.id
     where p.office_id = $1 and p.at >= $2 and o.concern_id = any ($5::bigint[]) and ${OF_SUBJECT}`,
    [officeId, since, subject.kind, subject.key, concerns],
  );
  return found.rows[0]?.n ?? 0;
}

/** A time without collection of a source that brings `part` (0 to 1) of what the office usually has; `to` null: not over. */
export type PartGap = { sourceId: number; from: Date; to: Date | null; part: number };

/** Gaps of an office's sources since then, with what the sources usually bring; those of a few per mille are left out. */
export async function gapsWithParts(
  db: Queryable,
  officeId: number,
  since: Date,
  now: Date,
): Promise<PartGap[]> {
  const found = await db.query<PartGap>(
    `with parts as (
       select source_id, sum(posts) / sum(sum(posts)) over () as part from pulse
       where office_id = $1 and hour >= $3::timestamptz - interval '28 days' and hour < $3 and posts > 0 group by 1
     )
     select g.source_id as "sourceId", g.began_at as "from", g.ended_at as "to", p.part::float8 as part
     from gaps g join sources s on s.id = g.source_id join parts p on p.source_id = g.source_id
     where g.office_id = $1 and s.enabled and g.began_at < $3 and coalesce(g.ended_at, $3) > $2 and p.part >= 0.005
     order by g.began_at limit 5000`,
    [officeId, since, now],
  );
  return found.rows;
}

/**
 * Undated posts since then of sources that have only just come back, or come for the first time: such posts are of the moment
 * at which they were found, and may have piled up for long.
 */
export async function piledUp(db: Queryable, officeId: number, since: Date, now: Date): Promise<number> {
  const found = await db.query<{ n: number }>(
    `with undated as (
       select source_id, count(*)::int as n from posts
       where office_id = $1 and at >= $2 and at <= $3 and published_at is null group by 1 having count(*) >= 5
     )
     select coalesce(sum(u.n), 0)::int as n from undated u join sources s on s.id = u.source_id
     where exists (select from gaps g where g.source_id = u.source_id and g.ended_at >= $2)
       -- The visit that brings them may still run: its gap is noted at its end.
       or not exists (select from visits v where v.source_id = u.source_id and v.outcome in ('complete', 'unchanged', 'partial')
         and v.finished_at < $2)
       or not exists (select from visits v where v.source_id = u.source_id and v.outcome in ('complete', 'unchanged', 'partial')
         and v.finished_at >= $3::timestamptz - greatest(
           coalesce(s.current_interval_seconds, s.interval_seconds) * interval '4 seconds', interval '10 minutes'))`,
    [officeId, since, now],
  );
  return found.rows[0]?.n ?? 0;
}

/** When the first post of an office is from; null: it has none. */
export async function firstPostAt(db: Queryable, officeId: number): Promise<Date | null> {
  const found = await db.query<{ at: Date | null }>(
    'select min(hour) as at from pulse where office_id = $1 and posts > 0',
    [officeId],
  );
  return found.rows[0]?.at ?? null;
}

/** Of every subject of these kinds the hours in which anything was posted, in order: for looking back. Muted concerns are there. */
export async function allHours(
  db: Queryable,
  officeId: number,
  kinds: readonly RuleSubject[],
  from: Date,
  to: Date,
): Promise<Map<string, SeriesHour[]>> {
  const found = await db.query<SubjectKey & { hours: number[]; posts: number[]; negative: number[] }>(
    `with counted as (
       select dimension as kind, key, hour, sentiment, posts from pulse_by
       where office_id = $1 and dimension = any ($2::text[]) and dimension in ('concern', 'watch', 'line') and hour >= $3 and hour < $4
         and (dimension <> 'watch' or key in (select id::text from watches where office_id = $1))
       union all
       select 'office', office_id::text, hour, sentiment, posts from pulse
       where office_id = $1 and 'office' = any ($2::text[]) and hour >= $3 and hour < $4
     ), hours as (
       select kind, key, hour, sum(posts)::int as posts, coalesce(sum(posts) filter (where sentiment = 'negative'), 0)::int as negative
       from counted group by 1, 2, 3 having sum(posts) > 0
     )
     select kind, key, array_agg(extract(epoch from hour)::float8 order by hour) as hours, array_agg(posts order by hour) as posts,
       array_agg(negative order by hour) as negative
     from hours group by 1, 2`,
    [officeId, kinds, from, to],
  );
  return new Map(
    found.rows.map(({ kind, key, hours, posts, negative }) => [
      `${kind}:${key}`,
      hours.map((at, n) => ({ hour: new Date(at * 1000), posts: posts[n] ?? 0, negative: negative[n] ?? 0 })),
    ]),
  );
}

/** Where concerns were spoken of, and when first and last: by concern. */
export async function placesOfConcerns(
  db: Queryable,
  ids: readonly string[],
): Promise<Map<string, { firstAt: Date; lastAt: Date }[]>> {
  const found = await db.query<{ key: string; firstAt: Date; lastAt: Date }>(
    `select concern_id::text as key, first_at as "firstAt", last_at as "lastAt" from concern_sources
     where concern_id = any ($1::bigint[]) and posts > 0`,
    [ids],
  );
  const places = new Map<string, { firstAt: Date; lastAt: Date }[]>();
  for (const { key, ...place } of found.rows) places.set(key, [...(places.get(key) ?? []), place]);
  return places;
}

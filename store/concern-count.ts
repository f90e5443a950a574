import type { Queryable } from './pool.ts';

/**
 * Adds posts to the counters of the concerns that they are in, or takes them out again: by hour and feeling (pulse_by), by
 * source and outlet, and of the concern itself. Posts in no concern change nothing. For whoever holds `lockPosts` of their
 * office; `refreshConcerns` afterwards brings in line what follows from these.
 */
export async function countInConcerns(
  client: Queryable,
  ids: readonly number[],
  how: 'add' | 'take-out',
): Promise<void> {
  if (ids.length === 0) return;
  const sign = how === 'add' ? 1 : -1;
  for (const statement of [COUNT_HOURS, COUNT_SOURCES, COUNT_WHOLE]) {
    await client.query(statement, [ids, sign]);
  }
}

const COUNT_HOURS = `
  insert into pulse_by as c (office_id, dimension, key, hour, sentiment, posts, copies)
  select p.office_id, 'concern', m.concern_id::text, date_trunc('hour', p.at), p.sentiment, $2::int * count(*),
    $2::int * count(p.copy_of)
  from posts p join concern_posts m on m.post_id = p.id
  where p.id = any ($1::bigint[]) group by 1, 3, 4, 5 order by 1, 3, 4, 5
  on conflict (office_id, dimension, key, hour, sentiment)
  do update set posts = c.posts + excluded.posts, copies = c.copies + excluded.copies`;

/** Of what is taken out the times stay: by then nobody knows any more who else was there so early. */
const COUNT_SOURCES = `
  insert into concern_sources as c (office_id, concern_id, source_id, outlet, posts, copies, first_at, last_at)
  select p.office_id, m.concern_id, p.source_id, coalesce(p.outlet, ''), $2::int * count(*), $2::int * count(p.copy_of),
    min(p.at), max(p.at)
  from posts p join concern_posts m on m.post_id = p.id
  where p.id = any ($1::bigint[]) group by 1, 2, 3, 4 order by 2, 3, 4
  on conflict (concern_id, source_id, outlet) do update set posts = c.posts + excluded.posts,
    copies = c.copies + excluded.copies, first_at = least(c.first_at, excluded.first_at),
    last_at = greatest(c.last_at, excluded.last_at)`;

const COUNT_WHOLE = `
  update concerns c set posts = c.posts + $2::int * n.posts, copies = c.copies + $2::int * n.copies
  from (
    select m.concern_id, count(*)::int as posts, count(p.copy_of)::int as copies
    from posts p join concern_posts m on m.post_id = p.id where p.id = any ($1::bigint[]) group by 1
  ) n where c.id = n.concern_id`;

/** How much a concern has to have grown until its label is taken anew. */
const GROWN = 1.3;

/**
 * Brings in line what follows from the counters of concerns: number of sources, the first of them, first and last time. Their
 * heat is due, their label too where they have grown by much, and one that had gone to sleep wakes.
 * @param lost those that posts were taken from: their label is due in any case
 */
export async function refreshConcerns(
  client: Queryable,
  ids: readonly number[],
  lost: readonly number[],
): Promise<void> {
  if (lost.length > 0) {
    await client.query(TIMES, [lost]);
    await client.query('delete from concern_sources where concern_id = any ($1::bigint[]) and posts <= 0', [
      lost,
    ]);
  }
  if (ids.length > 0) await client.query(REFRESH, [ids, lost, GROWN]);
}

/** Times of sources that posts were taken from: by the posts that are there, where there are any. */
const TIMES = `
  update concern_sources c set first_at = f.first_at, last_at = f.last_at
  from (
    select m.concern_id, p.source_id, coalesce(p.outlet, '') as outlet, min(p.at) as first_at, max(p.at) as last_at, count(*) as n
    from concern_posts m join posts p on p.id = m.post_id
    where m.concern_id = any ($1::bigint[]) group by 1, 2, 3
  ) f
  where c.concern_id = f.concern_id and c.source_id = f.source_id and c.outlet = f.outlet and c.posts = f.n
    and (c.first_at, c.last_at) is distinct from (f.first_at, f.last_at)`;

const REFRESH = `
  update concerns c set sources = n.sources, first_at = coalesce(n.first_at, c.first_at),
    last_at = coalesce(n.last_at, c.last_at), first_source_id = coalesce(n.first_source, c.first_source_id),
    asleep_at = null, heat_due = '-infinity',
    labelled_posts = case when c.posts < $3::real * c.labelled_posts and c.id <> all ($2::bigint[]) then c.labelled_posts end
  from (
    select k.id, count(distinct s.source_id)::int as sources, min(s.first_at) as first_at, max(s.last_at) as last_at,
      (array_agg(s.source_id order by s.first_at, s.source_id) filter (where s.posts > 0))[1] as first_source
    from unnest($1::bigint[]) as k (id) left join concern_sources s on s.concern_id = k.id group by 1
  ) n where c.id = n.id`;

import type { Queryable } from './pool.ts';

/**
 * Adds posts to the hourly counters as they stand now, or takes them out again: whoever changes what a post counts as takes
 * it out before and adds it after, in the transaction that changes it and holds `lockPosts`.
 */
export async function countPosts(
  client: Queryable,
  ids: readonly number[],
  how: 'add' | 'take-out' = 'add',
): Promise<void> {
  const sign = how === 'add' ? 1 : -1;
  await client.query(COUNT, [ids, sign]);
  await client.query(COUNT_BY, [ids, sign]);
}

const COUNT = `
  insert into pulse as p (office_id, hour, source_id, sentiment, posts, copies)
  select office_id, date_trunc('hour', at), source_id, sentiment, $2::int * count(*), $2::int * count(copy_of)
  from posts where id = any ($1::bigint[]) group by 1, 2, 3, 4
  on conflict (office_id, hour, source_id, sentiment)
  do update set posts = p.posts + excluded.posts, copies = p.copies + excluded.copies`;

const COUNT_BY = `
  insert into pulse_by as p (office_id, dimension, key, hour, sentiment, posts, copies)
  select office_id, d.dimension, d.key, date_trunc('hour', at), sentiment, $2::int * count(*), $2::int * count(copy_of)
  from posts cross join lateral (
    select 'line' as dimension, line as key where line is not null
    union all select 'voice', voice where voice is not null
    union all select 'place', place where place is not null
    union all select 'watch', watch::text from unnest(watches) as watch
  ) d
  where id = any ($1::bigint[]) group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (office_id, dimension, key, hour, sentiment)
  do update set posts = p.posts + excluded.posts, copies = p.copies + excluded.copies`;

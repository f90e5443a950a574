import type { Queryable } from './pool.ts';
import type { NewPost } from './posts.ts';

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

/**
 * Counts posts that may not be kept, among all others and as what they are, and marks them as known to their source. Nothing
 * of their words is sent to the database.
 */
export async function countWithheld(
  client: Queryable,
  officeId: number,
  sourceId: number,
  posts: readonly NewPost[],
): Promise<void> {
  const rows = posts.map(({ identity, withheld, publishedAt, sentiment, line, voice, place, watches }) => {
    return {
      ...{ identity: `\\x${identity.toString('hex')}`, why: withheld, publishedAt, sentiment },
      keys: [
        ...(line === null ? [] : [{ dimension: 'line', key: line }]),
        ...(voice === null ? [] : [{ dimension: 'voice', key: voice }]),
        ...(place === null ? [] : [{ dimension: 'place', key: place }]),
        ...watches.map((watch) => ({ dimension: 'watch', key: String(watch) })),
      ],
    };
  });
  const values = [officeId, sourceId, JSON.stringify(rows)];
  await client.query(MARK_WITHHELD, values);
  await client.query(COUNT_WITHHELD, values);
  await client.query(COUNT_WITHHELD_BY, [officeId, values[2]]);
}

const MARK_WITHHELD = `
  insert into forgotten (office_id, source_id, identity, why)
  select $1, $2, identity, why from jsonb_to_recordset($3::jsonb) as r(identity bytea, why text)`;

const COUNT_WITHHELD = `
  insert into pulse as p (office_id, hour, source_id, sentiment, posts, copies, withheld)
  select $1, date_trunc('hour', coalesce("publishedAt", now())), $2, sentiment, count(*), 0, count(*)
  from jsonb_to_recordset($3::jsonb) as r("publishedAt" timestamptz, sentiment text) group by 2, 4
  on conflict (office_id, hour, source_id, sentiment)
  do update set posts = p.posts + excluded.posts, withheld = p.withheld + excluded.withheld`;

const COUNT_WITHHELD_BY = `
  insert into pulse_by as p (office_id, dimension, key, hour, sentiment, posts, copies)
  select $1, k.dimension, k.key, date_trunc('hour', coalesce("publishedAt", now())), sentiment, count(*), 0
  from jsonb_to_recordset($2::jsonb) as r("publishedAt" timestamptz, sentiment text, keys jsonb)
  cross join jsonb_to_recordset(keys) as k(dimension text, key text) group by 2, 3, 4, 5 order by 2, 3, 4, 5
  on conflict (office_id, dimension, key, hour, sentiment) do update set posts = p.posts + excluded.posts`;

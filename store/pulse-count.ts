import { countInConcerns } from './concern-count.ts';
import type { Queryable } from './pool.ts';
import type { NewPost } from './posts.ts';

/**
 * Adds posts to the hourly counters, those of their concerns among them, as they stand now, or takes them out again: whoever changes what a post counts as takes
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
  await countInConcerns(client, ids, how);
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

/** What of a post is counted. */
type Counted = Pick<
  NewPost,
  'publishedAt' | 'sentiment' | 'line' | 'voice' | 'place' | 'watches' | 'withheld'
> & { copy: boolean };

type Sums = { hour: Date | null; sentiment: string; posts: number; copies: number };

/**
 * Counts posts of one source that have just come, also those that may not be kept: summed up here, since the database takes
 * longer to add one to one than to add a sum.
 */
export async function countNew(
  client: Queryable,
  officeId: number,
  sourceId: number,
  posts: readonly Counted[],
): Promise<void> {
  const sums = new Map<string, Sums & { withheld: number }>();
  const by = new Map<string, Sums & { dimension: string; key: string }>();
  for (const post of posts) {
    const { sentiment } = post;
    // Without a time of its own a post is of now, which the database says.
    const time = post.publishedAt && Math.floor(post.publishedAt.getTime() / HOUR_MS) * HOUR_MS;
    const hour = time === null ? null : new Date(time);
    const copies = post.copy ? 1 : 0;
    const add = (dimension: string, key: string) => {
      const name = `${dimension} ${key} ${time} ${sentiment}`;
      const there = by.get(name);
      if (!there) by.set(name, { dimension, key, hour, sentiment, posts: 1, copies });
      else {
        there.posts += 1;
        there.copies += copies;
      }
    };
    const name = `${time} ${sentiment}`;
    const sum = sums.get(name) ?? { hour, sentiment, posts: 0, copies: 0, withheld: 0 };
    sums.set(name, sum);
    sum.posts += 1;
    sum.copies += copies;
    sum.withheld += post.withheld ? 1 : 0;
    if (post.line !== null) add('line', post.line);
    if (post.voice !== null) add('voice', post.voice);
    if (post.place !== null) add('place', post.place);
    for (const watch of new Set(post.watches)) add('watch', String(watch));
  }
  if (sums.size > 0) await client.query(ADD, [officeId, sourceId, JSON.stringify([...sums.values()])]);
  if (by.size > 0) await client.query(ADD_BY, [officeId, JSON.stringify([...by.values()])]);
}

const HOUR_MS = 3_600_000;

const ADD = `
  insert into pulse as p (office_id, hour, source_id, sentiment, posts, copies, withheld)
  select $1, coalesce(hour, date_trunc('hour', now())), $2, sentiment, sum(posts), sum(copies), sum(withheld)
  from jsonb_to_recordset($3::jsonb) as r(hour timestamptz, sentiment text, posts int, copies int, withheld int)
  group by 2, 4
  on conflict (office_id, hour, source_id, sentiment) do update set posts = p.posts + excluded.posts,
    copies = p.copies + excluded.copies, withheld = p.withheld + excluded.withheld`;

const ADD_BY = `
  insert into pulse_by as p (office_id, dimension, key, hour, sentiment, posts, copies)
  select $1, dimension, key, coalesce(hour, date_trunc('hour', now())), sentiment, sum(posts), sum(copies)
  from jsonb_to_recordset($2::jsonb)
    as r(dimension text, key text, hour timestamptz, sentiment text, posts int, copies int)
  group by 2, 3, 4, 5
  on conflict (office_id, dimension, key, hour, sentiment)
  do update set posts = p.posts + excluded.posts, copies = p.copies + excluded.copies`;

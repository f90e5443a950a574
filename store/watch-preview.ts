import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';
import { WATCHED_POST, type WatchedPost } from './watch-backlog.ts';

/** A stored post that a query is tried on. */
export type TriedPost = WatchedPost & { at: Date; sourceName: string };

/** From where to read on: before everything, or a post. `at` as text: it has microseconds. */
export type After = { at: string; id: number };
export const NEWEST: After = { at: 'infinity', id: 0 };

/** The next posts of the offices, the newest first, no older than `from`. @returns null as `next` at the end */
export async function postsToTry(
  db: Queryable,
  offices: Offices,
  from: Date,
  after: After,
  limit: number,
): Promise<{ posts: TriedPost[]; next: After | null }> {
  const found = await db.query<TriedPost & { cursor: string }>(
    `select ${WATCHED_POST}, p.at, coalesce(s.name, p.outlet, '') as "sourceName", p.at::text as cursor
     from posts p left join sources s on s.id = p.source_id
     where ($1::int[] is null or p.office_id = any ($1)) and p.at >= $2 and p.at <= $3::timestamptz
       and (p.at, p.id) < ($3::timestamptz, $4::bigint)
     order by p.at desc, p.id desc limit $5`,
    [offices, from, after.at, after.id, limit],
  );
  const last = found.rows.length === limit ? found.rows.at(-1) : undefined;
  return { posts: found.rows, next: last ? { at: last.cursor, id: last.id } : null };
}

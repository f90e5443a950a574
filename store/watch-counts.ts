import type { Queryable } from './pool.ts';
import { SHANGHAI } from './pulse.ts';
import type { Offices } from './scope.ts';

/** How many posts matched on each of some days, the first day first. */
export type WatchDays = readonly number[];

/**
 * Posts that matched, by day in Asia/Shanghai. Reads counters, never posts.
 * @param days midnights, ascending; the last day is counted up to now
 * @returns a row of numbers for each watch
 */
export async function watchDays(
  db: Queryable,
  offices: Offices,
  watches: readonly number[],
  days: readonly Date[],
): Promise<Map<number, number[]>> {
  const result = new Map(watches.map((id) => [id, days.map(() => 0)]));
  const [first] = days;
  if (!first || watches.length === 0) return result;
  const found = await db.query<{ watch: number; day: Date; posts: number }>(
    `select key::int as watch, date_trunc('day', hour, '${SHANGHAI}') as day, sum(posts)::int as posts
     from pulse_by where dimension = 'watch' and ($1::int[] is null or office_id = any ($1)) and hour >= $2 and key = any ($3::text[])
     group by 1, 2`,
    [offices, first, watches.map(String)],
  );
  const places = new Map(days.map((day, at) => [day.getTime(), at]));
  for (const { watch, day, posts } of found.rows) {
    const at = places.get(day.getTime());
    const row = result.get(watch);
    if (row && at !== undefined) row[at] = posts;
  }
  return result;
}

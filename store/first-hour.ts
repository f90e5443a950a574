import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';

/** The earliest hour that has a post; null when there is none. Before it, nothing is known rather than nothing said. */
export async function firstHour(db: Queryable, offices: Offices): Promise<Date | null> {
  const result = await db.query<{ hour: Date | null }>(
    'select min(hour) as hour from pulse where $1::int[] is null or office_id = any ($1)',
    [offices],
  );
  return result.rows[0]?.hour ?? null;
}

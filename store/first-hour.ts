import type { Queryable } from './pool.ts';

/** The earliest hour that has a post; null when there is none. Before it, nothing is known rather than nothing said. */
export async function firstHour(db: Queryable, officeId: number): Promise<Date | null> {
  const result = await db.query<{ hour: Date | null }>(
    'select min(hour) as hour from pulse where office_id = $1',
    [officeId],
  );
  return result.rows[0]?.hour ?? null;
}

import type { Queryable } from './pool.ts';

/** A program elsewhere, as a process of the hub last found it. */
export type OutsideService = {
  /** Since when nobody has had a right answer from it; null: it answers. */
  failingSince: Date | null;
  /** What was wrong at last: a code. */
  why: string | null;
  toldAt: Date;
};

/** Null: nobody has asked it yet. */
export async function outsideService(db: Queryable, name: 'sentiment'): Promise<OutsideService | null> {
  const found = await db.query<OutsideService>(
    `select failing_since as "failingSince", why, told_at as "toldAt" from outside_services where name = $1`,
    [name],
  );
  return found.rows[0] ?? null;
}

/** Writes down that it answers (null), or why it does not; since when stays as it was first told. */
export async function tellService(db: Queryable, name: 'sentiment', why: string | null): Promise<void> {
  await db.query(
    `insert into outside_services as s (name, failing_since, why)
     values ($1, case when $2::text is null then null else now() end, $2)
     on conflict (name) do update set why = $2, told_at = now(),
       failing_since = case when $2::text is null then null else coalesce(s.failing_since, now()) end`,
    [name, why],
  );
}

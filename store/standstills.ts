import { tellLive } from './live.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';

/** Offices are judged each minute, whether or not anything was posted: after so long that has stopped. */
const UNJUDGED_MS = 5 * 60_000;
/** What comes in is in its concern within seconds, a large upload within minutes. */
const UNGROUPED_MS = 15 * 60_000;

/** Rules were gone through for an office, or it has nothing to judge. Belongs into the transaction that does so. */
export async function noteJudged(db: Queryable, officeIds: readonly number[], now: Date): Promise<void> {
  await db.query(
    // Not the later of the two: a clock that once was years ahead would hide every standstill until then.
    `insert into judgings (office_id, judged_at) select unnest($1::int[]), $2
     on conflict (office_id) do update set judged_at = excluded.judged_at, failure = null`,
    [officeIds, now],
  );
}

/** As `noteJudged`, for all offices but those that have something to judge. */
export async function noteNothingToJudge(db: Queryable, but: readonly number[], now: Date): Promise<void> {
  // In one order, so that two processes at it do not wait for one another.
  const found = await db.query<{ id: number }>(
    'select id from offices where id <> all ($1::int[]) order by id',
    [but],
  );
  await noteJudged(
    db,
    found.rows.map(({ id }) => id),
    now,
  );
}

/** An office could not be judged. @param failure a code, no words: these may be out of a post */
export async function noteUnjudged(db: Queryable, officeId: number, failure: string): Promise<void> {
  await db.query(
    `insert into judgings (office_id, failure) values ($1, $2)
     on conflict (office_id) do update set failure = excluded.failure`,
    [officeId, failure],
  );
}

/** An office whose warnings, or whose concerns, are not of this moment: that nothing is told there means nothing. */
export type Standstill = {
  officeId: number;
  officeName: string;
  /** Since when it has not been judged by its rules; null: it is. */
  judging: Date | null;
  /** Why, as a code, where the last try has failed. */
  failure: string | null;
  /** Since when what is waiting longest waits to be grouped; null: it does not wait long. */
  grouping: Date | null;
  /** How many offices were looked at. */
  among: number;
};

/** Offices at which judging or grouping has stopped, the longest first. */
export async function standstills(db: Queryable, offices: Offices, now: Date): Promise<Standstill[]> {
  const found = await db.query<Standstill>(
    `with looked as (
       select o.id, o.name, j.failure, coalesce(j.judged_at, o.created_at) as judged_at,
         (select b.made_at from grouping_backlog b where b.office_id = o.id order by b.id limit 1) as waits,
         count(*) over ()::int as among
       from offices o left join judgings j on j.office_id = o.id
       where ($1::int[] is null or o.id = any ($1)) and (every_office_in_scope() or o.id in (select offices_in_scope()))
     )
     select id as "officeId", name as "officeName", failure, among,
       case when judged_at < $2 then judged_at end as judging, case when waits < $3 then waits end as grouping
     from looked where judged_at < $2 or waits < $3 order by least(judged_at, waits), id`,
    [offices, new Date(now.getTime() - UNJUDGED_MS), new Date(now.getTime() - UNGROUPED_MS)],
  );
  return found.rows;
}

/** What stands still, by office: `judging`, `grouping`, or both. */
export type Standing = ReadonlyMap<number, string>;

/**
 * Has open pages of offices loaded anew at which judging or grouping has stopped since the last look, or goes on again: what
 * has stopped does not tell so itself.
 * @param before what the last look has found
 * @returns what this one finds
 */
export async function tellStandstills(db: Queryable, before: Standing, now: Date): Promise<Standing> {
  const found = new Map(
    (await standstills(db, null, now)).map(({ officeId, judging, grouping }) => [
      officeId,
      [...(judging ? ['judging'] : []), ...(grouping ? ['grouping'] : [])].join(' and '),
    ]),
  );
  for (const officeId of new Set([...found.keys(), ...before.keys()])) {
    if (found.get(officeId) !== before.get(officeId)) await tellLive(db, { kind: 'judging', officeId });
  }
  return found;
}

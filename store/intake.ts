import type { SourceKind, SourceSettings } from '../config/sources.ts';
import type { UploadMapping } from '../config/sources/upload.ts';
import { tellLive } from './live.ts';
import { isLocked } from './locks.ts';
import type { Queryable } from './pool.ts';
import { STOPPED } from './source-states.ts';

/** A source that items are brought or sent to. */
export type IntakeSource = {
  id: number;
  officeId: number;
  key: string;
  name: string;
  kind: SourceKind;
  outlet: string | null;
  settings: SourceSettings['settings'];
  /** As somebody has last said at the desk. */
  mapping: UploadMapping | null;
  /** Why it takes nothing now; null: it does. */
  off: 'disabled' | 'stopped' | null;
};

export const INTAKE_COLUMNS = `s.id, s.office_id as "officeId", s.key, s.name, s.kind, s.outlet, s.settings,
  s.upload_mapping as mapping, case when not s.enabled then 'disabled' when ${STOPPED} then 'stopped' end as off`;

export async function intakeSource(db: Queryable, id: number): Promise<IntakeSource | null> {
  const found = await db.query<IntakeSource>(`select ${INTAKE_COLUMNS} from sources s where id = $1`, [id]);
  return found.rows[0] ?? null;
}

/** The sources of a key: offices choose theirs by themselves. @param office its code; null: any */
export async function intakeSourcesByKey(
  db: Queryable,
  key: string,
  office: string | null,
): Promise<(IntakeSource & { office: string })[]> {
  const found = await db.query<IntakeSource & { office: string }>(
    `select ${INTAKE_COLUMNS}, o.code as office from sources s join offices o on o.id = s.office_id
     where s.key = $1 and ($2::text is null or o.code = $2) order by o.code limit 100`,
    [key, office],
  );
  return found.rows;
}

export async function rememberMapping(
  db: Queryable,
  sourceId: number,
  mapping: UploadMapping,
): Promise<void> {
  await db.query('update sources set upload_mapping = $2 where id = $1', [sourceId, JSON.stringify(mapping)]);
}

/** Ends what a killed process has left under way; only whoever holds the source's lock may know that it is. */
export async function endInterrupted(db: Queryable, sourceId: number, detail: string): Promise<void> {
  await db.query(
    `update visits set finished_at = now(), outcome = case when got > 0 then 'partial' else 'failed' end,
       reason = 'interrupted', detail = $2
     where source_id = $1 and outcome = 'running'`,
    [sourceId, detail],
  );
}

export type IntakeCounts = {
  /** Items that came, and of them: usable, new, in the words of another one, there already, not usable. */
  expected: number;
  got: number;
  fresh: number;
  copies: number;
  known: number;
  failed: number;
  /** Reason code → how many. */
  failures: Record<string, number>;
};

/** How far an import is, for the page that waits for it. @param expected rows that the file has; null: not counted yet */
export async function noteProgress(
  db: Queryable,
  source: IntakeSource,
  visitId: number,
  counts: Omit<IntakeCounts, 'expected'> & { expected: number | null },
): Promise<void> {
  await db.query(
    `update visits set expected = $2, got = $3, fresh = $4, copies = $5, failed = $6 where id = $1 and outcome = 'running'`,
    [visitId, counts.expected, counts.got, counts.fresh, counts.copies, counts.failed],
  );
  await tellLive(db, { kind: 'visit', officeId: source.officeId, sourceId: source.id });
}

export type Running = { id: number; startedAt: Date; expected: number | null; got: number | null };

/** The import that is under way; one that a killed process has left behind is not. */
export async function runningImport(db: Queryable, sourceId: number): Promise<Running | null> {
  const found = await db.query<Running>(
    `select id, started_at as "startedAt", expected, got from visits
     where source_id = $1 and outcome = 'running' order by started_at desc limit 1`,
    [sourceId],
  );
  const [running] = found.rows;
  return running && (await isLocked(db, 'source', sourceId)) ? running : null;
}

/**
 * Counts what a system has sent. All calls to a source within an hour are one visit, so that ten thousand small ones a day
 * are twenty-four rows.
 */
export async function countCall(
  db: Queryable,
  source: IntakeSource,
  counts: IntakeCounts,
  reason: { code: string; detail: string } | null,
): Promise<void> {
  await db.query(
    `with visit as (
       insert into visits as v (office_id, source_id, slot, finished_at, outcome, reason, detail, expected, got, fresh,
         copies, known, failed, failures, unsettled)
       values ($1, $2, floor(extract(epoch from now()) / 3600), now(),
         case when $8 = 0 then 'complete' when $4 = 0 then 'failed' else 'partial' end,
         $9, $10, $3, $4, $5, $6, $7, $8, $11, false)
       on conflict (source_id, slot) do update set finished_at = now(),
         outcome = case when v.failed + excluded.failed = 0 then 'complete' when v.got + excluded.got = 0 then 'failed'
           else 'partial' end,
         reason = coalesce(excluded.reason, v.reason), detail = coalesce(excluded.detail, v.detail),
         expected = v.expected + excluded.expected, got = v.got + excluded.got, fresh = v.fresh + excluded.fresh,
         copies = v.copies + excluded.copies, known = v.known + excluded.known, failed = v.failed + excluded.failed,
         failures = (
           select coalesce(jsonb_object_agg(code, n), '{}') from (
             select code, sum(n::int) as n from (
               select * from jsonb_each_text(v.failures) union all select * from jsonb_each_text(excluded.failures)
             ) as each (code, n) group by code
           ) summed)
     )
     update sources set last_fresh_at = now() where id = $2 and $5 > 0`,
    [
      ...[source.officeId, source.id, counts.expected, counts.got, counts.fresh, counts.copies, counts.known],
      ...[counts.failed, reason?.code ?? null, reason?.detail ?? null, counts.failures],
    ],
  );
  await tellLive(db, { kind: 'visit', officeId: source.officeId, sourceId: source.id });
}

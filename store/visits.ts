import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

export type VisitOutcome = 'complete' | 'unchanged' | 'partial' | 'failed';

/** What one visit came to. Counts are null where the visit ended before they could be known. */
export type VisitResult = {
  outcome: VisitOutcome;
  reason: string | null;
  detail: string | null;
  expected: number | null;
  got: number | null;
  fresh: number;
  copies: number;
  failed: number;
  failures: Record<string, number>;
  /** Something may still be there to get: the next visit has to read the source's list to its end. */
  unsettled: boolean;
};

/**
 * Opens the visit of a slot. A second try of the same slot (the first worker was killed) continues the same row.
 * @returns its id, or null when the slot was already visited to its end
 */
export async function beginVisit(
  db: Queryable,
  visit: { officeId: number; sourceId: number; slot: number },
): Promise<number | null> {
  const result = await db.query<{ id: number }>(
    `insert into visits (office_id, source_id, slot) values ($1, $2, $3)
     on conflict (source_id, slot) do update set started_at = now() where visits.outcome = 'running'
     returning id`,
    [visit.officeId, visit.sourceId, visit.slot],
  );
  return result.rows[0]?.id ?? null;
}

/** Whether the visit before `visitId` left something to get: it failed, was killed, missed items, or never was. */
export async function leftUnsettled(db: Queryable, sourceId: number, visitId: number): Promise<boolean> {
  const result = await db.query<{ unsettled: boolean }>(
    'select unsettled from visits where source_id = $1 and id <> $2 order by started_at desc limit 1',
    [sourceId, visitId],
  );
  return result.rows[0]?.unsettled ?? true;
}

/**
 * Closes the visit and keeps the source's gaps: a failed visit opens one (from the last time that the source was known),
 * any other closes it, and leaves one behind where no visit had been for long.
 */
export async function finishVisit(store: Store, id: number, result: VisitResult): Promise<void> {
  await transaction(store, async (client) => {
    const visit = await client.query<{ office_id: number; source_id: number }>(
      `update visits set finished_at = now(), outcome = $2, reason = $3, detail = $4, expected = $5, got = $6,
         fresh = $7, copies = $8, failed = $9, failures = $10, unsettled = $11
       where id = $1 returning office_id, source_id`,
      [
        id,
        result.outcome,
        result.reason,
        result.detail,
        result.expected,
        result.got,
        result.fresh,
        result.copies,
        result.failed,
        result.failures,
        result.unsettled,
      ],
    );
    const row = visit.rows[0];
    if (!row) return;
    if (result.outcome === 'failed') {
      await client.query(
        `insert into gaps (office_id, source_id, began_at, reason)
         select $1, $2, coalesce(
             (select max(finished_at) from visits where source_id = $2 and outcome in ('complete', 'unchanged', 'partial')),
             (select started_at from visits where id = $4)), $3
         on conflict (source_id) where ended_at is null do nothing`,
        [row.office_id, row.source_id, result.reason ?? 'unknown', id],
      );
    } else {
      const closed = await client.query(
        'update gaps set ended_at = now() where source_id = $1 and ended_at is null',
        [row.source_id],
      );
      if (closed.rowCount === 0) await client.query(NOT_VISITED, [id]);
    }
  });
}

/**
 * A source that was not asked for far longer than its interval (the hub was off, jobs piled up) was as unknown as one that
 * failed. Three intervals, and no less than ten minutes: a restart is no gap.
 */
const NOT_VISITED = `
  insert into gaps (office_id, source_id, began_at, ended_at, reason)
  select v.office_id, v.source_id, last.finished_at, v.started_at, 'not-visited'
  from visits v join sources s on s.id = v.source_id
  join lateral (
    select max(finished_at) as finished_at from visits
    where source_id = v.source_id and id <> v.id and outcome in ('complete', 'unchanged', 'partial')
  ) last on true
  where v.id = $1
    and v.started_at - last.finished_at > greatest(s.interval_seconds * interval '3 seconds', interval '10 minutes')`;

export type VisitRow = VisitResult & {
  id: number;
  startedAt: Date;
  finishedAt: Date | null;
  running: boolean;
};

/** The newest visits of a source. */
export async function recentVisits(db: Queryable, sourceId: number, limit = 30): Promise<VisitRow[]> {
  const result = await db.query<VisitRow>(
    `select id, started_at as "startedAt", finished_at as "finishedAt", outcome = 'running' as running, outcome, reason,
       detail, expected, got, fresh, copies, failed, failures, unsettled
     from visits where source_id = $1 order by started_at desc limit $2`,
    [sourceId, Math.min(limit, 200)],
  );
  return result.rows;
}

export type Gap = {
  sourceId: number;
  sourceName: string;
  beganAt: Date;
  endedAt: Date | null;
  reason: string;
};

/** Times without collection that touch [from, to). */
export async function gapsBetween(db: Queryable, offices: Offices, from: Date, to: Date): Promise<Gap[]> {
  const result = await db.query<Gap>(
    `select g.source_id as "sourceId", s.name as "sourceName", g.began_at as "beganAt", g.ended_at as "endedAt", g.reason
     from gaps g join sources s on s.id = g.source_id
     where ($1::int[] is null or g.office_id = any ($1)) and s.enabled and g.began_at < $3 and coalesce(g.ended_at, now()) > $2
     order by g.began_at limit 1000`,
    [offices, from, to],
  );
  return result.rows;
}

import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';
import { noteJudgement, standingOf, STOPPED, type Judgement, type Standing } from './source-states.ts';

export type VisitOutcome = 'complete' | 'unchanged' | 'partial' | 'failed';

/** What one visit came to. Counts are null where the visit ended before they could be known. */
export type VisitResult = {
  outcome: VisitOutcome;
  reason: string | null;
  detail: string | null;
  expected: number | null;
  got: number | null;
  /** New ones, and of them those that say what another post says already. */
  fresh: number;
  copies: number;
  /** Those that the hub had already. */
  known?: number;
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

/**
 * Whether the visit that a job asks for is still wanted: the source is due and no person has stopped it, or it is the visit
 * that a killed worker left behind. A job may have waited while another one made the visit.
 */
export async function isWanted(db: Queryable, sourceId: number, slot: number): Promise<boolean> {
  const result = await db.query(
    `select 1 from sources s where id = $1 and enabled and not ${STOPPED} and (next_visit_at <= now()
       or exists (select 1 from visits where source_id = $1 and slot = $2 and outcome = 'running'))`,
    [sourceId, slot],
  );
  return result.rowCount === 1;
}

/**
 * Ends visits of the source that nobody makes any more: their worker was killed, and another visit takes over from them. For
 * whoever has the source to himself.
 * @param detail the sentence for people
 */
export async function endAbandoned(
  db: Queryable,
  sourceId: number,
  slot: number,
  detail: string,
): Promise<void> {
  await db.query(
    `update visits set finished_at = now(), outcome = 'failed', reason = 'abandoned', detail = $3
     where source_id = $1 and slot <> $2 and outcome = 'running'`,
    [sourceId, slot, detail],
  );
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
 * Closes the visit and keeps the source's gaps: a visit that got nothing opens one (from the last time that the source was
 * known) once that is more than a hiccup, any other closes it, and leaves one behind where no visit had been for long.
 * @param judge what the visit makes of the source's standing; absent for kinds that are not visited
 * @returns the judgement; null without `judge`
 */
export async function finishVisit(
  store: Store,
  id: number,
  result: VisitResult,
  judge?: (before: Standing) => Judgement,
): Promise<Judgement | null> {
  return transaction(store, async (client) => {
    const visit = await client.query<{ office_id: number; source_id: number }>(
      `update visits set finished_at = now(), outcome = $2, reason = $3, detail = $4, expected = $5, got = $6,
         fresh = $7, copies = $8, known = $9, failed = $10, failures = $11, unsettled = $12
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
        result.known ?? 0,
        result.failed,
        result.failures,
        result.unsettled,
      ],
    );
    const row = visit.rows[0];
    const before = row ? await standingOf(client, row.source_id) : null;
    if (!row || !before) return null;
    const judged = judge ? judge(before) : null;
    if (result.outcome === 'failed') {
      const lasting = judged === null || ['failing', 'blocked', 'off'].includes(judged.health);
      await client.query(OPEN_GAP, [row.office_id, row.source_id, result.reason ?? 'unknown', id, lasting]);
    } else {
      const closed = await closeGap(client, row.source_id);
      if (!closed) await client.query(NOT_VISITED, [id]);
    }
    if (result.fresh > 0) {
      await client.query('update sources set last_fresh_at = now() where id = $1', [row.source_id]);
    }
    if (judged) await noteJudgement(client, row.source_id, judged);
    return judged;
  });
}

/** The last time that a source was known, before now. */
const LAST_KNOWN = `(select finished_at from visits
  where source_id = $2 and outcome in ('complete', 'unchanged', 'partial') order by started_at desc limit 1)`;

/** A single failure is no gap ($5 false), unless the source has by then not been known for a whole bar of a chart. */
const OPEN_GAP = `
  insert into gaps (office_id, source_id, began_at, reason)
  select $1, $2, began_at, $3
  from (select coalesce(${LAST_KNOWN}, (select started_at from visits where id = $4)) as began_at) known
  where ($5 or began_at < now() - interval '1 hour')
    -- Of what is brought or sent, the one who has it knows that it was of no use.
    and not exists (select 1 from sources where id = $2 and kind in ('upload', 'push'))
  on conflict (source_id) where ended_at is null do nothing`;

/** The source is not known from then on, because a person has stopped it. */
export async function openStopGap(
  client: Queryable,
  source: { id: number; officeId: number },
  since: Date | null,
): Promise<void> {
  await client.query(
    `insert into gaps (office_id, source_id, began_at, reason) values ($1, $2, coalesce($3, now()), 'stopped')
     on conflict (source_id) where ended_at is null do nothing`,
    [source.officeId, source.id, since],
  );
}

/** @returns whether there was one */
export async function closeGap(client: Queryable, sourceId: number): Promise<boolean> {
  const closed = await client.query(
    'update gaps set ended_at = now() where source_id = $1 and ended_at is null',
    [sourceId],
  );
  return closed.rowCount === 1;
}

/**
 * A source that was not asked for far longer than the interval in force (the hub was off, jobs piled up) was as unknown as
 * one that failed. Three intervals, and no less than ten minutes: a restart is no gap. Not for what comes by itself.
 */
const NOT_VISITED = `
  insert into gaps (office_id, source_id, began_at, ended_at, reason)
  select v.office_id, v.source_id, last.finished_at, v.started_at, 'not-visited'
  from visits v join sources s on s.id = v.source_id
  join lateral (
    select finished_at from visits
    where source_id = v.source_id and id <> v.id and outcome in ('complete', 'unchanged', 'partial')
    order by started_at desc limit 1
  ) last on true
  where v.id = $1 and s.kind not in ('upload', 'push')
    and v.started_at - last.finished_at > greatest(
      coalesce(s.current_interval_seconds, s.interval_seconds) * interval '3 seconds', interval '10 minutes')`;

export type VisitRow = VisitResult & {
  id: number;
  known: number;
  startedAt: Date;
  finishedAt: Date | null;
  running: boolean;
};

/** The newest visits of a source. */
export async function recentVisits(db: Queryable, sourceId: number, limit = 30): Promise<VisitRow[]> {
  const result = await db.query<VisitRow>(
    `select id, started_at as "startedAt", finished_at as "finishedAt", outcome = 'running' as running, outcome, reason,
       detail, expected, got, fresh, copies, known, failed, failures, unsettled
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

/** How many of the offices' running sources cannot be read at this moment. */
export async function gapsNow(db: Queryable, offices: Offices): Promise<number> {
  const found = await db.query<{ sources: number }>(
    `select count(distinct g.source_id)::int as sources from gaps g join sources s on s.id = g.source_id
     where g.ended_at is null and s.enabled and ($1::int[] is null or g.office_id = any ($1))`,
    [offices],
  );
  return found.rows[0]?.sources ?? 0;
}

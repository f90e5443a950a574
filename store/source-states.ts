import type { Queryable } from './pool.ts';
import { coversHost } from './stops.ts';

/**
 * healthy; degraded: something was missed, or one visit failed; failing: nothing is got; blocked: the other side or our own
 * rules do not let us in; silent: visits succeed, yet nothing new has come for unusually long; unknown: not visited yet;
 * off: switched off or stopped by a person.
 */
export const sourceHealths = [
  'healthy',
  'degraded',
  'failing',
  'blocked',
  'silent',
  'unknown',
  'off',
] as const;
export type SourceHealth = (typeof sourceHealths)[number];

/** What is remembered of a source's visits: as much as judging the next one takes. */
export type Standing = {
  health: SourceHealth;
  /** Code of the reason and the sentence for people; null where the state speaks for itself. */
  reason: string | null;
  detail: string | null;
  /** Visits in a row, up to the last: that got everything; that got anything; that got nothing, and since when. */
  good: number;
  usable: number;
  bad: number;
  /** Of the bad ones, the last of one kind: as a positive number when we were refused, as a negative one when it was ill. */
  alike: number;
  badSince: Date | null;
  /** How often it got from well into trouble within the last day. */
  falls: number;
  /** When a visit last brought something new. */
  lastFreshAt: Date | null;
  /** A silence up to this long is nothing unusual; null: too little is known to say. */
  quietSeconds: number | null;
  /** Between two visits: the learned time, and its bounds (`longest` null: the default). */
  currentSeconds: number | null;
  leastSeconds: number;
  longestSeconds: number | null;
};

/** What a visit makes of its source's standing. */
export type Judgement = Pick<
  Standing,
  'health' | 'reason' | 'detail' | 'good' | 'usable' | 'bad' | 'alike' | 'badSince'
> & {
  /** Until the next visit: the learned time, why it is that (a code of crawler/revisit.ts), and this once. */
  intervalSeconds: number;
  intervalReason: string;
  waitSeconds: number;
};

/** @param sourceId its row is locked for the rest of the transaction */
export async function standingOf(client: Queryable, sourceId: number): Promise<Standing | null> {
  const result = await client.query<Standing>(
    `select health, health_reason as reason, health_detail as detail, visits_good as good, visits_usable as usable, visits_bad as bad, visits_alike as alike,
       bad_since as "badSince", last_fresh_at as "lastFreshAt", quiet_seconds as "quietSeconds",
       current_interval_seconds as "currentSeconds", interval_seconds as "leastSeconds",
       longest_interval_seconds as "longestSeconds",
       (select count(*)::int from (
          select state, since, lag(state) over (order by since, id) as before from source_states
          where source_id = s.id and coalesce(until, now()) > now() - interval '1 day'
        ) t where since > now() - interval '1 day' and state in ('degraded', 'failing', 'blocked')
          and coalesce(before, 'unknown') in ('healthy', 'silent', 'unknown')) as falls
     from sources s where id = $1 for update of s`,
    [sourceId],
  );
  return result.rows[0] ?? null;
}

/** Notes what the visit made of the source; a new state ends the one before. */
export async function noteJudgement(client: Queryable, sourceId: number, judged: Judgement): Promise<void> {
  await client.query(
    `update sources set visits_good = $2, visits_usable = $3, visits_bad = $4, visits_alike = $5, bad_since = $6,
       current_interval_seconds = $7, interval_reason = $8, next_visit_at = now() + $9 * interval '1 second'
     where id = $1`,
    [
      sourceId,
      judged.good,
      judged.usable,
      judged.bad,
      judged.alike,
      judged.badSince,
      judged.intervalSeconds,
      judged.intervalReason,
      judged.waitSeconds,
    ],
  );
  await enterState(client, sourceId, judged.health, judged.reason, judged.detail);
}

/** The source is in this state from now on, unless it is already: then only the reason is brought up to date. */
export async function enterState(
  client: Queryable,
  sourceId: number,
  state: SourceHealth,
  reason: string | null,
  detail: string | null,
): Promise<void> {
  await client.query(
    `with moved as (
       update sources s set health = $2, health_reason = $3, health_detail = $4,
         health_since = case when s.health = $2 then s.health_since else now() end
       where id = $1 returning office_id, id
     ), ended as (
       update source_states set until = now() where source_id = $1 and until is null and state <> $2 returning 1
     ), same as (
       update source_states set reason = $3, detail = $4
       where source_id = $1 and until is null and state = $2 returning 1
     )
     select 1 from moved, (select count(*) from ended) e, (select count(*) from same) s`,
    [sourceId, state, reason, detail],
  );
  // By itself, since the index on the one open state sees what ended only afterwards.
  await client.query(
    `insert into source_states (office_id, source_id, state, reason, detail)
     select office_id, id, health, health_reason, health_detail from sources s where id = $1
       and not exists (select 1 from source_states where source_id = s.id and until is null)`,
    [sourceId],
  );
}

/** Whether a source stands still by a person's will: itself, its host, or everything that its office crawls. */
export const STOPPED = `(s.stopped_at is not null or exists (
  select 1 from crawl_stops c join office_tree above on above.ancestor_id = c.office_id
  where above.office_id = s.office_id and c.ended_at is null and (c.host is null or ${coversHost('c.host', 's.host')})))`;

export type Turned = {
  id: number;
  officeId: number;
  /** Why it stands still; null: it was set going again. */
  off: 'stopped' | 'disabled' | 'unapproved' | null;
  /** Null: not it, but its host or everything was stopped. */
  stoppedAt: Date | null;
  /** It is not visited: files are brought, or systems send. */
  sent: boolean;
};

/** Sources whose state does not say yet that they were switched off, stopped, or set going again. */
export async function turnedOnOrOff(db: Queryable): Promise<Turned[]> {
  const result = await db.query<Turned>(
    `select id, "officeId", off, "stoppedAt", sent from (
       select s.id, s.office_id as "officeId", s.health, s.health_reason as reason, s.stopped_at as "stoppedAt",
         s.kind in ('upload', 'push') as sent,
         case when not s.enabled and s.approved_by is null then 'unapproved' when not s.enabled then 'disabled' when ${STOPPED} then 'stopped' end as off
       from sources s
     ) stands
     where case when off is null then health = 'off' else health <> 'off' or reason is distinct from off end limit 1000`,
  );
  return result.rows;
}

/** The source is visited now, and judged without regard to what was before it stood still. */
export async function restart(client: Queryable, sourceId: number): Promise<void> {
  await client.query(
    `update sources set next_visit_at = now(), visits_good = 0, visits_usable = 0, visits_bad = 0, visits_alike = 0,
       bad_since = null where id = $1`,
    [sourceId],
  );
}

/** Sources that are not visited, as far as they are on. */
export async function sentSources(
  db: Queryable,
): Promise<({ id: number; health: SourceHealth } & Pick<Standing, 'lastFreshAt' | 'quietSeconds'>)[]> {
  const result = await db.query<
    { id: number; health: SourceHealth } & Pick<Standing, 'lastFreshAt' | 'quietSeconds'>
  >(
    `select id, health, last_fresh_at as "lastFreshAt", quiet_seconds as "quietSeconds" from sources
     where kind in ('upload', 'push') and health <> 'off'`,
  );
  return result.rows;
}

export type StateStretch = {
  state: SourceHealth;
  since: Date;
  until: Date | null;
  reason: string | null;
  detail: string | null;
};

/** The states of a source, the newest first. */
export async function statesOf(db: Queryable, sourceId: number, limit = 30): Promise<StateStretch[]> {
  const result = await db.query<StateStretch>(
    `select state, since, until, reason, detail from source_states where source_id = $1
     order by since desc, id desc limit $2`,
    [sourceId, Math.min(limit, 200)],
  );
  return result.rows;
}

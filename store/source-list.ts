import type { SourceKind } from '../config/sources.ts';
import { asLike } from './offices.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';
import { sourceHealths, type SourceHealth } from './source-states.ts';

export type SourceState = {
  id: number;
  officeId: number;
  officeName: string;
  key: string;
  name: string;
  kind: SourceKind;
  /** Null for kinds that have none. */
  url: string | null;
  origin: 'file' | 'desk';
  /** Seconds between two visits: the least, the most (null: the default), and what was learned (null: nothing yet). */
  intervalSeconds: number;
  longestIntervalSeconds: number | null;
  currentIntervalSeconds: number | null;
  /** A code of crawler/revisit.ts. */
  intervalReason: string | null;
  /** Null where no visit will be made: switched off, stopped, or of a kind that is not visited. */
  nextVisitAt: Date | null;
  /** Null until the source was approved. */
  legalBasis: string | null;
  impactNote: string | null;
  approvedBy: string | null;
  enabled: boolean;
  stoppedAt: Date | null;
  stopReason: string | null;
  stoppedBy: string | null;
  health: SourceHealth;
  healthSince: Date;
  healthReason: string | null;
  /** The reason in words; null where the state speaks for itself. */
  detail: string | null;
  lastVisitAt: Date | null;
  lastSuccessAt: Date | null;
  lastFreshAt: Date | null;
  /** How long a silence is nothing unusual; null: too little is known. */
  quietSeconds: number | null;
  /** Of the newest visit that counted: items listed by the source, and items that the hub now has. Null: not known. */
  expected: number | null;
  got: number | null;
  posts: number;
  newestPostAt: Date | null;
};

export type SourceFilter = { state: SourceHealth | null; text: string };

export const SOURCES_PER_PAGE = 100;

/** In what order sources ask for attention. */
const RANK = `array_position(array['blocked', 'failing', 'silent', 'degraded', 'unknown', 'healthy', 'off'], s.health)`;

const MATCHES = `($1::int[] is null or s.office_id = any ($1)) and ($2::int is null or s.id = $2)
  and ($3::text is null or s.health = $3) and ($4 = '' or s.name like '%' || $4 || '%' or s.url like '%' || $4 || '%')`;

const ANY: SourceFilter = { state: null, text: '' };

/** A page of the offices' sources, each with how it is doing, those in trouble first. @param page from 1 */
export async function sourceStates(
  db: Queryable,
  offices: Offices,
  only: number | null = null,
  filter: SourceFilter = ANY,
  page = 1,
): Promise<SourceState[]> {
  const result = await db.query<SourceState>(
    `with listed as materialized (
       select s.*, ${RANK} as rank from sources s where ${MATCHES}
       order by rank, s.name, s.id limit ${SOURCES_PER_PAGE} offset $5
     )
     select s.id, s.office_id as "officeId", o.name as "officeName", s.key, s.name, s.kind, s.url, s.origin,
       s.interval_seconds as "intervalSeconds", s.longest_interval_seconds as "longestIntervalSeconds",
       s.current_interval_seconds as "currentIntervalSeconds", s.interval_reason as "intervalReason",
       case when s.health <> 'off' and s.kind not in ('upload', 'push') then s.next_visit_at end as "nextVisitAt",
       s.legal_basis as "legalBasis", s.impact_note as "impactNote", s.approved_by as "approvedBy",
       s.enabled, s.stopped_at as "stoppedAt", s.stop_reason as "stopReason", who.name as "stoppedBy",
       s.health, s.health_since as "healthSince", s.health_reason as "healthReason", s.health_detail as detail,
       v.finished_at as "lastVisitAt", ok.finished_at as "lastSuccessAt", s.last_fresh_at as "lastFreshAt",
       s.quiet_seconds as "quietSeconds", counted.expected, counted.got,
       coalesce(p.posts, 0)::int as posts, newest.at as "newestPostAt"
     from listed s join offices o on o.id = s.office_id
     left join people who on who.id = s.stopped_by
     left join lateral (
       select finished_at from visits where source_id = s.id and finished_at is not null order by started_at desc limit 1
     ) v on true
     left join lateral (
       select finished_at from visits where source_id = s.id and outcome in ('complete', 'unchanged', 'partial')
       order by started_at desc limit 1
     ) ok on true
     -- An unchanged source lists nothing anew: its last counted visit still holds.
     left join lateral (
       select expected, got from visits where source_id = s.id and finished_at is not null and outcome <> 'unchanged'
       order by started_at desc limit 1
     ) counted on true
     left join lateral (select sum(posts) as posts from pulse where source_id = s.id) p on true
     left join lateral (select at from posts where source_id = s.id order by at desc limit 1) newest on true
     order by s.rank, s.name, s.id`,
    [offices, only, filter.state, asLike(filter.text.trim()), (Math.max(1, page) - 1) * SOURCES_PER_PAGE],
  );
  return result.rows;
}

export type StateCounts = Record<SourceHealth, number>;

/** How many of the offices' sources are in which state; of those whose name or address holds `text`. */
export async function countStates(db: Queryable, offices: Offices, text = ''): Promise<StateCounts> {
  const result = await db.query<{ state: SourceHealth; n: number }>(
    `select s.health as state, count(*)::int as n from sources s where ${MATCHES} group by 1`,
    [offices, null, null, asLike(text.trim())],
  );
  const found = new Map(result.rows.map(({ state, n }) => [state, n]));
  return Object.fromEntries(sourceHealths.map((state) => [state, found.get(state) ?? 0])) as StateCounts;
}

export type Turn = {
  id: number;
  name: string;
  state: 'silent' | 'failing' | 'blocked';
  since: Date;
  /** Null: it still is. */
  until: Date | null;
  detail: string | null;
};

/** Sources that went silent, failed or were shut out in [from, to), the newest first; no more than 300. */
export async function turnsBetween(db: Queryable, offices: Offices, from: Date, to: Date): Promise<Turn[]> {
  const result = await db.query<Turn>(
    `select s.id, s.name, t.state, t.since, t.until, t.detail
     from source_states t join sources s on s.id = t.source_id
     where ($1::int[] is null or t.office_id = any ($1)) and t.since >= $2 and t.since < $3
       and t.state in ('silent', 'failing', 'blocked')
     order by t.since desc, t.id desc limit 300`,
    [offices, from, to],
  );
  return result.rows;
}

export type SourcesHealth = {
  /** Sources that are to be listened to, and of them: those that are healthy, and whether any cannot be read. */
  total: number;
  healthy: number;
  failing: boolean;
  /** Some of them, those in trouble first. */
  sources: { id: number; name: string; health: SourceHealth; lastVisitAt: Date | null }[];
};

/** How the offices' sources are doing as a whole. */
export async function sourcesHealth(db: Queryable, offices: Offices, limit: number): Promise<SourcesHealth> {
  const result = await db.query<SourcesHealth['sources'][number] & Omit<SourcesHealth, 'sources'>>(
    `with doing as (
       select s.id, s.name, s.health, ${RANK} as rank, count(*) over ()::int as total,
         (count(*) filter (where s.health = 'healthy') over ())::int as healthy,
         coalesce(bool_or(s.health in ('failing', 'blocked')) over (), false) as failing
       from sources s where s.enabled and ($1::int[] is null or s.office_id = any ($1))
       order by rank, s.name limit $2
     )
     select d.*, v.finished_at as "lastVisitAt" from doing d
     left join lateral (
       select finished_at from visits where source_id = d.id and finished_at is not null order by started_at desc limit 1
     ) v on true order by d.rank, d.name`,
    [offices, limit],
  );
  const [first] = result.rows;
  return {
    total: first?.total ?? 0,
    healthy: first?.healthy ?? 0,
    failing: first?.failing ?? false,
    sources: result.rows.map(({ id, name, health, lastVisitAt }) => ({ id, name, health, lastVisitAt })),
  };
}

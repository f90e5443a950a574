import type { SourceKind, SourceSettings } from '../config/sources.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';
import { STOPPED } from './source-states.ts';

export type SourceRow = {
  id: number;
  officeId: number;
  key: string;
  name: string;
  kind: SourceKind;
  /** Null for kinds that the hub does not visit under an address of their own. */
  url: string | null;
  outlet: string | null;
  enabled: boolean;
  /** The least time between two visits, and the most (null: eight times the least, no more than a week). */
  intervalSeconds: number;
  longestIntervalSeconds: number | null;
  settings: SourceSettings['settings'];
  etag: string | null;
  lastModified: string | null;
};

const COLUMNS = `id, office_id as "officeId", key, name, kind, url, outlet, enabled,
  interval_seconds as "intervalSeconds",
  longest_interval_seconds as "longestIntervalSeconds", settings, etag, last_modified as "lastModified"`;

/**
 * Makes the table say what hub.yaml says: new sources are added, changed ones updated (and visited afresh when their
 * address or settings changed), those no longer named are switched off. Nothing is deleted: their posts stay.
 * @param offices code → id of the offices that hub.yaml names
 */
export async function syncSources(
  store: Store,
  offices: ReadonlyMap<string, number>,
  sources: readonly SourceSettings[],
  ownCode: string,
): Promise<void> {
  await transaction(store, async (client) => {
    for (const source of sources) {
      await client.query(
        `insert into sources as s
           (office_id, key, name, kind, url, outlet, enabled, interval_seconds, legal_basis, impact_note, approved_by, settings,
            longest_interval_seconds)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (office_id, key) do update set
           name = excluded.name, kind = excluded.kind, url = excluded.url, outlet = excluded.outlet,
           enabled = excluded.enabled, interval_seconds = excluded.interval_seconds, legal_basis = excluded.legal_basis,
           impact_note = excluded.impact_note, approved_by = excluded.approved_by, settings = excluded.settings,
           longest_interval_seconds = excluded.longest_interval_seconds, origin = 'file',
           current_interval_seconds = case when ${AS_BEFORE} then s.current_interval_seconds end,
           next_visit_at = case when ${AS_BEFORE} then s.next_visit_at else now() end,
           etag = case when (s.url, s.settings) is not distinct from (excluded.url, excluded.settings) then s.etag end,
           last_modified = case when (s.url, s.settings) is not distinct from (excluded.url, excluded.settings) then s.last_modified end`,
        [
          offices.get(source.office ?? ownCode),
          source.key,
          source.name,
          source.kind,
          'url' in source ? source.url : null,
          source.outlet ?? null,
          source.enabled,
          'intervalSeconds' in source ? source.intervalSeconds : 3_600,
          source.legalBasis,
          source.impactNote,
          source.approvedBy,
          JSON.stringify(source.settings),
          ('longestIntervalSeconds' in source ? source.longestIntervalSeconds : null) ?? null,
        ],
      );
    }
    await client.query(
      `update sources s set enabled = false where origin = 'file' and office_id = any ($1::int[]) and not exists (
         select 1 from unnest($2::int[], $3::text[]) as named(office_id, key)
         where named.office_id = s.office_id and named.key = s.key)`,
      [
        [...offices.values()],
        sources.map((source) => offices.get(source.office ?? ownCode)),
        sources.map((source) => source.key),
      ],
    );
  });
}

/** Asked as often and of the same place as before; else it is visited at once, and what was learned is learned anew. */
const AS_BEFORE = `(s.url, s.settings, s.interval_seconds, s.longest_interval_seconds) is not distinct from
  (excluded.url, excluded.settings, excluded.interval_seconds, excluded.longest_interval_seconds)`;

export type DueSource = {
  id: number;
  officeId: number;
  slot: number;
  /** More sources of its host are due than can be visited at the same time. */
  crowded: boolean;
};

/**
 * Visits of one host at the same time: while one waits for its turn at the host, the other reads what it has got. More of
 * them would only keep visits of other hosts from being made.
 */
const VISITS_OF_A_HOST = 2;

/**
 * Sources whose visit is due and can be made now, the most overdue first; the clock makes one job of each. Its `slot` is the
 * moment that it was due (Unix ms); for one that is long overdue it moves on every ten minutes, so that a job that failed for
 * good does not hold its source for ever.
 * @param longestVisitSeconds a visit that has run for longer was left behind by a killed worker and keeps no host busy
 */
export async function dueSources(db: Queryable, longestVisitSeconds: number): Promise<DueSource[]> {
  const result = await db.query<DueSource>(
    `with busy as (
       select s.host, count(*) as n from visits v join sources s on s.id = v.source_id
       where v.outcome = 'running' and v.started_at > now() - $1 * interval '1 second' group by s.host
     ), due as (
       select s.id, s.office_id, s.host, s.next_visit_at,
         row_number() over (partition by coalesce(s.host, s.id::text) order by s.next_visit_at, s.id) as nth,
         count(*) over (partition by coalesce(s.host, s.id::text)) as due
       from sources s
       where s.enabled and s.kind not in ('upload', 'push') and s.next_visit_at <= now() and not ${STOPPED}
     )
     select d.id, d.office_id as "officeId", floor(extract(epoch from case
         when d.next_visit_at > now() - interval '10 minutes' then d.next_visit_at
         else date_bin('10 minutes', now(), 'epoch') end) * 1000)::bigint as slot,
       d.due + coalesce(b.n, 0) > ${VISITS_OF_A_HOST} as crowded
     from due d left join busy b on b.host = d.host
     where d.nth + coalesce(b.n, 0) <= ${VISITS_OF_A_HOST} order by d.next_visit_at limit 500`,
    [longestVisitSeconds],
  );
  return result.rows;
}

export async function sourceById(db: Queryable, id: number): Promise<SourceRow | null> {
  const result = await db.query<SourceRow>(`select ${COLUMNS} from sources where id = $1`, [id]);
  return result.rows[0] ?? null;
}

/** No other visit is due for an interval; whoever ends the visit says when the next one really is. */
export async function holdNextVisit(db: Queryable, id: number): Promise<void> {
  await db.query(
    `update sources set next_visit_at = now() + coalesce(current_interval_seconds, interval_seconds) * interval '1 second'
     where id = $1`,
    [id],
  );
}

/** What makes the next visit's request conditional. */
export async function setConditional(
  db: Queryable,
  id: number,
  { etag, lastModified }: { etag: string | null; lastModified: string | null },
): Promise<void> {
  await db.query('update sources set etag = $2, last_modified = $3 where id = $1', [id, etag, lastModified]);
}

/** The source's latest hours with posts of the last 60 days, Unix ms: what its usual silences are learned from. */
export async function hoursWithPosts(db: Queryable, id: number): Promise<number[]> {
  const result = await db.query<{ hour: number }>(
    `with recursive hours as (
       (select date_trunc('hour', at) as hour from posts where source_id = $1 and at <= now() order by at desc limit 1)
       union all
       select (select date_trunc('hour', p.at) from posts p where p.source_id = $1 and p.at < h.hour
         order by p.at desc limit 1)
       from hours h where h.hour > now() - interval '60 days'
     )
     select (extract(epoch from hour) * 1000)::float8 as hour from hours where hour is not null`,
    [id],
  );
  return result.rows.map(({ hour }) => hour);
}

/** Whether the source's usual silences should be worked out anew: never done, or more than six hours ago. */
export async function quietIsStale(db: Queryable, id: number): Promise<boolean> {
  const result = await db.query(
    `select 1 from sources where id = $1 and coalesce(quiet_learned_at < now() - interval '6 hours', true)`,
    [id],
  );
  return result.rowCount === 1;
}

/** @param seconds how long a silence is nothing unusual; null: too little is known */
export async function setQuiet(db: Queryable, id: number, seconds: number | null): Promise<void> {
  await db.query('update sources set quiet_seconds = $2, quiet_learned_at = now() where id = $1', [
    id,
    seconds,
  ]);
}

/** The sources of the offices, for choosing among them. */
export async function sourceNames(db: Queryable, offices: Offices): Promise<{ id: number; name: string }[]> {
  const result = await db.query<{ id: number; name: string }>(
    'select id, name from sources where $1::int[] is null or office_id = any ($1) order by enabled desc, name limit 500',
    [offices],
  );
  return result.rows;
}

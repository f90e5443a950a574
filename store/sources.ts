import type { SourceKind, SourceSettings } from '../config/sources.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

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

export type DueSource = { id: number; officeId: number; key: string; intervalSeconds: number };

/** Sources whose next visit is due; the clock makes one job of each. */
export async function dueSources(db: Queryable, now: Date): Promise<DueSource[]> {
  const result = await db.query<DueSource>(
    `select id, office_id as "officeId", key, interval_seconds as "intervalSeconds" from sources
     where enabled and stopped_at is null and next_visit_at <= $1 order by next_visit_at limit 500`,
    [now],
  );
  return result.rows;
}

export async function sourceById(db: Queryable, id: number): Promise<SourceRow | null> {
  const result = await db.query<SourceRow>(`select ${COLUMNS} from sources where id = $1`, [id]);
  return result.rows[0] ?? null;
}

/** Notes when the source is to be visited next and, after a complete visit, what makes that one conditional. */
export async function setNextVisit(
  db: Queryable,
  id: number,
  nextVisitAt: Date,
  conditional?: { etag: string | null; lastModified: string | null },
): Promise<void> {
  await db.query(
    `update sources set next_visit_at = $2,
       etag = case when $3 then $4 else etag end, last_modified = case when $3 then $5 else last_modified end
     where id = $1`,
    [
      id,
      nextVisitAt,
      conditional !== undefined,
      conditional?.etag ?? null,
      conditional?.lastModified ?? null,
    ],
  );
}

/** healthy; partial: some items were missed; failing: nothing was got; unknown: not visited yet; off: switched off. */
export type SourceHealth = 'healthy' | 'partial' | 'failing' | 'unknown' | 'off';

export type SourceState = {
  id: number;
  officeId: number;
  officeName: string;
  key: string;
  name: string;
  kind: SourceKind;
  url: string | null;
  intervalSeconds: number;
  /** Null until the source was approved. */
  legalBasis: string | null;
  impactNote: string | null;
  approvedBy: string | null;
  health: SourceHealth;
  lastVisitAt: Date | null;
  lastSuccessAt: Date | null;
  /** Of the newest visit that ended: items listed by the source, and items that the hub now has. Null: not known. */
  expected: number | null;
  got: number | null;
  detail: string | null;
  posts: number;
  newestPostAt: Date | null;
};

/** The sources of the offices, for choosing among them. */
export async function sourceNames(db: Queryable, offices: Offices): Promise<{ id: number; name: string }[]> {
  const result = await db.query<{ id: number; name: string }>(
    'select id, name from sources where $1::int[] is null or office_id = any ($1) order by enabled desc, name limit 500',
    [offices],
  );
  return result.rows;
}

export type SourcesHealth = {
  /** Sources that are switched on, and of them: those that are healthy, and whether any is failing. */
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
       select s.id, s.name, v.finished_at as "lastVisitAt",
         case when v.id is null then 'unknown' when v.outcome = 'failed' then 'failing'
           when v.outcome = 'partial' then 'partial' else 'healthy' end as health
       from sources s
       left join lateral (
         select id, outcome, finished_at from visits where source_id = s.id and finished_at is not null
         order by started_at desc limit 1
       ) v on true
       where s.enabled and ($1::int[] is null or s.office_id = any ($1))
     )
     select *, count(*) over ()::int as total, (count(*) filter (where health = 'healthy') over ())::int as healthy,
       bool_or(health = 'failing') over () as failing
     from doing order by case health when 'failing' then 0 when 'partial' then 1 else 2 end, name limit $2`,
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

/** The sources of the offices, each with how it is doing, those in trouble first; no more than a thousand. */
export async function sourceStates(
  db: Queryable,
  offices: Offices,
  only: number | null = null,
): Promise<SourceState[]> {
  const result = await db.query<SourceState>(
    `with listed as (
       select s.id, v as visit, case when not s.enabled then 'off' when v.id is null then 'unknown'
           when v.outcome = 'failed' then 'failing' when v.outcome = 'partial' then 'partial' else 'healthy' end as health,
         case when not s.enabled then 3 when v.outcome = 'failed' then 0 when v.outcome = 'partial' then 1 else 2 end as rank
       from sources s
       left join lateral (
         select * from visits where source_id = s.id and finished_at is not null order by started_at desc limit 1
       ) v on true
       where ($1::int[] is null or s.office_id = any ($1)) and ($2::int is null or s.id = $2)
       order by rank, s.name limit 1000
     )
     select s.id, s.office_id as "officeId", o.name as "officeName", s.key, s.name, s.kind, s.url, s.interval_seconds as "intervalSeconds",
       s.legal_basis as "legalBasis", s.impact_note as "impactNote", s.approved_by as "approvedBy", l.health,
       (l.visit).finished_at as "lastVisitAt", ok.finished_at as "lastSuccessAt",
       counted.expected, counted.got, (l.visit).detail,
       coalesce(p.posts, 0)::int as posts, newest.at as "newestPostAt"
     from listed l join sources s on s.id = l.id join offices o on o.id = s.office_id
     left join lateral (
       select finished_at from visits where source_id = s.id and outcome in ('complete', 'unchanged', 'partial')
       order by started_at desc limit 1
     ) ok on true
     -- An unchanged source lists nothing anew: its last counted visit still holds.
     left join lateral (
       select expected, got from visits where source_id = s.id and finished_at is not null and outcome <> 'unchanged'
       order by started_at desc limit 1
     ) counted on true
     left join lateral (select sum(posts) as posts from pulse where office_id = s.office_id and source_id = s.id) p on true
     left join lateral (select at from posts where source_id = s.id order by at desc limit 1) newest on true
     order by l.rank, s.name`,
    [offices, only],
  );
  return result.rows;
}

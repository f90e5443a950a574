import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';
import type { SourceApproval, SourceDetails } from './source-edits.ts';

/** A source as it is edited. */
export type EditedSource = SourceDetails &
  SourceApproval & {
    id: number;
    officeId: number;
    officeName: string;
    officeCode: string;
    origin: 'file' | 'desk';
    enabled: boolean;
    approvedAt: Date | null;
    stoppedAt: Date | null;
    stopReason: string | null;
    /** Null: hub.yaml, or somebody of an office that is out of reach. */
    addedBy: string | null;
    createdAt: Date;
  };

const EDITED = `select s.id, s.office_id as "officeId", o.name as "officeName", o.code as "officeCode", s.origin, s.enabled,
    s.kind, s.key, s.name, s.url, s.outlet, s.interval_seconds as "intervalSeconds",
    s.longest_interval_seconds as "longestIntervalSeconds", s.settings, s.checked, s.legal_basis as "legalBasis",
    s.impact_note as "impactNote", s.approved_by as "approvedBy", s.approved_at as "approvedAt",
    s.stopped_at as "stoppedAt", s.stop_reason as "stopReason", p.name as "addedBy", s.created_at as "createdAt"
  from sources s join offices o on o.id = s.office_id left join people p on p.id = s.added_by`;

/** Null when there is none within the offices. */
export async function editedSource(
  db: Queryable,
  offices: Offices,
  id: number,
): Promise<EditedSource | null> {
  const found = await db.query<EditedSource>(
    `${EDITED} where s.id = $1 and ($2::int[] is null or s.office_id = any ($2))`,
    [id, offices],
  );
  return found.rows[0] ?? null;
}

/** Every source of the offices, for a list to take away. */
export async function allSources(db: Queryable, offices: Offices): Promise<EditedSource[]> {
  const found = await db.query<EditedSource>(
    `${EDITED} where $1::int[] is null or s.office_id = any ($1) order by o.code, s.name, s.id`,
    [offices],
  );
  return found.rows;
}

/** Sources that wait for somebody to approve them, the oldest first; no more than a hundred. */
export async function waitingSources(db: Queryable, offices: Offices): Promise<EditedSource[]> {
  const found = await db.query<EditedSource>(
    `${EDITED} where s.origin = 'desk' and s.approved_by is null and ($1::int[] is null or s.office_id = any ($1))
     order by s.created_at, s.id limit 100`,
    [offices],
  );
  return found.rows;
}

/** Of these addresses, those that sources of the offices read already. */
export async function sourcesAt(
  db: Queryable,
  offices: readonly number[],
  urls: readonly string[],
): Promise<{ id: number; officeId: number; name: string; url: string }[]> {
  const found = await db.query<{ id: number; officeId: number; name: string; url: string }>(
    `select id, office_id as "officeId", name, url from sources where office_id = any ($1::int[]) and url = any ($2)`,
    [offices, urls],
  );
  return found.rows;
}

/** Of these keys, those that are in use in the office. */
export async function keysInUse(
  db: Queryable,
  officeId: number,
  keys: readonly string[],
): Promise<Set<string>> {
  const found = await db.query<{ key: string }>(
    'select key from sources where office_id = $1 and key = any ($2)',
    [officeId, keys],
  );
  return new Set(found.rows.map(({ key }) => key));
}

export type StoppedSource = Pick<EditedSource, 'id' | 'name' | 'officeName' | 'stoppedAt' | 'stopReason'> & {
  /** Null: from the command line, or somebody of an office that is out of reach. */
  stoppedBy: string | null;
};

/** Sources that somebody has stopped, the latest first; no more than two hundred. */
export async function stoppedSources(db: Queryable, offices: Offices): Promise<StoppedSource[]> {
  const found = await db.query<StoppedSource>(
    `select s.id, s.name, o.name as "officeName", s.stopped_at as "stoppedAt", s.stop_reason as "stopReason",
       p.name as "stoppedBy"
     from sources s join offices o on o.id = s.office_id left join people p on p.id = s.stopped_by
     where s.stopped_at is not null and ($1::int[] is null or s.office_id = any ($1))
     order by s.stopped_at desc limit 200`,
    [offices],
  );
  return found.rows;
}

import type { Finding } from '../config/release-checks.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import { CONTENT_COLUMNS, readContent } from './release-content.ts';
import type { Queryable } from './pool.ts';

/** What the checks found the last time that they ran, on the version that a release had then. */
export type CheckRun = { version: number; ranAt: Date; findings: Finding[] };

/** Keeps what the checks found. A run on an older version than the one that is kept comes too late. */
export async function keepCheckRun(
  db: Queryable,
  { id, officeId, version }: { id: number; officeId: number; version: number },
  findings: readonly Finding[],
): Promise<void> {
  await db.query(
    `insert into check_runs (office_id, release_id, version, findings) values ($1, $2, $3, $4)
     on conflict (release_id) do update set version = excluded.version, findings = excluded.findings, ran_at = now()
     where check_runs.version <= excluded.version`,
    [officeId, id, version, JSON.stringify(findings)],
  );
}

/** @returns null when the checks have never run */
export async function checkRun(db: Queryable, releaseId: number): Promise<CheckRun | null> {
  const found = await db.query<CheckRun>(
    'select version, ran_at as "ranAt", findings from check_runs where release_id = $1',
    [releaseId],
  );
  return found.rows[0] ?? null;
}

/** More than anybody compares with. */
const MOST_RECENT = 200;

/** What an office has sent to review, planned or published since a time, the newest first, but for one of them. */
export async function recentReleases(
  db: Queryable,
  officeId: number,
  { except, since }: { except: number; since: Date },
): Promise<{ id: number; content: ReleaseContent; at: Date }[]> {
  const found = await db.query<ReleaseContent & { id: number; at: Date }>(
    `select r.id, ${CONTENT_COLUMNS}, r.updated_at as at from releases r
     where r.office_id = $1 and r.id <> $2 and r.updated_at >= $3 and r.state in ('reviewing', 'approved', 'scheduled', 'published')
     order by r.updated_at desc, r.id desc limit ${MOST_RECENT}`,
    [officeId, except, since],
  );
  return found.rows.map((row) => ({ id: row.id, content: readContent(row), at: row.at }));
}

/** Full names of other offices that are as long as this one: what a name that is one character off may rightly be. */
export async function namesAsLong(db: Queryable, name: string): Promise<Set<string>> {
  const found = await db.query<{ name: string }>(
    'select name from offices where length(name) = length($1) and name <> $1',
    [name],
  );
  return new Set(found.rows.map((row) => row.name));
}

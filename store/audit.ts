import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Queryable } from './pool.ts';

export type AuditEntry = {
  officeId: number;
  /** Id of the person, or the name of a command of the command line. */
  actor: string;
  /** Verb and object, kebab-case: `release-schedule`, `password-change`. */
  action: string;
  /** What it was done to: `release:17`. */
  subject: string;
  before?: unknown;
  after?: unknown;
};

const GENESIS = Buffer.alloc(32);

/**
 * Appends to the hash chain; belongs into the transaction of the act itself, so that neither is there without the other.
 * hash = SHA-256(previous hash ‖ canonical JSON of the entry).
 */
export async function appendAudit(client: PoolClient, entry: AuditEntry): Promise<void> {
  // One appender at a time, until the commit: the chain has no forks.
  await client.query('select pg_advisory_xact_lock(3, 0)');
  const last = await client.query<{ hash: Buffer }>(
    'select hash from audit_entries order by id desc limit 1',
  );
  const previous = last.rows[0]?.hash ?? GENESIS;
  const at = new Date();
  const row = { ...entry, before: entry.before ?? null, after: entry.after ?? null, at: at.toISOString() };
  await client.query(
    `insert into audit_entries (office_id, at, actor, action, subject, before, after, previous_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      entry.officeId,
      at,
      entry.actor,
      entry.action,
      entry.subject,
      JSON.stringify(row.before),
      JSON.stringify(row.after),
      previous,
      auditHash(previous, row),
    ],
  );
}

type Hashed = AuditEntry & { at: string };

function auditHash(previous: Buffer, row: Hashed): Buffer {
  const { at, officeId, actor, action, subject, before, after } = row;
  return createHash('sha256')
    .update(previous)
    .update(canonical({ at, officeId, actor, action, subject, before, after }))
    .digest();
}

/** JSON with the keys of every object in order: jsonb does not keep the order in which they were written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/** Walks the chain. @returns the id of the first entry that does not fit, or null when all do */
export async function verifyAudit(db: Queryable): Promise<number | null> {
  let previous: Buffer = GENESIS;
  for (let after = 0; ;) {
    const page = await db.query<Hashed & { id: number; atDate: Date; previousHash: Buffer; hash: Buffer }>(
      `select id, at as "atDate", office_id as "officeId", actor, action, subject, before, after,
         previous_hash as "previousHash", hash
       from audit_entries where id > $1 order by id limit 5000`,
      [after],
    );
    if (page.rows.length === 0) return null;
    for (const row of page.rows) {
      const expected = auditHash(previous, { ...row, at: row.atDate.toISOString() });
      if (!row.previousHash.equals(previous) || !row.hash.equals(expected)) return row.id;
      previous = row.hash;
      after = row.id;
    }
  }
}

import { drawKey } from '../../config/keys.ts';
import type { Pool } from '../../store/pool.ts';
import { fillAudit, measureTampering } from './audit.ts';

const ENTRIES = 1_000_000;

/** Seconds until one changed entry among a million is named; fills the log first, where an earlier run has not. */
export async function measureAudit(owner: Pool, say: (line: string) => void): Promise<number> {
  const keys = [drawKey()];
  const offices = await owner.query<{ id: number }>('select id from offices order by id');
  // The log of an earlier run was written with another key.
  await owner.query('alter table audit_entries disable trigger all; truncate audit_entries');
  await owner.query('alter table audit_entries enable trigger all');
  await fillAudit(
    owner,
    keys,
    offices.rows.map((row) => row.id),
    ENTRIES,
  );
  say(`${ENTRIES} audit entries`);
  const { seconds, tampered } = await measureTampering(owner, keys);
  say(`entry ${tampered} was changed and named after ${seconds.toFixed(1)} s`);
  return Number(seconds.toFixed(2));
}

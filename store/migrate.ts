import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartRefused } from '../config/errors.ts';
import { messages } from './messages.ts';
import { transaction, type Store } from './pool.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Spells `JSHG`: one lock for all starts, so that two starting at once do not both migrate. */
const LOCK = 0x4a534847;

/**
 * Brings the database to this program's schema: every migration not yet in the ledger, in order, in one transaction.
 * @returns the names of those that ran now
 * @throws StartRefused when the database is newer than the program, or an old migration was edited
 */
export async function migrate(store: Store): Promise<string[]> {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return transaction(store, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(`create table if not exists schema_migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const ledger = await client.query<{ name: string; sha256: string }>(
      'select name, sha256 from schema_migrations',
    );
    const applied = new Map(ledger.rows.map((row) => [row.name, row.sha256]));
    const foreign = [...applied.keys()].filter((name) => !files.includes(name));
    if (foreign.length > 0) throw new StartRefused('newer-schema', messages.newerSchema(foreign));
    const ran: string[] = [];
    for (const name of files) {
      const sql = readFileSync(join(FOLDER, name), 'utf8');
      const sha256 = createHash('sha256').update(sql).digest('hex');
      const before = applied.get(name);
      if (before === sha256) continue;
      if (before) throw new StartRefused('changed-migration', messages.changedMigration(name));
      await client.query(sql);
      await client.query('insert into schema_migrations (name, sha256) values ($1, $2)', [name, sha256]);
      ran.push(name);
    }
    return ran;
  });
}

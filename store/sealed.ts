import { OldKeyNeeded, SealBroken, type Cipher } from '../config/cipher.ts';
import { accountTokenContext } from './accounts.ts';
import { channelSecretContext } from './channel-secrets.ts';
import { identityTables } from './grants.ts';
import { robotContext } from './notice-robots.ts';
import { contactContext } from './objection-receipts.ts';
import type { Queryable } from './pool.ts';
import { secretContext } from './secrets.ts';
import { sourceSecretContext } from './source-secrets.ts';

/** A column that holds sealed values. */
export type SealedColumn = Readonly<{
  table: string;
  /** The column, or the expression, by which its rows are told apart. */
  id: string;
  column: string;
  /** What the value of a row is sealed for. */
  context: (id: string) => string;
}>;

/** Everything that is sealed: what is not named here stays under the old key for ever. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'secrets', id: 'name', column: 'sealed', context: secretContext },
  { table: 'totp_factors', id: 'person_id', column: 'secret_sealed', context: (id) => `totp:${id}` },
  { table: 'totp_factors', id: 'person_id', column: 'pending_sealed', context: (id) => `totp:${id}` },
  { table: 'objections', id: 'receipt', column: 'contact', context: contactContext },
  {
    table: 'source_secrets',
    id: `(source_id || '/' || name)`,
    column: 'sealed',
    context: sourceSecretContext,
  },
  {
    table: 'account_tokens',
    id: `(office_id || '/' || account)`,
    column: 'sealed',
    context: accountTokenContext,
  },
  {
    table: 'channel_secrets',
    id: `(account_id || '/' || name)`,
    column: 'sealed',
    context: channelSecretContext,
  },
  { table: 'notice_robots', id: 'id', column: 'address_sealed', context: robotContext },
  { table: 'notice_robots', id: 'id', column: 'secret_sealed', context: robotContext },
];

export type Resealed = {
  resealed: number;
  /** Values that could not be opened, each with the reason. */
  failed: { table: string; id: string; why: OldKeyNeeded | SealBroken }[];
};

const BATCH = 500;

/**
 * Seals everything anew that an older key has sealed. Value by value, so that it can be cut off and run again, while the hub
 * goes on: a value that somebody changes meanwhile is left to them.
 * @param dbFor reaches a table: those about signing in are not open to the role that does the rest
 */
export async function reseal(
  cipher: Cipher,
  dbFor: (what: 'identity' | 'rest') => Queryable,
  columns: readonly SealedColumn[] = sealedColumns,
): Promise<Resealed> {
  const done: Resealed = { resealed: 0, failed: [] };
  for (const each of columns) {
    const db = dbFor(identityTables.includes(each.table) ? 'identity' : 'rest');
    await resealColumn(db, cipher, each, done);
  }
  return done;
}

async function resealColumn(
  db: Queryable,
  cipher: Cipher,
  { table, id, column, context }: SealedColumn,
  done: Resealed,
): Promise<void> {
  for (let after: string | null = null; ;) {
    const stale: { rows: { id: string; sealed: string }[] } = await db.query<{ id: string; sealed: string }>(
      `select ${id}::text as id, ${column} as sealed from ${table}
       where ${column} is not null and not starts_with(${column}, $1) and ($2::text is null or ${id}::text > $2)
       order by ${id}::text limit ${BATCH}`,
      [`${cipher.current}.`, after],
    );
    if (stale.rows.length === 0) return;
    for (const row of stale.rows) {
      after = row.id;
      try {
        const anew = cipher.seal(cipher.open(row.sealed, context(row.id)), context(row.id));
        const changed = await db.query(
          `update ${table} set ${column} = $1 where ${id}::text = $2 and ${column} = $3`,
          [anew, row.id, row.sealed],
        );
        done.resealed += changed.rowCount ?? 0;
      } catch (why) {
        if (!(why instanceof OldKeyNeeded || why instanceof SealBroken)) throw why;
        done.failed.push({ table, id: row.id, why });
      }
    }
  }
}

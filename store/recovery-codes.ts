import type { Queryable } from './pool.ts';

/** Puts a new set of codes in the place of whatever there was. */
export async function replaceRecoveryCodes(
  db: Queryable,
  personId: string,
  salt: Buffer,
  hashes: readonly Buffer[],
): Promise<void> {
  await db.query('delete from recovery_codes where person_id = $1', [personId]);
  await db.query(
    'insert into recovery_codes (person_id, salt, code_hash) select $1, $2, hash from unnest($3::bytea[]) as hash',
    [personId, salt, hashes],
  );
}

/** What the person's codes were hashed with; null: there are none. */
export async function recoverySalt(db: Queryable, personId: string): Promise<Buffer | null> {
  const found = await db.query<{ salt: Buffer }>(
    'select salt from recovery_codes where person_id = $1 limit 1',
    [personId],
  );
  return found.rows[0]?.salt ?? null;
}

/** Spends a code. Of two requests with the same code, one gets true. */
export async function spendRecoveryCode(db: Queryable, personId: string, hash: Buffer): Promise<boolean> {
  const done = await db.query(
    'update recovery_codes set used_at = now() where person_id = $1 and code_hash = $2 and used_at is null',
    [personId, hash],
  );
  return done.rowCount === 1;
}

/** How many codes are left, and when they were made; null: none were ever made. */
export async function recoveryState(
  db: Queryable,
  personId: string,
): Promise<{ left: number; madeAt: Date } | null> {
  const found = await db.query<{ left: number; madeAt: Date | null }>(
    `select count(*) filter (where used_at is null)::int as left, max(made_at) as "madeAt"
     from recovery_codes where person_id = $1`,
    [personId],
  );
  const row = found.rows[0];
  return row?.madeAt ? { left: row.left, madeAt: row.madeAt } : null;
}

export async function removeRecoveryCodes(db: Queryable, personId: string): Promise<void> {
  await db.query('delete from recovery_codes where person_id = $1', [personId]);
}

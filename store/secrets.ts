import type { Cipher } from '../config/cipher.ts';
import type { Queryable } from './pool.ts';

export const secretContext = (name: string): string => `secret:${name}`;

/** A secret of the hub's own: drawn where it is first needed, kept sealed, the same for every process. */
export async function ensureSecret(
  db: Queryable,
  cipher: Cipher,
  name: string,
  draw: () => Buffer,
): Promise<Buffer> {
  const kept = await readSecret(db, cipher, name);
  if (kept) return kept;
  await db.query('insert into secrets (name, sealed) values ($1, $2) on conflict do nothing', [
    name,
    cipher.seal(draw(), secretContext(name)),
  ]);
  // Read back: of two processes that draw at once, one has lost.
  return (await readSecret(db, cipher, name)) as Buffer;
}

/** @returns null when it was not drawn yet */
export async function readSecret(db: Queryable, cipher: Cipher, name: string): Promise<Buffer | null> {
  const found = await db.query<{ sealed: string }>('select sealed from secrets where name = $1', [name]);
  const sealed = found.rows[0]?.sealed;
  return sealed === undefined ? null : cipher.open(sealed, secretContext(name));
}

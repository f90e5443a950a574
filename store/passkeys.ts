import type { Queryable } from './pool.ts';

export type Passkey = {
  id: string;
  personId: string;
  credentialId: string;
  publicKey: Buffer;
  transports: string[];
  name: string;
  /** Kept by the maker's cloud and on several devices; false: bound to one device. */
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
};

const COLUMNS = `id, person_id as "personId", credential_id as "credentialId", public_key as "publicKey", transports, name,
  backed_up as "backedUp", created_at as "createdAt", last_used_at as "lastUsedAt"`;

/** The person's passkeys, the oldest first. */
export async function passkeysOf(db: Queryable, personId: string): Promise<Passkey[]> {
  const found = await db.query<Passkey>(
    `select ${COLUMNS} from passkeys where person_id = $1 order by created_at, id limit 100`,
    [personId],
  );
  return found.rows;
}

export async function passkeyByCredential(db: Queryable, credentialId: string): Promise<Passkey | null> {
  const found = await db.query<Passkey>(`select ${COLUMNS} from passkeys where credential_id = $1`, [
    credentialId,
  ]);
  return found.rows[0] ?? null;
}

/** @returns false when the credential is known already */
export async function addPasskey(
  db: Queryable,
  passkey: Omit<Passkey, 'createdAt' | 'lastUsedAt'> & { counter: number },
): Promise<boolean> {
  const done = await db.query(
    `insert into passkeys (id, person_id, credential_id, public_key, counter, transports, name, backed_up)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing`,
    [
      passkey.id,
      passkey.personId,
      passkey.credentialId,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      passkey.name,
      passkey.backedUp,
    ],
  );
  return done.rowCount === 1;
}

/**
 * Notes a use with the signature counter that came with it. Many authenticators do not count and always say 0.
 * @returns false when the counter did not rise: a copy of the key may be in use, or an answer was sent again
 */
export async function usePasskey(
  db: Queryable,
  id: string,
  counter: number,
  backedUp: boolean,
): Promise<boolean> {
  const done = await db.query(
    `update passkeys set counter = $2, backed_up = $3, last_used_at = now()
     where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))`,
    [id, counter, backedUp],
  );
  return done.rowCount === 1;
}

/** @returns the name before; null when the person has no such passkey */
export async function renamePasskey(
  db: Queryable,
  personId: string,
  id: string,
  name: string,
): Promise<string | null> {
  const done = await db.query<{ before: string }>(
    `update passkeys p set name = $3 from (select id, name from passkeys where id = $2 and person_id = $1 for update) old
     where p.id = old.id returning old.name as before`,
    [personId, id, name],
  );
  return done.rows[0]?.before ?? null;
}

/** @returns the name of the one that is gone; null when the person has no such passkey */
export async function removePasskey(db: Queryable, personId: string, id: string): Promise<string | null> {
  const gone = await db.query<{ name: string }>(
    'delete from passkeys where id = $2 and person_id = $1 returning name',
    [personId, id],
  );
  return gone.rows[0]?.name ?? null;
}

import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Queryable } from './pool.ts';

/** Somebody who has an account, and what they prove it with. */
export type Account = {
  personId: string;
  officeId: number;
  name: string;
  email: string;
  disabled: boolean;
  /** Hash of the password; null for somebody who has none yet. */
  password: string | null;
};

const ACCOUNT = `
  select p.id as "personId", p.office_id as "officeId", p.name, p.email, p.disabled_at is not null as disabled, c.password
  from people p left join credentials c on c.person_id = p.id and c.provider_id = 'credential'`;

/** The account of an e-mail address; addresses are kept in lower case. */
export async function accountByEmail(db: Queryable, email: string): Promise<Account | null> {
  // The database takes no NUL; nobody's address has one.
  const typed = email.replaceAll('\0', '\ufffd');
  const found = await db.query<Account>(`${ACCOUNT} where p.email = $1`, [typed]);
  return found.rows[0] ?? null;
}

export async function accountOf(db: Queryable, personId: string): Promise<Account | null> {
  const found = await db.query<Account>(`${ACCOUNT} where p.id = $1`, [personId]);
  return found.rows[0] ?? null;
}

/**
 * Of two changes to one person's account at once, the second waits for the first and sees it.
 * @returns null for somebody who has left
 */
export async function lockPerson(
  client: Queryable,
  personId: string,
): Promise<{ id: string; officeId: number } | null> {
  const found = await client.query<{ id: string; officeId: number }>(
    'select id, office_id as "officeId" from people where id = $1 and disabled_at is null for update',
    [personId],
  );
  return found.rows[0] ?? null;
}

/** How many former passwords are kept to compare with: with the present one, five. */
const FORMER = 4;

/** Hashes of the passwords that a new one must differ from. */
export async function lastPasswords(db: Queryable, personId: string): Promise<string[]> {
  const found = await db.query<{ password: string }>(
    `select password from credentials where person_id = $1 and provider_id = 'credential' and password is not null
     union all
     (select password from password_history where person_id = $1 order by id desc limit $2)`,
    [personId, FORMER],
  );
  return found.rows.map(({ password }) => password);
}

/** Sets a person's password; the one before goes to the former ones, and those beyond what is compared go. */
export async function setPassword(client: PoolClient, personId: string, password: string): Promise<void> {
  await client.query(
    `insert into password_history (person_id, password)
     select person_id, password from credentials
     where person_id = $1 and provider_id = 'credential' and password is not null`,
    [personId],
  );
  await client.query(
    `insert into credentials (id, person_id, account_id, provider_id, password) values ($1, $2, $2, 'credential', $3)
     on conflict (person_id, provider_id)
     do update set password = excluded.password, password_at = now(), updated_at = now()`,
    [randomUUID(), personId, password],
  );
  await client.query(
    `delete from password_history where person_id = $1 and id not in (
       select id from password_history where person_id = $1 order by id desc limit $2)`,
    [personId, FORMER],
  );
  await client.query('update people set must_change_password = false, updated_at = now() where id = $1', [
    personId,
  ]);
}

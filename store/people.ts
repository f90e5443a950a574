import { randomUUID } from 'node:crypto';
import { transaction, type Queryable, type Store } from './pool.ts';

/** Whether nobody can sign in yet. */
export async function nobodyYet(db: Queryable): Promise<boolean> {
  const result = await db.query('select 1 from people limit 1');
  return result.rowCount === 0;
}

/** Makes the first administrator, who must change the password at the first sign-in. */
export async function createAdministrator(
  store: Store,
  person: { officeId: number; name: string; email: string; passwordHash: string },
): Promise<void> {
  await transaction(store, async (client) => {
    const id = randomUUID();
    await client.query(
      `insert into people (id, office_id, name, email, email_verified, role, must_change_password)
       values ($1, $2, $3, $4, true, 'administrator', true)`,
      [id, person.officeId, person.name, person.email],
    );
    await client.query(
      `insert into credentials (id, person_id, account_id, provider_id, password) values ($1, $2, $2, 'credential', $3)`,
      [randomUUID(), id, person.passwordHash],
    );
  });
}

/**
 * Gives the first administrator another one-time password, as long as nobody has ever signed in with the one before.
 * @returns whether it was changed
 */
export async function renewUnusedPassword(
  db: Queryable,
  email: string,
  passwordHash: string,
): Promise<boolean> {
  const result = await db.query(
    `update credentials c set password = $2, updated_at = now() from people p
     where p.id = c.person_id and p.email = $1 and p.must_change_password and p.role = 'administrator'
       and not exists (select 1 from sessions s where s.person_id = p.id)`,
    [email, passwordHash],
  );
  return result.rowCount === 1;
}

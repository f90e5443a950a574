import { randomUUID } from 'node:crypto';
import type { Role } from '../config/access/roles.ts';
import { hubActor } from './actor.ts';
import type { Grant } from './scope.ts';
import { appendAudit } from './audit.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** Whether nobody can sign in yet. */
export async function nobodyYet(db: Queryable): Promise<boolean> {
  const result = await db.query('select 1 from people limit 1');
  return result.rowCount === 0;
}

/** Makes an account with its roles; its one-time password must be changed at the first sign-in. */
export async function createFirstPerson(
  store: Store,
  person: {
    officeId: number;
    name: string;
    email: string;
    roles: readonly Role[];
    passwordHash: string;
  },
): Promise<void> {
  await transaction(store, async (client) => {
    const id = randomUUID();
    await client.query(
      `insert into people (id, office_id, name, email, email_verified, must_change_password)
       values ($1, $2, $3, $4, true, true)`,
      [id, person.officeId, person.name, person.email],
    );
    await client.query(
      `insert into credentials (id, person_id, account_id, provider_id, password) values ($1, $2, $2, 'credential', $3)`,
      [randomUUID(), id, person.passwordHash],
    );
    await client.query(
      `insert into role_grants (office_id, person_id, role, kind, granted_by)
       select $1, $2, unnest($3::text[]), 'holder', 'start'`,
      [person.officeId, id, person.roles],
    );
    await appendAudit(client, {
      ...hubActor('start', person.officeId),
      action: 'person-create',
      subject: `person:${id}`,
      after: { email: person.email, roles: person.roles },
    });
  });
}

/**
 * Gives a first account another one-time password, as long as nobody has ever signed in with the one before.
 * @returns whether it was changed
 */
export async function renewUnusedPassword(
  db: Queryable,
  email: string,
  passwordHash: string,
): Promise<boolean> {
  const result = await db.query(
    `update credentials c set password = $2, updated_at = now() from people p
     where p.id = c.person_id and p.email = $1 and p.must_change_password and p.disabled_at is null
       and not exists (select 1 from sessions s where s.person_id = p.id)`,
    [email, passwordHash],
  );
  return result.rowCount === 1;
}

/**
 * Roles that a person holds now, wherever; those handed over to them only while their giver holds them still and can sign in.
 */
export async function grantsOf(db: Queryable, personId: string): Promise<Grant[]> {
  const result = await db.query<Grant>(
    `select g.role, g.office_id as "officeId", g.kind,
       not exists (select 1 from offices below where below.parent_id = g.office_id) as alone
     from role_grants g
     left join role_grants given on given.id = g.delegated_from
     left join people giver on giver.id = given.person_id
     where g.person_id = $1 and g.revoked_at is null and now() >= g.from_at and (g.until_at is null or now() < g.until_at)
       and (g.delegated_from is null or (giver.disabled_at is null and given.revoked_at is null
         and now() >= given.from_at and (given.until_at is null or now() < given.until_at)))`,
    [personId],
  );
  return result.rows;
}

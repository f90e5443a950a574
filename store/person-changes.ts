import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit, type Act } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { holdOpen, refusing } from './office-changes.ts';
import { isPrintable, tidy } from './office-rules.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { endGrants, lockActive, STANDS } from './role-grants.ts';

const words = messages.people;

const emailSchema = z.email().max(254);
const NAME_MOST = 40;

export type PersonDetails = { name: string; email: string };

/** What is wrong with a person's name or address, in words; null: nothing. Both tidied before. */
export function personProblem({ name, email }: PersonDetails): string | null {
  if (name === '') return words.noName;
  if ([...name].length > NAME_MOST) return words.nameLength;
  if (!isPrintable(name)) return words.badName;
  return emailSchema.safeParse(email).success ? null : words.badEmail;
}

/** Addresses are kept in lower case: they are what people sign in with. */
export function tidyPerson({ name, email }: PersonDetails): PersonDetails {
  return { name: tidy(name), email: email.trim().toLowerCase() };
}

/** @throws Refused `person-details` */
function check(typed: PersonDetails): PersonDetails {
  const details = tidyPerson(typed);
  const problem = personProblem(details);
  if (problem !== null) throw new Refused('person-details', problem);
  return details;
}

/**
 * Makes an account that nobody can sign in to yet: an invitation has to follow.
 * @throws Refused `person-details`, `email-taken`, or about the office as `holdOpen`
 */
export async function createPerson(
  store: Store,
  actor: Actor,
  officeId: number,
  typed: PersonDetails,
): Promise<string> {
  const details = check(typed);
  return withOwnEmail(() =>
    transaction(store, async (client) => {
      await holdOpen(client, officeId);
      const id = await insertPerson(client, officeId, details);
      await appendAudit(client, creation(actor, id, officeId, details));
      return id;
    }),
  );
}

/** @returns its id */
export async function insertPerson(
  client: Queryable,
  officeId: number,
  { name, email }: PersonDetails,
): Promise<string> {
  const id = randomUUID();
  await client.query(
    'insert into people (id, office_id, name, email, email_verified) values ($1, $2, $3, $4, true)',
    [id, officeId, name, email],
  );
  return id;
}

/** What the log says of a new account. */
export function creation(actor: Actor, id: string, officeId: number, { name, email }: PersonDetails): Act {
  const act = { action: 'person-create', subject: `person:${id}`, after: { officeId, name, email } };
  return { ...actor, officeId, ...act };
}

/** @throws Refused `person-details`, `email-taken`, `person-gone` */
export async function changePerson(
  store: Store,
  actor: Actor,
  id: string,
  typed: PersonDetails,
): Promise<void> {
  const after = check(typed);
  await withOwnEmail(() =>
    transaction(store, async (client) => {
      const found = await client.query<PersonDetails & { officeId: number }>(
        'select name, email, office_id as "officeId" from people where id = $1 for update',
        [id],
      );
      if (!found.rows[0]) throw new Refused('person-gone', words.gone);
      const { officeId, ...before } = found.rows[0];
      if (before.name === after.name && before.email === after.email) return;
      await client.query('update people set name = $2, email = $3, updated_at = now() where id = $1', [
        id,
        after.name,
        after.email,
      ]);
      const act = { action: 'person-change', subject: `person:${id}`, before, after };
      await appendAudit(client, { ...actor, officeId, ...act });
    }),
  );
}

/**
 * Moves a person to another office of the scope. Their roles in the old one end with it, exactly those that were told
 * beforehand.
 * @param told ids of the grants that the person who moves them was shown
 * @throws Refused `own-account`, `person-gone`, `person-disabled`, `roles-changed`, `last-administrator`, or about the
 * office as `holdOpen`
 */
export async function movePerson(
  store: Store,
  actor: Actor,
  id: string,
  officeId: number,
  told: readonly number[],
): Promise<void> {
  if (id === actor.id) throw new Refused('own-account', words.own);
  await refusing(() =>
    transaction(store, async (client) => {
      const { officeId: before } = await lockActive(client, id);
      if (before === officeId) return;
      await holdOpen(client, officeId);
      const ended = await endGrants(client, actor.id, 'g.person_id = $2 and g.office_id = $3', [id, before]);
      if (ended.length !== told.length || !ended.every((grant) => told.includes(grant.id))) {
        throw new Refused('roles-changed', words.grantsChanged);
      }
      await client.query('update people set office_id = $2, updated_at = now() where id = $1', [
        id,
        officeId,
      ]);
      await appendAudit(client, {
        ...{ ...actor, officeId: before, action: 'person-move', subject: `person:${id}` },
        before: {
          officeId: before,
          roles: ended.map(({ id: grant, role, kind }) => ({ grant, role, kind })),
        },
        after: { officeId },
      });
      await tellLive(client, { kind: 'access' });
    }),
  );
}

/**
 * Closes an account. Its roles stay on it and come back with it; what it handed over to others, or had from them, ends.
 * @throws Refused `own-account`, `person-gone`, `last-administrator`
 */
export async function disablePerson(store: Store, actor: Actor, id: string): Promise<void> {
  if (id === actor.id) throw new Refused('own-account', words.own);
  await setDisabled(store, actor, id, true, async (client) => {
    const sole = await client.query<{ sole: boolean }>('select is_sole_administrator($1) as sole', [id]);
    if (sole.rows[0]?.sole) throw new Refused('last-administrator', words.lastAdministrator);
    await client.query(
      `update role_grants g set revoked_at = now(), revoked_by = $2
       where g.kind = 'delegate' and ${STANDS} and (g.person_id = $1
         or g.delegated_from in (select id from role_grants where person_id = $1))`,
      [id, actor.id],
    );
  });
}

/** @throws Refused `person-gone` */
export async function enablePerson(store: Store, actor: Actor, id: string): Promise<void> {
  await setDisabled(store, actor, id, false, async () => {});
}

async function setDisabled(
  store: Store,
  actor: Actor,
  id: string,
  disabled: boolean,
  also: (client: Queryable) => Promise<void>,
): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<{ officeId: number; disabled: boolean }>(
      'select office_id as "officeId", disabled_at is not null as disabled from people where id = $1 for update',
      [id],
    );
    const person = found.rows[0];
    if (!person) throw new Refused('person-gone', words.gone);
    if (person.disabled === disabled) return;
    await also(client);
    await client.query(
      'update people set disabled_at = case when $2 then now() end, updated_at = now() where id = $1',
      [id, disabled],
    );
    const act = { action: disabled ? 'person-disable' : 'person-enable', subject: `person:${id}` };
    await appendAudit(client, { ...actor, officeId: person.officeId, ...act });
    await tellLive(client, { kind: 'access' });
  });
}

/** @throws Refused `email-taken` */
export async function withOwnEmail<T>(work: () => Promise<T>, taken = words.emailTaken): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isTaken = cause instanceof pg.DatabaseError && cause.constraint === 'people_email_key';
    if (!isTaken) throw cause;
    throw new Refused('email-taken', taken, { cause });
  }
}

import pg from 'pg';
import { isAdministrator, type GrantKind, type Role } from '../config/access/roles.ts';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { holdOpen, refusing } from './office-changes.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.roles;

/** Of a grant `g`: not over, though it may not have begun. */
export const STANDS = 'g.revoked_at is null and (g.until_at is null or now() < g.until_at)';
/** Of a grant `g`: in force. */
export const HELD_NOW = `${STANDS} and now() >= g.from_at`;

export type GrantRow = {
  id: number;
  personId: string;
  role: Role;
  kind: GrantKind;
  officeId: number;
  officeName: string;
  fromAt: Date;
  untilAt: Date | null;
  /** Whose role a delegate acts by; null where it is none, or somebody out of reach. */
  giver: string | null;
};

const COLUMNS = `g.id, g.person_id as "personId", g.role, g.kind, g.office_id as "officeId", o.name as "officeName",
  g.from_at as "fromAt", g.until_at as "untilAt", giver.name as giver`;
const WITH_NAMES = `join offices o on o.id = g.office_id
  left join role_grants given on given.id = g.delegated_from left join people giver on giver.id = given.person_id`;

/** A person's roles that are not over, in the offices of the scope. */
export async function grantsOfPerson(db: Queryable, personId: string): Promise<GrantRow[]> {
  const result = await db.query<GrantRow>(
    `select ${COLUMNS} from role_grants g ${WITH_NAMES} where g.person_id = $1 and ${STANDS} order by g.office_id, g.id`,
    [personId],
  );
  return result.rows;
}

/** Who holds a grant of the scope, also when it is over. */
export async function holderOf(db: Queryable, grantId: number): Promise<string | null> {
  const found = await db.query<{ id: string }>('select person_id as id from role_grants where id = $1', [
    grantId,
  ]);
  return found.rows[0]?.id ?? null;
}

export type GrantLine = GrantRow & { personName: string | null; disabled: boolean };

export const GRANTS_PER_PAGE = 50;

/**
 * A page of the roles held in some offices, by office and role. Whoever holds one and belongs to an office out of reach
 * comes without a name.
 */
export async function listGrants(
  db: Queryable,
  offices: readonly number[] | null,
  role: Role | null,
  page: number,
): Promise<GrantLine[]> {
  // The page first, the names afterwards, and the limit in the text: else thousands of rows are joined for fifty.
  const result = await db.query<GrantLine>(
    `with g as materialized (
       select * from role_grants g
       where ${STANDS} and ($1::int[] is null or g.office_id = any ($1)) and ($2::text is null or g.role = $2)
       order by g.role, g.office_id, g.id limit ${GRANTS_PER_PAGE} offset $3
     )
     select ${COLUMNS}, p.name as "personName", coalesce(p.disabled_at is not null, false) as disabled
     from g ${WITH_NAMES} left join people p on p.id = g.person_id
     order by g.role, g.office_id, g.id`,
    [offices, role, (Math.max(1, page) - 1) * GRANTS_PER_PAGE],
  );
  return result.rows;
}

/** How many hold each role in some offices. */
export async function countGrants(
  db: Queryable,
  offices: readonly number[] | null,
): Promise<Partial<Record<Role, number>>> {
  const result = await db.query<{ role: Role; n: number }>(
    `select g.role, count(*)::int as n from role_grants g
     where ${STANDS} and ($1::int[] is null or g.office_id = any ($1)) group by 1`,
    [offices],
  );
  return Object.fromEntries(result.rows.map(({ role, n }) => [role, n]));
}

export type NewGrant = {
  personId: string;
  officeId: number;
  role: Role;
  kind: Exclude<GrantKind, 'delegate'>;
  untilAt: Date | null;
};

/**
 * Gives a role to somebody else.
 * @throws Refused `own-role`, `person-gone`, `person-disabled`, `role-held`, `role-period`, `administrators-apart`, or about
 * the office as `holdOpen`
 */
export async function grantRole(store: Store, actor: Actor, grant: NewGrant): Promise<void> {
  const { personId, officeId, role, kind, untilAt } = grant;
  if (personId === actor.id) throw new Refused('own-role', words.own);
  if (untilAt && untilAt <= new Date()) throw new Refused('role-period', words.ended);
  await separating(() =>
    transaction(store, async (client) => {
      await lockActive(client, personId);
      await holdOpen(client, officeId);
      await refuseHeld(client, personId, officeId, role);
      const made = await client.query<{ id: number }>(
        `insert into role_grants (office_id, person_id, role, kind, until_at, granted_by)
         values ($1, $2, $3, $4, $5, $6) returning id`,
        [officeId, personId, role, kind, untilAt, actor.id],
      );
      await appendAudit(client, {
        ...{ ...actor, officeId, action: 'role-grant', subject: `person:${personId}` },
        after: { grant: made.rows[0]?.id, role, kind, untilAt },
      });
      await tellLive(client, { kind: 'access' });
    }),
  );
}

/** @throws Refused `role-gone`, `last-administrator` */
export async function revokeRole(
  store: Store,
  actor: Actor,
  personId: string,
  grantId: number,
): Promise<void> {
  await transaction(store, async (client) => {
    const which = 'g.id = $2 and g.person_id = $3';
    const [grant] = await endGrants(client, actor.id, which, [grantId, personId]);
    if (!grant) throw new Refused('role-gone', words.gone);
    const { id, role, kind, officeId, fromAt, untilAt } = grant;
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'role-revoke', subject: `person:${personId}` },
      before: { grant: id, role, kind, fromAt, untilAt },
    });
    await tellLive(client, { kind: 'access' });
  });
}

export type Ended = Omit<GrantRow, 'officeName' | 'giver'>;

/**
 * Ends the grants of the scope that a condition names, unless that would leave an office without an administrator. What
 * was handed over from them ends with them (people.ts).
 * @param which about `g`; its values begin at $2
 * @throws Refused `last-administrator`
 */
export async function endGrants(
  client: Queryable,
  by: string,
  which: string,
  values: readonly unknown[],
): Promise<Ended[]> {
  const ended = await client.query<Ended>(
    `update role_grants g set revoked_at = now(), revoked_by = $1 where ${STANDS} and ${which}
     returning g.id, g.person_id as "personId", g.role, g.kind, g.office_id as "officeId", g.from_at as "fromAt",
       g.until_at as "untilAt"`,
    [by, ...values],
  );
  await keepAdministrators(client, ended.rows);
  return ended.rows;
}

/** @throws Refused `last-administrator` when nobody would administer an office any more once these grants have ended */
async function keepAdministrators(client: Queryable, ending: readonly Ended[]): Promise<void> {
  const ids = ending.map(({ id }) => id);
  for (const { role, officeId, untilAt } of ending) {
    if (!isAdministrator(role) || untilAt !== null) continue;
    const found = await client.query<{ remains: boolean }>(
      'select administrator_remains($1, $2, $3) as remains',
      [role, officeId, ids],
    );
    if (!found.rows[0]?.remains) {
      throw new Refused('last-administrator', messages.people.lastAdministrator);
    }
  }
}

/**
 * Nobody else changes the person until the commit.
 * @throws Refused `person-gone` when out of scope, `person-disabled`
 */
export async function lockActive(client: Queryable, personId: string): Promise<{ officeId: number }> {
  const found = await client.query<{ officeId: number; disabled: boolean }>(
    `select office_id as "officeId", disabled_at is not null as disabled from people where id = $1 for update`,
    [personId],
  );
  const person = found.rows[0];
  if (!person) throw new Refused('person-gone', messages.people.gone);
  if (person.disabled) throw new Refused('person-disabled', messages.people.disabled);
  return person;
}

/** @throws Refused `role-held` */
export async function refuseHeld(
  client: Queryable,
  personId: string,
  officeId: number,
  role: Role,
): Promise<void> {
  const held = await client.query(
    `select 1 from role_grants g
     where g.person_id = $1 and g.office_id = $2 and g.role = $3 and g.kind <> 'delegate' and ${STANDS}`,
    [personId, officeId, role],
  );
  if (held.rowCount !== 0) throw new Refused('role-held', words.held);
}

/**
 * As `refusing`, and for what the database holds about roles.
 * @throws Refused `administrators-apart`
 */
export async function separating<T>(work: () => Promise<T>): Promise<T> {
  return refusing(async () => {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof pg.DatabaseError) || cause.code !== 'JS002') throw cause;
      throw new Refused('administrators-apart', words.apart, { cause });
    }
  });
}

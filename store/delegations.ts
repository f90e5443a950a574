import { reachOf } from '../config/access/matrix.ts';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import {
  endGrants,
  grantsOfPerson,
  refuseHeld,
  separating,
  STANDS,
  type Ended,
  type GrantRow,
} from './role-grants.ts';

const words = messages.roles;

const DAY = 86_400_000;
export const DELEGATION_DAYS = 30;
/** How long beforehand it may be arranged. */
const AHEAD_DAYS = 90;
/** What is typed to the minute lies a little in the past when it arrives. */
const TOLERANCE_MS = 10 * 60_000;

/** Roles that a person can hand over: their own, of a kind that can be, and never those handed over to them. */
export async function delegableGrants(db: Queryable, personId: string): Promise<GrantRow[]> {
  const grants = await grantsOfPerson(db, personId);
  return grants.filter(({ kind, role }) => kind !== 'delegate' && reachOf('role-delegate', role) !== null);
}

export type Colleague = { id: string; name: string; officeId: number };

/** Who a role of these offices can be handed over to. */
export async function colleagues(
  db: Queryable,
  officeIds: readonly number[],
  besides: string,
): Promise<Colleague[]> {
  const result = await db.query<Colleague>(
    `select p.id, p.name, p.office_id as "officeId" from people p
     where p.office_id = any ($1) and p.id <> $2 and p.disabled_at is null and not exists (
       select 1 from role_grants g where g.person_id = p.id and g.role like '%-administrator' and ${STANDS})
     order by p.name, p.id limit 500`,
    [officeIds, besides],
  );
  return result.rows;
}

/** A role that somebody handed over, or was handed. `other` is who is at the other end. */
export type Delegation = Omit<Ended, 'personId' | 'kind'> & { officeName: string; other: string | null };

export async function givenDelegations(db: Queryable, personId: string): Promise<Delegation[]> {
  const result = await db.query<Delegation>(
    `select g.id, g.role, g.office_id as "officeId", o.name as "officeName", g.from_at as "fromAt",
       g.until_at as "untilAt", p.name as other
     from role_grants given join role_grants g on g.delegated_from = given.id join offices o on o.id = g.office_id
     left join people p on p.id = g.person_id where given.person_id = $1 and ${STANDS} order by g.from_at, g.id`,
    [personId],
  );
  return result.rows;
}

export type NewDelegation = { grantId: number; toId: string; fromAt: Date; untilAt: Date };

/**
 * Hands an own role over for a time. The giver keeps it; when theirs ends, or they leave, the colleague's ends too.
 * @throws Refused `role-gone`, `no-colleague`, `role-period`, `role-held`, `administrators-apart`
 */
export async function delegate(
  store: Store,
  actor: Actor,
  wish: NewDelegation,
  now = new Date(),
): Promise<void> {
  const { grantId, toId, fromAt, untilAt } = wish;
  const [from, until] = [fromAt.getTime(), untilAt.getTime()];
  const begins = from >= now.getTime() - TOLERANCE_MS && from <= now.getTime() + AHEAD_DAYS * DAY;
  if (!begins || until <= Math.max(from, now.getTime()) || until > from + DELEGATION_DAYS * DAY) {
    throw new Refused('role-period', words.period);
  }
  await separating(() =>
    transaction(store, async (client) => {
      const own = (await delegableGrants(client, actor.id)).find(({ id }) => id === grantId);
      if (!own) throw new Refused('role-gone', words.gone);
      const { officeId, role } = own;
      const colleague = await client.query(
        'select 1 from people where id = $1 and office_id = $2 and id <> $3 and disabled_at is null',
        [toId, officeId, actor.id],
      );
      if (colleague.rowCount !== 1) throw new Refused('no-colleague', words.noColleague);
      await refuseHeld(client, toId, officeId, role);
      const same = await client.query(
        `select 1 from role_grants g where g.person_id = $1 and g.delegated_from = $2 and ${STANDS}
           and g.from_at < $4 and g.until_at > $3`,
        [toId, grantId, fromAt, untilAt],
      );
      if (same.rowCount !== 0) throw new Refused('role-held', words.held);
      await client.query(
        `insert into role_grants (office_id, person_id, role, kind, delegated_from, from_at, until_at, granted_by)
         values ($1, $2, $3, 'delegate', $4, $5, $6, $7)`,
        [officeId, toId, role, grantId, fromAt, untilAt, actor.id],
      );
      await appendAudit(client, {
        ...{ ...actor, officeId, action: 'role-delegate', subject: `person:${toId}` },
        after: { from: grantId, role, fromAt, untilAt },
      });
      await tellLive(client, { kind: 'access' });
    }),
  );
}

/** Takes back what one has handed over. @throws Refused `role-gone` */
export async function cancelDelegation(store: Store, actor: Actor, id: number): Promise<void> {
  await transaction(store, async (client) => {
    const which = 'g.id = $2 and g.delegated_from in (select id from role_grants where person_id = $1)';
    const [grant] = await endGrants(client, actor.id, which, [id]);
    if (!grant) throw new Refused('role-gone', words.gone);
    const { personId, officeId, role, fromAt, untilAt } = grant;
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'delegation-end', subject: `person:${personId}` },
      before: { role, fromAt, untilAt },
    });
    await tellLive(client, { kind: 'access' });
  });
}

import { Refused } from '../config/errors.ts';
import { shanghaiTime } from '../config/shanghai.ts';
import type { Level } from '../config/warning-levels.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { requestNotice } from './notice-requests.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';
import { addStep, holdWarning, LONGEST_REASON, reasoned } from './warning-act.ts';
import { openStates } from './warnings.ts';

const words = messages.warnings;
const DAY = 86_400_000;
/** What is to be done later than this is no matter of a warning. */
export const LONGEST_ORDER_DAYS = 90;

export type OrderState = 'open' | 'done' | 'withdrawn';
export type SupervisionOrder = {
  id: number;
  officeId: number;
  officeName: string;
  warningId: number;
  toOfficeId: number;
  toOfficeName: string;
  about: string;
  text: string;
  dueAt: Date;
  state: OrderState;
  answer: string | null;
  madeAt: Date;
  /** Null: somebody of an office that is out of reach. */
  madeBy: string | null;
  doneAt: Date | null;
  doneBy: string | null;
  escalatedAt: Date | null;
  /** The warning's level now; null when it is out of reach. */
  level: Level | null;
};

const ORDER = `select s.id, s.office_id as "officeId", f.name as "officeName", s.warning_id as "warningId",
    s.to_office_id as "toOfficeId", t.name as "toOfficeName", s.about, s.text, s.due_at as "dueAt", s.state, s.answer,
    s.made_at as "madeAt", m.name as "madeBy", s.done_at as "doneAt", d.name as "doneBy", s.escalated_at as "escalatedAt", w.level
  from supervision_orders s join offices f on f.id = s.office_id join offices t on t.id = s.to_office_id
  left join people m on m.id = s.made_by left join people d on d.id = s.done_by left join warnings w on w.id = s.warning_id`;

/** The orders about a warning, the newest first. */
export async function ordersAbout(db: Queryable, warningId: number): Promise<SupervisionOrder[]> {
  const found = await db.query<SupervisionOrder>(
    `${ORDER} where s.warning_id = $1 order by s.id desc limit 100`,
    [warningId],
  );
  return found.rows;
}

/** What the offices have ordered or are to do; the open ones first, and of those what is due first. */
export async function listOrders(
  db: Queryable,
  offices: Offices,
  box: 'received' | 'sent',
  limit = 100,
): Promise<SupervisionOrder[]> {
  const side = box === 'received' ? 's.to_office_id' : 's.office_id';
  const found = await db.query<SupervisionOrder>(
    `${ORDER} where $1::int[] is null or ${side} = any ($1)
     order by s.state <> 'open', case when s.state = 'open' then s.due_at end, s.id desc limit $2`,
    [offices, Math.min(limit, 500)],
  );
  return found.rows;
}

export async function orderById(db: Queryable, id: number): Promise<SupervisionOrder | null> {
  const found = await db.query<SupervisionOrder>(`${ORDER} where s.id = $1`, [id]);
  return found.rows[0] ?? null;
}

/** How many orders are open about each of these warnings; those without any are left out. */
export async function openOrderCounts(
  db: Queryable,
  warningIds: readonly number[],
): Promise<Map<number, number>> {
  const found = await db.query<{ id: number; open: number }>(
    `select warning_id as id, count(*)::int as open from supervision_orders
     where warning_id = any ($1::bigint[]) and state = 'open' group by warning_id`,
    [warningIds],
  );
  return new Map(found.rows.map(({ id, open }) => [id, open]));
}

export type NewOrder = { toOfficeId: number; text: string; dueAt: Date };

/**
 * Orders an office, this one or one below it, to see to something until a time.
 * @throws Refused `warning-gone`, `warning-state`, `warning-reason`; `order-due` for a time that is past or too far;
 *   `order-direction` for an office that does not lie below
 */
export async function orderSupervision(
  store: Store,
  actor: Actor,
  warningId: number,
  { toOfficeId, text, dueAt }: NewOrder,
  now: Date,
): Promise<number> {
  const ahead = dueAt.getTime() - now.getTime();
  if (!(ahead > 0 && ahead <= LONGEST_ORDER_DAYS * DAY)) throw new Refused('order-due', words.orderDue);
  const asked = reasoned(text, LONGEST_REASON, words.orderText);
  const work = transaction(store, async (client) => {
    const warning = await holdWarning(client, warningId, null, openStates);
    const made = await client.query<{ id: number }>(
      `insert into supervision_orders (office_id, warning_id, to_office_id, about, text, due_at, made_at, made_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
      [actor.officeId, warningId, toOfficeId, warning.title, asked, dueAt, now, actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    const details = { order: id, office: toOfficeId, dueAt: dueAt.toISOString() };
    await addStep(client, warning, { kind: 'order', text: asked, details }, now, actor.id);
    await requestNotice(client, {
      ...{ officeId: toOfficeId, kind: 'order', warningId, level: warning.level, title: warning.title },
      ...{ text: words.told.order(shanghaiTime(dueAt), asked), path: '/warnings/orders', actedBy: actor.id },
    });
    await tellOffices(client, [warning.officeId, toOfficeId, actor.officeId], warningId);
    await appendAudit(client, {
      ...{ ...actor, action: 'supervision-order', subject: `supervision-order:${id}` },
      after: { warning: warningId, to: toOfficeId, text: asked, dueAt: dueAt.toISOString() },
    });
    return id;
  });
  return work.catch((error: { code?: string }) => {
    if (error.code === 'JS005') throw new Refused('order-direction', words.orderDirection);
    throw error;
  });
}

/**
 * The office that was ordered says what it has done.
 * @throws Refused `order-gone` when it is not open any more; `warning-reason` without an answer
 */
export async function answerOrder(
  store: Store,
  actor: Actor,
  id: number,
  answer: string,
  now: Date,
): Promise<void> {
  await end(store, actor, id, 'done', reasoned(answer), now);
}

/** Takes an order back. @throws Refused as `answerOrder` */
export async function withdrawOrder(
  store: Store,
  actor: Actor,
  id: number,
  reason: string,
  now: Date,
): Promise<void> {
  await end(store, actor, id, 'withdrawn', reasoned(reason), now);
}

async function end(
  store: Store,
  actor: Actor,
  id: number,
  state: 'done' | 'withdrawn',
  answer: string,
  now: Date,
): Promise<void> {
  await transaction(store, async (client) => {
    // The step in the life of the warning is written by the table itself: the warning may be out of the receiver's reach.
    const ended = await client.query<{
      officeId: number;
      toOfficeId: number;
      warningId: number;
      about: string;
    }>(
      `update supervision_orders set state = $2, answer = $3, done_at = $4, done_by = $5
       where id = $1 and state = 'open' and case $2 when 'done' then to_office_id else office_id end = $6
       returning office_id as "officeId", to_office_id as "toOfficeId", warning_id as "warningId", about`,
      [id, state, answer, now, actor.id, actor.officeId],
    );
    const [order] = ended.rows;
    if (!order) throw new Refused('order-gone', words.orderGone);
    const { officeId, toOfficeId, warningId, about } = order;
    if (state === 'done' && officeId !== toOfficeId) {
      await requestNotice(client, {
        ...{ officeId, kind: 'order-done', warningId, level: 'blue', title: about },
        text: words.told.orderDone(answer),
        actedBy: actor.id,
      });
    }
    await tellOffices(client, [officeId, toOfficeId], warningId);
    await appendAudit(client, {
      ...{ ...actor, action: `supervision-${state}`, subject: `supervision-order:${id}` },
      after: { answer },
    });
  });
}

async function tellOffices(client: Queryable, offices: readonly number[], warningId: number): Promise<void> {
  for (const officeId of new Set(offices)) await tellLive(client, { kind: 'warning', officeId, warningId });
}

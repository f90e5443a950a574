import { shanghaiTime } from '../config/shanghai.ts';
import type { Level } from '../config/warning-levels.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { requestNotice } from './notice-requests.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { addStep, officeAbove } from './warning-act.ts';

const words = messages.warnings.told;

type Late = { id: number; officeId: number; level: Level; by: Date };

/** At most so many are told of at a time; the rest with the next tick. */
const AT_ONCE = 100;

/**
 * Tells of answers, press conferences and orders that are overdue, each once: the office itself, and the one above it; and the
 * office of what it has scheduled and a warning holds.
 * Safe to call from any number of clocks: who marks a row tells of it, in the same transaction.
 * @param store of every office
 * @returns how many were told of
 */
export async function tellOverdue(store: Store, now: Date): Promise<number> {
  return transaction(store, async (client) => {
    const answers = await lateAnswers(client, now);
    for (const late of answers) {
      await tellLate(client, late, 'respond', words.overdue(shanghaiTime(late.by)), now);
    }
    const press = await latePress(client, now);
    for (const late of press) await tellLate(client, late, 'press', words.press(shanghaiTime(late.by)), now);
    return answers.length + press.length + (await tellOrders(client, now)) + (await tellHeld(client, now));
  });
}

async function lateAnswers(client: Queryable, now: Date): Promise<Late[]> {
  const found = await client.query<Late>(
    `update warnings set overdue_told_at = $1 where id in (
       select id from warnings where respond_by is not null and respond_by <= $1 and overdue_told_at is null
         and state in ('confirmed', 'handling') order by respond_by limit ${AT_ONCE} for update skip locked)
     returning id, office_id as "officeId", level, respond_by as by`,
    [now],
  );
  return found.rows;
}

async function latePress(client: Queryable, now: Date): Promise<Late[]> {
  const found = await client.query<Late>(
    `update warnings set press_told_at = $1 where id in (
       select id from warnings where press_by is not null and press_by <= $1 and press_at is null and press_told_at is null
         and state not in ('suggested', 'lifted', 'dismissed') order by press_by limit ${AT_ONCE} for update skip locked)
     returning id, office_id as "officeId", level, press_by as by`,
    [now],
  );
  return found.rows;
}

async function tellLate(
  client: Queryable,
  { id, officeId, level }: Late,
  clock: 'respond' | 'press',
  text: string,
  now: Date,
): Promise<void> {
  await addStep(client, { id, officeId }, { kind: 'overdue', text, details: { clock } }, now, null);
  const above = await officeAbove(client, officeId);
  for (const told of above === null ? [officeId] : [officeId, above]) {
    await requestNotice(client, { officeId: told, kind: 'overdue', warningId: id, level, text });
  }
  await tellLive(client, { kind: 'warning', officeId, warningId: id });
}

type LateOrder = {
  id: number;
  officeId: number;
  toOfficeId: number;
  toOfficeName: string;
  warningId: number;
  about: string;
  text: string;
  dueAt: Date;
  level: Level;
  warningOffice: number;
};

/** The office above is whoever ordered, where that lies above; else the next one up. */
async function tellOrders(client: Queryable, now: Date): Promise<number> {
  const found = await client.query<LateOrder>(
    `update supervision_orders s set escalated_at = $1 from warnings w, offices o
     where w.id = s.warning_id and o.id = s.to_office_id and s.id in (
       select id from supervision_orders where state = 'open' and escalated_at is null and due_at <= $1
       order by due_at limit ${AT_ONCE} for update skip locked)
     returning s.id, s.office_id as "officeId", s.to_office_id as "toOfficeId", o.name as "toOfficeName",
       s.warning_id as "warningId", s.about, s.text, s.due_at as "dueAt", w.level, w.office_id as "warningOffice"`,
    [now],
  );
  for (const order of found.rows) {
    const { id, officeId, toOfficeId, toOfficeName, warningId, about, text, dueAt, level } = order;
    const says = words.orderOverdue(toOfficeName, shanghaiTime(dueAt), text);
    const above = officeId === toOfficeId ? await officeAbove(client, officeId) : officeId;
    const step = { kind: 'escalated', text: says, details: { order: id, office: above } } as const;
    await addStep(client, { id: warningId, officeId: order.warningOffice }, step, now, null);
    const request = { warningId, level, title: about, text: says };
    await requestNotice(client, {
      ...{ ...request, officeId: toOfficeId, kind: 'order-overdue', path: '/warnings/orders' },
    });
    if (above !== null) await requestNotice(client, { ...request, officeId: above, kind: 'escalated' });
    for (const told of new Set([order.warningOffice, toOfficeId, officeId])) {
      await tellLive(client, { kind: 'warning', officeId: told, warningId });
    }
  }
  return found.rows.length;
}

/** One notice for each warning, naming all that it holds. The database holds; what is to be said of it is said here. */
async function tellHeld(client: Queryable, now: Date): Promise<number> {
  const found = await client.query<{ officeId: number; warningId: number; level: Level; titles: string[] }>(
    `with told as (
       update deliveries set held_told_at = $1 where id in (
         select id from deliveries where held_for is not null and held_told_at is null and state = 'waiting'
         order by due_at limit ${AT_ONCE} for update skip locked)
       returning office_id, held_for, due_at, content->>'title' as title
     )
     select t.office_id as "officeId", w.id as "warningId",
       case when w.level in ('orange', 'red') then w.level else coalesce(w.higher_level, w.level) end as level,
       array_agg(t.title order by t.due_at) as titles
     from told t join warnings w on w.id = t.held_for group by t.office_id, w.id`,
    [now],
  );
  for (const { titles, ...about } of found.rows) {
    const text = words.held(titles);
    await requestNotice(client, { ...about, kind: 'held', text, path: '/warnings/held' });
  }
  return found.rows.length;
}

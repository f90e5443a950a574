import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../store/actor.ts';
import type { Store } from '../../store/pool.ts';
import { scoped } from '../../store/scope.ts';
import {
  answerOrder,
  listOrders,
  orderById,
  ordersAbout,
  orderSupervision,
  withdrawOrder,
} from '../../store/supervision.ts';
import { confirmWarning, liftWarning } from '../../store/warning-acts.ts';
import { tellOverdue } from '../../store/warning-clocks.ts';
import { stepsOf, warningById } from '../../store/warnings.ts';
import { startStaff, type Place, type Staff } from '../support/staff.ts';
import { suggest } from '../support/warnings.ts';

let staff: Staff;
const at = new Date('2026-11-20T01:00:00Z');
const after = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
type Hand = { db: Store; actor: Actor };
let city: Hand;
let county: Hand;
let province: Hand;

beforeAll(async () => {
  staff = await startStaff();
  city = await handOf('city', 'county');
  county = await handOf('county');
  province = await handOf('province', 'city', 'county');
});
afterAll(() => staff?.stop());

async function handOf(place: Place, ...below: Place[]): Promise<Hand> {
  const id = await staff.person(place, 'leader');
  const offices = [place, ...below].map((each) => staff.offices[each]);
  const actor: Actor = { id, officeId: staff.offices[place], role: 'leader', address: null };
  return { db: scoped(staff.app, { every: false, offices, shared: [] }), actor };
}

const make = () => suggest(staff.engines.store, staff.offices.city, 'orange', at);
const order = (warning: number, to: Place = 'county', by: Hand = city, due = after(8)) =>
  orderSupervision(
    by.db,
    by.actor,
    warning,
    { toOfficeId: staff.offices[to], text: '核实食堂供货情况', dueAt: due },
    at,
  );
const requests = async (warning: number, kind: string) => {
  const found = await staff.engines.store.query<{ office: number }>(
    `select to_office_id as office from notice_requests where warning_id = $1 and kind = $2 order by id`,
    [warning, kind],
  );
  return found.rows.map(({ office }) => office);
};

describe('an order', () => {
  test('reaches the office below, which sees the order and not the warning, and answers it', async () => {
    const warning = await make();
    const id = await order(warning);
    expect(await warningById(county.db, warning)).toBeNull();
    const [received] = await listOrders(county.db, null, 'received');
    expect(received).toMatchObject({
      id,
      about: '校园食堂',
      text: '核实食堂供货情况',
      state: 'open',
      level: null,
    });
    expect(await requests(warning, 'order')).toEqual([staff.offices.county]);
    await answerOrder(county.db, county.actor, id, '已停止供货并公开说明', after(2));
    expect(await orderById(city.db, id)).toMatchObject({ state: 'done', answer: '已停止供货并公开说明' });
    expect((await stepsOf(city.db, warning)).map(({ kind }) => kind)).toEqual([
      'order-done',
      'order',
      'suggested',
    ]);
    expect(await requests(warning, 'order-done')).toEqual([staff.offices.city]);
  });

  test('goes to this office or one below it, about a warning within reach, due within ninety days', async () => {
    const warning = await make();
    await expect(order(warning, 'province')).rejects.toMatchObject({ code: 'order-direction' });
    await expect(order(warning, 'other')).rejects.toMatchObject({ code: 'order-direction' });
    await expect(order(warning, 'county', county)).rejects.toMatchObject({ code: 'warning-gone' });
    await expect(order(warning, 'county', city, at)).rejects.toMatchObject({ code: 'order-due' });
    await expect(order(warning, 'county', city, after(91 * 24))).rejects.toMatchObject({ code: 'order-due' });
    expect(await ordersAbout(city.db, warning)).toEqual([]);
    await order(warning, 'city');
    await order(warning, 'city', province);
    expect(await ordersAbout(city.db, warning)).toHaveLength(2);
  });

  test('is answered by its receiver alone and taken back by its sender alone, each once', async () => {
    const warning = await make();
    const id = await order(warning);
    const gone = { code: 'order-gone' };
    await expect(answerOrder(city.db, city.actor, id, '办了', at)).rejects.toMatchObject(gone);
    await expect(withdrawOrder(county.db, county.actor, id, '不办', at)).rejects.toMatchObject(gone);
    await expect(answerOrder(county.db, county.actor, id, ' ', at)).rejects.toMatchObject({
      code: 'warning-reason',
    });
    await withdrawOrder(city.db, city.actor, id, '已由市院办理', at);
    await expect(answerOrder(county.db, county.actor, id, '办了', at)).rejects.toMatchObject(gone);
    expect((await stepsOf(city.db, warning))[0]).toMatchObject({ kind: 'order-withdrawn' });
  });

  test('is not to be rewritten in the database, by whomever', async () => {
    const id = await order(await make());
    const change = (by: Hand, set: string) =>
      by.db.query(`update supervision_orders set ${set} where id = $1`, [id]);
    await expect(change(city, `text = '别的事'`)).rejects.toMatchObject({ code: '42501' });
    await expect(change(county, `due_at = due_at + interval '1 day'`)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(change(county, `state = 'withdrawn'`)).rejects.toMatchObject({ code: '42501' });
    await expect(change(county, `state = 'done'`)).rejects.toMatchObject({ code: '23514' });
  });

  test('that is open keeps its warning from being lifted', async () => {
    const warning = await suggest(staff.engines.store, staff.offices.city, 'yellow', at);
    await confirmWarning(city.db, city.actor, warning, 1, { level: 'yellow', reason: '' }, at);
    const id = await order(warning);
    const lift = () => liftWarning(city.db, city.actor, warning, 2, '已平息', at);
    await expect(lift()).rejects.toThrow('还有 1 项督办没有办结或撤回');
    await answerOrder(county.db, county.actor, id, '已办结', at);
    await lift();
  });
});

describe('an overdue order', () => {
  test('is told once to whoever has it and to the office above', async () => {
    const { store } = staff.engines;
    await tellOverdue(store, after(1_000));
    const warning = await make();
    const below = await order(warning, 'county', city, after(8));
    const own = await order(warning, 'city', city, after(9));
    expect(await tellOverdue(store, after(7))).toBe(0);
    const told = await Promise.all([1, 2].map(() => tellOverdue(store, after(8))));
    expect(told.toSorted()).toEqual([0, 1]);
    expect(await requests(warning, 'order-overdue')).toEqual([staff.offices.county]);
    // The city ordered, and lies above the county.
    expect(await requests(warning, 'escalated')).toEqual([staff.offices.city]);
    expect(await tellOverdue(store, after(9))).toBe(1);
    // What the city has not done itself goes to the province.
    expect(await requests(warning, 'escalated')).toEqual([staff.offices.city, staff.offices.province]);
    expect(await orderById(city.db, below)).toMatchObject({ state: 'open', escalatedAt: after(8) });
    await answerOrder(county.db, county.actor, below, '已办结', after(10));
    await answerOrder(city.db, city.actor, own, '已办结', after(10));
    expect(await tellOverdue(store, after(11))).toBe(0);
  });
});

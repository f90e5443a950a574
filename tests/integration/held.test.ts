import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deliver } from '../../publisher/deliver.ts';
import { Leases } from '../../publisher/deliver-engine.ts';
import type { Actor } from '../../store/actor.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { claimDeliveries, nextMoment } from '../../store/delivery-claims.ts';
import { cancelDelivery, rescheduleDelivery, scheduleRelease } from '../../store/delivery-schedule.ts';
import { beginSending } from '../../store/delivery-moves.ts';
import { heldDeliveries, releaseHeld } from '../../store/held-deliveries.ts';
import type { Store } from '../../store/pool.ts';
import { releaseById } from '../../store/releases.ts';
import { scoped } from '../../store/scope.ts';
import { confirmWarning, dismissWarning, relevelWarning, reopenWarning } from '../../store/warning-acts.ts';
import { tellOverdue } from '../../store/warning-clocks.ts';
import { stepsOf } from '../../store/warnings.ts';
import { FakePlatform, testWorker, type TestWorker } from '../support/deliveries.ts';
import { approvedRelease } from '../support/releases.ts';
import { startStaff, type Place, type Staff } from '../support/staff.ts';
import { suggest } from '../support/warnings.ts';

const HOUR = 3_600_000;
const start = Date.now();
const now = new Date(start);
const after = (hours: number) => new Date(start + hours * HOUR);

let staff: Staff;
let officer: { db: Store; actor: Actor };
let clock = now;
let worker: TestWorker;

beforeAll(async () => {
  staff = await startStaff();
  worker = testWorker(staff.app, new FakePlatform(() => clock), {});
  officer = await handOf('city');
});
afterAll(() => staff?.stop());

async function handOf(place: Place) {
  const id = await staff.person(place, 'press-officer');
  const officeId = staff.offices[place];
  const actor: Actor = { id, officeId, role: 'press-officer', address: null };
  return { db: scoped(staff.app, { every: false, offices: [officeId], shared: [] }), actor };
}

/** A release on its way. @returns the delivery */
async function schedule(due: Date, by = officer): Promise<number> {
  const release = await approvedRelease(by.db, by.actor);
  const [id = 0] = await scheduleRelease(
    by.db,
    by.actor,
    release,
    [{ accountId: 'website', dueAt: due }],
    now,
  );
  return id;
}
const warn = (level: 'yellow' | 'orange' | 'red', place: Place = 'city') =>
  suggest(staff.engines.store, staff.offices[place], level, now);
const held = async (id: number) => (await deliveryById(officer.db, id))?.heldFor ?? null;
/** Has a worker do all that is due at a moment. @returns what became of the delivery */
async function send(id: number, at: Date): Promise<string | undefined> {
  clock = at;
  await worker.work();
  const row = await deliveryById(officer.db, id);
  return row?.heldFor === null ? row.state : 'held';
}
/** A worker has the delivery in its hands, and has not begun to send. */
async function takenUp(id: number, at: Date) {
  clock = at;
  const { engine } = worker;
  const leases = new Leases(60);
  await staff.engines.store.query('update deliveries set next_at = null where id <> $1', [id]);
  const [delivery] = await claimDeliveries(engine.store, engine.worker, new Map([['website', 1]]), at, 60);
  if (delivery?.id !== id) throw new Error('not taken up');
  leases.hold(id);
  return { claim: { id, worker: engine.worker }, goOn: () => deliver(engine, leases, delivery) };
}

describe('what is scheduled waits for a second look', () => {
  test('from the moment a warning of its office is suggested at orange or red, and not below', async () => {
    const [mine, theirs] = [await schedule(after(2)), await schedule(after(2), await handOf('county'))];
    await warn('yellow');
    expect(await held(mine)).toBeNull();
    const warning = await warn('orange');
    expect(await held(mine)).toBe(warning);
    const [other] = (
      await staff.engines.store.query('select held_for from deliveries where id = $1', [theirs])
    ).rows;
    expect(other).toEqual({ held_for: null });
    const life = await stepsOf(officer.db, warning);
    expect(life.find(({ kind }) => kind === 'held')).toMatchObject({ details: { deliveries: [mine] } });
  });

  test('when a person confirms higher than was suggested, or a rule suggests more for an open one', async () => {
    const [first, second] = [await schedule(after(2)), await warn('yellow')];
    await confirmWarning(officer.db, officer.actor, second, 1, { level: 'red', reason: '涉及面广' }, now);
    expect(await held(first)).toBe(second);
    const [later, third] = [await schedule(after(2)), await warn('yellow')];
    expect(await held(later)).toBeNull();
    await staff.engines.store.query(`update warnings set higher_level = 'orange' where id = $1`, [third]);
    expect(await held(later)).toBe(third);
  });

  test('but not what somebody schedules in knowledge of it, unless it becomes graver still', async () => {
    const warning = await warn('orange');
    const answer = await schedule(after(2));
    await confirmWarning(officer.db, officer.actor, warning, 1, { level: 'orange', reason: '' }, now);
    expect(await held(answer)).toBeNull();
    await relevelWarning(officer.db, officer.actor, warning, 2, { level: 'red', reason: '仍在上升' }, now);
    expect(await held(answer)).toBe(warning);
  });
});

describe('what is held', () => {
  test('is neither sent nor missed, however late it becomes, and nobody takes it up', async () => {
    const id = await schedule(after(1));
    await warn('red');
    expect(await send(id, after(1))).toBe('held');
    expect(await send(id, after(100))).toBe('held');
    expect(await deliveryById(officer.db, id)).toMatchObject({ state: 'waiting', reason: null });
    clock = after(100);
    expect(await worker.work()).toEqual([]);
    await staff.engines.store.query('update deliveries set next_at = null where id <> $1', [id]);
    expect(await nextMoment(officer.db)).toBeNull();
  });

  test('stays so when the warning is over, with that said, until somebody has looked', async () => {
    const id = await schedule(after(1));
    const warning = await warn('orange');
    await dismissWarning(officer.db, officer.actor, warning, 1, '误报', now);
    expect(await send(id, after(1))).toBe('held');
    const [row] = await heldDeliveries(officer.db, null, warning);
    expect(row).toMatchObject({ id, title: '检察开放日', stands: false });
    await reopenWarning(officer.db, officer.actor, warning, 2, '看错了', now);
    expect((await heldDeliveries(officer.db, null, warning))[0]).toMatchObject({ stands: true });
  });

  test('goes out at its time after the look, once', async () => {
    const id = await schedule(after(1));
    const warning = await warn('orange');
    await releaseHeld(officer.db, officer.actor, id, null, now);
    expect(await deliveryById(officer.db, id)).toMatchObject({ heldFor: null, dueAt: after(1) });
    expect((await stepsOf(officer.db, warning))[0]).toMatchObject({
      kind: 'released',
      details: { delivery: id },
    });
    await expect(releaseHeld(officer.db, officer.actor, id, null, now)).rejects.toMatchObject({
      code: 'held-gone',
    });
    expect(await send(id, after(1))).toBe('published');
    const pages = await staff.engines.store.query('select from site_articles where delivery_id = $1', [id]);
    expect(pages.rowCount).toBe(1);
  });

  test('goes out at once when its time has passed meanwhile, once somebody has looked', async () => {
    const id = await schedule(after(1));
    await warn('orange');
    await releaseHeld(officer.db, officer.actor, id, null, after(30));
    expect((await deliveryById(officer.db, id))?.dueAt).toEqual(after(30));
    expect(await send(id, after(30))).toBe('published');
  });

  test('is not simply moved: somebody has to look first', async () => {
    const id = await schedule(after(1));
    await warn('orange');
    const moved = rescheduleDelivery(officer.db, officer.actor, id, { dueAt: after(2), was: after(1) }, now);
    await expect(moved).rejects.toMatchObject({ code: 'delivery-held' });
  });

  test('is put off to another time, which lies ahead', async () => {
    const id = await schedule(after(1));
    await warn('orange');
    const to = (at: Date) => releaseHeld(officer.db, officer.actor, id, at, after(2));
    await expect(to(after(1))).rejects.toMatchObject({ code: 'held-time' });
    await to(after(5));
    expect(await send(id, after(2))).toBe('waiting');
    expect(await send(id, after(5))).toBe('published');
  });

  test('is approved as before when it is taken off the schedule', async () => {
    const id = await schedule(after(1));
    await warn('orange');
    const { releaseId = 0 } = (await deliveryById(officer.db, id)) ?? {};
    expect(await cancelDelivery(officer.db, officer.actor, { releaseId }, now)).toBe(true);
    expect(await releaseById(officer.db, releaseId)).toMatchObject({ state: 'approved' });
    expect((await heldDeliveries(officer.db, null)).map((row) => row.id)).not.toContain(id);
  });

  test('is neither seen nor released from another office', async () => {
    const id = await schedule(after(1));
    await warn('orange');
    const other = await handOf('other');
    expect(await heldDeliveries(other.db, null)).toEqual([]);
    await expect(releaseHeld(other.db, other.actor, id, null, now)).rejects.toMatchObject({
      code: 'held-gone',
    });
    expect(await held(id)).not.toBeNull();
  });
});

describe('the office', () => {
  test('is told of what is held, once for each warning, and again when it is held again', async () => {
    const { store } = staff.engines;
    await tellOverdue(store, now);
    await Promise.all([schedule(after(1)), schedule(after(2))]);
    const warning = await warn('orange');
    const told = await Promise.all([1, 2].map(() => tellOverdue(store, now)));
    expect(told.toSorted()).toEqual([0, 1]);
    const asked = await store.query<{ text: string }>(
      `select text from notice_requests where warning_id = $1 and kind = 'held'`,
      [warning],
    );
    expect(asked.rows.map(({ text }) => text)).toEqual([expect.stringContaining('2 篇')]);
    for (const { id } of await heldDeliveries(officer.db, null, warning)) {
      await releaseHeld(officer.db, officer.actor, id, null, now);
    }
    await warn('red');
    expect(await tellOverdue(store, now)).toBe(1);
  });
});

describe('at the last second', () => {
  test('a worker that comes while a warning is being written waits for it and does not send', async () => {
    const id = await schedule(after(1));
    const { goOn } = await takenUp(id, after(1));
    const client = await staff.engines.store.connect();
    await client.query('begin');
    const warning = await suggest(client, staff.offices.city, 'red', now);
    const sending = goOn();
    await waitingForLock();
    await client.query('commit');
    client.release();
    expect(await sending).not.toBe('published');
    expect(await deliveryById(officer.db, id)).toMatchObject({ state: 'waiting', heldFor: warning });
  });

  test('nor does one that comes too late mark it as missed', async () => {
    const id = await schedule(after(1));
    const { goOn } = await takenUp(id, after(50));
    const client = await staff.engines.store.connect();
    await client.query('begin');
    await suggest(client, staff.offices.city, 'red', now);
    const missing = goOn();
    await waitingForLock();
    await client.query('commit');
    client.release();
    await missing;
    expect(await deliveryById(officer.db, id)).toMatchObject({ state: 'waiting', reason: null });
  });

  test('what is being sent already goes out, and the warning does not hold it', async () => {
    const id = await schedule(after(1));
    const { claim } = await takenUp(id, after(1));
    const account = { id: 0, oneAtATime: false };
    expect(await beginSending(officer.db, claim, account, after(1))).toBe(true);
    await warn('red');
    expect(await held(id)).toBeNull();
    await worker.leasesEnd();
    expect(await send(id, after(1))).toBe('published');
  });

  test('of a warning and a worker, one has it: sent and not held, or held and not sent', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await schedule(after(1));
      const [result] = await Promise.all([send(id, after(1)), warn('orange')]);
      const row = await deliveryById(officer.db, id);
      expect(row?.state === 'published').toBe(result === 'published');
      expect(row?.heldFor === null).toBe(row?.state === 'published');
      if (row?.state === 'waiting') await releaseHeld(officer.db, officer.actor, id, null, now);
    }
  });
});

/** Until somebody waits for a row that another transaction has. */
async function waitingForLock(): Promise<void> {
  for (;;) {
    const found = await staff.engines.store.query(
      `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%deliveries%'`,
    );
    if (found.rowCount !== 0) return;
    await new Promise((go) => setTimeout(go, 10));
  }
}

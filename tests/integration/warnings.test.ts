import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkItems, type Level } from '../../config/levels.ts';
import { scoped } from '../../store/scope.ts';
import { checkWarning, lackingToLift, settlePress } from '../../store/warning-checks.ts';
import * as acts from '../../store/warning-acts.ts';
import { tellOverdue } from '../../store/warning-clocks.ts';
import { changeLevel, levelsOf, levelVersions } from '../../store/warning-levels.ts';
import { consultWarning, noteWarning } from '../../store/warning-notes.ts';
import { closedWarnings, countOpen, openWarnings, stepsOf, warningById } from '../../store/warnings.ts';
import type { Actor } from '../../store/actor.ts';
import type { Store } from '../../store/pool.ts';
import { startStaff, type Place, type Staff } from '../support/staff.ts';
import { suggest } from '../support/warnings.ts';

let staff: Staff;
const at = new Date('2026-11-20T01:00:00Z');
const after = (hours: number) => new Date(at.getTime() + hours * 3_600_000);
let leader: { db: Store; actor: Actor };

beforeAll(async () => {
  staff = await startStaff();
  leader = await handOf('city');
});
afterAll(() => staff?.stop());

/** Somebody who decides for one office and those below it. */
async function handOf(place: Place, ...more: Place[]) {
  const id = await staff.person(place, 'leader');
  const offices = [place, ...more].map((each) => staff.offices[each]);
  const actor: Actor = { id, officeId: staff.offices[place], role: 'leader', address: null };
  return { db: scoped(staff.app, { every: false, offices, shared: [] }), actor };
}

const make = (level: 'blue' | 'yellow' | 'orange' | 'red' = 'orange', title = '校园食堂') =>
  suggest(staff.engines.store, staff.offices.city, level, at, { title });
async function look(id: number) {
  const warning = await warningById(leader.db, id);
  if (!warning) throw new Error('out of reach');
  return warning;
}
const seenOf = async (id: number) => (await look(id)).version;
const kinds = async (id: number) => (await stepsOf(leader.db, id)).map(({ kind }) => kind).toReversed();

async function confirm(id: number, level: Level = 'orange', reason = '已核实') {
  await acts.confirmWarning(leader.db, leader.actor, id, await seenOf(id), { level, reason }, at);
}
async function answered(id: number) {
  await confirm(id, (await look(id)).level);
  await acts.answerWarning(
    leader.db,
    leader.actor,
    id,
    await seenOf(id),
    { releaseId: null, note: '已说明' },
    at,
  );
}

describe('the life of a warning', () => {
  test('goes from the suggestion to its end, each step timed, in its life line and in the audit log', async () => {
    const id = await make();
    const { db, actor } = leader;
    await confirm(id);
    expect(await look(id)).toMatchObject({ state: 'confirmed', respondBy: after(5), pressBy: after(24) });
    await acts.handleWarning(db, actor, id, await seenOf(id), '由第四检察部核实', after(1));
    await acts.answerWarning(
      db,
      actor,
      id,
      await seenOf(id),
      { releaseId: null, note: '已在发布会上说明' },
      after(2),
    );
    await acts.assessWarning(db, actor, id, await seenOf(id), '声量已回落', after(20));
    for (const item of checkItems) await checkWarning(db, actor, id, item, '已落实', after(21));
    await acts.liftWarning(db, actor, id, await seenOf(id), '已平息', after(22));
    expect(await look(id)).toMatchObject({
      state: 'lifted',
      ...{
        confirmedAt: at,
        handlingAt: after(1),
        answeredAt: after(2),
        assessedAt: after(20),
        liftedAt: after(22),
      },
    });
    expect(await kinds(id)).toEqual([
      ...['suggested', 'confirmed', 'handling', 'answered', 'assessed', 'check', 'check', 'check', 'lifted'],
    ]);
    const audit = await staff.engines.store.query<{ action: string }>(
      `select action from audit_entries where subject = $1 order by seq`,
      [`warning:${id}`],
    );
    expect(audit.rows.map(({ action }) => action)).toEqual([
      ...['warning-confirmed', 'warning-handling', 'warning-answered', 'warning-assessed'],
      ...['warning-check', 'warning-check', 'warning-check', 'warning-lifted'],
    ]);
  });

  test('takes nobody past a state: what is not confirmed is not lifted, what is handled is not dismissed', async () => {
    const id = await make();
    const refused = { code: 'warning-state' };
    const { db, actor } = leader;
    await expect(acts.liftWarning(db, actor, id, 1, '算了', at)).rejects.toMatchObject(refused);
    await expect(acts.assessWarning(db, actor, id, 1, '很好', at)).rejects.toMatchObject(refused);
    await confirm(id);
    await expect(acts.dismissWarning(db, actor, id, 2, '不是', at)).rejects.toMatchObject(refused);
    await expect(
      acts.confirmWarning(db, actor, id, 2, { level: 'red', reason: '再确认' }, at),
    ).rejects.toMatchObject(refused);
    expect(await kinds(id)).toEqual(['suggested', 'confirmed']);
  });

  test('of two people who decide at the same time the second one is told', async () => {
    const id = await make();
    const both = await Promise.allSettled([
      acts.dismissWarning(leader.db, leader.actor, id, 1, '误报', at),
      acts.confirmWarning(leader.db, leader.actor, id, 1, { level: 'orange', reason: '' }, at),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const [lost] = both.filter((each) => each.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'warning-changed' });
  });

  test('another level than the suggested one needs a reason, and green is no level of a warning', async () => {
    const id = await make('yellow');
    const said = (level: Level, reason: string) =>
      acts.confirmWarning(leader.db, leader.actor, id, 1, { level, reason }, at);
    await expect(said('red', ' ')).rejects.toMatchObject({ code: 'warning-reason' });
    await expect(said('green', '没有事')).rejects.toMatchObject({ code: 'warning-level' });
    await said('red', '涉及未成年人');
    const [step] = await stepsOf(leader.db, id);
    expect(step).toMatchObject({
      kind: 'confirmed',
      fromLevel: 'yellow',
      toLevel: 'red',
      text: '涉及未成年人',
    });
  });

  test('raised, its clock never ends later than before; lowered, it runs from the confirmation', async () => {
    const id = await make('blue');
    await confirm(id, 'blue');
    expect((await look(id)).respondBy).toEqual(after(48));
    const to = async (level: Level, hours: number) =>
      acts.relevelWarning(
        leader.db,
        leader.actor,
        id,
        await seenOf(id),
        { level, reason: '情况变化' },
        after(hours),
      );
    await to('orange', 10);
    expect(await look(id)).toMatchObject({ respondBy: after(15), pressBy: after(34) });
    await to('red', 14);
    expect((await look(id)).respondBy).toEqual(after(15));
    await to('yellow', 15);
    expect(await look(id)).toMatchObject({ respondBy: after(48), pressBy: null });
    await expect(to('yellow', 16)).rejects.toMatchObject({ code: 'warning-level' });
  });

  test('one that was answered is to be answered anew when it is raised', async () => {
    const id = await make('yellow');
    await answered(id);
    const said = { level: 'red', reason: '再次升温' } as const;
    await acts.relevelWarning(leader.db, leader.actor, id, await seenOf(id), said, after(30));
    expect(await look(id)).toMatchObject({ state: 'handling', answeredAt: null, respondBy: after(35) });
  });

  test('a person keeps the level against what a rule suggests meanwhile', async () => {
    const id = await make('yellow');
    await confirm(id, 'yellow');
    await staff.engines.store.query(
      `update warnings set higher_level = 'orange', higher_at = $2 where id = $1`,
      [id, at],
    );
    const said = { level: 'yellow', reason: '已有说明，不升级' } as const;
    await acts.relevelWarning(leader.db, leader.actor, id, await seenOf(id), said, at);
    expect(await look(id)).toMatchObject({ level: 'yellow', higherLevel: null });
  });

  test('blue and yellow end with a reason alone, orange and red not before all is there, and it is said what is missing', async () => {
    const low = await make('yellow');
    await confirm(low, 'yellow');
    await acts.liftWarning(leader.db, leader.actor, low, await seenOf(low), '已自行平息', at);
    const id = await make('red');
    await confirm(id, 'red');
    const lift = async () => acts.liftWarning(leader.db, leader.actor, id, await seenOf(id), '已平息', at);
    await expect(lift()).rejects.toThrow(/回应并评估.*依法办理.*舆论引导.*社会面管控/u);
    await checkWarning(leader.db, leader.actor, id, 'law', '已依法立案', at);
    await checkWarning(leader.db, leader.actor, id, 'opinion', '已发布说明', at);
    await checkWarning(leader.db, leader.actor, id, 'opinion', null, at);
    expect(await lackingToLift(leader.db, id, 'red', 'assessed')).toHaveLength(2);
    expect((await look(id)).state).toBe('confirmed');
  });

  test('an end that came too early is taken back within a week, and not while another of its subject is open', async () => {
    const id = await make();
    await acts.dismissWarning(leader.db, leader.actor, id, 1, '误报', at);
    const reopen = (when: Date) => acts.reopenWarning(leader.db, leader.actor, id, 2, '看错了', when);
    await expect(reopen(after(24 * 8))).rejects.toMatchObject({ code: 'warning-reopen' });
    const { subjectKey } = await look(id);
    const next = await suggest(staff.engines.store, staff.offices.city, 'blue', at, { subjectKey });
    await expect(reopen(after(1))).rejects.toMatchObject({ code: 'warning-reopen' });
    await acts.dismissWarning(leader.db, leader.actor, next, 1, '重复', at);
    await reopen(after(1));
    expect(await look(id)).toMatchObject({ state: 'suggested', dismissedAt: null, respondBy: null });
  });

  test("notes and consultations stand in it without making anybody else's form stale", async () => {
    const id = await make();
    await noteWarning(leader.db, leader.actor, id, '电话了解过', at);
    const consulted = { parties: '第四检察部、新闻办', text: '先核实再发布' };
    await consultWarning(leader.db, leader.actor, id, consulted, at);
    await expect(noteWarning(leader.db, leader.actor, id, '  ', at)).rejects.toMatchObject({
      code: 'warning-reason',
    });
    expect((await look(id)).version).toBe(1);
    expect((await stepsOf(leader.db, id))[0]).toMatchObject({ details: { parties: '第四检察部、新闻办' } });
  });
});

describe('an overdue answer', () => {
  test('is told once, to the office and to the one above it, however many clocks look', async () => {
    const { store } = staff.engines;
    await tellOverdue(store, after(10_000));
    const id = await make();
    await confirm(id);
    expect(await tellOverdue(store, after(4.9))).toBe(0);
    const told = await Promise.all([1, 2, 3].map(() => tellOverdue(store, after(5.1))));
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await tellOverdue(store, after(6))).toBe(0);
    expect((await kinds(id)).filter((kind) => kind === 'overdue')).toHaveLength(1);
    const asked = await store.query<{ office_id: number }>(
      `select to_office_id as office_id from notice_requests where warning_id = $1 and kind = 'overdue' order by to_office_id`,
      [id],
    );
    expect(asked.rows.map((row) => row.office_id)).toEqual([staff.offices.province, staff.offices.city]);
    expect(await tellOverdue(store, after(24.1))).toBe(1);
    expect((await stepsOf(leader.db, id))[0]).toMatchObject({ kind: 'overdue', details: { clock: 'press' } });
  });

  test('is none where the answer came in time, or the press conference was found needless', async () => {
    const id = await make();
    await answered(id);
    const settled = { held: false, note: '影响范围有限' };
    await settlePress(leader.db, leader.actor, id, await seenOf(id), settled, after(3));
    expect(await tellOverdue(staff.engines.store, after(100))).toBe(0);
  });
});

describe('who sees what', () => {
  test('another office sees neither a warning nor its life, and changes nothing; the office above decides', async () => {
    const id = await make();
    const county = await handOf('county');
    expect(await warningById(county.db, id)).toBeNull();
    expect(await stepsOf(county.db, id)).toEqual([]);
    await expect(acts.dismissWarning(county.db, county.actor, id, 1, '不是', at)).rejects.toMatchObject({
      code: 'warning-gone',
    });
    const above = await handOf('province', 'city');
    await acts.confirmWarning(above.db, above.actor, id, 1, { level: 'orange', reason: '' }, at);
    expect((await look(id)).state).toBe('confirmed');
  });

  test('the board has the gravest first, the archive finds by words of title, reason and people', async () => {
    const open = await openWarnings(leader.db, null);
    const ranks = open.map(({ level }) => ['red', 'orange', 'yellow', 'blue'].indexOf(level));
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(await countOpen(leader.db, null)).toMatchObject({ open: open.length });
    const id = await make('blue', '公园里的路灯');
    await acts.dismissWarning(leader.db, leader.actor, id, 1, '属于检修通知', at);
    const found = async (text: string) =>
      (await closedWarnings(leader.db, null, { text, page: 1 })).warnings.map((warning) => warning.id);
    expect(await found('路灯')).toEqual([id]);
    expect(await found('检修')).toEqual([id]);
    expect(await found('没有这样的话')).toEqual([]);
  });
});

describe('what a level means', () => {
  test('is as it ships until an office says otherwise, for itself alone and from then on', async () => {
    const shipped = await levelsOf(leader.db, staff.offices.city);
    expect(shipped.map(({ level, respondHours }) => [level, respondHours])).toEqual([
      ['green', null],
      ['blue', 48],
      ['yellow', 48],
      ['orange', 5],
      ['red', 5],
    ]);
    const {
      level: _,
      version: __,
      changedAt: ___,
      changedBy: ____,
      ...orange
    } = shipped[3] as (typeof shipped)[0];
    const change = (seen: number, hours: number) =>
      changeLevel(leader.db, leader.actor, staff.offices.city, 'orange', seen, {
        ...orange,
        respondHours: hours,
      });
    await change(0, 3);
    await expect(change(0, 4)).rejects.toMatchObject({ code: 'level-changed' });
    await change(1, 2);
    expect(
      (await levelVersions(leader.db, staff.offices.city, 'orange')).map((each) => each.respondHours),
    ).toEqual([2, 3]);
    const id = await make();
    await confirm(id);
    expect((await look(id)).respondBy).toEqual(after(2));
    const county = await handOf('county');
    expect((await levelsOf(county.db, staff.offices.county))[3]).toMatchObject({
      respondHours: 5,
      version: 0,
    });
  });
});

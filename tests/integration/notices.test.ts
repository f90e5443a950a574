import { describe, expect, test } from 'vitest';
import { defaultSettings, dutyOf } from '../../config/notices.ts';
import type { Actor } from '../../store/actor.ts';
import { onDuty, setDutyDay, setDutyWeek } from '../../store/duty-roster.ts';
import { savePreferences } from '../../store/notice-preferences.ts';
import { requestNotice, type NoticeRequest } from '../../store/notice-requests.ts';
import { changeRobot, endRobot, robotsOf } from '../../store/notice-robots.ts';
import { saveSettings } from '../../store/notice-settings.ts';
import { acknowledge, acknowledgeWarning, markRead, unreadNotices, noticesOf } from '../../store/notices.ts';
import { transaction } from '../../store/pool.ts';
import { confirmWarning } from '../../store/warning-acts.ts';
import { sweep } from '../../store/retention.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { SECRETS } from '../simulators/robots.ts';
import { useNotices } from '../support/notices.ts';

const at = useNotices();
const { ask, clock, db, deliveries, mailSettings, mine, robot, round, warning } = at;

describe('a notice', () => {
  test('stands in the list of everybody who wants to know of its level, and nobody else’s', async () => {
    const administrator = await at.staff.person('city', 'audit-administrator');
    const stranger = await at.staff.person('other', 'analyst');
    await savePreferences(db(), at.people.second, [at.city], {
      ...{ appLevels: ['red'], mailLevels: [], quietFrom: null, quietUntil: null },
    });
    await ask(await warning());
    await round();
    expect((await mine(at.people.analyst))[0]).toMatchObject({
      title: '青石县食堂',
      level: 'orange',
      kind: 'suggested',
    });
    for (const other of [at.people.second, administrator, stranger]) {
      expect(await noticesOf(scoped(at.staff.app, EVERY_OFFICE), other, false)).toEqual([]);
    }
    expect(await unreadNotices(db(), at.people.analyst)).toBe(1);
    // Another office sees nothing of it, whoever asks.
    expect(
      await noticesOf(scoped(at.staff.app, oneOffice(at.staff.offices.other)), at.people.analyst, false),
    ).toEqual([]);
  });

  test('for some people or roles is told to them alone, whatever they want to know of, and to no robot', async () => {
    await robot('wecom');
    await savePreferences(db(), at.people.second, [at.city], {
      ...{ appLevels: [], mailLevels: [], quietFrom: null, quietUntil: null },
    });
    const about = { officeId: at.city, kind: 'review-asked', warningId: null, level: 'orange' } as const;
    const ask = (path: string, to: Partial<NoticeRequest>) =>
      requestNotice(db(), { ...about, title: path, subject: path, path, ...to });
    const told = async (person: string) => (await mine(person)).map(({ title }) => title);
    await ask('/named', { toPeople: [at.people.second, 'nobody'], actedBy: at.people.leader });
    await ask('/role', { toRoles: ['leader'] });
    // Those who were meant are gone: whoever looks after the office sees it, so that it is not lost.
    await ask('/gone', { toPeople: ['nobody'] });
    await round();
    expect(await told(at.people.second)).toEqual(['/named']);
    expect(await told(at.people.leader)).toEqual(expect.arrayContaining(['/role', '/gone']));
    expect(await told(at.people.analyst)).toEqual([]);
    expect(await deliveries()).toEqual([]);
  });

  test('comes when what it tells of is committed, and not otherwise', async () => {
    const id = await warning();
    const failing = transaction(at.staff.engines.store, async (client) => {
      await requestNotice(client, { officeId: at.city, kind: 'confirmed', warningId: id, level: 'red' });
      throw new Error('did not happen');
    });
    await expect(failing).rejects.toThrow('did not happen');
    await round();
    expect(await mine(at.people.analyst)).toEqual([]);
  });

  test('can be asked for by an office below for one above', async () => {
    const id = await warning();
    const below = scoped(at.staff.app, oneOffice(at.staff.offices.county));
    await requestNotice(below, {
      ...{ officeId: at.city, kind: 'order-done', warningId: id, level: 'red', title: '督办已答复' },
    });
    await round();
    expect((await mine(at.people.leader))[0]).toMatchObject({ title: '督办已答复', kind: 'order-done' });
  });

  test('goes to the robots of its level', async () => {
    const [wecom] = [await robot('wecom'), await robot('feishu', ['red'])];
    await ask(await warning());
    await round();
    expect(await deliveries()).toMatchObject([{ robotId: wecom, state: 'sent' }]);
    expect(at.groups.taken).toHaveLength(1);
  });

  test('waits in no queue for a robot that was switched off or taken away', async () => {
    const [off, away] = [await robot('wecom'), await robot('dingtalk')];
    at.groups.faults.push('error', 'error');
    await ask(await warning());
    await round();
    await changeRobot(db(), at.actor, off, { levels: ['red'], enabled: false });
    await endRobot(db(), at.actor, away);
    at.now += 3_600_000;
    await round();
    expect((await deliveries()).map(({ state }) => state)).toEqual(['dropped', 'dropped']);
    expect(at.groups.taken).toEqual([]);
    expect((await robotsOf(db(), [at.city])).map(({ id }) => id)).toEqual([off]);
  });
});

test('an address and a secret of a robot are nowhere to be read', async () => {
  await robot('dingtalk');
  const { store } = at.staff.engines;
  const rows = await store.query<{ all: string }>('select r::text as all from notice_robots r');
  const audit = await store.query<{ all: string }>(
    'select string_agg(e::text, chr(10)) as all from audit_entries e',
  );
  for (const text of [
    rows.rows[0]?.all ?? '',
    audit.rows[0]?.all ?? '',
    JSON.stringify(await robotsOf(db(), [at.city])),
  ]) {
    expect(text).toContain('127.0.0.1');
    expect(text).not.toContain('simulated-token');
    expect(text).not.toContain(SECRETS.dingtalk);
  }
});

describe('news about the same', () => {
  test('within a while are one notice with their number, and one further message', async () => {
    await robot('wecom');
    const id = await warning();
    await ask(id, 'confirmed');
    await round();
    for (let minute = 1; minute <= 5; minute += 1) {
      at.now += 60_000;
      await ask(id, 'confirmed', 'orange', `第 ${minute} 次`);
      await round();
    }
    expect(await mine(at.people.analyst)).toMatchObject([{ times: 6, text: '第 5 次' }]);
    expect(at.groups.taken).toHaveLength(1);
    at.now += 40 * 60_000;
    await round();
    expect(at.groups.taken).toHaveLength(2);
    expect(at.groups.taken[1]?.text).toContain('共 6 次');
    expect((await deliveries()).map(({ purpose }) => purpose)).toEqual(['first', 'more']);
  });

  test('of another level, kind or subject, or much later, are another notice', async () => {
    const id = await warning();
    await ask(id);
    await ask(id, 'suggested', 'red');
    await ask(id, 'confirmed');
    await ask(await warning());
    await round();
    at.now += 31 * 60_000;
    await ask(id);
    await round();
    expect(await mine(at.people.analyst)).toHaveLength(5);
  });

  test('that come before the first message has left go with it', async () => {
    await robot('wecom');
    at.groups.faults.push('error');
    const id = await warning();
    await ask(id);
    await round();
    at.now += 5_000;
    await ask(id);
    await ask(id);
    await round();
    at.now += 30_000;
    await round();
    expect(at.groups.taken).toHaveLength(1);
    expect(at.groups.taken[0]?.text).toContain('共 3 次');
  });
});

describe('whoever acts', () => {
  const mailed = () => at.mail.taken.map(({ to }) => to[0]?.split('@')[0]).toSorted();

  test('is not told of their own act, in the list or by mail; everybody else is', async () => {
    const id = await warning();
    await confirmWarning(db(), at.actor, id, 1, { level: 'orange', reason: '' }, clock());
    await round({ mail: mailSettings() });
    expect(await mine(at.people.leader)).toEqual([]);
    expect(await mine(at.people.analyst)).toMatchObject([{ kind: 'confirmed', why: 'chosen' }]);
    expect(await mine(at.people.second)).toMatchObject([{ kind: 'confirmed' }]);
    expect(mailed()).toEqual([at.people.analyst, at.people.second].toSorted());
  });

  test('is not told while on duty either, and the robots are', async () => {
    await robot('wecom');
    await setDutyWeek(db(), at.actor, { weekday: 7, shift: 'night', personIds: [at.people.analyst] });
    await ask(await warning(), 'level', 'red', '由橙色调整为红色', at.people.analyst);
    await round({ mail: mailSettings() });
    expect(await mine(at.people.analyst)).toEqual([]);
    expect(mailed()).not.toContain(at.people.analyst);
    expect(at.groups.taken).toHaveLength(1);
  });

  test('is told of what another one does about the same, and reads their own news only once', async () => {
    const id = await warning();
    await ask(id, 'level', 'orange', '一', at.people.leader);
    await round();
    at.now += 60_000;
    await ask(id, 'level', 'orange', '二', at.people.analyst);
    await round();
    expect(await mine(at.people.leader)).toMatchObject([{ times: 2, text: '二', readAt: null }]);
    await markRead(db(), at.people.leader, null, clock());
    at.now += 60_000;
    await ask(id, 'level', 'orange', '三', at.people.leader);
    await round();
    expect(await unreadNotices(db(), at.people.leader)).toBe(0);
    expect(await unreadNotices(db(), at.people.analyst)).toBe(1);
  });
});

describe('what nobody has seen to', () => {
  const minutes = (n: number) => n * 60_000;
  async function roster() {
    // Sunday's night.
    await setDutyWeek(db(), at.actor, {
      weekday: 7,
      shift: 'night',
      personIds: [at.people.analyst, at.people.second],
    });
    for (const personId of [at.people.second, at.people.leader]) {
      await savePreferences(db(), personId, [at.city], {
        ...{ appLevels: [], mailLevels: [], quietFrom: null, quietUntil: null },
      });
    }
  }

  test('goes to the next on the roster, then to the leaders, then to nobody', async () => {
    await roster();
    await robot('wecom');
    await ask(await warning());
    await round({ mail: mailSettings() });
    expect(await mine(at.people.analyst)).toMatchObject([{ why: 'duty' }]);
    expect(await mine(at.people.second)).toEqual([]);
    at.now += minutes(20);
    await round({ mail: mailSettings() });
    expect(await mine(at.people.second)).toMatchObject([{ why: 'next', step: 1 }]);
    expect(await mine(at.people.leader)).toEqual([]);
    at.now += minutes(20);
    await round({ mail: mailSettings() });
    expect(await mine(at.people.leader)).toMatchObject([{ why: 'leader', step: 2, escalateAt: null }]);
    at.now += minutes(600);
    await round({ mail: mailSettings() });
    expect(at.mail.taken.map(({ to }) => to[0])).toEqual(
      [at.people.analyst, at.people.second, at.people.leader].map((id) => `${id}@example.com`),
    );
    expect(at.groups.taken.map(({ text }) => text.includes('尚无人签收'))).toEqual([false, true, true]);
  });

  test('goes to nobody else once somebody says that they see to it', async () => {
    await roster();
    await ask(await warning());
    await round();
    const [notice] = await mine(at.people.analyst);
    const as = (id: string): Actor => ({ ...at.actor, id });
    // Whoever was not told of it has nothing to say to it.
    expect(await acknowledge(db(), as(at.people.second), notice?.id ?? 0, clock())).toBe(false);
    expect(await acknowledge(db(), as(at.people.analyst), notice?.id ?? 0, clock())).toBe(true);
    expect(await acknowledge(db(), as(at.people.analyst), notice?.id ?? 0, clock())).toBe(false);
    at.now += minutes(60);
    await round();
    expect(await mine(at.people.second)).toEqual([]);
    expect(await mine(at.people.analyst)).toMatchObject([{ acknowledgedBy: at.people.analyst }]);
  });

  test('goes to nobody else once the warning was acted on or decided', async () => {
    await roster();
    const [acted, decided] = [await warning(), await warning()];
    await ask(acted);
    await ask(decided);
    await round();
    await transaction(db(), (client) =>
      acknowledgeWarning(client, { id: at.people.analyst }, acted, clock()),
    );
    await at.staff.engines.store.query(`update warnings set state = 'confirmed' where id = $1`, [decided]);
    at.now += minutes(60);
    await round();
    expect(await mine(at.people.second)).toEqual([]);
  });

  test('is told once when several processes look at the same time', async () => {
    await roster();
    await robot('wecom');
    await ask(await warning());
    await Promise.all([round(), round(), round()]);
    at.now += minutes(20);
    await Promise.all([round(), round(), round()]);
    expect(await mine(at.people.second)).toMatchObject([{ step: 1 }]);
    expect(at.groups.taken).toHaveLength(2);
  });

  test('stays with those who were told where the office wants it so', async () => {
    await roster();
    const never = { ...defaultSettings.escalateMinutes, orange: null };
    await saveSettings(db(), at.actor, { ...defaultSettings, escalateMinutes: never });
    await ask(await warning());
    await round();
    at.now += minutes(1_000);
    await round();
    expect(await mine(at.people.second)).toEqual([]);
  });
});

describe('the roster', () => {
  test('of one day wins over the week, and nobody for that day is nobody', async () => {
    await setDutyWeek(db(), at.actor, { weekday: 7, shift: 'night', personIds: [at.people.analyst] });
    const duty = dutyOf('2026-11-22', 'night');
    expect(await onDuty(db(), at.city, duty)).toEqual([at.people.analyst]);
    await setDutyDay(db(), at.actor, {
      day: '2026-11-22',
      shift: 'night',
      personIds: [at.people.second],
      note: '换班',
    });
    expect(await onDuty(db(), at.city, duty)).toEqual([at.people.second]);
    await setDutyDay(db(), at.actor, { day: '2026-11-22', shift: 'night', personIds: [], note: '' });
    expect(await onDuty(db(), at.city, duty)).toEqual([]);
    await setDutyDay(db(), at.actor, { day: '2026-11-22', shift: 'night', personIds: null, note: '' });
    expect(await onDuty(db(), at.city, duty)).toEqual([at.people.analyst]);
    expect(await onDuty(db(), at.city, dutyOf('2026-11-29', 'day'))).toEqual([]);
  });

  test('hands over in the morning: past midnight the night of Sunday still has it', async () => {
    await setDutyWeek(db(), at.actor, { weekday: 7, shift: 'night', personIds: [at.people.analyst] });
    await setDutyWeek(db(), at.actor, { weekday: 1, shift: 'day', personIds: [at.people.second] });
    for (const personId of Object.values(at.people)) {
      await savePreferences(db(), personId, [at.city], {
        ...{ appLevels: [], mailLevels: [], quietFrom: null, quietUntil: null },
      });
    }
    at.now = Date.parse('2026-11-23T02:00:00+08:00');
    await ask(await warning());
    await round();
    at.now = Date.parse('2026-11-23T08:30:00+08:00');
    await ask(await warning());
    await round();
    expect(await mine(at.people.analyst)).toMatchObject([{ why: 'duty' }]);
    // Of the first one, too, as the next who has the duty.
    expect((await mine(at.people.second)).map(({ why }) => why).toSorted()).toEqual(['duty', 'next']);
  });
});

test('mail waits for the end of quiet hours, but for orange, red and whoever is on duty', async () => {
  await setDutyWeek(db(), at.actor, { weekday: 7, shift: 'night', personIds: [at.people.second] });
  for (const personId of [at.people.analyst, at.people.second]) {
    await savePreferences(db(), personId, [at.city], {
      ...{ appLevels: [], mailLevels: ['yellow', 'orange'], quietFrom: 19 * 60, quietUntil: 7 * 60 },
    });
  }
  const told = () => at.mail.taken.map(({ to }) => to[0]?.split('@')[0]).toSorted();
  await ask(await warning(), 'confirmed', 'yellow');
  await round({ mail: mailSettings() });
  expect(told()).toEqual([at.people.second]);
  await ask(await warning(), 'confirmed', 'orange');
  await round({ mail: mailSettings() });
  expect(told()).toEqual(
    [at.people.analyst, at.people.leader, at.people.second, at.people.second].toSorted(),
  );
  at.mail.taken = [];
  at.now = Date.parse('2026-11-23T07:00:00+08:00');
  await round({ mail: mailSettings() });
  expect(told()).toEqual([at.people.analyst]);
});

test('a notice goes after a year, with who read it and what became of its messages', async () => {
  const DAY = 86_400_000;
  await robot('wecom');
  at.groups.clock = () => at.now;
  for (const days of [366, 364]) {
    at.now = Date.now() - days * DAY;
    await ask(await warning(), 'confirmed');
    await round();
  }
  expect(await mine(at.people.analyst)).toHaveLength(2);
  const whole = scoped(at.staff.app, EVERY_OFFICE);
  await sweep(whole, at.city, '2026-11-22', { contactDays: 30, objectionDays: 1095 });
  expect(await mine(at.people.analyst)).toHaveLength(1);
  expect(await deliveries()).toHaveLength(1);
});

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { defaultSettings, dutyOf, type NoticeLevel, type RobotKind } from '../../config/notices.ts';
import { openGuard } from '../../publisher/notices/post-once.ts';
import { noticeRound } from '../../publisher/notices/run.ts';
import type { Sender } from '../../publisher/notices/send.ts';
import type { Actor } from '../../store/actor.ts';
import { onDuty, setDutyDay, setDutyWeek } from '../../store/duty-roster.ts';
import { giveUpInterrupted } from '../../store/notice-deliveries.ts';
import { savePreferences } from '../../store/notice-preferences.ts';
import { requestNotice, type NoticeKind } from '../../store/notice-requests.ts';
import { addRobot, changeRobot, endRobot, robotsOf } from '../../store/notice-robots.ts';
import { saveSettings } from '../../store/notice-settings.ts';
import { acknowledge, acknowledgeWarning, noticesOf, unreadNotices } from '../../store/notices.ts';
import { transaction } from '../../store/pool.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { MAIL_USER, startMailServer, type MailServer } from '../simulators/smtp.ts';
import { PATHS, SECRETS, startRobots, type GroupRobots, type RobotFault } from '../simulators/robots.ts';
import { silent, TEST_KEY, until } from '../support/engines.ts';
import { startStaff, type Staff } from '../support/staff.ts';

let staff: Staff;
let groups: GroupRobots;
let mail: MailServer;
let city: number;
let people: Record<'analyst' | 'second' | 'leader', string>;
let actor: Actor;
/** 20:00 on a Sunday in Asia/Shanghai. */
const START = Date.parse('2026-11-22T12:00:00Z');
let now = START;
const clock = () => new Date(now);

beforeAll(async () => {
  staff = await startStaff();
  groups = await startRobots();
  mail = await startMailServer();
  groups.clock = () => now;
  city = staff.offices.city;
  people = {
    analyst: await staff.person('city', 'analyst'),
    second: await staff.person('city', 'responder'),
    leader: await staff.person('city', 'leader'),
  };
  actor = { id: people.leader, officeId: city, role: 'leader', address: null };
});

afterAll(async () => {
  await groups.close();
  await mail.close();
  await staff.stop();
});

beforeEach(() => {
  now = START;
});

afterEach(async () => {
  groups.forget();
  [mail.taken, mail.faults] = [[], []];
  await staff.engines.store.query(
    `truncate notice_requests, notices, notice_readers, notice_deliveries, notice_attempts, notice_robots, notice_preferences,
       notice_settings, duty_weeks, duty_days cascade`,
  );
});

function sender(more: Partial<Sender> = {}): Sender {
  return {
    store: scoped(staff.app, EVERY_OFFICE),
    cipher: openCipher([TEST_KEY]),
    guard: openGuard(['127.0.0.1']),
    mail: null,
    address: 'https://desk.example',
    timeoutMs: 1_500,
    ...more,
  };
}

const mailSettings = () => ({
  ...({ host: '127.0.0.1', port: mail.port, security: 'none', from: MAIL_USER.user } as const),
  ...{ user: MAIL_USER.user, password: MAIL_USER.password },
});

const round = (more: Partial<Sender> = {}) => noticeRound(sender(more), clock, silent);

let subjects = 0;
async function warning(title = '青石县食堂'): Promise<number> {
  subjects += 1;
  const made = await staff.engines.store.query<{ id: number }>(
    `insert into warnings (office_id, subject_kind, subject_key, title, suggested_level, level, evidence)
     values ($1, 'watch', $2, $3, 'orange', 'orange', '{}') returning id`,
    [city, String(subjects), title],
  );
  return (made.rows[0] as { id: number }).id;
}

async function ask(
  warningId: number,
  kind: NoticeKind = 'suggested',
  level: NoticeLevel = 'orange',
  text = '近 1 小时 58 条。',
) {
  await requestNotice(staff.engines.store, { officeId: city, kind, warningId, level, text });
}

async function robot(
  kind: RobotKind,
  levels: readonly NoticeLevel[] = ['yellow', 'orange', 'red'],
): Promise<number> {
  const secret = kind === 'wecom' ? null : SECRETS[kind];
  const address = groups.origin + PATHS[kind];
  const db = scoped(staff.app, oneOffice(city));
  return addRobot(db, openCipher([TEST_KEY]), actor, { kind, name: `群 ${kind}`, address, secret, levels });
}

type Ended = {
  robotId: number;
  state: string;
  path: string;
  attempts: number;
  purpose: string;
  reason: string | null;
};
async function deliveries(): Promise<Ended[]> {
  const found = await staff.engines.store.query<Ended>(
    `select d.robot_id as "robotId", d.state, n.path, d.attempts, d.purpose, d.reason from notice_deliveries d
     join notices n on n.id = d.notice_id order by d.id`,
  );
  return found.rows;
}

const db = () => scoped(staff.app, oneOffice(city));
const mine = (personId: string) => noticesOf(db(), personId, false);

describe('a notice', () => {
  test('stands in the list of everybody who wants to know of its level, and nobody else’s', async () => {
    const administrator = await staff.person('city', 'audit-administrator');
    const stranger = await staff.person('other', 'analyst');
    await savePreferences(db(), people.second, [city], {
      ...{ appLevels: ['red'], mailLevels: [], quietFrom: null, quietUntil: null },
    });
    await ask(await warning());
    await round();
    expect((await mine(people.analyst))[0]).toMatchObject({
      title: '青石县食堂',
      level: 'orange',
      kind: 'suggested',
    });
    for (const other of [people.second, administrator, stranger]) {
      expect(await noticesOf(scoped(staff.app, EVERY_OFFICE), other, false)).toEqual([]);
    }
    expect(await unreadNotices(db(), people.analyst)).toBe(1);
    // Another office sees nothing of it, whoever asks.
    expect(await noticesOf(scoped(staff.app, oneOffice(staff.offices.other)), people.analyst, false)).toEqual(
      [],
    );
  });

  test('comes when what it tells of is committed, and not otherwise', async () => {
    const id = await warning();
    const failing = transaction(staff.engines.store, async (client) => {
      await requestNotice(client, { officeId: city, kind: 'confirmed', warningId: id, level: 'red' });
      throw new Error('did not happen');
    });
    await expect(failing).rejects.toThrow('did not happen');
    await round();
    expect(await mine(people.analyst)).toEqual([]);
  });

  test('can be asked for by an office below for one above', async () => {
    const id = await warning();
    const below = scoped(staff.app, oneOffice(staff.offices.county));
    await requestNotice(below, {
      ...{ officeId: city, kind: 'order-done', warningId: id, level: 'red', title: '督办已答复' },
    });
    expect((await below.query('select 1 from notice_requests')).rowCount).toBe(0);
    await round();
    expect((await mine(people.leader))[0]).toMatchObject({ title: '督办已答复', kind: 'order-done' });
  });

  test('goes to the robots of its level', async () => {
    const [wecom] = [await robot('wecom'), await robot('feishu', ['red'])];
    await ask(await warning());
    await round();
    expect(await deliveries()).toMatchObject([{ robotId: wecom, state: 'sent' }]);
    expect(groups.taken).toHaveLength(1);
  });

  test('waits in no queue for a robot that was switched off or taken away', async () => {
    const [off, away] = [await robot('wecom'), await robot('dingtalk')];
    groups.faults.push('error', 'error');
    await ask(await warning());
    await round();
    await changeRobot(db(), actor, off, { levels: ['red'], enabled: false });
    await endRobot(db(), actor, away);
    now += 3_600_000;
    await round();
    expect((await deliveries()).map(({ state }) => state)).toEqual(['dropped', 'dropped']);
    expect(groups.taken).toEqual([]);
    expect((await robotsOf(db(), [city])).map(({ id }) => id)).toEqual([off]);
  });
});

test('an address and a secret of a robot are nowhere to be read', async () => {
  await robot('dingtalk');
  const { store } = staff.engines;
  const rows = await store.query<{ all: string }>('select r::text as all from notice_robots r');
  const audit = await store.query<{ all: string }>(
    'select string_agg(e::text, chr(10)) as all from audit_entries e',
  );
  for (const text of [
    rows.rows[0]?.all ?? '',
    audit.rows[0]?.all ?? '',
    JSON.stringify(await robotsOf(db(), [city])),
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
      now += 60_000;
      await ask(id, 'confirmed', 'orange', `第 ${minute} 次`);
      await round();
    }
    expect(await mine(people.analyst)).toMatchObject([{ times: 6, text: '第 5 次' }]);
    expect(groups.taken).toHaveLength(1);
    now += 40 * 60_000;
    await round();
    expect(groups.taken).toHaveLength(2);
    expect(groups.taken[1]?.text).toContain('共 6 次');
    expect((await deliveries()).map(({ purpose }) => purpose)).toEqual(['first', 'more']);
  });

  test('of another level, kind or subject, or much later, are another notice', async () => {
    const id = await warning();
    await ask(id);
    await ask(id, 'suggested', 'red');
    await ask(id, 'confirmed');
    await ask(await warning());
    await round();
    now += 31 * 60_000;
    await ask(id);
    await round();
    expect(await mine(people.analyst)).toHaveLength(5);
  });

  test('that come before the first message has left go with it', async () => {
    await robot('wecom');
    groups.faults.push('error');
    const id = await warning();
    await ask(id);
    await round();
    now += 5_000;
    await ask(id);
    await ask(id);
    await round();
    now += 30_000;
    await round();
    expect(groups.taken).toHaveLength(1);
    expect(groups.taken[0]?.text).toContain('共 3 次');
  });
});

describe('what nobody has seen to', () => {
  const minutes = (n: number) => n * 60_000;
  async function roster() {
    // Sunday's night.
    await setDutyWeek(db(), actor, {
      weekday: 7,
      shift: 'night',
      personIds: [people.analyst, people.second],
    });
    for (const personId of [people.second, people.leader]) {
      await savePreferences(db(), personId, [city], {
        ...{ appLevels: [], mailLevels: [], quietFrom: null, quietUntil: null },
      });
    }
  }

  test('goes to the next on the roster, then to the leaders, then to nobody', async () => {
    await roster();
    await robot('wecom');
    await ask(await warning());
    await round({ mail: mailSettings() });
    expect(await mine(people.analyst)).toMatchObject([{ why: 'duty' }]);
    expect(await mine(people.second)).toEqual([]);
    now += minutes(20);
    await round({ mail: mailSettings() });
    expect(await mine(people.second)).toMatchObject([{ why: 'next', step: 1 }]);
    expect(await mine(people.leader)).toEqual([]);
    now += minutes(20);
    await round({ mail: mailSettings() });
    expect(await mine(people.leader)).toMatchObject([{ why: 'leader', step: 2, escalateAt: null }]);
    now += minutes(600);
    await round({ mail: mailSettings() });
    expect(mail.taken.map(({ to }) => to[0])).toEqual(
      [people.analyst, people.second, people.leader].map((id) => `${id}@example.com`),
    );
    expect(groups.taken.map(({ text }) => text.includes('尚无人签收'))).toEqual([false, true, true]);
  });

  test('goes to nobody else once somebody says that they see to it', async () => {
    await roster();
    await ask(await warning());
    await round();
    const [notice] = await mine(people.analyst);
    const as = (id: string): Actor => ({ ...actor, id });
    // Whoever was not told of it has nothing to say to it.
    expect(await acknowledge(db(), as(people.second), notice?.id ?? 0, clock())).toBe(false);
    expect(await acknowledge(db(), as(people.analyst), notice?.id ?? 0, clock())).toBe(true);
    expect(await acknowledge(db(), as(people.analyst), notice?.id ?? 0, clock())).toBe(false);
    now += minutes(60);
    await round();
    expect(await mine(people.second)).toEqual([]);
    expect(await mine(people.analyst)).toMatchObject([{ acknowledgedBy: people.analyst }]);
  });

  test('goes to nobody else once the warning was acted on or decided', async () => {
    await roster();
    const [acted, decided] = [await warning(), await warning()];
    await ask(acted);
    await ask(decided);
    await round();
    await transaction(db(), (client) => acknowledgeWarning(client, { id: people.analyst }, acted, clock()));
    await staff.engines.store.query(`update warnings set state = 'confirmed' where id = $1`, [decided]);
    now += minutes(60);
    await round();
    expect(await mine(people.second)).toEqual([]);
  });

  test('is told once when several processes look at the same time', async () => {
    await roster();
    await robot('wecom');
    await ask(await warning());
    await Promise.all([round(), round(), round()]);
    now += minutes(20);
    await Promise.all([round(), round(), round()]);
    expect(await mine(people.second)).toMatchObject([{ step: 1 }]);
    expect(groups.taken).toHaveLength(2);
  });

  test('stays with those who were told where the office wants it so', async () => {
    await roster();
    const never = { ...defaultSettings.escalateMinutes, orange: null };
    await saveSettings(db(), actor, { ...defaultSettings, escalateMinutes: never });
    await ask(await warning());
    await round();
    now += minutes(1_000);
    await round();
    expect(await mine(people.second)).toEqual([]);
  });
});

describe('the roster', () => {
  test('of one day wins over the week, and nobody for that day is nobody', async () => {
    await setDutyWeek(db(), actor, { weekday: 7, shift: 'night', personIds: [people.analyst] });
    const duty = dutyOf('2026-11-22', 'night');
    expect(await onDuty(db(), city, duty)).toEqual([people.analyst]);
    await setDutyDay(db(), actor, {
      day: '2026-11-22',
      shift: 'night',
      personIds: [people.second],
      note: '换班',
    });
    expect(await onDuty(db(), city, duty)).toEqual([people.second]);
    await setDutyDay(db(), actor, { day: '2026-11-22', shift: 'night', personIds: [], note: '' });
    expect(await onDuty(db(), city, duty)).toEqual([]);
    await setDutyDay(db(), actor, { day: '2026-11-22', shift: 'night', personIds: null, note: '' });
    expect(await onDuty(db(), city, duty)).toEqual([people.analyst]);
    expect(await onDuty(db(), city, dutyOf('2026-11-29', 'day'))).toEqual([]);
  });

  test('hands over in the morning: past midnight the night of Sunday still has it', async () => {
    await setDutyWeek(db(), actor, { weekday: 7, shift: 'night', personIds: [people.analyst] });
    await setDutyWeek(db(), actor, { weekday: 1, shift: 'day', personIds: [people.second] });
    for (const personId of Object.values(people)) {
      await savePreferences(db(), personId, [city], {
        ...{ appLevels: [], mailLevels: [], quietFrom: null, quietUntil: null },
      });
    }
    now = Date.parse('2026-11-23T02:00:00+08:00');
    await ask(await warning());
    await round();
    now = Date.parse('2026-11-23T08:30:00+08:00');
    await ask(await warning());
    await round();
    expect(await mine(people.analyst)).toMatchObject([{ why: 'duty' }]);
    // Of the first one, too, as the next who has the duty.
    expect((await mine(people.second)).map(({ why }) => why).toSorted()).toEqual(['duty', 'next']);
  });
});

test('mail waits for the end of quiet hours, but for orange, red and whoever is on duty', async () => {
  await setDutyWeek(db(), actor, { weekday: 7, shift: 'night', personIds: [people.second] });
  for (const personId of [people.analyst, people.second]) {
    await savePreferences(db(), personId, [city], {
      ...{ appLevels: [], mailLevels: ['yellow', 'orange'], quietFrom: 19 * 60, quietUntil: 7 * 60 },
    });
  }
  const told = () => mail.taken.map(({ to }) => to[0]?.split('@')[0]).toSorted();
  await ask(await warning(), 'confirmed', 'yellow');
  await round({ mail: mailSettings() });
  expect(told()).toEqual([people.second]);
  await ask(await warning(), 'confirmed', 'orange');
  await round({ mail: mailSettings() });
  expect(told()).toEqual([people.analyst, people.leader, people.second, people.second].toSorted());
  mail.taken = [];
  now = Date.parse('2026-11-23T07:00:00+08:00');
  await round({ mail: mailSettings() });
  expect(told()).toEqual([people.analyst]);
});

/** Numbers that look like drawn ones, the same each time. */
function drawing(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const KINDS: readonly RobotKind[] = ['wecom', 'dingtalk', 'feishu', 'webhook'];

/** How often each notice arrived at each robot. */
function arrivals(robotKinds: ReadonlyMap<number, RobotKind>, { path, robotId }: Ended): number {
  const link = `https://desk.example${path}`;
  // A longer number begins with the shorter one.
  const whole = new RegExp(`${link.replaceAll('.', '\\.')}(?![0-9])`);
  return groups.taken.filter(({ robot: kind, body }) => kind === robotKinds.get(robotId) && whole.test(body))
    .length;
}

test.each([1, 2, 3])(
  'with faults at random each notice arrives once, or is unknown once (draw %d)',
  async (seed) => {
    const draw = drawing(seed);
    const odds = Object.entries({
      ...{ error: 0.15, unavailable: 0.08, limited: 0.08, 'reset-before': 0.06 },
      ...{ 'reset-after': 0.06, 'garbage-after': 0.04, 'silent-after': 0.02, slow: 0.05 },
    } satisfies Record<RobotFault, number>) as [RobotFault, number][];
    groups.draw = () => {
      let at = draw();
      return odds.find(([, share]) => (at -= share) < 0)?.[0] ?? null;
    };
    const robotKinds = new Map<number, RobotKind>();
    for (const kind of KINDS) robotKinds.set(await robot(kind), kind);
    for (let made = 0; made < 25; made += 1) await ask(await warning(), 'confirmed');
    const ended = () =>
      deliveries().then((all) => all.every(({ state }) => !['waiting', 'sending'].includes(state)));
    // Two processes at a time.
    for (let rounds = 0; rounds < 400 && (rounds === 0 || !(await ended())); rounds += 1) {
      await Promise.all([round(), round()]);
      now += 20_000;
    }
    const all = await deliveries();
    expect(all).toHaveLength(25 * KINDS.length);
    for (const each of all) {
      const times = arrivals(robotKinds, each);
      expect(['sent', 'unknown'], `${each.path} ${each.reason}`).toContain(each.state);
      if (each.state === 'sent') expect(times, each.path).toBe(1);
      else expect(times, each.path).toBeLessThanOrEqual(1);
    }
    expect(all.filter(({ state }) => state === 'unknown').length).toBeGreaterThan(3);
    expect(all.filter(({ state }) => state === 'sent').length).toBeGreaterThan(50);
  },
);

test('a robot gets no more in a minute than its platform takes, the gravest first', async () => {
  await robot('dingtalk');
  for (let made = 0; made < 40; made += 1) await ask(await warning(), 'confirmed', 'yellow');
  await ask(await warning('最重要的一件'), 'confirmed', 'red');
  for (let rounds = 0; rounds < 6; rounds += 1) {
    await round();
    now += 10_000;
  }
  // The simulator would have shut us out: no call was refused.
  expect(groups.calls).toBe(groups.taken.length);
  expect(groups.taken).toHaveLength(18);
  expect(groups.taken[0]?.text).toContain('最重要的一件');
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await round();
    now += 10_000;
  }
  expect(groups.taken).toHaveLength(41);
  expect(groups.calls).toBe(41);
});

test('what a robot never takes is given up in the end, as not sent', async () => {
  await robot('feishu');
  groups.draw = () => 'error';
  await ask(await warning(), 'confirmed');
  for (let rounds = 0; rounds < 60; rounds += 1) {
    await round();
    now += 900_000;
  }
  const [given] = await deliveries();
  expect(given).toMatchObject({ state: 'failed', reason: 'server-error' });
  expect(given?.attempts).toBeLessThan(40);
});

test('what is wrong with a robot itself is not tried again', async () => {
  const id = await robot('wecom');
  const other = await robot('feishu');
  await staff.engines.store.query('update notice_robots set address_sealed = $2 where id = $1', [
    id,
    'nobody.can.open.this',
  ]);
  const wrong = {
    kind: 'dingtalk',
    name: '错',
    address: groups.origin + PATHS.dingtalk,
    levels: ['orange'],
  } as const;
  await addRobot(db(), openCipher([TEST_KEY]), actor, { ...wrong, secret: 'SECwrong' });
  await ask(await warning(), 'confirmed');
  await round();
  now += 3_600_000;
  await round();
  const all = await deliveries();
  expect(all.map(({ state, reason, attempts }) => [state, reason, attempts])).toEqual([
    ['refused', 'secret-unreadable', 1],
    ['sent', null, 1],
    ['refused', 'bad-signature', 1],
  ]);
  expect(all[1]?.robotId).toBe(other);
});

describe('a process that is killed', () => {
  const started: ReturnType<typeof spawn>[] = [];
  afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

  async function runUntil(isEnough: () => boolean): Promise<void> {
    const script = join(import.meta.dirname, '..', 'support', 'notices-forever.ts');
    const child = spawn(process.execPath, [script, staff.engines.runtime().databaseUrl, TEST_KEY], {
      stdio: 'ignore',
    });
    started.push(child);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await until('messages on their way', () => Promise.resolve(isEnough()));
    child.kill('SIGKILL');
    await ended;
  }

  test('while a robot keeps it waiting leaves one message unknown, and nobody sends it again', async () => {
    groups.clock = Date.now;
    await robot('wecom');
    groups.faults.push('silent-after');
    await ask(await warning(), 'confirmed');
    await runUntil(() => groups.taken.length === 1);
    now = Date.now() + 3_600_000;
    groups.clock = () => now;
    await round();
    expect(await deliveries()).toMatchObject([{ state: 'unknown', reason: 'interrupted' }]);
    now += 86_400_000;
    await round();
    expect(groups.taken).toHaveLength(1);
  });

  test('again and again at any moment doubles nothing and loses nothing', async () => {
    groups.clock = Date.now;
    const robotKinds = new Map<number, RobotKind>();
    for (const kind of KINDS) robotKinds.set(await robot(kind), kind);
    groups.draw = () => 'slow';
    for (let made = 0; made < 12; made += 1) await ask(await warning(), 'confirmed');
    for (const enough of [1, 9, 20]) {
      await runUntil(() => groups.calls >= enough);
      // As after the time for which a process may hold what it has taken.
      await giveUpInterrupted(scoped(staff.app, EVERY_OFFICE), new Date(), new Date(Date.now() + 1));
    }
    groups.draw = null;
    now = Date.now() + 3_600_000;
    groups.clock = () => now;
    for (let rounds = 0; rounds < 10; rounds += 1) {
      await round();
      now += 61_000;
    }
    const all = await deliveries();
    expect(all).toHaveLength(12 * KINDS.length);
    for (const each of all) {
      expect(['sent', 'unknown']).toContain(each.state);
      expect(arrivals(robotKinds, each), each.path).toBeLessThanOrEqual(1);
      if (each.state === 'sent') expect(arrivals(robotKinds, each), each.path).toBe(1);
    }
  });

  test('only seemingly, and that comes back, tells how it ended', async () => {
    await robot('wecom');
    await ask(await warning(), 'confirmed');
    // Between its claim and its answer another process gives it up.
    groups.draw = () => 'slow';
    const sending = round();
    await until('on its way', () => Promise.resolve(groups.calls > 0));
    await giveUpInterrupted(scoped(staff.app, EVERY_OFFICE), clock(), new Date(now + 1));
    await sending;
    expect(await deliveries()).toMatchObject([{ state: 'sent', reason: null }]);
    await round();
    expect(groups.taken).toHaveLength(1);
  });
});

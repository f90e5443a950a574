import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { RobotKind } from '../../config/notices.ts';
import { giveUpInterrupted } from '../../store/notice-deliveries.ts';
import { savePreferences } from '../../store/notice-preferences.ts';
import { addRobot } from '../../store/notice-robots.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { PATHS, type RobotFault } from '../simulators/robots.ts';
import { TEST_KEY, until } from '../support/engines.ts';
import { useNotices, type Ended } from '../support/notices.ts';

const at = useNotices();
const { ask, clock, db, deliveries, mailSettings, mine, robot, round, warning } = at;

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
  return at.groups.taken.filter(
    ({ robot: kind, body }) => kind === robotKinds.get(robotId) && whole.test(body),
  ).length;
}

test.each([1, 2, 3])(
  'with faults at random each notice arrives once, or is unknown once (draw %d)',
  async (seed) => {
    const draw = drawing(seed);
    const odds = Object.entries({
      ...{ error: 0.15, unavailable: 0.08, limited: 0.08, 'reset-before': 0.06 },
      ...{ 'reset-after': 0.06, 'garbage-after': 0.04, 'silent-after': 0.02, slow: 0.05 },
    } satisfies Record<RobotFault, number>) as [RobotFault, number][];
    at.groups.draw = () => {
      let left = draw();
      return odds.find(([, share]) => (left -= share) < 0)?.[0] ?? null;
    };
    const robotKinds = new Map<number, RobotKind>();
    for (const kind of KINDS) robotKinds.set(await robot(kind), kind);
    for (let made = 0; made < 25; made += 1) await ask(await warning(), 'confirmed');
    const ended = () =>
      deliveries().then((all) => all.every(({ state }) => !['waiting', 'sending'].includes(state)));
    // Two processes at a time.
    for (let rounds = 0; rounds < 400 && (rounds === 0 || !(await ended())); rounds += 1) {
      await Promise.all([round(), round()]);
      at.now += 20_000;
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
    at.now += 10_000;
  }
  // The simulator would have shut us out: no call was refused.
  expect(at.groups.calls).toBe(at.groups.taken.length);
  expect(at.groups.taken).toHaveLength(18);
  expect(at.groups.taken[0]?.text).toContain('最重要的一件');
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await round();
    at.now += 10_000;
  }
  expect(at.groups.taken).toHaveLength(41);
  expect(at.groups.calls).toBe(41);
});

test('what a robot never takes is given up in the end, as not sent', async () => {
  await robot('feishu');
  at.groups.draw = () => 'error';
  await ask(await warning(), 'confirmed');
  for (let rounds = 0; rounds < 60; rounds += 1) {
    await round();
    at.now += 900_000;
  }
  const [given] = await deliveries();
  expect(given).toMatchObject({ state: 'failed', reason: 'server-error' });
  expect(given?.attempts).toBeLessThan(40);
});

test('what is wrong with a robot itself is not tried again', async () => {
  const id = await robot('wecom');
  const other = await robot('feishu');
  await at.staff.engines.store.query('update notice_robots set address_sealed = $2 where id = $1', [
    id,
    'nobody.can.open.this',
  ]);
  const wrong = {
    kind: 'dingtalk',
    name: '错',
    address: at.groups.origin + PATHS.dingtalk,
    levels: ['orange'],
  } as const;
  await addRobot(db(), openCipher([TEST_KEY]), at.actor, { ...wrong, secret: 'SECwrong' });
  await ask(await warning(), 'confirmed');
  await round();
  at.now += 3_600_000;
  await round();
  const all = await deliveries();
  expect(all.map(({ state, reason, attempts }) => [state, reason, attempts])).toEqual([
    ['refused', 'secret-unreadable', 1],
    ['sent', null, 1],
    ['refused', 'bad-signature', 1],
  ]);
  expect(all[1]?.robotId).toBe(other);
});

describe('what does not arrive', () => {
  const troubles = async (personId: string) =>
    (await mine(personId)).filter(({ kind }) => kind === 'undelivered');
  const told = (name: string, more: object) => ({
    ...{ kind: 'undelivered', title: `群机器人或其他系统“${name}”`, path: '/notices/log?only=trouble' },
    ...more,
  });

  test('is told to those who can mend it, whatever they want to be told, once for each robot and never to a group', async () => {
    await savePreferences(db(), at.people.leader, [at.city], {
      ...{ appLevels: [], mailLevels: [], quietFrom: null, quietUntil: null },
    });
    const wrong = { kind: 'dingtalk', name: '错', levels: ['orange'], secret: 'SECwrong' } as const;
    await addRobot(db(), openCipher([TEST_KEY]), at.actor, {
      ...wrong,
      address: at.groups.origin + PATHS.dingtalk,
    });
    await robot('wecom');
    await ask(await warning('第一件'), 'confirmed');
    await round();
    await ask(await warning('第二件'), 'confirmed');
    await round();
    await round();
    expect(await troubles(at.people.leader)).toMatchObject([
      told('错', { times: 2, level: 'orange', readAt: null }),
    ]);
    expect((await troubles(at.people.leader))[0]?.text).toContain('第二件');
    expect(await troubles(at.people.analyst)).toEqual([]);
    expect(at.groups.taken.map(({ text }) => /件/u.exec(text)?.[0])).toEqual(['件', '件']);
  });

  test('is told by mail too when it is a robot', async () => {
    await robot('wecom');
    at.groups.faults.push('garbage-after');
    await ask(await warning(), 'confirmed', 'red');
    await round({ mail: mailSettings() });
    at.mail.taken = [];
    await round({ mail: mailSettings() });
    expect(at.mail.taken.map(({ to }) => to)).toEqual([[`${at.people.leader}@example.com`]]);
    expect((await troubles(at.people.leader))[0]?.text).toContain('不能确定是否送达');
  });

  test('is told while it is still tried, within minutes', async () => {
    await robot('feishu');
    at.groups.draw = () => 'error';
    await ask(await warning(), 'confirmed');
    const began = at.now;
    while ((await troubles(at.people.leader)).length === 0) {
      await round();
      at.now += 10_000;
      expect(at.now - began).toBeLessThan(180_000);
    }
    expect((await troubles(at.people.leader))[0]?.text).toContain('仍在重试');
    expect(await deliveries()).toMatchObject([{ state: 'waiting', attempts: 4 }]);
  });

  test('by mail is told in the list alone, and not again and again', async () => {
    const mail = { ...mailSettings(), password: 'not-the-password' };
    await ask(await warning(), 'confirmed', 'orange');
    for (let rounds = 0; rounds < 12; rounds += 1) {
      await round({ mail });
      at.now += 1_800_000;
    }
    expect(await troubles(at.people.leader)).toMatchObject([{ title: '邮件', times: 3 }]);
    expect((await deliveries()).map(({ reason }) => reason)).toEqual(Array(3).fill('mail-sign-in'));
  });

  test('because a platform wants a pause each time is told within minutes, too', async () => {
    await robot('wecom');
    at.groups.draw = () => 'limited';
    await ask(await warning(), 'confirmed');
    const began = at.now;
    while ((await troubles(at.people.leader)).length === 0) {
      await round();
      at.now += 20_000;
      expect(at.now - began).toBeLessThan(600_000);
    }
    expect(await troubles(at.people.leader)).toMatchObject([told('群 wecom', { times: 1 })]);
  });

  test('in a mailbox that refuses is told without the name of whose it is', async () => {
    at.mail.faults = Array(9).fill('no-mailbox');
    await ask(await warning(), 'confirmed', 'red');
    await round({ mail: mailSettings() });
    await round({ mail: mailSettings() });
    expect(await troubles(at.people.leader)).toMatchObject([{ title: '工作人员的邮箱', times: 3 }]);
    const kept = await at.staff.engines.store.query<{ subject: string }>(
      `select subject from notices where kind = 'undelivered'`,
    );
    expect(kept.rows).toEqual([{ subject: 'mailbox' }]);
  });

  test('because a process was killed is told as well', async () => {
    await robot('wecom');
    await ask(await warning(), 'confirmed');
    at.groups.draw = () => 'slow';
    const sending = round();
    await until('on its way', () => Promise.resolve(at.groups.calls > 0));
    const lost = await giveUpInterrupted(scoped(at.staff.app, EVERY_OFFICE), clock(), new Date(at.now + 1));
    expect(lost).toHaveLength(1);
    await sending;
    await round();
    expect(await troubles(at.people.leader)).toHaveLength(1);
  });
});

describe('a process that is killed', () => {
  const started: ReturnType<typeof spawn>[] = [];
  afterEach(() => started.splice(0).forEach((child) => child.kill('SIGKILL')));

  async function runUntil(isEnough: () => boolean): Promise<void> {
    const script = join(import.meta.dirname, '..', 'support', 'notices-forever.ts');
    const child = spawn(process.execPath, [script, at.staff.engines.runtime().databaseUrl, TEST_KEY], {
      stdio: 'ignore',
    });
    started.push(child);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    await until('messages on their way', () => Promise.resolve(isEnough()));
    child.kill('SIGKILL');
    await ended;
  }

  test('while a robot keeps it waiting leaves one message unknown, and nobody sends it again', async () => {
    at.groups.clock = Date.now;
    await robot('wecom');
    at.groups.faults.push('silent-after');
    await ask(await warning(), 'confirmed');
    await runUntil(() => at.groups.taken.length === 1);
    at.now = Date.now() + 3_600_000;
    at.groups.clock = () => at.now;
    await round();
    expect(await deliveries()).toMatchObject([{ state: 'unknown', reason: 'interrupted' }]);
    at.now += 86_400_000;
    await round();
    expect(at.groups.taken).toHaveLength(1);
  });

  test('again and again at any moment doubles nothing and loses nothing', async () => {
    at.groups.clock = Date.now;
    const robotKinds = new Map<number, RobotKind>();
    for (const kind of KINDS) robotKinds.set(await robot(kind), kind);
    at.groups.draw = () => 'slow';
    for (let made = 0; made < 12; made += 1) await ask(await warning(), 'confirmed');
    for (const enough of [1, 9, 20]) {
      await runUntil(() => at.groups.calls >= enough);
      // As after the time for which a process may hold what it has taken.
      await giveUpInterrupted(scoped(at.staff.app, EVERY_OFFICE), new Date(), new Date(Date.now() + 1));
    }
    at.groups.draw = null;
    at.now = Date.now() + 3_600_000;
    at.groups.clock = () => at.now;
    for (let rounds = 0; rounds < 10; rounds += 1) {
      await round();
      at.now += 61_000;
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
    at.groups.draw = () => 'slow';
    const sending = round();
    await until('on its way', () => Promise.resolve(at.groups.calls > 0));
    await giveUpInterrupted(scoped(at.staff.app, EVERY_OFFICE), clock(), new Date(at.now + 1));
    await sending;
    expect(await deliveries()).toMatchObject([{ state: 'sent', reason: null }]);
    await round();
    expect(at.groups.taken).toHaveLength(1);
  });
});

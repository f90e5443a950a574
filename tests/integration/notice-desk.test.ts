import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { openGuard } from '../../publisher/notices/post-once.ts';
import { noticeRound } from '../../publisher/notices/run.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { noticeMessages as words } from '../../web/lib/messages/notices.ts';
import { PATHS, SECRETS, startRobots, type GroupRobots } from '../simulators/robots.ts';
import { silent, startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
let app: Pool;
let groups: GroupRobots;
let office: number;
let leader: Session;
let analyst: Session;
let stranger: Session;

beforeAll(async () => {
  engines = await startTestEngines();
  groups = await startRobots();
  // The robots of the test are on this machine.
  const runtime = () => engines.runtime({ notices: { allowPrivateHosts: ['127.0.0.1'] } });
  web = await startTestWeb({ ...engines, runtime });
  const { store } = engines;
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 3 });
  office = await makeOffice(store, 'one', 'municipal');
  const other = await makeOffice(store, 'other', 'municipal');
  leader = await signIn(store, web.address, await makePerson(store, 'leader', office, 'leader'));
  analyst = await signIn(store, web.address, await makePerson(store, 'analyst', office, 'analyst'));
  stranger = await signIn(store, web.address, await makePerson(store, 'stranger', other, 'leader'));
});
afterAll(async () => {
  await app?.end();
  await web?.stop();
  await groups?.close();
  await engines?.stop();
});

const get = (path: string, { cookie }: Session) => ask(web.address, 'GET', path, cookie);
const post = (path: string, { cookie }: Session, fields: Record<string, string>) =>
  ask(web.address, 'POST', path, cookie, fields);

async function tell(title: string): Promise<void> {
  await engines.store.query(
    `insert into notice_requests (office_id, to_office_id, kind, level, subject, title, path)
     values ($1, $1, 'suggested', 'orange', $2, $2, '/warnings')`,
    [office, title],
  );
  const sender = {
    store: scoped(app, EVERY_OFFICE),
    cipher: openCipher([TEST_KEY]),
    guard: openGuard(['127.0.0.1']),
    ...{ mail: null, address: web.address, timeoutMs: 20_000 },
  };
  await noticeRound(sender, () => new Date(), silent);
}

/** The number on the bell. */
async function unread(session: Session): Promise<number> {
  const { text } = await get('/notices', session);
  return Number(/通知，(\d+) 条未读/u.exec(text)?.[1] ?? 0);
}

describe('one’s own list', () => {
  test('shows what there is to know, until it is read, and who sees to it', async () => {
    await tell('青石县食堂');
    expect([await unread(leader), await unread(analyst), await unread(stranger)]).toEqual([1, 1, 0]);
    expect((await get('/notices', stranger)).text).not.toContain('青石县食堂');
    const made = await engines.store.query<{ id: number }>('select max(id) as id from notices');
    const id = String(made.rows[0]?.id);
    expect((await post('/notices?/acknowledge', stranger, { id })).status).toBe(409);
    expect((await post('/notices?/acknowledge', analyst, { id })).text).toContain(words.acknowledgeDone);
    expect((await post('/notices?/acknowledge', leader, { id })).status).toBe(409);
    expect((await get('/notices', leader)).text).toContain(words.acknowledgedBy('analyst'));
    expect([await unread(leader), await unread(analyst)]).toEqual([0, 0]);
    await tell('另一件');
    expect(await unread(leader)).toBe(1);
    await post('/notices?/read', leader, {});
    expect([await unread(leader), await unread(analyst)]).toEqual([0, 1]);
    expect((await get('/notices?only=open', stranger)).text).toContain(words.emptyOpen);
  });

  test('holds what the person wants to be told', async () => {
    const wish = { app: 'red', mail: 'red', quiet: 'on', from: '22:00', until: '06:30' };
    expect((await post('/notices/settings', analyst, wish)).text).toContain(words.settings.saved);
    expect((await get('/notices/settings', analyst)).text).toContain('06:30');
    expect((await post('/notices/settings', analyst, { ...wish, until: '22:00' })).status).toBe(400);
    const before = await unread(analyst);
    await tell('橙色的一件');
    expect(await unread(analyst)).toBe(before);
  });
});

describe('the ways out', () => {
  const robot = () => ({
    ...{ kind: 'dingtalk', name: '夜里的群', levels: 'orange', secret: SECRETS.dingtalk },
    address: groups.origin + PATHS.dingtalk,
  });

  test('are added and tried by those who answer for the office, and never shown again', async () => {
    expect((await get('/notices/channels', analyst)).status).toBe(403);
    expect((await post('/notices/channels?/add', leader, robot())).text).toContain(words.channels.added);
    const page = await get('/notices/channels', leader);
    expect(page.text).toContain('夜里的群');
    expect(page.text).not.toContain('simulated-token');
    expect(page.text).not.toContain(SECRETS.dingtalk);
    expect((await get('/notices/channels', stranger)).text).not.toContain('夜里的群');
    const found = await engines.store.query<{ id: number }>('select max(id) as id from notice_robots');
    const id = String(found.rows[0]?.id);
    expect((await post('/notices/channels?/test', stranger, { id })).status).toBe(409);
    expect((await post('/notices/channels?/test', leader, { id })).text).toContain(words.channels.tested);
    expect(groups.taken.map(({ text }) => text.includes('测试'))).toEqual([true]);
    await tell('发到群里的一件');
    expect(groups.taken).toHaveLength(2);
    expect((await get('/notices/log', leader)).text).toContain('发到群里的一件');
    expect((await get('/notices/log', stranger)).text).not.toContain('发到群里的一件');
    groups.faults.push('garbage-after');
    await tell('不知到没到的一件');
    expect((await get('/notices', leader)).text).toContain(words.troubled(1));
    expect((await get('/notices', analyst)).text).not.toContain(words.troubled(1));
    expect((await get('/notices/log?only=trouble', leader)).text).toContain(words.log.states.unknown);
    expect((await post('/notices/channels?/remove', leader, { id })).text).toContain(words.channels.removed);
  });

  test('say in Chinese what the platform answered', async () => {
    await post('/notices/channels?/add', leader, { ...robot(), secret: 'SECanother' });
    const found = await engines.store.query<{ id: number }>('select max(id) as id from notice_robots');
    const answer = await post('/notices/channels?/test', leader, { id: String(found.rows[0]?.id) });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('签名不符');
    expect(answer.text).toContain('sign not match');
  });

  test.each([
    [{ address: 'http://10.1.2.3/hook', kind: 'webhook', secret: 'long-enough-secret' }, 'not-https'],
    [{ address: 'https://10.1.2.3/hook', kind: 'webhook', secret: 'long-enough-secret' }, 'not-public'],
    [{ address: 'https://elsewhere.example/robot/send?access_token=x' }, 'wrong-host'],
    [{ address: 'not an address' }, 'no-address'],
    [{ address: 'ftp://oapi.dingtalk.com/' }, 'no-address'],
  ] as const)('are not %o', async (change, fault) => {
    const answer = await post('/notices/channels?/add', leader, { ...robot(), ...change });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(words.channels.faults[fault].slice(0, 12));
  });

  test('tell others after the minutes that the office wants', async () => {
    const rules = { 'escalate-red': '5', 'escalate-orange': '', bundle: '15' };
    expect((await post('/notices/channels?/rules', leader, rules)).text).toContain(words.channels.rulesSaved);
    const kept = await engines.store.query('select escalate_minutes, bundle_minutes from notice_settings');
    expect(kept.rows).toEqual([
      {
        escalate_minutes: { green: null, blue: null, yellow: null, orange: null, red: 5 },
        bundle_minutes: 15,
      },
    ]);
    for (const wrong of [
      { ...rules, bundle: 'x' },
      { ...rules, 'escalate-red': '-1' },
      { ...rules, 'escalate-red': '9999' },
    ]) {
      expect((await post('/notices/channels?/rules', leader, wrong)).status).toBe(400);
    }
  });
});

describe('the roster', () => {
  test('is written by those who answer for the office, and read by all of it', async () => {
    const monday = { weekday: '1', shift: 'night', person: 'analyst' };
    expect((await post('/notices/roster?/week', analyst, monday)).status).toBe(403);
    expect((await post('/notices/roster?/week', leader, { ...monday, person: 'stranger' })).status).toBe(400);
    expect((await post('/notices/roster?/week', leader, { ...monday, weekday: '8' })).status).toBe(400);
    expect((await post('/notices/roster?/week', leader, monday)).text).toContain(words.roster.saved);
    const day = { day: '2099-10-01', shift: 'day', person: 'analyst', note: '与二处换班' };
    expect((await post('/notices/roster?/day', leader, day)).text).toContain(words.roster.saved);
    expect((await post('/notices/roster?/day', leader, { ...day, day: '2020-10-01' })).status).toBe(400);
    expect((await get('/notices/roster', analyst)).text).toContain('与二处换班');
    expect((await get('/notices/roster', stranger)).text).not.toContain('与二处换班');
    expect((await post('/notices/roster?/drop', leader, day)).text).toContain(words.roster.dropped);
    expect((await get('/notices/roster', analyst)).text).not.toContain('与二处换班');
    const audit = await engines.store.query<{ action: string }>(
      `select distinct action from audit_entries where action like 'duty%' or action like 'notice%' order by 1`,
    );
    expect(audit.rows.map(({ action }) => action)).toEqual([
      ...[
        'duty-day',
        'duty-week',
        'notice-robot-add',
        'notice-robot-end',
        'notice-robot-test',
        'notice-settings',
      ],
    ]);
  });

  test('hands over when the office says', async () => {
    const hours = { dayBegins: '09:00', nightBegins: '18:00' };
    expect((await post('/notices/roster?/hours', leader, hours)).text).toContain(words.roster.saved);
    expect((await post('/notices/roster?/hours', leader, { ...hours, nightBegins: '08:00' })).status).toBe(
      400,
    );
    expect((await get('/notices/roster', leader)).text).toContain('18:00');
  });
});

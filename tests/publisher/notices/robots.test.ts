import { describe, expect, test } from 'vitest';
import type { RobotKind } from '../../../config/notices.ts';
import { fitBytes } from '../../../publisher/notices/fit.ts';
import { composeNotice } from '../../../publisher/notices/message.ts';
import type { NoticeFacts } from '../../../store/notices.ts';
import { openGuard, retryAfter, type Answer } from '../../../publisher/notices/post-once.ts';
import { callRobot } from '../../../publisher/notices/send.ts';
import { robots } from '../../../publisher/notices/robots/index.ts';
import { PATHS, robotsForThisTest, SECRETS, type GroupRobots } from '../../simulators/robots.ts';

const kinds = Object.keys(robots) as RobotKind[];
const facts: NoticeFacts = {
  kind: 'suggested',
  level: 'orange',
  title: '青石县食堂',
  text: '近 1 小时 58 条，平时 6 条；负面 72%。',
  path: '/warnings/7',
  times: 3,
  lastAt: new Date('2026-11-22T12:31:00Z'),
  office: '云州市人民检察院',
};
const guard = openGuard(['127.0.0.1']);
const TIMEOUT_MS = 20_000;

function door(at: GroupRobots, kind: RobotKind, secret = kind === 'wecom' ? null : SECRETS[kind]) {
  return { kind, address: at.origin + PATHS[kind], secret };
}

function tell(
  at: GroupRobots,
  kind: RobotKind,
  more: Partial<NoticeFacts> = {},
  secret?: string,
  timeoutMs = TIMEOUT_MS,
) {
  const message = composeNotice({ ...facts, ...more }, 'first', 'https://desk.example');
  return callRobot({ guard, timeoutMs }, door(at, kind, secret), message, new Date(), 'notice-1');
}

describe.each(kinds)('a robot of %s', (kind) => {
  test('takes a notice with its level, what happened and where to see it', async () => {
    const at = await robotsForThisTest();
    expect(await tell(at, kind)).toEqual({ kind: 'sent' });
    const [taken] = at.taken;
    for (const part of ['橙色', '青石县食堂', '58 条']) expect(taken?.text).toContain(part);
    for (const part of ['https://desk.example/warnings/7', '云州市人民检察院', '3 次', '2026-11-22 20:31']) {
      expect(taken?.body).toContain(part);
    }
  });

  test('gets the longest text with its end cut off and its link whole', async () => {
    const at = await robotsForThisTest();
    const text = '舆情🙂👨‍👩‍👧'.repeat(4_000);
    expect(await tell(at, kind, { text, title: '题'.repeat(2_000) })).toEqual({ kind: 'sent' });
    const body = at.taken[0]?.body ?? '';
    expect(body).toContain('https://desk.example/warnings/7');
    expect(body).toContain('…');
    expect(body.isWellFormed()).toBe(true);
    expect(body).not.toContain('�');
    // Nothing that people see as one is taken apart.
    expect(body.replaceAll('👨‍👩‍👧', '')).not.toMatch(/👨|👩|👧/u);
  });

  test('that answers with status 500 has not taken it', async () => {
    const at = await robotsForThisTest();
    at.faults.push('error');
    expect(await tell(at, kind)).toMatchObject({ kind: 'again', reason: 'server-error' });
    expect(at.taken).toEqual([]);
  });

  test('that limits the rate is waited for', async () => {
    const at = await robotsForThisTest();
    at.faults.push('limited');
    const outcome = await tell(at, kind);
    expect(outcome).toMatchObject({ kind: 'wait', reason: 'rate-limited' });
    expect((outcome as { seconds: number }).seconds).toBeGreaterThan(1);
  });

  test.each(['reset-after', 'silent-after'] as const)(
    'that takes it and never says so (%s) leaves it unknown',
    async (fault) => {
      const at = await robotsForThisTest();
      at.faults.push(fault);
      expect(await tell(at, kind, {}, undefined, 1_500)).toMatchObject({ kind: 'unknown' });
      expect(at.taken).toHaveLength(1);
    },
  );

  test('that is not there was certainly not told', async () => {
    const at = await robotsForThisTest();
    await at.close();
    expect(await tell(at, kind)).toMatchObject({ kind: 'again', reason: 'not-reached' });
  });

  test('is judged by what it says, not by how it looks', async () => {
    const at = await robotsForThisTest();
    at.faults.push('garbage-after');
    const outcome = await tell(at, kind);
    if (kind === 'webhook') expect(outcome).toEqual({ kind: 'sent' });
    else expect(outcome).toEqual({ kind: 'unknown', reason: 'not-understood' });
  });
});

test.each(kinds.filter((kind) => kind !== 'wecom'))(
  'a robot of %s refuses a wrong signature',
  async (kind) => {
    const at = await robotsForThisTest();
    expect(await tell(at, kind, {}, 'another-secret')).toMatchObject({
      kind: 'refused',
      reason: 'bad-signature',
    });
  },
);

const answer = (body: unknown, status = 200): Answer => ({
  status,
  retryAfterSeconds: null,
  body: JSON.stringify(body),
});

test.each([
  ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, 'refused', 'bad-address'],
  ['wecom', { errcode: -1, errmsg: 'system busy' }, 'unknown', 'busy'],
  ['wecom', { errcode: 40058, errmsg: 'too long' }, 'refused', 'bad-content'],
  ['dingtalk', { errcode: -1, errmsg: '系统繁忙' }, 'unknown', 'busy'],
  ['dingtalk', { errcode: 310000, errmsg: 'keywords not in content' }, 'refused', 'bad-keyword'],
  ['dingtalk', { errcode: 310000, errmsg: 'ip 1.2.3.4 not in whitelist' }, 'refused', 'bad-ip'],
  ['dingtalk', { errcode: 310000, errmsg: 'sign not match' }, 'refused', 'bad-signature'],
  ['dingtalk', { errcode: 300005, errmsg: 'token is not exist' }, 'refused', 'bad-address'],
  ['dingtalk', { errcode: 130101, errmsg: 'send too fast' }, 'wait', 'rate-limited'],
  ['feishu', { code: 19024, msg: 'Key Words Not Found' }, 'refused', 'bad-keyword'],
  ['feishu', { code: 19022, msg: 'Ip Not Allowed' }, 'refused', 'bad-ip'],
  ['feishu', { code: 19001, msg: 'param invalid' }, 'refused', 'bad-address'],
  ['feishu', { code: 99991400, msg: 'request trigger frequency limit' }, 'wait', 'rate-limited'],
] as const)('%s saying %o is %s: %s', (kind, body, outcome, reason) => {
  expect(robots[kind].judge(answer(body))).toMatchObject({ kind: outcome, reason });
});

test.each([
  [429, 'wait'],
  [500, 'again'],
  [503, 'again'],
  [502, 'unknown'],
  [504, 'unknown'],
  [302, 'refused'],
  [401, 'refused'],
  [404, 'refused'],
])('status %d of another system is %s', (status, outcome) => {
  expect(robots.webhook.judge({ status, retryAfterSeconds: null, body: '' })).toMatchObject({
    kind: outcome,
  });
});

test('what others wrote neither calls anybody nor makes a link', async () => {
  const at = await robotsForThisTest();
  await tell(at, 'wecom', { title: '<@all> [点我](http://x.example)', text: '**@所有人**' });
  expect(at.taken[0]?.text).not.toMatch(/<@|\]\(http:\/\/x|\*\*@/u);
});

describe('addresses', () => {
  const shut = openGuard([]);
  const message = composeNotice(facts, 'first', 'https://desk.example');
  test.each([
    'http://127.0.0.1:9/hook',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]:9/',
    'http://10.1.2.3/hook',
    'http://localhost:9/hook',
  ])('inside the house are not called: %s', async (address) => {
    const outcome = await callRobot(
      { guard: shut, timeoutMs: TIMEOUT_MS },
      { kind: 'webhook', address, secret: null },
      message,
      new Date(),
      'notice-1',
    );
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'address-blocked' });
  });
});

test('a pause that is asked for is read in seconds and as a date, and is never endless', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(retryAfter('30', now)).toBe(30);
  expect(retryAfter('Sun, 22 Nov 2026 12:02:00 GMT', now)).toBe(120);
  expect(retryAfter('999999', now)).toBe(3_600);
  expect(retryAfter('soon', now)).toBeNull();
  expect(retryAfter(undefined, now)).toBeNull();
});

test.each([
  ['舆情', 6, '舆情'],
  ['舆情通报', 9, '舆情…'],
  ['舆情通报', 11, '舆情…'],
  ['🙂🙂', 7, '🙂…'],
  ['🙂🙂', 3, ''],
])('%s in %d bytes is %s', (text, most, cut) => {
  expect(fitBytes(text, most)).toBe(cut);
});

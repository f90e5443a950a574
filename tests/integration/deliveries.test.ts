import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import type { ChannelAdapter } from '../../publisher/channels/contract.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import type { Actor } from '../../store/actor.ts';
import { clearStop } from '../../store/channel-stops.ts';
import { attemptsOf } from '../../store/delivery-attempts.ts';
import { answerUnknown } from '../../store/delivery-answers.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { cancelDelivery, rescheduleDelivery, scheduleRelease } from '../../store/delivery-schedule.ts';
import type { Store } from '../../store/pool.ts';
import { releaseById } from '../../store/releases.ts';
import { scoped } from '../../store/scope.ts';
import { FakePlatform, testAccount, testWorker, type TestWorker } from '../support/deliveries.ts';
import { approvedRelease } from '../support/releases.ts';
import { startStaff, type Staff } from '../support/staff.ts';

const MINUTE = 60_000;
let staff: Staff;
let db: Store;
let actor: Actor;
let clock = Date.now();
let platform: FakePlatform;
let worker: TestWorker;
let weibo: number;

beforeAll(async () => {
  staff = await startStaff();
  const id = await staff.person('city', 'press-officer');
  actor = { id, officeId: staff.offices.city, role: 'press-officer', address: null };
  db = scoped(staff.app, { every: false, offices: [staff.offices.city], shared: [] });
});
beforeEach(async () => {
  await staff.engines.store.query('update deliveries set next_at = null');
  clock = Date.now();
  platform = new FakePlatform(() => new Date(clock));
  worker = workerWith({});
  weibo = await testAccount(db, actor, 'weibo');
});
afterAll(() => staff?.stop());

const workerWith = (change: Partial<ChannelAdapter>) =>
  testWorker(staff.app, platform, {
    weibo: platform.adapter('weibo', change),
    wechat: platform.adapter('wechat', change),
  });
const now = () => new Date(clock);
const inMinutes = (minutes: number) => new Date(clock + minutes * MINUTE);

let made = 0;
type Sent = { release: number; site: number; other: number; title: string; text: string };
/** A release on its way to the website and to another account. */
async function schedule(dueAt = now(), accountId = weibo): Promise<Sent> {
  made += 1;
  const title = `公告第${made}号`;
  const release = await approvedRelease(db, actor, contentOf({ title, document: documentOfText('正文') }));
  const plan = [
    { accountId: 'website', dueAt },
    { accountId, dueAt },
  ] as const;
  const [site = 0, other = 0] = await scheduleRelease(db, actor, release, plan, now());
  const path = (
    await staff.engines.store.query<{ path: string }>(
      `select progress->>'path' as path from deliveries where id = $1`,
      [site],
    )
  ).rows[0]?.path;
  return { release: release.id, site, other, title, text: `${title} https://desk.example${path}` };
}
const stateOf = async (id: number) => (await deliveryById(db, id))?.state;
const releaseState = async (id: number) => (await releaseById(db, id))?.state;
const noticesOf = async (id: number) =>
  (
    await staff.engines.store.query<{ kind: string }>(
      'select kind from notice_requests where subject = $1 order by id',
      [`delivery:${id}`],
    )
  ).rows.map(({ kind }) => kind);
const kinds = async (id: number) =>
  (await attemptsOf(db, id)).map(({ kind, outcome }) => `${kind} ${outcome}`);

describe('a release', () => {
  test('goes out on the website first, and then where it is linked to', async () => {
    const sent = await schedule();
    await worker.work();
    expect(await stateOf(sent.site)).toBe('published');
    expect(await deliveryById(db, sent.other)).toMatchObject({ state: 'published', problem: null });
    expect(platform.times(sent.text)).toBe(1);
    expect(await releaseState(sent.release)).toBe('published');
    expect(await kinds(sent.other)).toEqual(['publish published']);
  });

  test('goes nowhere before its time, and at its time to the moment', async () => {
    const sent = await schedule(inMinutes(30));
    expect(await worker.work()).toEqual([]);
    clock += 30 * MINUTE - 1;
    await worker.work();
    expect(await stateOf(sent.site)).toBe('waiting');
    clock += 1;
    await worker.work();
    expect(await stateOf(sent.site)).toBe('published');
    expect(platform.times(sent.text)).toBe(1);
  });

  test('that is too late everywhere is missed, told, and free to be scheduled again', async () => {
    const sent = await schedule();
    clock += 60 * MINUTE;
    await worker.work();
    for (const id of [sent.site, sent.other]) {
      expect(await deliveryById(db, id)).toMatchObject({
        state: 'missed',
        reason: expect.stringContaining('60 分钟'),
      });
      expect(await noticesOf(id)).toEqual(['delivery-failed']);
    }
    expect(platform.calls).toBe(0);
    expect(await releaseState(sent.release)).toBe('approved');
    const again = await scheduleRelease(
      db,
      actor,
      { id: sent.release, version: 1 },
      [{ accountId: 'website', dueAt: now() }],
      now(),
    );
    await worker.work();
    expect(await stateOf(again[0] ?? 0)).toBe('published');
  });

  test('is missed by the minutes that its office has set', async () => {
    await db.query('insert into publishing_settings (office_id, missed_after_minutes) values ($1, 5)', [
      actor.officeId,
    ]);
    const sent = await schedule();
    clock += 5 * MINUTE;
    await worker.work();
    expect(await stateOf(sent.site)).toBe('missed');
    await db.query('delete from publishing_settings');
  });
});

describe('what nobody knows', () => {
  test.each(['drop-after', 'busy-after'] as const)(
    'after %s is found on the platform and not sent again',
    async (mishap) => {
      const sent = await schedule();
      platform.mishaps.push(mishap);
      await worker.work();
      expect(await deliveryById(db, sent.other)).toMatchObject({ state: 'unknown', problem: 'unknown' });
      expect(await releaseState(sent.release)).toBe('published');
      clock += 10_000;
      await worker.work();
      expect(await stateOf(sent.other)).toBe('published');
      expect(platform.times(sent.text)).toBe(1);
      expect(await kinds(sent.other)).toEqual(['publish unknown', 'reconcile arrived']);
    },
  );

  test('is sent again only once the platform shows that it did not arrive', async () => {
    const sent = await schedule();
    platform.mishaps.push('drop-before');
    await worker.work();
    expect(platform.times(sent.text)).toBe(0);
    clock += 10_000;
    await worker.work();
    expect(await stateOf(sent.other)).toBe('published');
    expect(platform.times(sent.text)).toBe(1);
    expect(await kinds(sent.other)).toEqual([
      'publish unknown',
      'reconcile not-arrived',
      'publish published',
    ]);
  });

  test('is not taken for not arrived while the platform may still show it', async () => {
    worker = workerWith({ settleMs: 3 * MINUTE });
    const sent = await schedule();
    platform.mishaps.push('drop-after');
    platform.visibleFrom = clock + 2 * MINUTE;
    await worker.work();
    clock += MINUTE;
    await worker.work();
    expect(await stateOf(sent.other)).toBe('unknown');
    clock += 3 * MINUTE;
    await worker.work();
    expect(await stateOf(sent.other)).toBe('published');
    expect(platform.times(sent.text)).toBe(1);
  });

  test('is asked of a person when the platform does not tell, who says that it stands there', async () => {
    const sent = await schedule();
    platform.mishaps.push('drop-after');
    platform.deaf = 1_000;
    for (let hours = 0; hours < 6; hours += 1) {
      await worker.work();
      clock += 20 * MINUTE;
    }
    expect(await deliveryById(db, sent.other)).toMatchObject({
      state: 'unknown',
      personAskedAt: expect.any(Date),
    });
    expect(await noticesOf(sent.other)).toEqual(['delivery-unknown']);
    const bad = answerUnknown(
      db,
      actor,
      sent.other,
      { kind: 'published', address: 'javascript:alert(1)' },
      now(),
    );
    await expect(bad).rejects.toMatchObject({ code: 'delivery-address' });
    await answerUnknown(
      db,
      actor,
      sent.other,
      { kind: 'published', address: 'https://weibo.com/1/a' },
      now(),
    );
    expect(await deliveryById(db, sent.other)).toMatchObject({
      state: 'published',
      address: 'https://weibo.com/1/a',
    });
    await worker.work();
    expect(platform.times(sent.text)).toBe(1);
    const twice = answerUnknown(db, actor, sent.other, { kind: 'again' }, now());
    await expect(twice).rejects.toMatchObject({ code: 'delivery-not-unknown' });
  });

  test('is sent again, or given up, when a person says so', async () => {
    for (const kind of ['again', 'give-up'] as const) {
      const sent = await schedule();
      platform.mishaps.push('drop-before');
      platform.deaf = 1;
      await worker.work();
      clock += 90 * MINUTE;
      await answerUnknown(db, actor, sent.other, { kind }, now());
      await worker.work();
      expect(await stateOf(sent.other)).toBe(kind === 'again' ? 'published' : 'failed');
      expect(platform.times(sent.text)).toBe(kind === 'again' ? 1 : 0);
    }
  });

  test('on an account where only one may be on its way keeps the next one waiting', async () => {
    worker = workerWith({ oneAtATime: true });
    const [first, second] = [await schedule(), await schedule()];
    platform.mishaps.push('drop-after');
    await worker.work();
    const states = [await stateOf(first.other), await stateOf(second.other)];
    expect(states.toSorted()).toEqual(['unknown', 'waiting']);
    clock += 10_000;
    await worker.work();
    clock += 10_000;
    await worker.work();
    expect([await stateOf(first.other), await stateOf(second.other)]).toEqual(['published', 'published']);
    expect([platform.times(first.text), platform.times(second.text)]).toEqual([1, 1]);
  });
});

describe('a worker that is killed', () => {
  test('before the irreversible call leaves nothing behind: another one sends', async () => {
    const sent = await schedule();
    platform.mishaps.push('killed-before-call');
    expect(await worker.work()).toContain('killed');
    expect(await stateOf(sent.other)).toBe('sending');
    expect(await workerWith({}).work()).toEqual([]);
    await worker.leasesEnd();
    await workerWith({}).work();
    expect(await stateOf(sent.other)).toBe('published');
    expect(platform.times(sent.text)).toBe(1);
  });

  test('after it leaves a question that is asked of the platform', async () => {
    const sent = await schedule();
    platform.mishaps.push('killed-after-call');
    expect(await worker.work()).toContain('killed');
    await worker.leasesEnd();
    await workerWith({}).work();
    expect(await stateOf(sent.other)).toBe('published');
    expect(platform.times(sent.text)).toBe(1);
    expect(await kinds(sent.other)).toEqual(['publish lost', 'reconcile arrived']);
  });

  test('and was only paused changes nothing any more when it comes back', async () => {
    let goOn = () => {};
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    const usual = platform.adapter('weibo');
    const slow = workerWith({
      publish: async (account, delivery, tools) => {
        await paused;
        return usual.publish(account, delivery, tools);
      },
    });
    const sent = await schedule();
    const working = slow.work();
    while ((await stateOf(sent.other)) !== 'sending') await new Promise((resolve) => setTimeout(resolve, 5));
    await worker.leasesEnd();
    await worker.work();
    expect(await stateOf(sent.other)).toBe('published');
    goOn();
    expect(await working).toContain('lost');
    expect(platform.times(sent.text)).toBe(1);
    expect(platform.calls).toBe(1);
  });
});

describe('what the platform says', () => {
  test('before anything has left is tried again, later and later', async () => {
    const sent = await schedule();
    platform.mishaps.push('refuse', 'refuse');
    await worker.work();
    expect(await deliveryById(db, sent.other)).toMatchObject({
      state: 'waiting',
      problem: 'retry',
      sentAt: null,
    });
    clock += 5_000;
    await worker.work();
    clock += 5_000;
    await worker.work();
    expect(await stateOf(sent.other)).toBe('waiting');
    clock += 5_000;
    await worker.work();
    expect(await stateOf(sent.other)).toBe('published');
    expect(await kinds(sent.other)).toEqual(['publish retry', 'publish retry', 'publish published']);
  });

  test('about the content refuses it, and the release goes back to its writer where nothing stands', async () => {
    const release = await approvedRelease(db, actor);
    const wechat = await testAccount(db, actor, 'wechat');
    const [id = 0] = await scheduleRelease(db, actor, release, [{ accountId: wechat, dueAt: now() }], now());
    platform.mishaps.push('content');
    await worker.work();
    expect(await deliveryById(db, id)).toMatchObject({
      state: 'refused',
      problem: 'content',
      reason: '内容不符合规定。',
    });
    expect(await releaseState(release.id)).toBe('draft');
    expect(await noticesOf(id)).toEqual(['delivery-failed']);
    const sent = await schedule();
    platform.mishaps.push('content');
    await worker.work();
    expect(await stateOf(sent.other)).toBe('refused');
    expect(await releaseState(sent.release)).toBe('published');
  });

  test('about its quota parks it until the window begins, or says at once that this is too late', async () => {
    const soon = await schedule();
    platform.quotaUntil = inMinutes(20);
    platform.mishaps.push('quota');
    await worker.work();
    expect(await deliveryById(db, soon.other)).toMatchObject({ problem: 'quota', nextAt: inMinutes(20) });
    expect(await noticesOf(soon.other)).toEqual([]);
    clock += 20 * MINUTE;
    await worker.work();
    expect(await stateOf(soon.other)).toBe('published');

    const late = await schedule();
    const missed = inMinutes(60);
    platform.quotaUntil = inMinutes(600);
    platform.mishaps.push('quota');
    await worker.work();
    expect(await deliveryById(db, late.other)).toMatchObject({
      ...{ state: 'waiting', problem: 'quota', nextAt: missed },
      reason: expect.stringContaining('将记为错过'),
    });
    expect(await noticesOf(late.other)).toEqual(['delivery-failed']);
    clock += 60 * MINUTE;
    await worker.work();
    expect(await stateOf(late.other)).toBe('missed');
  });

  test('about the authorisation stops the account, until somebody has mended it', async () => {
    const [first, second] = [await schedule(), await schedule(inMinutes(1))];
    platform.mishaps.push('stopped');
    await worker.work();
    clock += MINUTE;
    await worker.work();
    expect(await deliveryById(db, first.other)).toMatchObject({ state: 'waiting', problem: 'reauthorise' });
    expect(await deliveryById(db, second.other)).toMatchObject({ state: 'waiting', problem: 'reauthorise' });
    expect(platform.calls).toBe(1);
    const told = await staff.engines.store.query(`select from notice_requests where subject = $1`, [
      `channel:${weibo}`,
    ]);
    expect(told.rowCount).toBe(1);
    await clearStop(db, weibo);
    await worker.work();
    expect([platform.times(first.text), platform.times(second.text)]).toEqual([1, 1]);
  });
});

describe('preparing', () => {
  test('is done ahead of time, once, and is kept apart from sending', async () => {
    let prepared = 0;
    worker = workerWith({
      prepare: async (_account, _delivery, tools) => {
        prepared += 1;
        await tools.keep({ draft: 'd-1' });
        return { kind: 'ready' };
      },
    });
    const sent = await schedule(inMinutes(30));
    clock += 15 * MINUTE;
    await worker.work();
    expect(prepared).toBe(0);
    clock += 5 * MINUTE;
    await worker.work();
    expect(prepared).toBe(1);
    expect(await deliveryById(db, sent.other)).toMatchObject({ state: 'waiting', preparedAt: now() });
    clock += 10 * MINUTE;
    await worker.work();
    expect(prepared).toBe(1);
    expect(platform.times(sent.text)).toBe(1);
  });

  test('that shows a content that is not taken tells the writer before the time has come', async () => {
    worker = workerWith({ prepare: () => Promise.resolve({ kind: 'refused', why: '标题太长。' }) });
    const sent = await schedule(inMinutes(10));
    await worker.work();
    expect(await stateOf(sent.other)).toBe('refused');
    expect(await stateOf(sent.site)).toBe('waiting');
  });
});

describe('a dry run', () => {
  test('keeps the requests and sends nothing, and nobody takes it for published', async () => {
    const dry = await testAccount(db, actor, 'weibo', { dryRun: true });
    const sent = await schedule(now(), dry);
    await worker.work();
    expect(platform.calls).toBe(0);
    expect(await deliveryById(db, sent.other)).toMatchObject({
      state: 'cancelled',
      problem: 'dry-run',
      publishedAt: null,
    });
    const [attempt] = await attemptsOf(db, sent.other);
    expect(attempt).toMatchObject({ kind: 'dry-run', requests: [{ method: 'POST', body: sent.text }] });
  });
});

describe('a person', () => {
  test('moves what waits, once of two who do so at the same time, and it goes out at the new time', async () => {
    const due = inMinutes(30);
    const sent = await schedule(due);
    await rescheduleDelivery(db, actor, sent.other, { dueAt: inMinutes(40), was: due }, now());
    const second = rescheduleDelivery(db, actor, sent.other, { dueAt: inMinutes(50), was: due }, now());
    await expect(second).rejects.toMatchObject({ code: 'delivery-begun' });
    clock += 30 * MINUTE;
    await worker.work();
    expect(await stateOf(sent.site)).toBe('published');
    expect(platform.calls).toBe(0);
    clock += 10 * MINUTE;
    await worker.work();
    expect(platform.times(sent.text)).toBe(1);
  });

  test('cannot have a link before the page that it leads to, nor anything in the past or under embargo', async () => {
    const due = inMinutes(30);
    const sent = await schedule(due);
    const move = (id: number, minutes: number) =>
      rescheduleDelivery(db, actor, id, { dueAt: inMinutes(minutes), was: due }, now());
    await expect(move(sent.other, 20)).rejects.toMatchObject({ code: 'delivery-site-first' });
    await expect(move(sent.site, 40)).rejects.toMatchObject({ code: 'delivery-site-first' });
    await expect(move(sent.site, -30)).rejects.toMatchObject({ code: 'delivery-past' });
    const release = await approvedRelease(db, actor);
    const plan = (accountId: number | 'website') =>
      scheduleRelease(db, actor, release, [{ accountId, dueAt: now() }], now());
    await expect(plan(weibo)).rejects.toMatchObject({ code: 'delivery-site-first' });
    await expect(plan(999_999)).rejects.toMatchObject({ code: 'delivery-account' });
    await db.query('update releases set embargo_until = $2 where id = $1', [release.id, inMinutes(60)]);
    await expect(plan('website')).rejects.toMatchObject({ code: 'delivery-embargo' });
  });

  test('cannot schedule what is not approved, or the same account twice', async () => {
    const sent = await schedule(inMinutes(30));
    const again = scheduleRelease(
      db,
      actor,
      { id: sent.release, version: 1 },
      [{ accountId: weibo, dueAt: now() }],
      now(),
    );
    await expect(again).rejects.toMatchObject({ code: 'delivery-taken' });
    await db.query(`update releases set state = 'draft' where id = $1`, [sent.release]);
    const draft = scheduleRelease(
      db,
      actor,
      { id: sent.release, version: 1 },
      [{ accountId: weibo, dueAt: now() }],
      now(),
    );
    await expect(draft).rejects.toMatchObject({ code: 'release-stale' });
  });

  test('takes what waits off the schedule, and the release is approved as before', async () => {
    const sent = await schedule(inMinutes(30));
    expect(await cancelDelivery(db, actor, { releaseId: sent.release }, now())).toBe(true);
    expect(await cancelDelivery(db, actor, { releaseId: sent.release }, now())).toBe(false);
    clock += 30 * MINUTE;
    expect(await worker.work()).toEqual([]);
    expect(await releaseState(sent.release)).toBe('approved');
  });

  test('of one who puts it off and a worker that has just begun, one has it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const sent = await schedule();
      const put = rescheduleDelivery(db, actor, sent.site, { dueAt: inMinutes(0.5), was: now() }, now()).then(
        () => 'put off',
        () => 'begun',
      );
      const cancel = cancelDelivery(db, actor, { releaseId: sent.release, deliveryIds: [sent.site] }, now());
      const [, cancelled] = await Promise.all([put, cancel, worker.work()]);
      const state = await stateOf(sent.site);
      expect(cancelled ? state : ['published', 'waiting'].includes(state ?? '')).toBe(
        cancelled ? 'cancelled' : true,
      );
    }
  });
});

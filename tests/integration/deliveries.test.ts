import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clearStop } from '../../store/channel-stops.ts';
import { answerUnknown } from '../../store/delivery-answers.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { testAccount } from '../support/deliveries.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';
import { approvedRelease } from '../support/releases.ts';

const MINUTE = 60_000;
let desk: DeliveryDesk;

beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(() => desk.fresh());
afterAll(() => desk?.stop());

describe('a release', () => {
  test('goes out on the website first, and then where it is linked to', async () => {
    const sent = await desk.schedule();
    await desk.worker.work();
    expect(await desk.stateOf(sent.site)).toBe('published');
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({ state: 'published', problem: null });
    expect(desk.platform.times(sent.text)).toBe(1);
    expect(await desk.releaseState(sent.release)).toBe('published');
    expect(await desk.ledger(sent.other)).toEqual(['publish published']);
  });

  test('goes nowhere before its time, and at its time to the moment', async () => {
    const sent = await desk.schedule(desk.inMinutes(30));
    expect(await desk.worker.work()).toEqual([]);
    desk.clock += 30 * MINUTE - 1;
    await desk.worker.work();
    expect(await desk.stateOf(sent.site)).toBe('waiting');
    desk.clock += 1;
    await desk.worker.work();
    expect(await desk.stateOf(sent.site)).toBe('published');
    expect(desk.platform.times(sent.text)).toBe(1);
  });

  test('that is too late everywhere is missed, told, and free to be scheduled again', async () => {
    const sent = await desk.schedule();
    desk.clock += 60 * MINUTE;
    await desk.worker.work();
    for (const id of [sent.site, sent.other]) {
      expect(await deliveryById(desk.db, id)).toMatchObject({
        state: 'missed',
        reason: expect.stringContaining('60 分钟'),
      });
      expect(await desk.noticesOf(id)).toEqual(['delivery-failed']);
    }
    expect(desk.platform.calls).toBe(0);
    expect(await desk.releaseState(sent.release)).toBe('approved');
    const again = await scheduleRelease(
      desk.db,
      desk.actor,
      { id: sent.release, version: 1 },
      [{ accountId: 'website', dueAt: desk.now() }],
      desk.now(),
    );
    await desk.worker.work();
    expect(await desk.stateOf(again[0] ?? 0)).toBe('published');
  });

  test('is missed by the minutes that its office has set', async () => {
    await desk.db.query('insert into publishing_settings (office_id, missed_after_minutes) values ($1, 5)', [
      desk.actor.officeId,
    ]);
    const sent = await desk.schedule();
    desk.clock += 5 * MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(sent.site)).toBe('missed');
    await desk.db.query('delete from publishing_settings');
  });
});

describe('what nobody knows', () => {
  test.each(['drop-after', 'busy-after'] as const)(
    'after %s is found on the desk.platform and not sent again',
    async (mishap) => {
      const sent = await desk.schedule();
      desk.platform.mishaps.push(mishap);
      await desk.worker.work();
      expect(await deliveryById(desk.db, sent.other)).toMatchObject({ state: 'unknown', problem: 'unknown' });
      expect(await desk.releaseState(sent.release)).toBe('published');
      desk.clock += 10_000;
      await desk.worker.work();
      expect(await desk.stateOf(sent.other)).toBe('published');
      expect(desk.platform.times(sent.text)).toBe(1);
      expect(await desk.ledger(sent.other)).toEqual(['publish unknown', 'reconcile arrived']);
    },
  );

  test('is sent again only once the desk.platform shows that it did not arrive', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('drop-before');
    await desk.worker.work();
    expect(desk.platform.times(sent.text)).toBe(0);
    desk.clock += 10_000;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('published');
    expect(desk.platform.times(sent.text)).toBe(1);
    expect(await desk.ledger(sent.other)).toEqual([
      'publish unknown',
      'reconcile not-arrived',
      'publish published',
    ]);
  });

  test('is not taken for not arrived while the desk.platform may still show it', async () => {
    desk.worker = desk.workerWith({ settleMs: 3 * MINUTE });
    const sent = await desk.schedule();
    desk.platform.mishaps.push('drop-after');
    desk.platform.visibleFrom = desk.clock + 2 * MINUTE;
    await desk.worker.work();
    desk.clock += MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('unknown');
    desk.clock += 3 * MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('published');
    expect(desk.platform.times(sent.text)).toBe(1);
  });

  test('is asked of a person when the desk.platform does not tell, who says that it stands there', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('drop-after');
    desk.platform.deaf = 1_000;
    for (let hours = 0; hours < 6; hours += 1) {
      await desk.worker.work();
      desk.clock += 20 * MINUTE;
    }
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({
      state: 'unknown',
      personAskedAt: expect.any(Date),
    });
    expect(await desk.noticesOf(sent.other)).toEqual(['delivery-unknown']);
    const bad = answerUnknown(
      desk.db,
      desk.actor,
      sent.other,
      { kind: 'published', address: 'javascript:alert(1)' },
      desk.now(),
    );
    await expect(bad).rejects.toMatchObject({ code: 'delivery-address' });
    await answerUnknown(
      desk.db,
      desk.actor,
      sent.other,
      { kind: 'published', address: 'https://weibo.com/1/a' },
      desk.now(),
    );
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({
      state: 'published',
      address: 'https://weibo.com/1/a',
    });
    await desk.worker.work();
    expect(desk.platform.times(sent.text)).toBe(1);
    const twice = answerUnknown(desk.db, desk.actor, sent.other, { kind: 'again' }, desk.now());
    await expect(twice).rejects.toMatchObject({ code: 'delivery-not-unknown' });
  });

  test('is sent again, or given up, when a person says so', async () => {
    for (const kind of ['again', 'give-up'] as const) {
      const sent = await desk.schedule();
      desk.platform.mishaps.push('drop-before');
      desk.platform.deaf = 1;
      await desk.worker.work();
      desk.clock += 90 * MINUTE;
      await answerUnknown(desk.db, desk.actor, sent.other, { kind }, desk.now());
      await desk.worker.work();
      expect(await desk.stateOf(sent.other)).toBe(kind === 'again' ? 'published' : 'failed');
      expect(desk.platform.times(sent.text)).toBe(kind === 'again' ? 1 : 0);
    }
  });

  test('on an account where only one may be on its way keeps the next one waiting', async () => {
    desk.worker = desk.workerWith({ oneAtATime: true });
    const [first, second] = [await desk.schedule(), await desk.schedule()];
    desk.platform.mishaps.push('drop-after');
    await desk.worker.work();
    const states = [await desk.stateOf(first.other), await desk.stateOf(second.other)];
    expect(states.toSorted()).toEqual(['unknown', 'waiting']);
    desk.clock += 10_000;
    await desk.worker.work();
    desk.clock += 10_000;
    await desk.worker.work();
    expect([await desk.stateOf(first.other), await desk.stateOf(second.other)]).toEqual([
      'published',
      'published',
    ]);
    expect([desk.platform.times(first.text), desk.platform.times(second.text)]).toEqual([1, 1]);
  });
});

describe('a worker that is killed', () => {
  test('before the irreversible call leaves nothing behind: another one sends', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('killed-before-call');
    expect(await desk.worker.work()).toContain('killed');
    expect(await desk.stateOf(sent.other)).toBe('sending');
    expect(await desk.workerWith({}).work()).toEqual([]);
    await desk.worker.leasesEnd();
    await desk.workerWith({}).work();
    expect(await desk.stateOf(sent.other)).toBe('published');
    expect(desk.platform.times(sent.text)).toBe(1);
  });

  test('after it leaves a question that is asked of the desk.platform', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('killed-after-call');
    expect(await desk.worker.work()).toContain('killed');
    await desk.worker.leasesEnd();
    await desk.workerWith({}).work();
    expect(await desk.stateOf(sent.other)).toBe('published');
    expect(desk.platform.times(sent.text)).toBe(1);
    expect(await desk.ledger(sent.other)).toEqual(['publish lost', 'reconcile arrived']);
  });

  test('and was only paused changes nothing any more when it comes back', async () => {
    let goOn = () => {};
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    const usual = desk.platform.adapter('weibo');
    const slow = desk.workerWith({
      publish: async (account, delivery, tools) => {
        await paused;
        return usual.publish(account, delivery, tools);
      },
    });
    const sent = await desk.schedule();
    const working = slow.work();
    while ((await desk.stateOf(sent.other)) !== 'sending')
      await new Promise((resolve) => setTimeout(resolve, 5));
    await desk.worker.leasesEnd();
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('published');
    goOn();
    expect(await working).toContain('lost');
    expect(desk.platform.times(sent.text)).toBe(1);
    expect(desk.platform.calls).toBe(1);
  });
});

describe('what the desk.platform says', () => {
  test('before anything has left is tried again, later and later', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('refuse', 'refuse');
    await desk.worker.work();
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({
      state: 'waiting',
      problem: 'retry',
      sentAt: null,
    });
    desk.clock += 5_000;
    await desk.worker.work();
    desk.clock += 5_000;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('waiting');
    desk.clock += 5_000;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('published');
    expect(await desk.ledger(sent.other)).toEqual(['publish retry', 'publish retry', 'publish published']);
  });

  test('about the content refuses it, and the release goes back to its writer where nothing stands', async () => {
    const release = await approvedRelease(desk.db, desk.actor);
    const wechat = await testAccount(desk.db, desk.actor, 'wechat');
    const [id = 0] = await scheduleRelease(
      desk.db,
      desk.actor,
      release,
      [{ accountId: wechat, dueAt: desk.now() }],
      desk.now(),
    );
    desk.platform.mishaps.push('content');
    await desk.worker.work();
    expect(await deliveryById(desk.db, id)).toMatchObject({
      state: 'refused',
      problem: 'content',
      reason: '内容不符合规定。',
    });
    expect(await desk.releaseState(release.id)).toBe('draft');
    expect(await desk.noticesOf(id)).toEqual(['delivery-failed']);
    const sent = await desk.schedule();
    desk.platform.mishaps.push('content');
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('refused');
    expect(await desk.releaseState(sent.release)).toBe('published');
  });

  test('about its quota parks it until the window begins, or says at once that this is too late', async () => {
    const soon = await desk.schedule();
    desk.platform.quotaUntil = desk.inMinutes(20);
    desk.platform.mishaps.push('quota');
    await desk.worker.work();
    expect(await deliveryById(desk.db, soon.other)).toMatchObject({
      problem: 'quota',
      nextAt: desk.inMinutes(20),
    });
    expect(await desk.noticesOf(soon.other)).toEqual([]);
    desk.clock += 20 * MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(soon.other)).toBe('published');

    const late = await desk.schedule();
    const missed = desk.inMinutes(60);
    desk.platform.quotaUntil = desk.inMinutes(600);
    desk.platform.mishaps.push('quota');
    await desk.worker.work();
    expect(await deliveryById(desk.db, late.other)).toMatchObject({
      ...{ state: 'waiting', problem: 'quota', nextAt: missed },
      reason: expect.stringContaining('将记为错过'),
    });
    expect(await desk.noticesOf(late.other)).toEqual(['delivery-failed']);
    desk.clock += 60 * MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(late.other)).toBe('missed');
  });

  test('about the authorisation stops the account, until somebody has mended it', async () => {
    const [first, second] = [await desk.schedule(), await desk.schedule(desk.inMinutes(1))];
    desk.platform.mishaps.push('stopped');
    await desk.worker.work();
    desk.clock += MINUTE;
    await desk.worker.work();
    expect(await deliveryById(desk.db, first.other)).toMatchObject({
      state: 'waiting',
      problem: 'reauthorise',
    });
    expect(await deliveryById(desk.db, second.other)).toMatchObject({
      state: 'waiting',
      problem: 'reauthorise',
    });
    expect(desk.platform.calls).toBe(1);
    const told = await desk.staff.engines.store.query(`select from notice_requests where subject = $1`, [
      `channel:${desk.weibo}`,
    ]);
    expect(told.rowCount).toBe(1);
    await clearStop(desk.db, desk.weibo);
    await desk.worker.work();
    expect([desk.platform.times(first.text), desk.platform.times(second.text)]).toEqual([1, 1]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import {
  beginCorrection,
  correctRelease,
  noteCorrected,
  type CorrectionWays,
} from '../../store/corrections.ts';
import { deliveryById } from '../../store/deliveries.ts';
import {
  cancelDelivery,
  publishNow,
  rescheduleDelivery,
  scheduleRelease,
} from '../../store/delivery-schedule.ts';
import { saveRelease } from '../../store/releases.ts';
import { siteArticle } from '../../store/site-articles.ts';
import { askWithdrawal, noteTakenDown, settleByPerson, withdrawalsOf } from '../../store/withdrawals.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';
import { approvedRelease } from '../support/releases.ts';

const MINUTE = 60_000;
let desk: DeliveryDesk;

beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(() => desk.fresh());
afterAll(() => desk?.stop());

describe('a person', () => {
  test('publishes at once what was to wait', async () => {
    const due = desk.inMinutes(30);
    const sent = await desk.schedule(due);
    await publishNow(desk.db, desk.actor, sent.site, due, desk.now());
    await desk.worker.work();
    expect([await desk.stateOf(sent.site), await desk.stateOf(sent.other)]).toEqual(['published', 'waiting']);
  });

  test('moves what waits, once of two who do so at the same time, and it goes out at the new time', async () => {
    const due = desk.inMinutes(30);
    const sent = await desk.schedule(due);
    await rescheduleDelivery(
      desk.db,
      desk.actor,
      sent.other,
      { dueAt: desk.inMinutes(40), was: due },
      desk.now(),
    );
    const second = rescheduleDelivery(
      desk.db,
      desk.actor,
      sent.other,
      { dueAt: desk.inMinutes(50), was: due },
      desk.now(),
    );
    await expect(second).rejects.toMatchObject({ code: 'delivery-begun' });
    desk.clock += 30 * MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(sent.site)).toBe('published');
    expect(desk.platform.calls).toBe(0);
    desk.clock += 10 * MINUTE;
    await desk.worker.work();
    expect(desk.platform.times(sent.text)).toBe(1);
  });

  test('cannot have a link before the page that it leads to, nor anything in the past or under embargo', async () => {
    const due = desk.inMinutes(30);
    const sent = await desk.schedule(due);
    const move = (id: number, minutes: number) =>
      rescheduleDelivery(desk.db, desk.actor, id, { dueAt: desk.inMinutes(minutes), was: due }, desk.now());
    await expect(move(sent.other, 20)).rejects.toMatchObject({ code: 'delivery-site-first' });
    await expect(move(sent.site, 40)).rejects.toMatchObject({ code: 'delivery-site-first' });
    await expect(move(sent.site, -30)).rejects.toMatchObject({ code: 'delivery-past' });
    const release = await approvedRelease(desk.db, desk.actor);
    const plan = (accountId: number | 'website') =>
      scheduleRelease(desk.db, desk.actor, release, [{ accountId, dueAt: desk.now() }], desk.now());
    await expect(plan(desk.weibo)).rejects.toMatchObject({ code: 'delivery-site-first' });
    await expect(plan(999_999)).rejects.toMatchObject({ code: 'delivery-account' });
    await desk.db.query('update releases set embargo_until = $2 where id = $1', [
      release.id,
      desk.inMinutes(60),
    ]);
    await expect(plan('website')).rejects.toMatchObject({ code: 'delivery-embargo' });
  });

  test('cannot schedule what is not approved, or the same account twice', async () => {
    const sent = await desk.schedule(desk.inMinutes(30));
    const again = scheduleRelease(
      desk.db,
      desk.actor,
      { id: sent.release, version: 1 },
      [{ accountId: desk.weibo, dueAt: desk.now() }],
      desk.now(),
    );
    await expect(again).rejects.toMatchObject({ code: 'delivery-taken' });
    await desk.db.query(`update releases set state = 'draft' where id = $1`, [sent.release]);
    const draft = scheduleRelease(
      desk.db,
      desk.actor,
      { id: sent.release, version: 1 },
      [{ accountId: desk.weibo, dueAt: desk.now() }],
      desk.now(),
    );
    await expect(draft).rejects.toMatchObject({ code: 'release-stale' });
  });

  test('takes what waits off the schedule, and the release is approved as before', async () => {
    const sent = await desk.schedule(desk.inMinutes(30));
    expect(await cancelDelivery(desk.db, desk.actor, { releaseId: sent.release }, desk.now())).toBe(true);
    expect(await cancelDelivery(desk.db, desk.actor, { releaseId: sent.release }, desk.now())).toBe(false);
    desk.clock += 30 * MINUTE;
    expect(await desk.worker.work()).toEqual([]);
    expect(await desk.releaseState(sent.release)).toBe('approved');
  });

  test('of one who puts it off and a worker that has just begun, one has it', async () => {
    for (let round = 0; round < 8; round += 1) {
      const sent = await desk.schedule();
      const put = rescheduleDelivery(
        desk.db,
        desk.actor,
        sent.site,
        { dueAt: desk.inMinutes(0.5), was: desk.now() },
        desk.now(),
      ).then(
        () => 'put off',
        () => 'begun',
      );
      const cancel = cancelDelivery(
        desk.db,
        desk.actor,
        { releaseId: sent.release, deliveryIds: [sent.site] },
        desk.now(),
      );
      const [, cancelled] = await Promise.all([put, cancel, desk.worker.work()]);
      const state = await desk.stateOf(sent.site);
      expect(cancelled ? state : ['published', 'waiting'].includes(state ?? '')).toBe(
        cancelled ? 'cancelled' : true,
      );
    }
  });
});

describe('a withdrawal', () => {
  const ask = (sent: { release: number }, reason = '内容有误') =>
    askWithdrawal(desk.db, desk.actor, { releaseId: sent.release, reason }, desk.now());

  test('takes the page off at once, and the rest as soon as the publisher comes to it', async () => {
    const sent = await desk.schedule();
    await desk.worker.work();
    expect(await ask(sent)).toEqual({ asked: 2, cancelled: 0 });
    expect(await desk.stateOf(sent.site)).toBe('withdrawn');
    expect(await desk.releaseState(sent.release)).toBe('published');
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('withdrawn');
    expect(desk.platform.times(sent.text)).toBe(0);
    expect(await desk.releaseState(sent.release)).toBe('withdrawn');
    await expect(ask(sent)).rejects.toMatchObject({ code: 'withdraw-nothing' });
  });

  test('says what a person has to take back by hand, and the release is withdrawn once they say so', async () => {
    desk.worker = desk.workerWith({
      withdraw: () => Promise.resolve({ kind: 'manual', how: '请到平台上删除。' }),
    });
    const sent = await desk.schedule();
    await desk.worker.work();
    await ask(sent);
    await desk.worker.work();
    const [open] = await withdrawalsOf(desk.db, sent.release);
    expect(open).toMatchObject({ deliveryId: sent.other, state: 'manual', detail: '请到平台上删除。' });
    expect(await desk.releaseState(sent.release)).toBe('published');
    expect(await desk.noticesOf(sent.other)).toEqual(['delivery-unknown']);
    await settleByPerson(desk.db, desk.actor, open?.id ?? 0, true, desk.now());
    expect(await desk.releaseState(sent.release)).toBe('withdrawn');
    const twice = settleByPerson(desk.db, desk.actor, open?.id ?? 0, true, desk.now());
    await expect(twice).rejects.toMatchObject({ code: 'withdraw-gone' });
  });

  test('calls off what waits, and takes back what is being sent once it is known to stand', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('drop-after');
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('unknown');
    const later = await desk.schedule(desk.inMinutes(30));
    expect(await ask(later)).toEqual({ asked: 0, cancelled: 2 });
    await ask(sent);
    desk.clock += MINUTE;
    await desk.worker.work();
    desk.clock += MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('withdrawn');
    expect(desk.platform.times(sent.text)).toBe(0);
  });

  test('of what turns out not to have arrived does not send it again', async () => {
    const sent = await desk.schedule();
    desk.platform.mishaps.push('drop-before');
    await desk.worker.work();
    await ask(sent);
    desk.clock += MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('cancelled');
    expect(desk.platform.times(sent.text)).toBe(0);
  });

  test('is tried again, and in the end asked of a person', async () => {
    desk.worker = desk.workerWith({ withdraw: () => Promise.reject(new Error('no answer')) });
    const sent = await desk.schedule();
    await desk.worker.work();
    await ask(sent);
    for (let tries = 0; tries < 10; tries += 1) {
      await desk.worker.work();
      desk.clock += 10 * MINUTE;
    }
    expect((await withdrawalsOf(desk.db, sent.release))[0]).toMatchObject({ state: 'unknown' });
  });

  test('needs a reason', async () => {
    const sent = await desk.schedule();
    await expect(ask(sent, ' ')).rejects.toMatchObject({ code: 'withdraw-reason' });
  });

  test('that the platform has made itself is noted, once', async () => {
    const sent = await desk.schedule();
    await desk.worker.work();
    const note = () => noteTakenDown(desk.db, sent.other, '平台已删除。', desk.now());
    expect([await note(), await note()]).toEqual([true, false]);
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({ problem: 'withdrawn-by-platform' });
    expect(await desk.releaseState(sent.release)).toBe('published');
  });
});

describe('a correction', () => {
  const ways: CorrectionWays = {
    website: { way: 'edit' },
    weibo: { way: 'anew' },
    wechat: { way: 'manual', how: '请到平台上更正。' },
  };

  /** A published release whose text was changed and approved. */
  async function corrected(): Promise<Awaited<ReturnType<DeliveryDesk['schedule']>> & { version: number }> {
    const sent = await desk.schedule();
    await desk.worker.work();
    await beginCorrection(desk.db, desk.actor, { id: sent.release, version: 1 }, desk.now());
    expect(await desk.releaseState(sent.release)).toBe('draft');
    const content = contentOf({ title: `${sent.title}（更正）`, document: documentOfText('新的正文') });
    const version = await saveRelease(desk.db, desk.actor, sent.release, 1, content);
    await desk.db.query(`update releases set state = 'approved' where id = $1`, [sent.release]);
    return { ...sent, version };
  }
  const slugOf = async (id: number) => (await deliveryById(desk.db, id))?.address?.split('/').at(-1) ?? '';

  test('changes the page in its place with a note, and goes out anew where a channel cannot be changed', async () => {
    const sent = await corrected();
    const release = { id: sent.release, version: sent.version, note: '更正了日期。' };
    expect(await correctRelease(desk.db, desk.actor, release, ways, desk.now())).toEqual({
      edit: 1,
      anew: 1,
      manual: 0,
    });
    await desk.worker.work();
    expect(await siteArticle(desk.db, await slugOf(sent.site))).toMatchObject({
      title: `${sent.title}（更正）`,
      html: expect.stringContaining('新的正文'),
    });
    expect(await deliveryById(desk.db, sent.site)).toMatchObject({ state: 'published', correction: null });
    expect(desk.platform.times(sent.text)).toBe(1);
    expect(desk.platform.times(sent.text.replace(' ', '（更正） '))).toBe(1);
    expect(await desk.releaseState(sent.release)).toBe('published');
    const again = correctRelease(desk.db, desk.actor, release, ways, desk.now());
    await expect(again).rejects.toMatchObject({ code: 'correct-nothing' });
  });

  test('that only a person can make asks for one, and is done when they say so', async () => {
    const sent = await corrected();
    const release = { id: sent.release, version: sent.version, note: '更正了日期。' };
    await correctRelease(desk.db, desk.actor, release, { ...ways, weibo: ways.wechat }, desk.now());
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({
      problem: 'correct',
      reason: '请到平台上更正。',
    });
    expect(await noteCorrected(desk.db, desk.actor, sent.other)).toBe(true);
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({ problem: null, personAskedAt: null });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attemptsOf } from '../../store/delivery-attempts.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { testAccount } from '../support/deliveries.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';

const MINUTE = 60_000;
let desk: DeliveryDesk;

beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(() => desk.fresh());
afterAll(() => desk?.stop());

describe('preparing', () => {
  test('is done ahead of time, once, and is kept apart from sending', async () => {
    let prepared = 0;
    desk.worker = desk.workerWith({
      prepare: async (_account, _delivery, tools) => {
        prepared += 1;
        await tools.keep({ draft: 'd-1' });
        return { kind: 'ready' };
      },
    });
    const sent = await desk.schedule(desk.inMinutes(30), await testAccount(desk.db, desk.actor, 'wechat'));
    desk.clock += 15 * MINUTE;
    await desk.worker.work();
    expect(prepared).toBe(0);
    desk.clock += 5 * MINUTE;
    await desk.worker.work();
    expect(prepared).toBe(1);
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({
      state: 'waiting',
      preparedAt: desk.now(),
    });
    desk.clock += 10 * MINUTE;
    await desk.worker.work();
    expect(prepared).toBe(1);
    expect(desk.platform.times(sent.text)).toBe(1);
  });

  test('that is done leaves what is woken before its time to its time', async () => {
    desk.worker = desk.workerWith({ prepare: () => Promise.resolve({ kind: 'ready' }) });
    const sent = await desk.schedule();
    await desk.worker.work();
    const wechat = await testAccount(desk.db, desk.actor, 'wechat');
    const plan = [{ accountId: wechat, dueAt: desk.inMinutes(5) }];
    const [id = 0] = await scheduleRelease(
      desk.db,
      desk.actor,
      { id: sent.release, version: 1 },
      plan,
      desk.now(),
    );
    await desk.worker.work();
    await desk.db.query('update deliveries set next_at = $2, woken = true where id = $1', [id, desk.now()]);
    await desk.worker.work();
    expect(await deliveryById(desk.db, id)).toMatchObject({ state: 'waiting', nextAt: desk.inMinutes(5) });
    desk.clock += 5 * MINUTE;
    await desk.worker.work();
    expect(await desk.stateOf(id)).toBe('published');
  });

  test('that shows a content that is not taken tells the writer before the time has come', async () => {
    desk.worker = desk.workerWith({ prepare: () => Promise.resolve({ kind: 'refused', why: '标题太长。' }) });
    const sent = await desk.schedule(desk.inMinutes(10), await testAccount(desk.db, desk.actor, 'wechat'));
    await desk.worker.work();
    expect(await desk.stateOf(sent.other)).toBe('refused');
    expect(await desk.stateOf(sent.site)).toBe('waiting');
  });
});

describe('a dry run', () => {
  test('keeps the requests and sends nothing, and nobody takes it for published', async () => {
    const dry = await testAccount(desk.db, desk.actor, 'weibo', { dryRun: true });
    const sent = await desk.schedule(desk.now(), dry);
    await desk.worker.work();
    expect(desk.platform.calls).toBe(0);
    expect(await deliveryById(desk.db, sent.other)).toMatchObject({
      state: 'cancelled',
      problem: 'dry-run',
      publishedAt: null,
    });
    const [attempt] = await attemptsOf(desk.db, sent.other);
    expect(attempt).toMatchObject({ kind: 'dry-run', requests: [{ method: 'POST', body: sent.text }] });
  });
});

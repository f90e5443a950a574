import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lookOnce } from '../../publisher/after/look.ts';
import type { Look } from '../../publisher/channels/contract.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { countsOf, usualCounts } from '../../store/delivery-counts.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';

let desk: DeliveryDesk;
beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(() => desk.fresh());
afterAll(() => desk?.stop());

const MINUTE = 60_000;

/** Something that stands at the platform, which says this of it when it is looked at. */
async function published(look: () => Look | null) {
  desk.worker = desk.workerWith({
    look: (_, all) =>
      Promise.resolve(new Map(all.flatMap(({ id }) => (look() ? [[id, look() as Look] as const] : [])))),
  });
  const sent = await desk.schedule();
  for (let round = 0; round < 6 && (await desk.stateOf(sent.other)) !== 'published'; round += 1) {
    await desk.worker.work();
    desk.clock += 5_000;
  }
  expect(await desk.stateOf(sent.other)).toBe('published');
  await desk.db.query('update deliveries set look_at = null where id = $1', [sent.site]);
  return sent;
}
const lookAll = async () => {
  while ((await lookOnce(desk.worker.engine)) > 0);
};
const dueOf = async (id: number) =>
  (await desk.db.query<{ at: Date | null }>('select look_at as at from deliveries where id = $1', [id]))
    .rows[0]?.at;

test('what is counted is kept look by look, with what the platform does not say left unknown', async () => {
  let reads = 3;
  const { release, other } = await published(() => ({ standing: true, counts: { reads, likes: 0 } }));
  await lookAll();
  expect(await countsOf(desk.db, release)).toEqual([]);
  desk.clock += 10 * MINUTE;
  await lookAll();
  reads = 40;
  await lookAll();
  desk.clock += 30 * MINUTE;
  await lookAll();
  const [counts] = await countsOf(desk.db, release);
  expect(counts).toMatchObject({ deliveryId: other, channel: 'weibo' });
  expect(counts?.series.map((each) => [each.reads, each.likes, each.shares])).toEqual([
    [3, 0, null],
    [40, 0, null],
  ]);
  const usual = await usualCounts(desk.db, [desk.weibo]);
  expect(usual).toEqual([
    { accountId: desk.weibo, releases: 1, reads: 40, likes: 0, comments: null, shares: null },
  ]);
});

test('what the platform has taken down is told, once, and stands no more', async () => {
  const { release, other } = await published(() => ({ standing: false, counts: {} }));
  desk.clock += 10 * MINUTE;
  await lookAll();
  desk.clock += 86_400_000;
  await lookAll();
  expect(await deliveryById(desk.db, other)).toMatchObject({
    state: 'withdrawn',
    problem: 'withdrawn-by-platform',
  });
  expect(await desk.noticesOf(other)).toEqual(['taken-down']);
  expect(await desk.releaseState(release)).toBe('published');
});

test('what cannot be seen now is neither gone nor uncounted: it is looked at again within the hour', async () => {
  const { release, other } = await published(() => null);
  desk.clock += 2 * 86_400_000;
  await lookAll();
  expect(await desk.stateOf(other)).toBe('published');
  expect(await countsOf(desk.db, release)).toEqual([]);
  expect(await dueOf(other)).toEqual(desk.inMinutes(60));
});

test('after thirty days nobody looks any more', async () => {
  const { other } = await published(() => ({ standing: true, counts: { reads: 9 } }));
  desk.clock += 30 * 86_400_000;
  await lookAll();
  expect(await dueOf(other)).toBeNull();
});

test('of two processes that look at once each takes what the other has not, and a kill loses none', async () => {
  let asked = 0;
  const { other } = await published(() => {
    asked += 1;
    return { standing: true, counts: { reads: 1 } };
  });
  desk.clock += 10 * MINUTE;
  asked = 0;
  const looked = await Promise.all([lookOnce(desk.worker.engine), lookOnce(desk.worker.engine)]);
  expect(looked.toSorted()).toEqual([0, 1]);
  // A process that was killed right after it took them.
  await desk.db.query('update deliveries set look_at = $2 where id = $1', [other, desk.inMinutes(10)]);
  await lookAll();
  desk.clock += 10 * MINUTE;
  asked = 0;
  await lookAll();
  expect(asked).toBeGreaterThan(0);
});

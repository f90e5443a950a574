import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { effectsOf } from '../../store/effect-times.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';

let desk: DeliveryDesk;
beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(() => desk.fresh());
afterAll(() => desk?.stop());

/** Something that came out a week ago at 21:30 in Asia/Shanghai, on a Tuesday, with its looks: hours after it, and reads. */
async function counted(looks: [hours: number, reads: number | null][]): Promise<void> {
  const { other } = await desk.schedule();
  await desk.staff.engines.store.query(
    `update deliveries set state = 'published', published_at = (date_trunc('week', now() at time zone 'Asia/Shanghai')
       - interval '6 days' + interval '21 hours 30 minutes') at time zone 'Asia/Shanghai' where id = $1`,
    [other],
  );
  for (const [hours, reads] of looks) {
    await desk.staff.engines.store.query(
      `insert into delivery_counts (office_id, delivery_id, at, reads)
       select office_id, id, published_at + make_interval(hours => $2), $3 from deliveries where id = $1`,
      [other, hours, reads],
    );
  }
}

test('a publication counts as it stood within two days, at its hour of the week in Asia/Shanghai', async () => {
  await counted([
    [1, 5],
    [20, 80],
    [40, 120],
    [200, 9_000],
  ]);
  // Looked at too early or too late, or without a count of reads: it says nothing.
  await counted([[1, 5]]);
  await counted([[300, 700]]);
  await counted([[24, null]]);
  const { officeId } = desk.actor;
  expect(await effectsOf(desk.db, officeId, 'weibo')).toEqual([
    { accountId: desk.weibo, reads: 120, hour: 24 + 21 },
  ]);
  expect(await effectsOf(desk.db, officeId, 'wechat')).toEqual([]);
});

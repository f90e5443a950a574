import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { daysSilent, freshnessOf } from '../../config/account-health.ts';
import { openCipher } from '../../config/cipher.ts';
import { watchOnce } from '../../publisher/after/account-watch.ts';
import { accountHealth } from '../../store/account-health.ts';
import { setChannelSecret } from '../../store/channel-secrets.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';
import { TEST_KEY } from '../support/engines.ts';

const DAY = 86_400_000;
const cipher = openCipher([TEST_KEY]);

let desk: DeliveryDesk;
beforeAll(async () => {
  desk = await DeliveryDesk.start();
});
beforeEach(async () => {
  await desk.fresh();
  await desk.staff.engines.store.query('truncate notice_requests, account_marks, channel_secrets cascade');
  await desk.staff.engines.store.query(
    `update channel_accounts set archived_at = now() where channel = 'weibo' and id <> $1`,
    [desk.weibo],
  );
});
afterAll(() => desk?.stop());

const at = (days: number) => new Date(desk.clock + days * DAY);
const watch = (days: number) => watchOnce(desk.db, at(days));

/** Something was published to the account at this moment. */
async function published(): Promise<number> {
  const { other } = await desk.schedule();
  await desk.db.query(
    `update deliveries set state = 'published', published_at = $2, next_at = null where id = $1`,
    [...[other, desk.now()]],
  );
  return other;
}
const told = async () =>
  (
    await desk.staff.engines.store.query<{ kind: string; text: string }>(
      'select kind, text from notice_requests order by id',
    )
  ).rows;

test('an account to which nothing new comes is told of after ten and fourteen days, once each, and anew after something came', async () => {
  await published();
  expect(await watch(9.9)).toBe(0);
  expect(await watch(10)).toBe(1);
  expect(await watch(13)).toBe(0);
  expect(await watch(14)).toBe(1);
  expect(await watch(60)).toBe(0);
  expect((await told()).map(({ kind }) => kind)).toEqual(['account-silent', 'account-silent']);
  expect((await told())[1]?.text).toContain('14 天');
  desk.clock += 60 * DAY;
  await published();
  expect(await watch(1)).toBe(0);
  expect(await watch(11)).toBe(1);
});

test('an account to which nothing was ever published is not told of, nor one that is switched off', async () => {
  expect(await watch(400)).toBe(0);
  await published();
  await desk.db.query('update channel_accounts set enabled = false where id = $1', [desk.weibo]);
  expect(await watch(20)).toBe(0);
});

test('two that watch at once tell it once', async () => {
  await published();
  const counts = await Promise.all([watch(20), watch(20), watch(20)]);
  expect(counts.toSorted()).toEqual([0, 0, 1]);
});

test('an authorisation that ends is told of seven, three and one days before, also after the hub stood still', async () => {
  const token = { accountId: desk.weibo, name: 'access-token', value: 'token-of-the-office' };
  await setChannelSecret(desk.db, cipher, desk.actor, { ...token, endsAt: at(30) });
  expect(await watch(22)).toBe(0);
  expect(await watch(23.5)).toBe(1);
  expect(await watch(25)).toBe(0);
  // It did not run on the third day before.
  expect(await watch(28.5)).toBe(1);
  expect(await watch(28.9)).toBe(0);
  expect(await watch(29.5)).toBe(1);
  expect(await watch(29.9)).toBe(0);
  expect(await watch(31)).toBe(0);
  expect((await told()).map(({ kind }) => kind)).toEqual(Array(3).fill('account-ends'));
  // Whoever authorises anew is told of the new end.
  await setChannelSecret(desk.db, cipher, desk.actor, { ...token, endsAt: at(60) });
  expect(await watch(40)).toBe(0);
  expect(await watch(54)).toBe(1);
});

test('the page tells apart what is late and what is not known', async () => {
  const of = async (days: number) => (await accountHealth(desk.db, [desk.weibo], at(days))).get(desk.weibo);
  expect(await of(0)).toMatchObject({ lastPublishedAt: null, published: 0, longestGapDays: null });
  await published();
  expect(await of(12)).toMatchObject({ lastPublishedAt: desk.now(), published: 1, longestGapDays: 12 });
  expect(await of(100)).toMatchObject({ published: 0, longestGapDays: null });
  const states = [null, 0, 6, 7, 9, 10, 13, 14, 90].map(freshnessOf);
  expect(states).toEqual(['unknown', 'fresh', 'fresh', 'weekly', 'weekly', 'warn', 'warn', 'late', 'late']);
  expect(daysSilent(null, desk.now())).toBeNull();
});

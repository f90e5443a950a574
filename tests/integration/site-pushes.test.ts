import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { channelSettings } from '../../config/channels.ts';
import { openCipher } from '../../config/cipher.ts';
import { openPlatformFetch } from '../../publisher/channels/http.ts';
import { pushOnce } from '../../publisher/site/push-loop.ts';
import { setChannelSecret } from '../../store/channel-secrets.ts';
import { changeChannelAccount, websiteAccount } from '../../store/channel-accounts.ts';
import { claimPushes, pushesOf, retryPushes } from '../../store/site-pushes.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { startBaidu, type Baidu } from '../simulators/baidu.ts';
import { TEST_KEY } from '../support/engines.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';

let desk: DeliveryDesk;
let baidu: Baidu;
let account: number;
const cipher = openCipher([TEST_KEY]);

beforeAll(async () => {
  [desk, baidu] = await Promise.all([DeliveryDesk.start(), startBaidu()]);
  account = await websiteAccount(desk.db, desk.actor.officeId);
});
beforeEach(async () => {
  await desk.fresh();
  await desk.staff.engines.store.query('delete from site_pushes');
  Object.assign(baidu, { trouble: null, quota: 100, known: [], asked: 0 });
  await known(baidu.site);
  await token(baidu.token);
});
afterAll(async () => {
  await desk?.stop();
  await baidu?.close();
});

const known = (baiduSite: string | null) =>
  changeChannelAccount(desk.db, desk.actor, account, {
    name: '网站',
    dryRun: false,
    settings: channelSettings.website.parse({ baiduSite, baiduEndpoint: baidu.origin }),
  });
const token = (value: string) =>
  setChannelSecret(desk.db, cipher, desk.actor, { accountId: account, name: 'baidu-token', value });

/** Publishes some releases. @returns their addresses */
async function publish(count: number): Promise<string[]> {
  const sent = [];
  for (let n = 0; n < count; n += 1) sent.push(await desk.schedule());
  await desk.worker.work();
  return sent.map(({ text }) => text.split(' ')[1] ?? '');
}

/** Everything that is due now. @returns how many calls that took */
async function push(): Promise<number> {
  const store = scoped(desk.staff.app, EVERY_OFFICE);
  const fetch = openPlatformFetch(['127.0.0.1']);
  const before = baidu.asked;
  for (let rounds = 0; rounds < 20; rounds += 1) {
    if ((await pushOnce({ store, cipher, fetch, now: desk.now })) === 0) return baidu.asked - before;
  }
  throw new Error('it never comes to rest');
}
const states = async () =>
  (await pushesOf(desk.db, desk.actor.officeId)).map(({ state, detail }) => [state, detail]);

test('Baidu is told of new pages, of all in one call, and of each once', async () => {
  const addresses = await publish(3);
  expect(await push()).toBe(1);
  expect(baidu.known.toSorted()).toEqual(addresses.toSorted());
  expect(await states()).toEqual([
    ['done', null],
    ['done', null],
    ['done', null],
  ]);
  desk.clock += 86_400_000;
  expect(await push()).toBe(0);
});

test('nothing is told where no site is set', async () => {
  await known(null);
  await publish(1);
  expect(await pushesOf(desk.db, desk.actor.officeId)).toEqual([]);
  expect(await push()).toBe(0);
});

test('as many as the quota allows are told today, the others tomorrow', async () => {
  await publish(5);
  baidu.quota = 2;
  await push();
  const today = baidu.known.length;
  expect(today).toBeGreaterThan(0);
  expect(await push()).toBe(0);
  expect((await states()).filter(([state]) => state === 'waiting')[0]?.[1]).toContain('额度');
  desk.clock += 86_400_000 + 600_000;
  baidu.quota = 100;
  await push();
  expect(new Set(baidu.known).size).toBe(5);
  expect(baidu.known).toHaveLength(5);
});

test('what fails by itself is tried again after a while', async () => {
  await publish(1);
  baidu.trouble = 'busy';
  expect(await push()).toBe(1);
  expect(await push()).toBe(0);
  baidu.trouble = null;
  desk.clock += 3 * 60_000;
  await push();
  expect(baidu.known).toHaveLength(1);
});

test('a wrong token is told, and all that waits goes out once a person has put it right', async () => {
  await token('another');
  await publish(2);
  await push();
  expect(await states()).toEqual([
    ['waiting', expect.stringContaining('token is not valid')],
    ['waiting', expect.stringContaining('token is not valid')],
  ]);
  await token(baidu.token);
  expect(await push()).toBe(0);
  expect(await retryPushes(desk.db, desk.actor, desk.now())).toBe(2);
  await push();
  expect(baidu.known).toHaveLength(2);
});

test('after many tries nothing is tried any more, and that stands there', async () => {
  await publish(1);
  baidu.trouble = 'proxy';
  for (let days = 0; days < 20; days += 1) {
    await push();
    desk.clock += 86_400_000;
  }
  expect(await states()).toEqual([['refused', expect.stringContaining('不再自动推送')]]);
  expect(baidu.asked).toBe(12);
});

test('what another process took on and left is taken up again', async () => {
  await publish(1);
  const store = scoped(desk.staff.app, EVERY_OFFICE);
  expect(await claimPushes(store, desk.now())).toHaveLength(1);
  expect(await push()).toBe(0);
  desk.clock += 3 * 60_000;
  expect(await push()).toBe(1);
  expect(baidu.known).toHaveLength(1);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { channelSettings } from '../../config/channels.ts';
import { contentOf } from '../../config/release-content.ts';
import { openEngine } from '../../hub/publishing.ts';
import { adapters } from '../../publisher/channels/index.ts';
import { openPlatformFetch } from '../../publisher/channels/http.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { accountMarks } from '../../store/accounts.ts';
import type { Actor } from '../../store/actor.ts';
import { addChannelAccount, channelAccount, nameChannelAccount } from '../../store/channel-accounts.ts';
import { setChannelSecret } from '../../store/channel-secrets.ts';
import { attemptsOf } from '../../store/delivery-attempts.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { addMedia } from '../../store/media.ts';
import { notePublishEvent } from '../../store/publish-events.ts';
import { transaction, type Store } from '../../store/pool.ts';
import { scoped } from '../../store/scope.ts';
import { askWithdrawal } from '../../store/withdrawals.ts';
import type { FaultKind } from '../simulators/faults.ts';
import { startWechat, type WechatSimulator } from '../simulators/wechat.ts';
import { startWeibo, type WeiboSimulator } from '../simulators/weibo.ts';
import { testPicture } from '../support/channel-tools.ts';
import { FakePlatform, testWorker, type TestWorker } from '../support/deliveries.ts';
import { silent, TEST_KEY } from '../support/engines.ts';
import { approvedRelease } from '../support/releases.ts';
import { startStaff, type Staff } from '../support/staff.ts';

const UID = '2345678901';
const MINUTE = 60_000;
let staff: Staff;
let db: Store;
let actor: Actor;
let wechat: WechatSimulator;
let weibo: WeiboSimulator;
let worker: TestWorker;
let accounts: { wechat: number; weibo: number };
let coverId: number;
let clock = Date.now();

beforeAll(async () => {
  staff = await startStaff();
  const id = await staff.person('city', 'press-officer');
  actor = { id, officeId: staff.offices.city, role: 'press-officer', address: null };
  db = scoped(staff.app, { every: false, offices: [staff.offices.city], shared: [] });
  const { bytes: data, mime, name, alt, width, height } = testPicture('image/jpeg');
  const cover = { kind: 'image', name, mime, alt, width, height, cropOf: null, data } as const;
  coverId = (await addMedia(db, actor, actor.officeId, cover)).id;
});
afterAll(() => staff?.stop());

beforeEach(async () => {
  await staff.engines.store.query('update deliveries set next_at = null');
  await staff.engines.store.query('truncate account_calls, account_tokens, account_marks');
  await staff.engines.store.query(
    `update channel_accounts set archived_at = now() where channel <> 'website'`,
  );
  clock = Date.now();
  wechat = await startWechat(clock);
  weibo = await startWeibo(clock);
  weibo.state.users.push({ id: UID, screen_name: '云州检察' });
  weibo.state.app.domains.push('desk.example');
  accounts = await makeAccounts();
  worker = workerOf();
  return async () => {
    await wechat.close();
    await weibo.close();
  };
});

/** The engine as the hub puts it together; only its clock, and where the platforms may be, are the test's. */
function workerOf(): TestWorker {
  const runtime = staff.engines.runtime();
  const { openAccount, keeper } = openEngine(runtime, staff.app, silent);
  const fetch = openPlatformFetch(['127.0.0.1']);
  const now = () => new Date(clock);
  const short = (asked: Parameters<typeof fetch>[0]) => fetch({ ...asked, timeoutMs: 500 });
  return testWorker(staff.app, new FakePlatform(now), adapters, { openAccount, keeper, fetch: short });
}

async function makeAccounts() {
  const cipher = openCipher([TEST_KEY]);
  const common = { name: '云州检察', dryRun: false } as const;
  const one = await addChannelAccount(db, actor, {
    ...{ ...common, channel: 'wechat', externalId: wechat.state.appId },
    settings: channelSettings.wechat.parse({ endpoint: wechat.origin }),
  });
  const set = (accountId: number, name: string, value: string) =>
    setChannelSecret(db, cipher, actor, { accountId, name, value });
  await set(one, 'app-secret', wechat.state.appSecret);
  const two = await addChannelAccount(db, actor, {
    ...{ ...common, channel: 'weibo', externalId: '' },
    settings: channelSettings.weibo.parse({
      ...{ endpoint: weibo.origin, appKey: weibo.state.app.key, boundDomain: 'desk.example' },
    }),
  });
  await transaction(db, (client) => nameChannelAccount(client, two, UID));
  await set(two, 'access-token', weibo.state.grant(UID));
  return { wechat: one, weibo: two };
}

/** Moves everybody's clock. */
async function pass(ms: number): Promise<void> {
  clock += ms;
  wechat.state.now = clock;
  weibo.state.now = clock;
  await worker.work();
}

let made = 0;
type Sent = { release: number; site: number; weibo: number; wechat: number; title: string };
/** A release that is due now, on all three channels. */
async function send(): Promise<Sent> {
  made += 1;
  const title = `检察开放日公告第${made}号`;
  const content = contentOf({
    ...{ title, summary: '欢迎报名。', document: documentOfText('本院举办检察开放日活动。') },
    details: { coverId, weibo: { on: true }, wechat: { on: true } },
  });
  const release = await approvedRelease(db, actor, content);
  const dueAt = new Date(clock);
  const plan = [
    { accountId: 'website', dueAt },
    { accountId: accounts.weibo, dueAt },
    { accountId: accounts.wechat, dueAt },
  ] as const;
  const [site = 0, second = 0, third = 0] = await scheduleRelease(db, actor, release, plan, new Date(clock));
  await worker.work();
  return { release: release.id, site, weibo: second, wechat: third, title };
}
const stateOf = async (id: number) => (await deliveryById(db, id))?.state;
const shown = ({ title }: { title: string }) => ({
  wechat: wechat.state.articles.filter((article) => article.title === title && !article.deleted).length,
  weibo: weibo.state.statuses.filter(({ said }) => said?.includes(title)).length,
});

describe('a release for three channels', () => {
  test('stands on each of them once, linked to the website, and its comments are followed from then on', async () => {
    const sent = await send();
    expect(await stateOf(sent.weibo)).toBe('published');
    expect(await stateOf(sent.wechat)).toBe('processing');
    await pass(30_000);
    expect(await deliveryById(db, sent.wechat)).toMatchObject({
      state: 'published',
      address: expect.stringContaining('https://mp.weixin.qq.com/') as string,
    });
    expect(shown(sent)).toEqual({ wechat: 1, weibo: 1 });
    const { address: page } = (await deliveryById(db, sent.site)) ?? {};
    expect(weibo.state.statuses[0]?.said).toContain(`https://desk.example${page}`);
    expect(wechat.state.articles[0]?.item?.content_source_url).toBe(`https://desk.example${page}`);
    const { officeId } = actor;
    const article = await accountMarks(db, { officeId, account: `wechat:${wechat.state.appId}` });
    expect(article.get(`article:${wechat.state.articles[0]?.message}_1`)).toMatchObject({ asked: 0 });
    const status = await accountMarks(db, { officeId, account: `weibo:${UID}` });
    expect(status.get(`status:${weibo.state.statuses[0]?.id}`)).toMatchObject({ since: '0' });
  });

  test('is known to be published as soon as the platform says so', async () => {
    const sent = await send();
    const { progress } = (
      await db.query<{ progress: { publishId: string } }>('select progress from deliveries where id = $1', [
        sent.wechat,
      ])
    ).rows[0] ?? { progress: { publishId: '' } };
    const url = 'http://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=2247490001&idx=1';
    const event = { publishId: progress.publishId, status: 0, articleId: 'a', url, sealed: true, at: clock };
    const account = { officeId: actor.officeId, account: `wechat:${wechat.state.appId}` };
    await notePublishEvent(db, account, event);
    // The database has a clock of its own, and the next poll is not before half a minute.
    await pass(10_000);
    expect(await stateOf(sent.wechat)).toBe('published');
    expect(wechat.count('/cgi-bin/freepublish/get')).toBe(0);
  });
});

describe('whatever goes wrong at the decisive call', () => {
  const kinds = [
    ...['reset', 'drop-before', 'drop-after', 'busy-before', 'busy-after', 'gateway-before', 'gateway-after'],
    ...['truncated', 'hang-before', 'hang-after'],
  ] as FaultKind[];
  test.each(kinds)('%s: it stands on both platforms once in the end', async (kind) => {
    wechat.faults.push({ path: '/cgi-bin/freepublish/submit', kind, ms: 2_000 });
    weibo.faults.push({ path: '/2/statuses/share.json', kind, ms: 2_000 });
    const sent = await send();
    for (let minutes = 0; minutes < 30; minutes += 1) await pass(MINUTE);
    expect([await stateOf(sent.weibo), await stateOf(sent.wechat)]).toEqual(['published', 'published']);
    expect(shown(sent)).toEqual({ wechat: 1, weibo: 1 });
  });
});

test('faults of what may be repeated, the token among it, are repeated', async () => {
  for (const path of ['/cgi-bin/stable_token', '/cgi-bin/material/add_material', '/cgi-bin/draft/add'])
    wechat.faults.push({ path, kind: 'busy-before' });
  wechat.faults.push({ path: '/cgi-bin/draft/get', kind: 'gateway-before' });
  const sent = await send();
  for (let minutes = 0; minutes < 8; minutes += 1) await pass(MINUTE);
  expect(await stateOf(sent.wechat)).toBe('published');
  expect(shown(sent).wechat).toBe(1);
});

test('an account that cannot publish stops, is told, and goes on when it is mended', async () => {
  wechat.state.allowedAddresses = [];
  const sent = await send();
  expect(await stateOf(sent.wechat)).toBe('waiting');
  expect(await channelAccount(db, accounts.wechat)).toMatchObject({
    stoppedWhy: 'administrator',
    stoppedDetail: expect.stringContaining('127.0.0.1') as string,
  });
  wechat.state.allowedAddresses = null;
  const secret = { accountId: accounts.wechat, name: 'app-secret', value: wechat.state.appSecret };
  await setChannelSecret(db, openCipher([TEST_KEY]), actor, secret);
  await pass(1_000);
  await pass(30_000);
  expect(await stateOf(sent.wechat)).toBe('published');
});

test('what stands there is taken back as far as a platform allows it', async () => {
  const sent = await send();
  await pass(30_000);
  const of = { releaseId: sent.release, deliveryIds: [sent.wechat, sent.weibo], reason: '内容有误' };
  await askWithdrawal(db, actor, of, new Date(clock));
  await pass(1_000);
  expect(await stateOf(sent.wechat)).toBe('withdrawn');
  expect(shown(sent)).toEqual({ wechat: 0, weibo: 1 });
  const found = await db.query<{ state: string; detail: string }>(
    'select state, detail from withdrawals where delivery_id = $1',
    [sent.weibo],
  );
  expect(found.rows[0]).toMatchObject({
    state: 'manual',
    detail: expect.stringContaining('登录微博') as string,
  });
});

test('the ledger has the platform’s own code and request, and nothing secret', async () => {
  wechat.state.submitRefusals.push(53503);
  const sent = await send();
  const attempts = await attemptsOf(db, sent.wechat);
  expect(attempts.at(-1)).toMatchObject({
    outcome: 'refused',
    code: '53503',
    call: '/cgi-bin/freepublish/submit',
  });
  const all = await staff.engines.store.query('select * from delivery_attempts');
  const token = wechat.state.current?.token ?? '-';
  expect(JSON.stringify(all.rows)).not.toContain(token);
  expect(JSON.stringify(all.rows)).not.toContain(wechat.state.appSecret);
});

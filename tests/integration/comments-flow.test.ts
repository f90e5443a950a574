import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { channelSettings } from '../../config/channels.ts';
import { openCipher } from '../../config/cipher.ts';
import { contentOf } from '../../config/release-content.ts';
import type { SourceSettings } from '../../config/sources.ts';
import { openEngine } from '../../hub/publishing.ts';
import { jobIds, Queues } from '../../hub/queues.ts';
import { crawl } from '../../hub/roles/crawl.ts';
import { adapters } from '../../publisher/channels/index.ts';
import { openPlatformFetch } from '../../publisher/channels/http.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { hubActor, type Actor } from '../../store/actor.ts';
import { addChannelAccount, nameChannelAccount } from '../../store/channel-accounts.ts';
import { setChannelSecret } from '../../store/channel-secrets.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { addMedia } from '../../store/media.ts';
import { transaction, type Store } from '../../store/pool.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { setSourceSecret } from '../../store/source-secrets.ts';
import { recentVisits } from '../../store/visits.ts';
import { startWechat, type WechatSimulator } from '../simulators/wechat.ts';
import { startWeibo, type WeiboSimulator } from '../simulators/weibo.ts';
import { testPicture } from '../support/channel-tools.ts';
import { FakePlatform, testWorker, type TestWorker } from '../support/deliveries.ts';
import { silent, TEST_KEY, until } from '../support/engines.ts';
import { makeSources } from '../support/posts.ts';
import { approvedRelease } from '../support/releases.ts';
import { startStaff, type Staff } from '../support/staff.ts';

const UID = '2345678901';
const NAME = '云州检察';
const cipher = openCipher([TEST_KEY]);
let staff: Staff;
let db: Store;
let actor: Actor;
let coverId: number;
let wechat: WechatSimulator;
let weibo: WeiboSimulator;
let worker: TestWorker;
let clock = 0;

beforeAll(async () => {
  staff = await startStaff();
  const id = await staff.person('city', 'press-officer');
  actor = { id, officeId: staff.offices.city, role: 'press-officer', address: null };
  db = scoped(staff.app, oneOffice(actor.officeId));
  const { bytes: data, mime, name, alt, width, height } = testPicture('image/jpeg');
  const cover = { kind: 'image', name, mime, alt, width, height, cropOf: null, data } as const;
  coverId = (await addMedia(db, actor, actor.officeId, cover)).id;
});
afterAll(() => staff?.stop());

beforeEach(async () => {
  clock = Date.now();
  wechat = await startWechat(clock);
  weibo = await startWeibo(clock);
  weibo.state.users.push({ id: UID, screen_name: NAME });
  weibo.state.app.domains.push('desk.example');
  const { openAccount, keeper } = openEngine(staff.engines.runtime(), staff.app, silent);
  const fetch = openPlatformFetch(['127.0.0.1']);
  const platform = new FakePlatform(() => new Date(clock));
  worker = testWorker(staff.app, platform, adapters, { openAccount, keeper, fetch });
  return async () => {
    await wechat.close();
    await weibo.close();
  };
});

async function pass(ms: number): Promise<void> {
  clock += ms;
  wechat.state.now = clock;
  weibo.state.now = clock;
  await worker.work();
}

async function addWeibo(): Promise<number> {
  const settings = channelSettings.weibo.parse({
    ...{ endpoint: weibo.origin, appKey: weibo.state.app.key, boundDomain: 'desk.example' },
  });
  const details = { name: NAME, dryRun: false, channel: 'weibo', externalId: '', settings } as const;
  const accountId = await addChannelAccount(db, actor, details);
  await transaction(db, (client) => nameChannelAccount(client, accountId, UID));
  const secret = { accountId, name: 'access-token', value: weibo.state.grant(UID) };
  await setChannelSecret(db, cipher, actor, secret);
  return accountId;
}

async function addWechat(): Promise<number> {
  const { appId: externalId, appSecret: value } = wechat.state;
  const settings = channelSettings.wechat.parse({ endpoint: wechat.origin });
  const details = { name: NAME, dryRun: false, channel: 'wechat', externalId, settings } as const;
  const accountId = await addChannelAccount(db, actor, details);
  await setChannelSecret(db, cipher, actor, { accountId, name: 'app-secret', value });
  return accountId;
}

/** Publishes by the hub's own adapter. */
async function publish(accountId: number, title: string): Promise<void> {
  const content = contentOf({
    ...{ title, summary: '欢迎报名。', document: documentOfText('本院举办检察开放日活动。') },
    details: { coverId, weibo: { on: true }, wechat: { on: true, comments: true } },
  });
  const release = await approvedRelease(db, actor, content);
  const dueAt = new Date(clock);
  const plan = [
    { accountId: 'website', dueAt },
    { accountId, dueAt },
  ] as const;
  const [, id = 0] = await scheduleRelease(db, actor, release, plan, dueAt);
  await worker.work();
  // WeChat says after a while what came of it, and is asked more and more seldom.
  for (let minutes = 0; minutes < 3; minutes += 1) await pass(60_000);
  expect((await deliveryById(db, id))?.state).toBe('published');
}

async function addSource(source: Record<string, unknown>, name: string, value: string): Promise<number> {
  const approved = { enabled: true, legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' };
  const whole = { ...approved, name: NAME, intervalSeconds: 7200, ...source } as unknown as SourceSettings;
  const sourceId = (await makeSources(staff.engines.store, actor.officeId, [whole])).get(whole.key) ?? 0;
  await setSourceSecret(db, cipher, hubActor('start', actor.officeId), { sourceId, name, value });
  return sourceId;
}

/** One visit of the source by the crawl role. */
async function visit(sourceId: number, slot: number) {
  const { store } = staff.engines;
  const runtime = staff.engines.runtime();
  const queues = new Queues(runtime, silent);
  const stop = await crawl(runtime, silent);
  try {
    await store.query('update sources set next_visit_at = now() where id = $1', [sourceId]);
    const job = { officeId: actor.officeId, sourceId, slot };
    await queues.queue('crawl').add(jobIds.crawl(sourceId, slot), job);
    return await until('the visit', async () => {
      const [last] = await recentVisits(store, sourceId);
      const done = await store.query('select from visits where source_id = $1 and slot = $2', [
        ...[sourceId, slot],
      ]);
      return done.rowCount === 1 && last?.finishedAt ? last : null;
    });
  } finally {
    await stop();
    await queues.close();
  }
}

/** Everything that the database holds of what was read. */
async function posts(sourceId: number): Promise<Record<string, unknown>[]> {
  const found = await db.query<Record<string, unknown>>(
    'select * from posts where source_id = $1 order by id',
    [sourceId],
  );
  return found.rows;
}

describe('what people say under something that the hub has published', () => {
  const SAID = '开放日在哪里报名？我的电话13812345678';
  const WITHOUT_NUMBER = expect.stringMatching(/^开放日在哪里报名？我的电话(?!138)/) as string;

  test('on Weibo is stored as a post without its author, also when newer posts have pushed it off the list', async () => {
    await publish(await addWeibo(), '检察开放日公告');
    const [status] = weibo.state.statuses;
    if (!status) throw new Error('nothing was published');
    const office = { id: UID, screen_name: NAME };
    for (let n = 0; n < 6; n += 1) weibo.state.post(office, `别处发布的第${n}条`);
    const somebody = { id: '1000000001', screen_name: '滇池边的某某' };
    weibo.state.comment(status, somebody, SAID, Date.now());
    weibo.state.comment(status, office, '您好，请看公告。', Date.now());
    const settings = {
      ...{ uid: UID, read: ['comments'], callsPerDay: 60, followDays: 30, endpoint: weibo.origin },
    };
    const source = { key: 'own-weibo', kind: 'weibo', settings };
    const sourceId = await addSource(source, 'access-token', weibo.state.grant(UID));
    expect(await visit(sourceId, 1)).toMatchObject({ outcome: 'complete', got: 1, fresh: 1 });
    const stored = await posts(sourceId);
    const address = `https://m.weibo.cn/status/${status.id}`;
    expect(stored).toMatchObject([
      { kind: 'comment', url: address, parent_url: address, office_id: actor.officeId, text: WITHOUT_NUMBER },
    ]);
    expect(JSON.stringify(stored)).not.toMatch(/某某|1000000001|13812345678/);
    weibo.state.comment(status, somebody, '谢谢，已经报名成功了', Date.now());
    expect(await visit(sourceId, 2)).toMatchObject({ outcome: 'complete', got: 1, fresh: 1 });
    expect(await posts(sourceId)).toHaveLength(2);
  });

  test('on WeChat is stored as a post without its author, with the token and the address that publishing has', async () => {
    await publish(await addWechat(), '检察开放日安排');
    const [article] = wechat.state.articles;
    if (!article) throw new Error('nothing was published');
    const comment = wechat.state.comment(article, SAID, { at: Date.now() });
    const { appId, appSecret } = wechat.state;
    const settings = {
      ...{ appId, articles: [], followDays: 3, callsPerDay: 500, messages: 'off', endpoint: wechat.origin },
    };
    const source = { key: 'own-wechat', kind: 'wechat', settings };
    const sourceId = await addSource(source, 'app-secret', appSecret);
    expect(await visit(sourceId, 1)).toMatchObject({ outcome: 'complete', got: 1, fresh: 1 });
    expect(wechat.count('/cgi-bin/stable_token')).toBe(1);
    const stored = await posts(sourceId);
    const found = await db.query<{ address: string }>(
      `select address from deliveries where channel = 'wechat' and office_id = $1`,
      [actor.officeId],
    );
    const address = found.rows[0]?.address;
    expect(stored).toMatchObject([
      { kind: 'comment', url: address, parent_url: address, office_id: actor.officeId, text: WITHOUT_NUMBER },
    ]);
    expect(JSON.stringify(stored)).not.toContain(comment.openid);
    expect(JSON.stringify(stored)).not.toContain('13812345678');
  });
});

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { contentOf } from '../../config/release-content.ts';
import { publish } from '../../hub/roles/publish.ts';
import { sample } from '../../hub/roles/sample.ts';
import { noteWechatAccount, sampleWorld } from '../../hub/sample.ts';
import { ensureSampleAccounts } from '../../hub/sample-accounts.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { hubActor } from '../../store/actor.ts';
import { archiveChannelAccount, channelAccounts, openChannelAccount } from '../../store/channel-accounts.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { addMedia } from '../../store/media.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { picture } from '../simulators/talk.ts';
import { silent, startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { approvedRelease } from '../support/releases.ts';
import { makePerson } from '../support/web.ts';

const PICTURE = picture('png', 2_000);
const cipher = openCipher([TEST_KEY]);
let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

const TO = { platforms: { wechat: 4720, weibo: 4721 }, address: 'http://localhost:4700' };
const ensure = (to = TO) => ensureSampleAccounts(engines.store, [TEST_KEY], engines.officeId, to);
const accounts = () => channelAccounts(engines.store, { officeId: engines.officeId });

/** The accounts with what opens them. */
async function opened() {
  const all = await accounts();
  return Promise.all(all.map(async ({ id }) => openChannelAccount(engines.store, cipher, id)));
}

test('the sample office gets an account at each simulated platform, once', async () => {
  const id = await ensure();
  const made = await accounts();
  expect(made).toMatchObject([
    { channel: 'weibo', settings: { endpoint: 'http://127.0.0.1:4721', boundDomain: 'localhost:4700' } },
    { channel: 'wechat', id, settings: { endpoint: 'http://127.0.0.1:4720', callback: 'aes' } },
  ]);
  expect(await ensure()).toBe(id);
  expect((await accounts()).length).toBe(2);
});

test('a hub that is started on another port has its statuses link there', async () => {
  await ensure();
  await ensure({ ...TO, address: 'http://localhost:4800' });
  expect(await accounts()).toMatchObject([{ settings: { boundDomain: 'localhost:4800' } }, {}]);
  expect((await opened())[0]?.secrets['access-token']).toMatch(/^2\.00/);
});

test('the platforms of the sample know the accounts, and show that they are simulated', async () => {
  const runtime = engines.runtime();
  const world = await sampleWorld(runtime.dataFolder);
  const to = { platforms: world.platforms, address: runtime.address };
  for (const { id } of await accounts()) {
    await archiveChannelAccount(engines.store, hubActor('test', engines.officeId), id);
  }
  await engines.store.query('truncate channel_secrets; delete from channel_accounts');
  const wechatId = await ensureSampleAccounts(engines.store, [TEST_KEY], engines.officeId, to);
  noteWechatAccount(runtime.dataFolder, world, wechatId);
  const stop = await sample(runtime, silent);
  onTestFinished(() => stop());

  const [weibo, wechat] = await opened();
  if (weibo?.channel !== 'weibo' || wechat?.channel !== 'wechat') throw new Error('an account is missing');
  const grant = {
    grant_type: 'client_credential',
    appid: wechat.externalId,
    secret: wechat.secrets['app-secret'],
  };
  const token = await fetch(`${wechat.settings.endpoint}/cgi-bin/stable_token`, {
    method: 'POST',
    body: JSON.stringify(grant),
  });
  expect(await token.json()).toMatchObject({ expires_in: 7_200 });
  const [told] = (await (await fetch(`${wechat.settings.endpoint}/_/state`)).json()) as {
    callback: string;
  }[];
  expect(told?.callback).toBe(`${runtime.address}/api/channels/wechat/${wechatId}`);

  const status = `通报 ${runtime.address}/news/1`;
  const shared = await fetch(`${weibo.settings.endpoint}/2/statuses/share.json`, {
    method: 'POST',
    body: new URLSearchParams({
      access_token: weibo.secrets['access-token'] ?? '',
      status,
      rip: '127.0.0.1',
    }),
  });
  const { user } = (await shared.json()) as { user: { idstr: string; screen_name: string } };
  expect([user.idstr, user.screen_name]).toEqual([weibo.externalId, weibo.name]);
  const page = await (await fetch(weibo.settings.pages)).text();
  expect(page).toContain('模拟平台');
  expect(page).toContain('通报');
});

test('a release of a newcomer stands on three channels, and leads from the two to the website', async () => {
  const publisher = { missedAfterMinutes: 60, allowPrivateHosts: ['127.0.0.1'] };
  const runtime = engines.runtime({ publisher });
  const stopSample = await sample(runtime, silent);
  onTestFinished(() => stopSample());
  const stop = await publish(runtime, silent);
  onTestFinished(() => stop());

  const db = scoped(engines.store, oneOffice(engines.officeId));
  const actor = hubActor('test', engines.officeId);
  const { id: by } = await makePerson(engines.store, 'press', engines.officeId, 'press-officer');
  const cover = await addMedia(db, { ...actor, id: by, role: 'press-officer' }, engines.officeId, {
    ...{ kind: 'image', name: 'cover.png', mime: 'image/png', width: 900, height: 383, alt: '检察开放日' },
    ...{ cropOf: null, data: PICTURE },
  });
  const content = contentOf({
    title: '云州检察开放日公告',
    summary: '欢迎市民走进检察机关。',
    document: documentOfText('本周五上午举行检察开放日活动，欢迎报名参加。'),
    details: { coverId: cover.id, weibo: { on: true }, wechat: { on: true } },
  });
  const release = await approvedRelease(db, { ...actor, id: by, role: 'press-officer' }, content);
  const [weibo, wechat] = await accounts();
  const dueAt = new Date();
  const plan = ['website' as const, weibo?.id ?? 0, wechat?.id ?? 0].map((accountId) => ({
    accountId,
    dueAt,
  }));
  await scheduleRelease(db, { ...actor, id: by, role: 'press-officer' }, release, plan, dueAt);

  const states = async () => {
    // No web part runs here that could be told of the end: what its message does, so that nobody waits for the next question.
    await engines.store.query(`update deliveries set next_at = now() where state = 'processing'`);
    return engines.store.query<{
      channel: string;
      state: string;
      reason: string | null;
      address: string | null;
    }>('select channel, state, reason, address from deliveries where release_id = $1 order by channel', [
      release.id,
    ]);
  };
  await expect
    .poll(async () => (await states()).rows.map(({ channel, state, reason }) => [channel, state, reason]), {
      timeout: 100_000,
      interval: 500,
    })
    .toEqual(['website', 'wechat', 'weibo'].map((channel) => [channel, 'published', null]));
  const [site, article, status] = (await states()).rows.map(({ address }) => address ?? '');
  expect(await (await fetch(article ?? '')).text()).toContain(`href="${runtime.address}${site}"`);
  expect(await (await fetch(status ?? '')).text()).toContain('云州检察开放日公告');
});

test('an account that was put away stays away', async () => {
  for (const { id } of await accounts()) {
    await archiveChannelAccount(engines.store, hubActor('test', engines.officeId), id);
  }
  expect(await ensure()).toBeNull();
  expect(await accounts()).toEqual([]);
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { drawKey } from '../../config/keys.ts';
import { channelSettings } from '../../config/channels.ts';
import { accountToken, keepAccountToken, lendToken } from '../../store/accounts.ts';
import type { Actor } from '../../store/actor.ts';
import {
  addChannelAccount,
  archiveChannelAccount,
  changeChannelAccount,
  channelAccount,
  channelAccounts,
  enableChannelAccount,
  nameChannelAccount,
  noteChannelCheck,
  restoreChannelAccount,
  resumeChannelAccount,
  websiteAccount,
} from '../../store/channel-accounts.ts';
import { channelSecrets, channelSecretStates, setChannelSecret } from '../../store/channel-secrets.ts';
import { stopChannelAccount } from '../../store/channel-stops.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { reseal } from '../../store/sealed.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makePerson } from '../support/web.ts';

const cipher = openCipher([TEST_KEY]);
const APP_ID = 'wxb11529c136998cb6';

let engines: TestEngines;
let pool: Pool;
let app: Store;
let other: number;
let actor: Actor;
beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test', { max: 6 });
  app = scoped(pool, EVERY_OFFICE);
  other = await makeOffice(engines.store, 'other', 'county');
  const { id } = await makePerson(engines.store, 'press', engines.officeId, 'press-officer');
  actor = { id, officeId: engines.officeId, role: 'press-officer', address: '127.0.0.1' };
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});
beforeEach(() =>
  engines.store.query('truncate channel_accounts, deliveries, account_tokens, account_marks cascade'),
);

const wechatAccount = (more: Record<string, unknown> = {}) =>
  addChannelAccount(app, actor, {
    ...{ channel: 'wechat', name: '云州检察', externalId: APP_ID, dryRun: false },
    settings: channelSettings.wechat.parse(more),
  });
const weiboAccount = () =>
  addChannelAccount(app, actor, {
    ...{ channel: 'weibo', name: '云州检察微博', externalId: '', dryRun: false },
    settings: channelSettings.weibo.parse({ appKey: '1234567', boundDomain: 'www.yunzhou.example' }),
  });
const actions = async () => {
  const found = await engines.store.query<{ action: string }>(
    `select * from audit_entries where action like 'channel-%' order by seq desc`,
  );
  return found.rows;
};

test('an account stands as it was entered, with the quotas that it does not name as the platform has them', async () => {
  const id = await wechatAccount({ quotas: { submit: 300 } });
  const account = await channelAccount(app, id);
  expect(account).toMatchObject({ channel: 'wechat', externalId: APP_ID, enabled: true, dryRun: false });
  expect(account?.settings).toMatchObject({
    callback: 'off',
    quotas: { submit: 300, status: 100, delete: 10 },
  });
  expect((await actions())[0]).toMatchObject({ action: 'channel-add' });
});

test.each([
  ['an AppID of another form', { externalId: '12345' }],
  ['a quota below nought', { settings: { quotas: { submit: -1 } } }],
  ['an unknown setting', { settings: { quota: {} } }],
])('%s is refused', async (_, wrong) => {
  const details = { channel: 'wechat', name: '云州检察', externalId: APP_ID, dryRun: false, settings: {} };
  await expect(addChannelAccount(app, actor, { ...details, ...wrong } as never)).rejects.toThrow();
  expect(await channelAccounts(app)).toEqual([]);
});

test('an office has an account once; put away, it may be added anew, and is then not taken out again', async () => {
  const id = await wechatAccount();
  await expect(wechatAccount()).rejects.toMatchObject({ code: 'channel-exists' });
  await archiveChannelAccount(app, actor, id);
  expect(await channelAccounts(app)).toEqual([]);
  expect(await channelAccounts(app, { archived: true })).toHaveLength(1);
  await restoreChannelAccount(app, actor, id);
  expect(await channelAccounts(app)).toHaveLength(1);
  await archiveChannelAccount(app, actor, id);
  await wechatAccount();
  await expect(restoreChannelAccount(app, actor, id)).rejects.toMatchObject({ code: 'channel-exists' });
});

test('an account of another office is neither seen nor changed', async () => {
  const id = await wechatAccount();
  const there = scoped(pool, oneOffice(other));
  expect(await channelAccount(there, id)).toBeNull();
  expect(await channelSecretStates(there, id)).toEqual([]);
  await expect(enableChannelAccount(there, { ...actor, officeId: other }, id, false)).rejects.toMatchObject({
    code: 'channel-gone',
  });
  const secret = { accountId: id, name: 'app-secret', value: 'x' };
  expect(await setChannelSecret(there, cipher, { ...actor, officeId: other }, secret)).toBe(false);
});

test('secrets are sealed, told by name only, and sealed anew under a new key', async () => {
  const accountId = await wechatAccount();
  await setChannelSecret(app, cipher, actor, { accountId, name: 'app-secret', value: 'a-very-secret-value' });
  expect(await channelSecrets(app, cipher, accountId)).toEqual({ 'app-secret': 'a-very-secret-value' });
  expect(await channelSecretStates(app, accountId)).toMatchObject([{ name: 'app-secret', endsAt: null }]);
  const kept = await engines.store.query('select * from channel_secrets');
  expect(JSON.stringify([kept.rows, await actions()])).not.toContain('a-very-secret-value');
  const key = drawKey();
  const rotated = openCipher([key, TEST_KEY]);
  expect((await reseal(rotated, () => engines.store)).failed).toEqual([]);
  expect(await channelSecrets(app, openCipher([key]), accountId)).toEqual({
    'app-secret': 'a-very-secret-value',
  });
});

test('the key of pushes that was set before is kept beside the new one', async () => {
  const accountId = await wechatAccount({ callback: 'aes' });
  const [first, second] = ['a'.repeat(43), 'b'.repeat(43)];
  for (const value of [first, first, second])
    await setChannelSecret(app, cipher, actor, { accountId, name: 'encoding-aes-key', value });
  expect(await channelSecrets(app, cipher, accountId)).toEqual({
    'encoding-aes-key': second,
    'encoding-aes-key-previous': first,
  });
});

test('another endpoint gets none of the secrets', async () => {
  const accountId = await wechatAccount();
  await setChannelSecret(app, cipher, actor, { accountId, name: 'app-secret', value: 's' });
  const change = { name: '云州检察', dryRun: true, settings: { certified: false } };
  expect(await changeChannelAccount(app, actor, accountId, change)).toEqual({ secretsDropped: false });
  expect(await channelAccount(app, accountId)).toMatchObject({
    dryRun: true,
    settings: { certified: false },
  });
  const moved = { ...change, settings: { endpoint: 'https://elsewhere.example' } };
  expect(await changeChannelAccount(app, actor, accountId, moved)).toEqual({ secretsDropped: true });
  expect(await channelSecrets(app, cipher, accountId)).toEqual({});
});

test('a stopped account goes on when somebody has set what was wrong, or says so', async () => {
  const id = await wechatAccount();
  expect(await stopChannelAccount(app, id, 'administrator', '服务器 IP 不在白名单。')).toBe(true);
  expect(await stopChannelAccount(app, id, 'reauthorise', '另一个原因')).toBe(false);
  expect(await channelAccount(app, id)).toMatchObject({ stoppedWhy: 'administrator' });
  expect(await resumeChannelAccount(app, actor, id)).toBe(true);
  expect(await resumeChannelAccount(app, actor, id)).toBe(false);
  await stopChannelAccount(app, id, 'administrator', '密钥错误。');
  await setChannelSecret(app, cipher, actor, { accountId: id, name: 'app-secret', value: 's' });
  expect(await channelAccount(app, id)).toMatchObject({ stoppedWhy: null, stoppedDetail: null });
});

test('a new app secret does away with the token that was lent for the old one', async () => {
  const accountId = await wechatAccount();
  const kept = { officeId: engines.officeId, account: `wechat:${APP_ID}` };
  await keepAccountToken(app, cipher, kept, 'old', new Date(Date.now() + 3_600_000));
  await setChannelSecret(app, cipher, actor, { accountId, name: 'app-secret', value: 's' });
  expect(await accountToken(app, cipher, kept)).toBeNull();
});

test('an account of Weibo gets its name with the first authorisation and keeps it', async () => {
  const id = await weiboAccount();
  const name = (uid: string) => transaction(app, (client) => nameChannelAccount(client, id, uid));
  await name('2345678901');
  await name('2345678901');
  await expect(name('1111111111')).rejects.toMatchObject({ code: 'channel-other-account' });
  expect(await channelAccount(app, id)).toMatchObject({ externalId: '2345678901' });
  const second = await weiboAccount();
  await expect(
    transaction(app, (client) => nameChannelAccount(client, second, '2345678901')),
  ).rejects.toMatchObject({ code: 'channel-exists' });
});

test('each office has one website, made when it is asked for', async () => {
  const first = await transaction(app, (client) => websiteAccount(client, engines.officeId));
  const again = await transaction(app, (client) => websiteAccount(client, engines.officeId));
  const elsewhere = await transaction(app, (client) => websiteAccount(client, other));
  expect(again).toBe(first);
  expect(elsewhere).not.toBe(first);
  expect(await channelAccount(app, first)).toMatchObject({ name: '网站', settings: { baiduSite: null } });
});

test('what the check found is kept with the account', async () => {
  const id = await wechatAccount();
  const findings = [{ item: 'token', ok: false, text: '…' }];
  await noteChannelCheck(app, actor, id, findings);
  expect(await channelAccount(app, id)).toMatchObject({ findings, checkedAt: expect.any(Date) as Date });
});

test('of all who need a token at once, in any process, one asks the platform', async () => {
  const account = { officeId: engines.officeId, account: `wechat:${APP_ID}` };
  // Each cipher stands for a process: what waits inside one is known to it alone.
  const processes = Array.from({ length: 4 }, () => openCipher([TEST_KEY]));
  let asked = 0;
  const lend = async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { token: `token-${asked}`, seconds: 7200 };
  };
  const all = () =>
    Promise.all(
      processes.flatMap((each) => Array.from({ length: 5 }, () => lendToken(app, each, account, lend))),
    );
  expect(new Set(await all())).toEqual(new Set(['token-1']));
  const refused = processes.flatMap((each) =>
    Array.from({ length: 5 }, () => lendToken(app, each, account, lend, 'token-1')),
  );
  expect(new Set(await Promise.all(refused))).toEqual(new Set(['token-2']));
  expect(asked).toBe(2);
});

test('a process that was killed while it asked stands in nobody’s way, and a fault reaches who asked', async () => {
  const account = { officeId: engines.officeId, account: `wechat:${APP_ID}` };
  await engines.store.query(
    `insert into account_marks (office_id, account, name, value, marked_at)
     values ($1, $2, 'token-lending', '"killed"', now() - interval '1 minute')`,
    [account.officeId, account.account],
  );
  const fails = () => Promise.reject(new Error('40125'));
  await expect(lendToken(app, cipher, account, fails)).rejects.toThrow('40125');
  const lend = () => Promise.resolve({ token: 'token', seconds: 7200 });
  expect(await lendToken(app, cipher, account, lend)).toBe('token');
  // Nothing is left of those who asked.
  expect((await engines.store.query('select 1 from account_marks')).rowCount).toBe(0);
});

test('a token that ends within five minutes is used, and the next one is asked for', async () => {
  const account = { officeId: engines.officeId, account: `wechat:${APP_ID}` };
  const lend = () => Promise.resolve({ token: 'short', seconds: 299 });
  expect(await lendToken(app, cipher, account, lend)).toBe('short');
  expect(await accountToken(app, cipher, account)).toBeNull();
});

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { channelSettings } from '../../config/channels.ts';
import type { Actor } from '../../store/actor.ts';
import { addChannelAccount, channelAccount } from '../../store/channel-accounts.ts';
import { channelSecrets, channelSecretStates, setChannelSecret } from '../../store/channel-secrets.ts';
import { stopChannelAccount } from '../../store/channel-stops.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { startWeibo, type WeiboSimulator } from '../simulators/weibo.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

const UID = '2345678901';
const cipher = openCipher([TEST_KEY]);

let engines: TestEngines;
let pool: Pool;
let db: Store;
let web: TestWeb;
let weibo: WeiboSimulator;
let actor: Actor;
let press: Session;
let other: Session;
let reader: Session;
beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  db = scoped(pool, oneOffice(engines.officeId));
  weibo = await startWeibo();
  weibo.state.users.push({ id: UID, screen_name: '云州检察' }, { id: '3333333333', screen_name: '另一个' });
  web = await startTestWeb(engines, {
    publisher: { missedAfterMinutes: 60, allowPrivateHosts: ['127.0.0.1'] },
  });
  const person = async (name: string, role: 'press-officer' | 'analyst') => {
    const made = await makePerson(engines.store, name, engines.officeId, role);
    return { ...made, session: await signIn(engines.store, web.address, made) };
  };
  const one = await person('press', 'press-officer');
  actor = { id: one.id, officeId: engines.officeId, role: 'press-officer', address: '127.0.0.1' };
  press = one.session;
  other = (await person('press-two', 'press-officer')).session;
  reader = (await person('reader', 'analyst')).session;
});
afterAll(async () => {
  await web?.stop();
  await weibo?.close();
  await pool?.end();
  await engines?.stop();
});
beforeEach(() => engines.store.query('truncate channel_accounts, account_marks cascade'));

async function account(secret = weibo.state.app.secret): Promise<number> {
  const id = await addChannelAccount(db, actor, {
    ...{ channel: 'weibo', name: '云州检察', externalId: '', dryRun: false },
    settings: channelSettings.weibo.parse({
      ...{ endpoint: weibo.origin, appKey: weibo.state.app.key, boundDomain: 'www.yunzhou.example' },
    }),
  });
  if (secret) await setChannelSecret(db, cipher, actor, { accountId: id, name: 'app-secret', value: secret });
  return id;
}

/** @returns where the browser is sent on to */
async function go(path: string, session = press): Promise<string> {
  const answer = await fetch(web.address + path, { redirect: 'manual', headers: { cookie: session.cookie } });
  return answer.headers.get('location') ?? String(answer.status);
}
const begin = async (id: number, session = press) =>
  new URL(await go(`/channels/weibo/authorise?account=${id}`, session));

/** What the account's owner does at Weibo. @returns the path that the browser comes back to */
async function answerAt(url: URL, act: 'allow' | 'refuse', uid = UID): Promise<string> {
  const body = new URLSearchParams([...url.searchParams, ['uid', uid], ['act', act]]);
  const answer = await fetch(url.origin + url.pathname, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? '');
  expect(back.origin).toBe(web.address);
  return back.pathname + back.search;
}

test('an account is authorised, gets its UID, and its token is sealed with the day on which it ends', async () => {
  const id = await account();
  await stopChannelAccount(db, id, 'reauthorise', '授权已过期。');
  const url = await begin(id);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    ...{ client_id: weibo.state.app.key, response_type: 'code' },
    redirect_uri: `${web.address}/channels/weibo/callback`,
  });
  expect(await go(await answerAt(url, 'allow'))).toBe(`/channels/${id}?authorised=1`);
  expect(await channelAccount(db, id)).toMatchObject({ externalId: UID, stoppedWhy: null });
  const { 'access-token': token = '' } = await channelSecrets(db, cipher, id);
  expect(weibo.state.tokens.get(token)?.uid).toBe(UID);
  const states = await channelSecretStates(db, id);
  const endsAt = states.find(({ name }) => name === 'access-token')?.endsAt?.getTime() ?? 0;
  expect(Math.abs(endsAt - (Date.now() + weibo.state.tokenMs))).toBeLessThan(120_000);
  expect(JSON.stringify((await engines.store.query('select * from audit_entries')).rows)).not.toContain(
    token,
  );
});

test('what was begun in another session, was changed, or was used already is not taken', async () => {
  const id = await account();
  const back = await answerAt(await begin(id), 'allow');
  expect(await go(back, other)).toBe('/channels?trouble=expired');
  expect(await go(back.replace(/state=[^&]*/, 'state=v1.00000000.AAAA'))).toBe('/channels?trouble=expired');
  expect(await go(back.replace(/state=[^&]*/, ''))).toBe('/channels?trouble=expired');
  expect(await go(back)).toBe(`/channels/${id}?authorised=1`);
  expect(await go(back)).toBe(`/channels/${id}?trouble=code`);
});

test('whoever says no at Weibo is taken at their word', async () => {
  const id = await account();
  expect(await go(await answerAt(await begin(id), 'refuse'))).toBe(`/channels/${id}?trouble=denied`);
  expect(await channelAccount(db, id)).toMatchObject({ externalId: '' });
});

test('an account stays the one that it was', async () => {
  const id = await account();
  await go(await answerAt(await begin(id), 'allow'));
  const { 'access-token': token } = await channelSecrets(db, cipher, id);
  expect(await go(await answerAt(await begin(id), 'allow', '3333333333'))).toBe(
    `/channels/${id}?trouble=other-account`,
  );
  expect((await channelSecrets(db, cipher, id))['access-token']).toBe(token);
  const second = await account();
  expect(await go(await answerAt(await begin(second), 'allow'))).toBe(`/channels/${second}?trouble=exists`);
});

test.each([
  ['a wrong app secret', 'wrong', 'settings'],
  ['no app secret', '', 'secret'],
])('%s is told', async (_, secret, trouble) => {
  const id = await account(secret);
  const first = await go(`/channels/weibo/authorise?account=${id}`);
  const end = first.startsWith('http') ? await go(await answerAt(new URL(first), 'allow')) : first;
  expect(end).toBe(`/channels/${id}?trouble=${trouble}`);
});

test('a platform that does not answer is told, and nothing is kept', async () => {
  const id = await account();
  const back = await answerAt(await begin(id), 'allow');
  weibo.faults.push({ path: '/oauth2/access_token', kind: 'drop-before' });
  expect(await go(back)).toBe(`/channels/${id}?trouble=busy`);
  expect(await channelAccount(db, id)).toMatchObject({ externalId: '' });
});

test('only those who may change accounts begin, and only with accounts that are there', async () => {
  const id = await account();
  expect(await go(`/channels/weibo/authorise?account=${id}`, reader)).toBe('403');
  expect(await go('/channels/weibo/authorise?account=999999')).toBe('/channels?trouble=gone');
  expect(await go('/channels/weibo/authorise?account=x')).toBe('/channels?trouble=gone');
});

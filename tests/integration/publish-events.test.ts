import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { channelSettings } from '../../config/channels.ts';
import { contentOf } from '../../config/release-content.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { accountMarks } from '../../store/accounts.ts';
import type { Actor } from '../../store/actor.ts';
import { addChannelAccount } from '../../store/channel-accounts.ts';
import { setChannelSecret } from '../../store/channel-secrets.ts';
import { deliveryById } from '../../store/deliveries.ts';
import type { Store } from '../../store/pool.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { inMode } from '../simulators/wechat/events.ts';
import { pushQuery, textMessage } from '../simulators/wechat/push.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeSources } from '../support/posts.ts';
import { approvedRelease } from '../support/releases.ts';
import { makePerson, startTestWeb, type TestWeb } from '../support/web.ts';

const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const TOKEN = 'pamtest';
const modes = ['plain', 'compat', 'aes', 'off'] as const;
type Mode = (typeof modes)[number];
const appIdOf = (mode: Mode) => `wx00000000000000${modes.indexOf(mode)}0`;

let engines: TestEngines;
let pool: Pool;
let db: Store;
let web: TestWeb;
let actor: Actor;
const accounts = new Map<Mode, number>();
beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  db = scoped(pool, oneOffice(engines.officeId));
  const { id } = await makePerson(engines.store, 'press', engines.officeId, 'press-officer');
  actor = { id, officeId: engines.officeId, role: 'press-officer', address: '127.0.0.1' };
  const cipher = openCipher([TEST_KEY]);
  for (const mode of modes) {
    const accountId = await addChannelAccount(db, actor, {
      ...{ channel: 'wechat', name: `云州检察${mode}`, externalId: appIdOf(mode), dryRun: false },
      settings: channelSettings.wechat.parse({ callback: mode }),
    });
    accounts.set(mode, accountId);
    const secrets = { 'callback-token': TOKEN, 'encoding-aes-key': AES_KEY };
    for (const [name, value] of Object.entries(secrets))
      await setChannelSecret(db, cipher, actor, { accountId, name, value });
  }
  web = await startTestWeb(engines);
});
afterAll(async () => {
  await web?.stop();
  await pool?.end();
  await engines?.stop();
});
beforeEach(() =>
  engines.store.query('truncate deliveries, account_marks, posts, pulse, search_outbox cascade'),
);

/** A delivery as it is after its submission. */
async function delivery(mode: Mode, state: string, progress: object): Promise<number> {
  const content = contentOf({ title: '检察开放日', document: documentOfText('欢迎参加。') });
  const release = await approvedRelease(db, actor, content);
  const made = await db.query<{ id: number }>(
    `insert into deliveries (office_id, release_id, channel, account_id, due_at, state, content, version, progress, next_at)
     values ($1, $2, 'wechat', $3, now(), $4, $5, $6, $7, now() + interval '1 hour') returning id`,
    [engines.officeId, release.id, accounts.get(mode), state, content, release.version, progress],
  );
  return made.rows[0]?.id ?? 0;
}
const kept = async (id: number) => {
  const found = await engines.store.query<{ progress: { event?: object }; due: boolean; look: boolean }>(
    `select progress, woken and next_at <= now() as due, coalesce(look_at <= now(), false) as look from deliveries where id = $1`,
    [id],
  );
  return found.rows[0];
};

function eventXml(publishId: string, status: number): string {
  return `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>
<CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[PUBLISHJOBFINISH]]></Event>
<PublishEventInfo><publish_id>${publishId}</publish_id><publish_status>${status}</publish_status>
<article_id><![CDATA[a1]]></article_id></PublishEventInfo></xml>`;
}
async function push(mode: Mode, message: string, query?: string, body?: string) {
  const callback = { url: '', token: TOKEN, aesKey: AES_KEY, mode: mode === 'off' ? 'plain' : mode } as const;
  const made = inMode(callback, appIdOf(mode), message, Date.now());
  const address = `${web.address}/api/channels/wechat/${accounts.get(mode)}?${query ?? made.query}`;
  const sent = { method: 'POST', body: body ?? made.body, headers: { 'content-type': 'text/xml' } };
  const answer = await fetch(address, sent);
  return { status: answer.status, text: await answer.text() };
}
const SUCCESS = { status: 200, text: 'success' };

describe('the address of an account', () => {
  test('is found to be ours', async () => {
    const query = pushQuery({ appId: appIdOf('plain'), token: TOKEN }, Date.now(), { echostr: '4567' }).query;
    const answer = await fetch(`${web.address}/api/channels/wechat/${accounts.get('plain')}?${query}`);
    expect([answer.status, await answer.text()]).toEqual([200, '4567']);
  });

  test('takes nothing where pushes are off, from strangers, or of an account that is not there', async () => {
    expect((await push('off', eventXml('1', 0))).status).toBe(403);
    const strange = pushQuery({ appId: appIdOf('plain'), token: 'another' }, Date.now()).query.toString();
    expect((await push('plain', eventXml('1', 0), strange)).status).toBe(403);
    const none = pushQuery({ appId: '', token: TOKEN }, Date.now()).query.toString();
    expect((await fetch(`${web.address}/api/channels/wechat/99999?${none}`)).status).toBe(403);
  });

  test('takes nothing in the clear where it should be sealed', async () => {
    const id = await delivery('aes', 'processing', { publishId: '1' });
    const clear = pushQuery({ appId: appIdOf('aes'), token: TOKEN }, Date.now()).query.toString();
    expect((await push('aes', '', clear, eventXml('1', 0))).status).toBe(403);
    expect(await kept(id)).toMatchObject({ due: false, progress: { publishId: '1' } });
  });
});

describe('the end of a publication', () => {
  test.each(['plain', 'compat', 'aes'] as const)('wakes its delivery, in the mode %s', async (mode) => {
    const id = await delivery(mode, 'processing', { publishId: '2247500001' });
    const other = await delivery(mode, 'processing', { publishId: '2247500002' });
    expect(await push(mode, eventXml('2247500001', 0))).toEqual(SUCCESS);
    expect(await kept(id)).toMatchObject({
      due: true,
      progress: { publishId: '2247500001', event: { status: 0, articleId: 'a1', sealed: mode !== 'plain' } },
    });
    expect(await kept(other)).toMatchObject({ due: false });
    expect(await deliveryById(db, id)).toMatchObject({ state: 'processing' });
  });

  test('that comes again changes nothing more', async () => {
    const id = await delivery('aes', 'processing', { publishId: '1' });
    for (let n = 0; n < 3; n += 1) expect(await push('aes', eventXml('1', 4))).toEqual(SUCCESS);
    expect(await kept(id)).toMatchObject({ progress: { event: { status: 4 } } });
    const marks = await accountMarks(db, { officeId: engines.officeId, account: `wechat:${appIdOf('aes')}` });
    expect([...marks.keys()]).toEqual(['publish-event:1']);
  });

  test('whose number is not known yet is kept, and what has no outcome looks again', async () => {
    const unknown = await delivery('aes', 'unknown', { mediaId: 'm' });
    const waiting = await delivery('aes', 'waiting', {});
    expect(await push('aes', eventXml('77', 0))).toEqual(SUCCESS);
    expect(await kept(unknown)).toMatchObject({ due: true });
    expect(await kept(waiting)).toMatchObject({ due: false });
    const marks = await accountMarks(db, { officeId: engines.officeId, account: `wechat:${appIdOf('aes')}` });
    expect(marks.get('publish-event:77')).toMatchObject({ status: 0, sealed: true });
  });

  test('of a published article that was taken down has it looked at', async () => {
    const id = await delivery('aes', 'published', { publishId: '5' });
    expect(await push('aes', eventXml('5', 6))).toEqual(SUCCESS);
    expect(await kept(id)).toMatchObject({ look: true });
    expect(await deliveryById(db, id)).toMatchObject({ state: 'published' });
  });

  test('of one account concerns no other account', async () => {
    const other = await delivery('compat', 'processing', { publishId: '9' });
    await push('aes', eventXml('9', 0));
    expect(await kept(other)).toMatchObject({ due: false });
  });
});

test('what people write to an account is read by its source, whichever address the platform has', async () => {
  const settings = { appId: appIdOf('aes'), articles: [], followDays: 30, callsPerDay: 500, messages: 'aes' };
  const why = { enabled: true, legalBasis: '测试所用', impactNote: '由平台推送', approvedBy: '测试' };
  const source = { kind: 'wechat', key: 'push', name: '云州检察', ...why, intervalSeconds: 3600, settings };
  expect(await push('aes', textMessage('请问何时公开', '8'))).toEqual(SUCCESS);
  expect((await engines.store.query('select 1 from posts')).rowCount).toBe(0);
  await makeSources(engines.store, engines.officeId, [source as never]);
  expect(await push('aes', textMessage('请问何时公开', '9'))).toEqual(SUCCESS);
  expect((await engines.store.query('select 1 from posts')).rowCount).toBe(1);
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { channelMessages as words } from '../../web/lib/messages/channels.ts';
import { startWechat, type WechatSimulator } from '../simulators/wechat.ts';
import { startWeibo, type WeiboSimulator } from '../simulators/weibo.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import {
  ask,
  makePerson,
  sendForm,
  signIn,
  startTestWeb,
  type Session,
  type TestWeb,
} from '../support/web.ts';

const APP = 'wx00112233445566aa';
const SECRET = 'a-secret-of-the-account-00112233';

let engines: TestEngines;
let web: TestWeb;
let wechat: WechatSimulator;
let platform: ReturnType<WechatSimulator['addAccount']>;
let weibo: WeiboSimulator;
let press: Session;
let analyst: Session;
beforeAll(async () => {
  engines = await startTestEngines();
  [wechat, weibo] = await Promise.all([startWechat(), startWeibo()]);
  platform = wechat.addAccount(APP, { appSecret: SECRET });
  web = await startTestWeb(engines, {
    publisher: { missedAfterMinutes: 60, allowPrivateHosts: ['127.0.0.1'] },
  });
  const person = async (name: string, role: 'press-officer' | 'analyst') =>
    signIn(engines.store, web.address, await makePerson(engines.store, name, engines.officeId, role));
  press = await person('press', 'press-officer');
  analyst = await person('analyst', 'analyst');
});
afterAll(async () => {
  await web?.stop();
  await Promise.all([wechat?.close(), weibo?.close()]);
  await engines?.stop();
});
beforeEach(() =>
  engines.store.query('truncate channel_accounts, account_tokens, account_marks, account_calls cascade'),
);

const open = (path: string, by = press) => ask(web.address, 'GET', path, by.cookie);
const send = (path: string, fields: Record<string, string>, by = press) =>
  sendForm(web.address, by, path, fields);
const details = () => ({
  ...{ channel: 'wechat', name: '云州检察', externalId: APP, kind: 'subscription', certified: 'on' },
  ...{ callback: 'off', endpoint: wechat.origin },
});

/** Adds the account as a person does. @returns its page */
async function add(fields: Record<string, string> = details()): Promise<string> {
  const made = await send('/channels/new', fields);
  expect(made.status).toBe(303);
  return made.location ?? '';
}

describe('an account is added step by step', () => {
  test('its secret is typed in and never shown, the check says what is wrong until it can publish', async () => {
    const page = await add();
    expect((await open(page)).text).toContain(words.state.missing('应用密钥（AppSecret）'));
    const checked = await send(`${page}?/check`, {});
    expect(checked.status).toBe(409);
    expect(checked.text).toContain(words.check.found(1));

    await send(`${page}?/secret`, { name: 'app-secret', value: SECRET });
    const passed = await send(`${page}?/check`, {});
    expect(passed.text).toContain(words.check.passed);
    const shown = await open(page);
    expect(shown.text).toContain(words.state.ready);
    expect(shown.text).not.toContain(SECRET);
    expect((await open('/channels')).text).toContain(words.state.ready);
    const log = await engines.store.query<{ text: string }>(
      'select to_jsonb(a)::text as text from audit_entries a',
    );
    expect(log.rows.map(({ text }) => text).join('\n')).not.toContain(SECRET);
  });

  test('where the platform does not let the server in, the check names the address that is to be let in', async () => {
    platform.allowedAddresses = [];
    const page = await add();
    await send(`${page}?/secret`, { name: 'app-secret', value: SECRET });
    await send(`${page}?/check`, {});
    platform.allowedAddresses = null;
    expect((await open(page)).text).toContain('把 127.0.0.1 加入白名单');
  });

  test('what cannot be is said at its line, and what was typed stays', async () => {
    const wrong = await send('/channels/new', {
      ...details(),
      externalId: 'not-an-appid',
      'quotas.submit': 'many',
    });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('须是公众号的 AppID');
    expect(wrong.text).toContain(words.form.number);
    expect(wrong.text).toContain('not-an-appid');
    expect((await send('/channels/new', { channel: 'nowhere' })).status).toBe(400);
    await add();
    expect((await send('/channels/new', details())).status).toBe(409);
  });

  test('at Weibo the page gives the address for its console, and the way there once the app is known', async () => {
    const fields = {
      ...{ channel: 'weibo', name: '云州检察', endpoint: weibo.origin },
      ...{ appKey: weibo.state.app.key, boundDomain: 'www.yunzhou.example', rip: '203.0.113.8' },
    };
    const page = await add(fields);
    const before = await open(page);
    expect(before.text).toContain('/channels/weibo/callback');
    expect(before.text).toContain(words.authorise.first);
    await send(`${page}?/secret`, { name: 'app-secret', value: weibo.state.app.secret });
    const after = await open(page);
    expect(after.text).toContain(words.state.notAuthorised);
    expect(after.text).toContain(words.authorise.button);
    expect((await send(`${page}?/secret`, { name: 'access-token', value: 'typed-in' })).status).toBe(400);
  });
});

describe('an account in use', () => {
  test('is stopped and let go on, put away and taken out again', async () => {
    const page = await add();
    await send(`${page}?/switch`, { to: 'off' });
    expect((await open(page)).text).toContain(words.state.disabled);
    await send(`${page}?/switch`, { to: 'on' });
    await engines.store.query(
      `update channel_accounts set stopped_why = 'administrator', stopped_detail = '密钥被重置。', stopped_at = now()`,
    );
    expect((await open(page)).text).toContain('需要管理员处理：密钥被重置。');
    expect((await send(`${page}?/resume`, {})).text).toContain(words.acts.done.resumed);
    expect((await send(`${page}?/archive`, {})).text).toContain('undo');
    expect((await open('/channels')).text).not.toContain('云州检察');
    expect((await open('/channels?archived=1')).text).toContain(words.state.archived);
    expect((await send(`${page}?/restore`, {})).text).toContain(words.acts.done.restored);
  });

  test('loses its secrets when it is to be asked elsewhere, and says so', async () => {
    const page = await add();
    await send(`${page}?/secret`, { name: 'app-secret', value: SECRET });
    const kept = await send(`${page}?/save`, { ...details(), name: '改名', dryRun: 'on' });
    expect(kept.text).toContain(words.form.saved);
    expect((await open(page)).text).toContain(words.state.dryRun);
    const moved = await send(`${page}?/save`, { ...details(), endpoint: 'https://elsewhere.example' });
    expect(moved.text).toContain(words.form.savedMoved);
    expect((await open(page)).text).toContain(words.state.missing('应用密钥（AppSecret）'));
  });

  test('can be seen by whoever writes nothing, and changed by nobody else', async () => {
    const page = await add();
    const seen = await open(page, analyst);
    expect(seen.status).toBe(200);
    expect(seen.text).not.toContain('?/secret');
    for (const act of ['save', 'secret', 'check', 'switch', 'resume', 'archive']) {
      expect((await send(`${page}?/${act}`, {}, analyst)).status).toBe(403);
    }
    expect((await open('/channels/new', analyst)).status).toBe(403);
    expect((await open('/channels/999999')).status).toBe(404);
  });
});

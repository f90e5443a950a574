import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { SourceSettings } from '../../config/sources.ts';
import { hubActor } from '../../store/actor.ts';
import { setSourceSecret } from '../../store/source-secrets.ts';
import { encrypted, pushQuery, textMessage } from '../simulators/wechat/push.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeSources } from '../support/posts.ts';
import { startTestWeb, type TestWeb } from '../support/web.ts';

const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const pushing = { appId: 'wxb11529c136998cb6', token: 'pamtest', aesKey: AES_KEY };
const modes = ['plain', 'aes', 'off'] as const;

let engines: TestEngines;
let web: TestWeb;
let ids: Map<string, number>;
beforeAll(async () => {
  engines = await startTestEngines();
  const sources = modes.map((messages) => {
    const settings = { appId: pushing.appId, articles: [], followDays: 30, callsPerDay: 500, messages };
    const why = { enabled: true, legalBasis: '测试所用', impactNote: '由平台推送', approvedBy: '测试' };
    return { kind: 'wechat', key: messages, name: '云州检察', ...why, intervalSeconds: 3600, settings };
  });
  ids = await makeSources(engines.store, engines.officeId, sources as unknown as SourceSettings[]);
  const cipher = openCipher([TEST_KEY]);
  for (const sourceId of ids.values()) {
    const secrets = { 'callback-token': pushing.token, 'encoding-aes-key': AES_KEY };
    for (const [name, value] of Object.entries(secrets))
      await setSourceSecret(engines.store, cipher, hubActor('start', engines.officeId), {
        sourceId,
        name,
        value,
      });
  }
  web = await startTestWeb(engines);
});
afterAll(async () => {
  await web.stop();
  await engines.stop();
});
beforeEach(() => engines.store.query('truncate posts, pulse, search_outbox cascade'));

async function push(mode: (typeof modes)[number] | number, query: string, body?: string) {
  const id = typeof mode === 'number' ? mode : ids.get(mode);
  const answer = await fetch(`${web.address}/api/wechat/${id}?${query}`, {
    ...(body !== undefined && { method: 'POST', body, headers: { 'content-type': 'text/xml' } }),
  });
  return { status: answer.status, text: await answer.text() };
}
const signed = (more: Record<string, string> = {}) => pushQuery(pushing, Date.now(), more).query.toString();
const posts = async () => {
  const found = await engines.store.query<Record<string, unknown>>('select * from posts order by id');
  return found.rows;
};
const SUCCESS = { status: 200, text: 'success' };

test('the platform finds that the address is ours', async () => {
  expect(await push('plain', signed({ echostr: '4567' }))).toEqual({ status: 200, text: '4567' });
});

test('a message is stored once, redacted and without who sent it, however often it comes', async () => {
  const message = textMessage('举报线索，电话13812345678，<b>请查</b>', '23456789012345678');
  for (let n = 0; n < 3; n += 1) expect(await push('plain', signed(), message)).toEqual(SUCCESS);
  const [stored, ...more] = await posts();
  expect(more).toEqual([]);
  expect(stored).toMatchObject({ kind: 'comment', office_id: engines.officeId, source_id: ids.get('plain') });
  expect(JSON.stringify(stored)).not.toMatch(/13812345678|oOpenId|gh_|23456789012345678/);
});

test('an encrypted one is taken, and the same in the clear is not where it should be encrypted', async () => {
  const message = textMessage('请问案件进展如何，何时公开', '11');
  const { query, body } = encrypted(pushing, message);
  expect(await push('aes', query, body)).toEqual(SUCCESS);
  expect(await posts()).toHaveLength(1);
  expect((await push('aes', signed(), textMessage('插入的一条消息', '12'))).status).toBe(403);
  expect(await posts()).toHaveLength(1);
});

test('what is no text is answered and let go', async () => {
  const event = textMessage('', '13').replace('[text]', '[event]');
  expect(await push('plain', signed(), event)).toEqual(SUCCESS);
  expect(await posts()).toEqual([]);
});

test('a source that was stopped answers, so that nobody is told that the account is broken, and takes nothing', async () => {
  await engines.store.query(`update sources set stopped_at = now() where key = 'plain'`);
  expect(await push('plain', signed(), textMessage('停止期间的一条消息', '14'))).toEqual(SUCCESS);
  expect(await posts()).toEqual([]);
  await engines.store.query(`update sources set stopped_at = null where key = 'plain'`);
});

test('what is too large is not read', async () => {
  const message = textMessage('长'.repeat(40_000), '15');
  expect((await push('plain', signed(), message)).status).toBe(413);
});

test('nobody else is listened to, and after some tries not at all', async () => {
  const message = textMessage('不是平台发来的消息', '16');
  const wrong = pushQuery({ ...pushing, token: 'guessed' }).query.toString();
  const old = pushQuery(pushing, Date.now() - 3_600_000).query.toString();
  const signature = new URLSearchParams(signed());
  signature.delete('signature');
  expect((await push('plain', signature.toString(), message)).status).toBe(400);
  const tries: [(typeof modes)[number] | number, string][] = [
    ['plain', wrong],
    ['plain', old],
    ['off', signed()],
    [999_999, signed()],
  ];
  for (const [mode, query] of tries) {
    expect(await push(mode, query, message)).toEqual({ status: 403, text: 'not from the platform' });
  }
  for (let n = 0; n < 20; n += 1) await push('plain', wrong, message);
  expect((await push('plain', wrong, message)).status).toBe(429);
  expect(await posts()).toEqual([]);
});

import { createDecipheriv, createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { EventFault } from './faults.ts';
import { talkToWechat } from './talk.ts';
import { pushQuery } from './wechat/push.ts';
import type { Callback } from './wechat/types.ts';

const TOKEN = 'callbacktoken';
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

type Heard = { query: URLSearchParams; body: string };

/** A hub that hears events. @param answers what it answers, one after the other; then always `success` */
async function hub(answers: (number | string)[] = []) {
  const heard: Heard[] = [];
  const read = async (request: IncomingMessage) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    heard.push({ query: new URL(request.url ?? '/', 'http://hub').searchParams, body });
  };
  const server = createServer((request, response) => {
    void read(request).then(() => {
      const answer = answers.shift() ?? 'success';
      response
        .writeHead(typeof answer === 'number' ? answer : 200)
        .end(typeof answer === 'string' ? answer : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback?account=1` };
}

async function publishing(mode: Callback['mode'] = 'plain', answers: (number | string)[] = []) {
  const talk = await talkToWechat();
  const { heard, url } = await hub(answers);
  talk.state.callback = { url, token: TOKEN, aesKey: AES_KEY, mode };
  /** From the draft to the end, and until everything has been told. */
  const publish = async () => {
    await talk.submit(await talk.drafted());
    talk.state.now += talk.state.publishingMs;
    await talk.wechat.clock.settled();
  };
  return { ...talk, heard, publish };
}

const sha1 = (...parts: string[]) => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

function opened(query: URLSearchParams, body: string): { message: string; appId: string } {
  const sealed = /<Encrypt><!\[CDATA\[(.*?)\]\]><\/Encrypt>/s.exec(body)?.[1] ?? '';
  const parts = [TOKEN, query.get('timestamp') ?? '', query.get('nonce') ?? ''];
  expect(query.get('msg_signature')).toBe(sha1(...parts, sealed));
  const key = Buffer.from(`${AES_KEY}=`, 'base64');
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]);
  const length = plain.readUInt32BE(16);
  const end = plain.length - (plain.at(-1) ?? 0);
  return {
    message: plain.subarray(20, 20 + length).toString('utf8'),
    appId: plain.subarray(20 + length, end).toString('utf8'),
  };
}

test('the end of a publication is told in the clear, with its address, signed', async () => {
  const { heard, publish } = await publishing();
  await publish();
  const [{ query, body }] = heard as [Heard];
  expect(query.get('account')).toBe('1');
  const parts = [TOKEN, query.get('timestamp') ?? '', query.get('nonce') ?? ''];
  expect(query.get('signature')).toBe(sha1(...parts));
  expect(body).toContain('<Event><![CDATA[PUBLISHJOBFINISH]]></Event>');
  expect(body).toMatch(/<publish_status>0<\/publish_status>\s*<article_id>/);
  expect(body).toContain('<article_url><![CDATA[http://mp.weixin.qq.com/s?');
});

test('the signature is the one of the documentation', () => {
  const given = sha1('AAAAA', '1714037059', '486452656');
  expect(given).toBe('899cf89e464efb63f54ddac96b0a0a235f53aa78');
  const { query, timestamp, nonce } = pushQuery({ appId: 'wx', token: 'AAAAA' }, 1_714_037_059_000);
  expect([timestamp, query.get('signature')]).toEqual(['1714037059', sha1('AAAAA', '1714037059', nonce)]);
});

test.each([
  ['aes', false],
  ['compat', true],
] as const)(
  'in the mode %s it is sealed for the account (and in the clear as well: %s)',
  async (mode, inTheClear) => {
    const { state, heard, publish } = await publishing(mode);
    await publish();
    const [{ query, body }] = heard as [Heard];
    const { message, appId } = opened(query, body);
    expect([appId, query.get('encrypt_type')]).toEqual([state.appId, 'aes']);
    expect(message).toContain('PUBLISHJOBFINISH');
    expect(body.includes('PUBLISHJOBFINISH')).toBe(inTheClear);
  },
);

test('a failure is told with its status and the articles that it is about', async () => {
  const { state, heard, publish } = await publishing();
  state.outcomes.push(4);
  await publish();
  expect(heard[0]?.body).toMatch(/<publish_status>4<\/publish_status>\s*<fail_idx>1<\/fail_idx>/);
  expect(heard[0]?.body).not.toContain('article_id');
});

test('it is told three times to a hub that does not take it, and once to one that does', async () => {
  const deaf = await publishing('plain', [500, 'fail', 502]);
  await deaf.publish();
  expect(deaf.heard.length).toBe(3);
  const late = await publishing('plain', [500]);
  await late.publish();
  expect(late.heard.length).toBe(2);
  expect(late.state.pushed).toEqual([{ event: 'PUBLISHJOBFINISH', status: 200, tries: 2 }]);
});

test.each<[EventFault, number, number]>([
  ['missing', 0, 0],
  ['twice', 2, 2],
  ['late', 0, 1],
  ['renamed', 1, 1],
])('at random it is %s: told %i times at once, %i times in the end', async (kind, atOnce, inTheEnd) => {
  const { wechat, state, heard, publish } = await publishing();
  wechat.plan = { seed: 1, rates: {}, events: { [kind]: 1 } };
  await publish();
  expect(heard.length).toBe(atOnce);
  state.now += 60_000;
  await wechat.clock.settled();
  expect(heard.length).toBe(inTheEnd);
  const names = heard.map(({ body }) => /<Event><!\[CDATA\[(\w+)/.exec(body)?.[1]);
  expect(
    names.every((name) => name === (kind === 'renamed' ? 'MASSSENDJOBFINISH' : 'PUBLISHJOBFINISH')),
  ).toBe(true);
  // Told again it is the same message: whoever hears it can know it by its time.
  expect(new Set(heard.map(({ body }) => body)).size).toBe(Math.min(inTheEnd, 1));
  expect(wechat.truth()).toMatchObject([{ times: 1 }]);
});

test('it can be late or under an old name by order, too', async () => {
  const { wechat, state, heard, publish } = await publishing();
  state.event = { times: 1, delayMs: 30_000, name: 'FREEPUBLISHJOBFINISH' };
  await publish();
  expect(heard).toEqual([]);
  state.now += 30_000;
  await wechat.clock.settled();
  expect(heard[0]?.body).toContain('FREEPUBLISHJOBFINISH');
});

test.each([
  ['send success', '<SentCount>100</SentCount>', '<ArticleUrl>'],
  ['err(20001)', '<Status><![CDATA[err(20001)]]></Status>', '<ArticleUrlResult><Count>0</Count>'],
])('the end of a message to all is told with its status: %s', async (outcome, ...told) => {
  const { wechat, state, heard, drafted, post } = await publishing();
  state.sendingOutcomes.push(outcome);
  const mpnews = { media_id: await drafted() };
  await post('/cgi-bin/message/mass/sendall', { filter: { is_to_all: true }, msgtype: 'mpnews', mpnews });
  state.now += 10_000;
  await wechat.clock.settled();
  for (const part of ['MASSSENDJOBFINISH', ...told]) expect(heard[0]?.body).toContain(part);
});

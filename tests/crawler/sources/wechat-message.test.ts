import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFromPlatform, isSigned, readPushQuery, type PushKeys } from '../../../config/wechat-push.ts';
import { messageDraft, readPush } from '../../../crawler/sources/wechat-message.ts';
import { encrypted, pushQuery, textMessage } from '../../simulators/wechat/push.ts';

const NOW = Date.UTC(2026, 10, 22, 4);
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const OTHER_KEY = 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba';
const plain: PushKeys = { appId: 'wxb11529c136998cb6', token: 'pamtest', aesKeys: [] };
const sealed: PushKeys = { ...plain, aesKeys: [AES_KEY] };
const pushing = { appId: plain.appId, token: plain.token, aesKey: AES_KEY };

function pushed(keys: PushKeys, query: string, body: string) {
  const read = readPushQuery(new URLSearchParams(query));
  return read && isFromPlatform(keys.token, read, NOW) ? readPush(keys, read, body) : null;
}
const text = { type: 'text', text: '举报一条线索', id: '23456789012345678', at: NOW };
const message = textMessage(text.text, text.id, NOW);

describe('the platform shows that it is the one that asks', () => {
  test('as in the sample of its documentation', () => {
    const signature = '899cf89e464efb63f54ddac96b0a0a235f53aa78';
    expect(isSigned(signature, 'AAAAA', '1714037059', '486452656')).toBe(true);
    expect(isSigned(signature, 'AAAAB', '1714037059', '486452656')).toBe(false);
    expect(isSigned('a9993e364706816aba3e25717850c26c9cd0d89d', 'c', 'a', 'b')).toBe(true);
  });

  test('and not longer ago, or later, than some minutes', () => {
    const query = readPushQuery(pushQuery(pushing, NOW).query);
    expect(query && isFromPlatform(plain.token, query, NOW + 300_000)).toBe(true);
    expect(query && isFromPlatform(plain.token, query, NOW + 700_000)).toBe(false);
    expect(query && isFromPlatform(plain.token, query, NOW - 700_000)).toBe(false);
  });

  test.each([[''], ['00'], ['zz'], ['899cf89e464efb63f54ddac96b0a0a235f53aa7'], ['<script>']])(
    'and %j is no signature',
    (signature) => {
      expect(isSigned(signature, 'AAAAA', '1714037059', '486452656')).toBe(false);
    },
  );

  test.each([['timestamp=1&nonce=2'], ['signature=a&nonce=2'], ['signature=a&timestamp=1'], ['']])(
    'an address without all of it (%s) is none of its own',
    (query) => expect(readPushQuery(new URLSearchParams(query))).toBeNull(),
  );
});

describe('a message is read', () => {
  test('in the clear', () => {
    expect(pushed(plain, pushQuery(pushing, NOW).query.toString(), message)).toEqual(text);
  });

  test('encrypted', () => {
    const { query, body } = encrypted(pushing, message, NOW);
    expect(pushed(sealed, query, body)).toEqual(text);
  });

  test('under the key before, while the platform changes to the next', () => {
    const { query, body } = encrypted(pushing, message, NOW);
    expect(pushed({ ...sealed, aesKeys: [OTHER_KEY, AES_KEY] }, query, body)).toEqual(text);
  });

  test('as JSON, its long number whole', () => {
    const json = `{"MsgType":"text","Content":"举报一条线索","CreateTime":${NOW / 1000},"MsgId": ${text.id}}`;
    expect(pushed(plain, pushQuery(pushing, NOW).query.toString(), json)).toEqual(text);
  });
});

describe('a message is not read', () => {
  const { query, body } = encrypted(pushing, message, NOW);
  test.each<[string, PushKeys, string, string]>([
    ['in the clear where it should be encrypted', sealed, pushQuery(pushing, NOW).query.toString(), message],
    ['under another key', { ...sealed, aesKeys: [OTHER_KEY] }, query, body],
    ['for another account', { ...sealed, appId: 'wx0000000000000000' }, query, body],
    ['with another token', { ...sealed, token: 'other' }, query, body],
    ['changed on its way', sealed, query, body.replace(/A/g, 'B')],
    ['with a key of a wrong length', { ...sealed, aesKeys: ['short'] }, query, body],
    ['that is empty', plain, pushQuery(pushing, NOW).query.toString(), ''],
    ['that is no XML', plain, pushQuery(pushing, NOW).query.toString(), '{"MsgType":'],
    [
      'that names no kind',
      plain,
      pushQuery(pushing, NOW).query.toString(),
      '<xml><Content>甲</Content></xml>',
    ],
  ])('%s', (_, keys, asked, sent) => {
    expect(pushed(keys, asked, sent)).toBeNull();
  });

  test('by tricks of XML: entities of its own stay as they are', () => {
    const bomb = `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><xml><MsgType>text</MsgType><Content>&b;&lt;好</Content></xml>`;
    expect(pushed(plain, pushQuery(pushing, NOW).query.toString(), bomb)?.text).toBe('&b;<好');
  });
});

test('whatever is sent, it is read or not, and never breaks', () => {
  const bodies = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string().map(asXml));
  fc.assert(
    fc.property(bodies, fc.boolean(), (body, isSealed) => {
      const query = encrypted(pushing, body, NOW);
      const read = isSealed ? pushed(sealed, query.query, query.body) : pushed(plain, query.query, body);
      expect(read === null || typeof read.text === 'string').toBe(true);
    }),
    { numRuns: 300 },
  );
  const deep = `${'<a>'.repeat(20_000)}`;
  expect(pushed(plain, pushQuery(pushing, NOW).query.toString(), deep)).toBeNull();
});

const asXml = (text: string) => `<xml><MsgType>${text}</MsgType><Content><![CDATA[${text}]]></Content>`;

test('a text becomes a draft, without who sent it', () => {
  const { query, body } = encrypted(pushing, message, NOW);
  const read = pushed(sealed, query, body);
  const draft = read && messageDraft(read, '云州检察');
  expect(draft).toMatchObject({ kind: 'comment', text: text.text, publishedAt: NOW, parentUrl: null });
  expect(draft?.externalId).toMatch(/^[0-9a-f]{32}$/);
  expect(JSON.stringify(draft)).not.toMatch(/oOpenId|gh_|23456789012345678/);
});

test.each([
  ['an event', { ...text, type: 'event' }],
  ['a picture', { ...text, type: 'image' }],
  ['nothing but spaces', { ...text, text: ' \n ' }],
  ['a message without a number', { ...text, id: '' }],
])('%s is none', (_, read) => {
  expect(messageDraft(read, '云州检察')).toBeNull();
});

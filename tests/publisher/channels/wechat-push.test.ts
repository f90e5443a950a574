import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isSigned, openPush, readPushQuery, type PushKeys } from '../../../config/wechat-push.ts';
import { publishEventOf } from '../../../publisher/channels/wechat/event.ts';
import { encrypted, pushQuery } from '../../simulators/wechat/push.ts';

const NOW = Date.UTC(2026, 10, 22, 4);

/** Recorded with the account, token and key of the vector (w7corp/easywechat, EncryptorTest; MIT). */
const VECTOR = {
  keys: {
    appId: 'wxb11529c136998cb6',
    token: 'pamtest',
    aesKeys: ['abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'],
  } satisfies PushKeys,
  query: {
    signature: '',
    timestamp: '1458300676',
    nonce: '260774613',
    messageSignature: '4f3ad57b6989f09f4eb392acce4f9e93942ed890',
  },
  sealed:
    'rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==',
};
const body = `<xml>\n<ToUserName><![CDATA[asdasdasd]]></ToUserName>\n<Encrypt><![CDATA[${VECTOR.sealed}]]></Encrypt>\n</xml>`;

describe('the vectors that others have recorded', () => {
  test('of the signature hold', () => {
    // The platform's own sample, and the one that libraries share.
    expect(isSigned('899cf89e464efb63f54ddac96b0a0a235f53aa78', 'AAAAA', '1714037059', '486452656')).toBe(
      true,
    );
    expect(isSigned('a9993e364706816aba3e25717850c26c9cd0d89d', 'a', 'b', 'c')).toBe(true);
    const { token } = VECTOR.keys;
    const { timestamp, nonce, messageSignature } = VECTOR.query;
    expect(isSigned(messageSignature, token, timestamp, nonce, VECTOR.sealed)).toBe(true);
    expect(isSigned(messageSignature, token, timestamp, '260774614', VECTOR.sealed)).toBe(false);
  });

  test('of the cipher open to "hello"', () => {
    const opened = new Map(openPush(VECTOR.keys, VECTOR.query, body));
    expect(Object.fromEntries(opened)).toMatchObject({
      ...{
        ToUserName: 'asdasdasd',
        FromUserName: 'asdasdasdsadasd',
        CreateTime: '1234567898',
        Content: 'hello',
      },
    });
  });

  test('do not open for another account, nor under another signature or key', () => {
    const { keys, query } = VECTOR;
    expect(openPush({ ...keys, appId: 'wx0000000000000000' }, query, body)).toBeNull();
    expect(openPush(keys, { ...query, messageSignature: '0'.repeat(40) }, body)).toBeNull();
    expect(openPush({ ...keys, aesKeys: ['A'.repeat(43)] }, query, body)).toBeNull();
    expect(openPush({ ...keys, aesKeys: ['A'.repeat(43), ...keys.aesKeys] }, query, body)).not.toBeNull();
  });
});

const pushing = { appId: VECTOR.keys.appId, token: VECTOR.keys.token, aesKey: VECTOR.keys.aesKeys[0] ?? '' };
const done = `<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>
<article_id><![CDATA[b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvy]]></article_id><article_detail><count>1</count>
<item><idx>1</idx><article_url><![CDATA[https://mp.weixin.qq.com/s?a=1&b=2]]></article_url></item></article_detail></PublishEventInfo>`;
const eventXml = (name: string, info: string) =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>
<CreateTime>1481013459</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${name}]]></Event>${info}</xml>`;

function read(keys: PushKeys, query: string, sent: string) {
  const asked = readPushQuery(new URLSearchParams(query));
  const fields = asked && openPush(keys, asked, sent);
  return fields && publishEventOf(fields, keys.aesKeys.length > 0, NOW);
}
const plain: PushKeys = { ...VECTOR.keys, aesKeys: [] };
const query = pushQuery(pushing, NOW).query.toString();
const event = {
  publishId: '2247503051',
  status: 0,
  articleId: 'b5O2OUs25HBxRceL7hfReg-U9QGeq9zQjiDvy',
  url: 'https://mp.weixin.qq.com/s?a=1&b=2',
  at: NOW,
};

describe('the end of a publication', () => {
  test.each(['PUBLISHJOBFINISH', 'FREEPUBLISHJOBFINISH', 'MASSSENDJOBFINISH'])('is read as %s', (name) => {
    expect(read(plain, query, eventXml(name, done))).toEqual({ event: { ...event, sealed: false } });
  });

  test('is read sealed, and known to be', () => {
    const { query: asked, body: sent } = encrypted(pushing, eventXml('PUBLISHJOBFINISH', done), NOW);
    expect(read(VECTOR.keys, asked, sent)).toEqual({ event: { ...event, sealed: true } });
  });

  test('is read where the platform sends both forms, from the sealed one', () => {
    const { query: asked, body: sent } = encrypted(pushing, eventXml('PUBLISHJOBFINISH', done), NOW);
    const changed = eventXml('PUBLISHJOBFINISH', done.replace('>0<', '>4<'));
    const both = changed.replace('</xml>', `${/<Encrypt>.*<\/Encrypt>/s.exec(sent)?.[0] ?? ''}</xml>`);
    expect(read(VECTOR.keys, asked, both)).toMatchObject({ event: { status: 0, sealed: true } });
  });

  test('is read when it failed, with every article that failed', () => {
    const failed = `<PublishEventInfo><publish_id>7</publish_id><publish_status>4</publish_status><fail_idx>1</fail_idx><fail_idx>2</fail_idx></PublishEventInfo>`;
    expect(read(plain, query, eventXml('PUBLISHJOBFINISH', failed))).toMatchObject({
      event: { publishId: '7', status: 4, articleId: null, url: null },
    });
  });

  test('is read as JSON, its number whole', () => {
    const json = `{"MsgType":"event","Event":"PUBLISHJOBFINISH","CreateTime":1481013459,"PublishEventInfo":{"publish_id": 9223000000000000001,"publish_status":0,"article_id":"a","article_detail":{"count":1,"item":[{"idx":1,"article_url":"https://mp.weixin.qq.com/s?x"}]}}}`;
    expect(read(plain, query, json)).toMatchObject({
      event: { publishId: '9223000000000000001', articleId: 'a', url: 'https://mp.weixin.qq.com/s?x' },
    });
  });

  test('that is not said to be of which publication is told as such', () => {
    const mass = '<MsgID>1000001625</MsgID><Status><![CDATA[send success]]></Status>';
    expect(read(plain, query, eventXml('MASSSENDJOBFINISH', mass))).toEqual({ event: null });
    const odd = done.replace('2247503051', 'x');
    expect(read(plain, query, eventXml('PUBLISHJOBFINISH', odd))).toEqual({ event: null });
  });

  test('is not taken for another event, nor a message for it', () => {
    expect(read(plain, query, eventXml('subscribe', ''))).toBeNull();
    const message = eventXml('PUBLISHJOBFINISH', done).replace('[event]', '[text]');
    expect(read(plain, query, message)).toBeNull();
  });
});

test('a signature is that of the parts in their order, whatever order they come in', () => {
  const right = createHash('sha1').update('1abz').digest('hex');
  expect(isSigned(right, 'z', '1', 'ab')).toBe(true);
  expect(isSigned(right, 'z1', 'ab')).toBe(false);
});

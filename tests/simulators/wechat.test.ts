import { expect, test } from 'vitest';
import { forThisTest } from './for-this-test.ts';
import { startWechat, type WechatSimulator } from './wechat.ts';

const NOW = Date.UTC(2026, 10, 22, 4);

type Json = Record<string, unknown>;
const post = async ({ origin }: WechatSimulator, path: string, body: Json, token?: string) => {
  const query = token === undefined ? '' : `?access_token=${token}`;
  const answer = await fetch(`${origin}${path}${query}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, json: (await answer.json()) as Json };
};
const lend = async (wechat: WechatSimulator, more: Json = {}) => {
  const { appId: appid, appSecret: secret } = wechat.state;
  const body = { grant_type: 'client_credential', appid, secret, ...more };
  return (await post(wechat, '/cgi-bin/stable_token', body)).json as {
    access_token: string;
    expires_in: unknown;
  };
};
const list = (wechat: WechatSimulator, token: string, more: Json = {}) =>
  post(wechat, '/cgi-bin/comment/list', { msg_data_id: 1, index: 0, begin: 0, count: 49, ...more }, token);

test('everybody gets the same token until five minutes before its end, and then both are good', async () => {
  const wechat = forThisTest(await startWechat(NOW));
  const first = await lend(wechat);
  wechat.state.now += 6_000_000;
  expect(await lend(wechat)).toEqual({ access_token: first.access_token, expires_in: 1_200 });
  wechat.state.now += 1_000_000;
  const second = await lend(wechat);
  expect(second.access_token).not.toBe(first.access_token);
  wechat.state.publish(1, '通报');
  for (const { access_token } of [first, second]) {
    expect((await list(wechat, access_token)).json).toMatchObject({ errcode: 0 });
  }
  wechat.state.now += 300_000;
  expect((await list(wechat, first.access_token)).json).toMatchObject({ errcode: 42001 });
});

test('a forced token makes the old one worthless at once, and comes no sooner than after thirty seconds', async () => {
  const wechat = forThisTest(await startWechat(NOW));
  const first = await lend(wechat);
  const forced = await lend(wechat, { force_refresh: true });
  expect((await list(wechat, first.access_token)).json).toMatchObject({ errcode: 42001 });
  expect((await lend(wechat, { force_refresh: true })).access_token).toBe(forced.access_token);
});

test('every error has the status 200 and names its request', async () => {
  const wechat = forThisTest(await startWechat(NOW));
  const { status, json } = await list(wechat, 'no-such-token');
  expect(status).toBe(200);
  expect(json['errcode']).toBe(40001);
  expect(json['errmsg']).toMatch(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
});

test('an address that is not listed is told its own', async () => {
  const wechat = forThisTest(await startWechat(NOW));
  wechat.state.allowedAddresses = [];
  expect(await lend(wechat)).toMatchObject({
    errcode: 40164,
    errmsg: expect.stringContaining('invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist') as string,
  });
});

test('calls are counted by path, by the minute and by the day in Shanghai', async () => {
  const wechat = forThisTest(await startWechat(NOW));
  const { access_token: token } = await lend(wechat);
  wechat.state.publish(1, '通报');
  wechat.state.minutely['/cgi-bin/comment/list'] = 1;
  wechat.state.daily['/cgi-bin/comment/list'] = 2;
  expect((await list(wechat, token)).json).toMatchObject({ errcode: 0 });
  expect((await list(wechat, token)).json).toMatchObject({ errcode: 45011 });
  wechat.state.now += 60_000;
  expect((await list(wechat, token)).json).toMatchObject({ errcode: 0 });
  wechat.state.now += 60_000;
  expect((await list(wechat, token)).json).toMatchObject({ errcode: 45009 });
});

test('what does not exist, may not be read or asks for too much has its code', async () => {
  const wechat = forThisTest(await startWechat(NOW));
  const { access_token: token } = await lend(wechat);
  wechat.state.publish(1, '通报', { commentable: false });
  expect((await list(wechat, token, { count: 50 })).json).toMatchObject({ errcode: 88010 });
  expect((await list(wechat, token, { msg_data_id: 2 })).json).toMatchObject({ errcode: 88001 });
  expect((await list(wechat, token)).json).toMatchObject({ errcode: 88000 });
  wechat.state.certified = false;
  expect((await list(wechat, token)).json).toMatchObject({ errcode: 48001 });
});

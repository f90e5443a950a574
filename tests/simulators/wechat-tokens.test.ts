import { expect, test } from 'vitest';
import { picture, talkToWechat } from './talk.ts';

test('the older token and the stable one know nothing of one another', async () => {
  const { wechat, state, lend, token } = await talkToWechat();
  const older = async () => {
    const query = `grant_type=client_credential&appid=${state.appId}&secret=${state.appSecret}`;
    const answer = await fetch(`${wechat.origin}/cgi-bin/token?${query}`);
    return (await answer.json()) as { access_token: string; expires_in: number };
  };
  const first = await older();
  const second = await older();
  expect(first.expires_in).toBe(7_200);
  expect(second.access_token).not.toBe(first.access_token);
  expect((await lend()).access_token).toBe(token);
  const isGood = async (held: string) => {
    const answer = await fetch(`${wechat.origin}/cgi-bin/draft/count?access_token=${held}`);
    return ((await answer.json()) as { errcode?: number }).errcode ?? 0;
  };
  expect(await Promise.all([first.access_token, second.access_token, token].map(isGood))).toEqual([0, 0, 0]);
  // A new one leaves the one before it five minutes.
  state.now += 300_000;
  expect(await Promise.all([first.access_token, second.access_token, token].map(isGood))).toEqual([
    42001, 0, 0,
  ]);
});

test('a token can be forced twenty times a day', async () => {
  const { state, lend } = await talkToWechat();
  for (let n = 0; n < 20; n += 1) {
    expect(await lend({ force_refresh: true })).toMatchObject({ expires_in: 7_200 });
    state.now += 30_000;
  }
  expect(await lend({ force_refresh: true })).toMatchObject({ errcode: 45009 });
  state.now += 43_200_000;
  expect(await lend({ force_refresh: true })).toMatchObject({ expires_in: 7_200 });
});

test.each([
  [{ grant_type: 'password' }, 40002],
  [{ appid: 'wx0000000000000000' }, 40013],
  [{ appid: undefined }, 41002],
  [{ secret: undefined }, 41004],
  [{ secret: 'wrong' }, 40125],
])('a token is not lent for %o', async (wrong, errcode) => {
  const { lend } = await talkToWechat();
  expect(await lend(wrong)).toMatchObject({ errcode });
});

test('a call without a token has its own code', async () => {
  const { raw } = await talkToWechat();
  expect((await raw('/cgi-bin/draft/get', '{}', null)).json).toMatchObject({ errcode: 41001 });
});

test('what is used of a path is told, and given back ten times a month', async () => {
  const { state, post, get } = await talkToWechat();
  const path = '/cgi-bin/draft/count';
  state.daily[path] = 2;
  for (const [errcode, remain] of [
    [undefined, 1],
    [undefined, 0],
    [45009, 0],
  ]) {
    expect((await get(path))['errcode']).toBe(errcode);
    const { quota } = await post('/cgi-bin/openapi/quota/get', { cgi_path: path });
    expect(quota).toMatchObject({ daily_limit: 2, remain });
  }
  expect(await post('/cgi-bin/openapi/quota/get', {})).toMatchObject({ errcode: 76021 });
  expect(await post('/cgi-bin/openapi/quota/get', { cgi_path: '/no/such' })).toMatchObject({
    errcode: 76022,
  });
  for (let n = 0; n < 10; n += 1) {
    expect(await post('/cgi-bin/clear_quota', { appid: state.appId })).toMatchObject({ errcode: 0 });
  }
  expect(await get(path)).toMatchObject({ total_count: 0 });
  expect(await post('/cgi-bin/clear_quota', { appid: state.appId })).toMatchObject({ errcode: 48006 });
});

test('quotas of a day begin anew at midnight in Shanghai', async () => {
  const { state, get } = await talkToWechat({}, Date.UTC(2026, 10, 22, 15, 59));
  state.daily['/cgi-bin/draft/count'] = 1;
  expect(await get('/cgi-bin/draft/count')).toMatchObject({ total_count: 0 });
  expect(await get('/cgi-bin/draft/count')).toMatchObject({ errcode: 45009 });
  state.now += 60_000;
  expect(await get('/cgi-bin/draft/count')).toMatchObject({ total_count: 0 });
});

test('a refused call is told by its rid', async () => {
  const { post } = await talkToWechat();
  const refused = await post('/cgi-bin/draft/get', { media_id: 'none' });
  const rid = / rid: (\S+)$/.exec(String(refused['errmsg']))?.[1];
  expect(await post('/cgi-bin/openapi/rid/get', { rid })).toMatchObject({
    request: {
      request_url: '/cgi-bin/draft/get',
      client_ip: '127.0.0.1',
      request_body: '{"media_id":"none"}',
    },
  });
  expect(await post('/cgi-bin/openapi/rid/get', { rid: 'a-b-c' })).toMatchObject({ errcode: 76001 });
});

test('slashes of addresses are escaped, and errors of content have a hint', async () => {
  const { raw, upload, token, state } = await talkToWechat();
  const { text } = await raw('/cgi-bin/freepublish/submit', '{}', token);
  expect(text).toMatch(/ hint: \[[0-9a-f]{5}\] rid: /);
  const url = String((await upload('/cgi-bin/media/uploadimg', picture('png')))['url']);
  expect(url).toMatch(/^http:\/\/mmbiz\.qpic\.cn\//);
  state.publish(1, '通报');
  expect((await raw('/cgi-bin/freepublish/batchget', '{}', token)).text).toContain(
    'http:\\/\\/mp.weixin.qq.com\\/s',
  );
});

test('accounts know nothing of one another: a token opens its own', async () => {
  const { wechat, lend, post, drafted } = await talkToWechat();
  const other = wechat.addAccount('wx1111111111111111', { appSecret: 'another-secret' });
  await drafted();
  const mine = await post('/cgi-bin/draft/batchget', {});
  const lent = await lend({ appid: other.appId, secret: 'another-secret' });
  const answer = await fetch(`${wechat.origin}/cgi-bin/draft/count?access_token=${lent.access_token}`);
  expect([mine['total_count'], await answer.json()]).toEqual([1, { total_count: 0 }]);
});

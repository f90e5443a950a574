import { describe, expect, test } from 'vitest';
import { unitsOf, base62, fromBase62, hasTopic } from './weibo/text.ts';
import { LINK, picture, talkToWeibo } from './talk.ts';

const MB = 1024 * 1024;

describe('a status', () => {
  test('is answered as a whole, its number right only as a string, its time that of Shanghai', async () => {
    const { weibo, share } = await talkToWeibo();
    const { status, text, json } = await share(`云州检察通报 ${LINK}`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ created_at: 'Sun Nov 22 12:00:00 +0800 2026', pending_approval_count: 0 });
    expect(text).toContain(`"id":${String(json['idstr'])},`);
    expect(String(json['id'])).not.toBe(json['idstr']);
    expect(weibo.truth()).toMatchObject([{ said: `云州检察通报 ${LINK}`, times: 1, standing: 1 }]);
  });

  test('has its addresses shortened', async () => {
    const { share } = await talkToWeibo();
    expect((await share(`通报 ${LINK}`)).json['text']).toMatch(/^通报 http:\/\/t\.cn\/\w+$/);
  });

  test('may be 140 units long, addresses counting as ten', async () => {
    const { share } = await talkToWeibo();
    expect((await share(`${'字'.repeat(130)}${LINK}?${'x'.repeat(300)}`)).status).toBe(200);
    expect((await share(`${'字'.repeat(131)}${LINK}`)).json).toMatchObject({ error_code: 20012 });
  });

  test.each([
    ['', 20008],
    [`#云州检察# 通报 ${LINK}`, 20021],
    ['没有链接', 10017],
    ['别处的链接 http://www.other.example/', 10017],
    ['看上去像的链接 http://www.yunzhou.example.evil.example/', 10017],
  ])('"%s" is refused with %i', async (text, error_code) => {
    const { share } = await talkToWeibo();
    expect(await share(text)).toMatchObject({ status: 400, json: { error_code } });
  });

  test('needs an app that is bound to a domain', async () => {
    const { state, share } = await talkToWeibo();
    state.app.domains = [];
    expect((await share(`通报 ${LINK}`)).json).toMatchObject({
      error_code: 10017,
      error: 'appkey not bind domain!',
    });
  });

  test('needs the address of its author, as the newer documentation says', async () => {
    const { state, share } = await talkToWeibo();
    expect((await share(`通报 ${LINK}`, { rip: '' })).json).toMatchObject({ error_code: 10016 });
    state.ripNeeded = false;
    expect((await share(`通报 ${LINK}`, { rip: '' })).status).toBe(200);
  });

  test('that says the same as the one before it is refused, after another one it is not', async () => {
    const { weibo, share } = await talkToWeibo();
    await share(`通报 ${LINK}`);
    expect((await share(`通报 ${LINK}`)).json).toMatchObject({ error_code: 20019, error: 'repeat content!' });
    expect((await share(`通报！ ${LINK}?again`)).json).toMatchObject({ error_code: 20017 });
    await share(`另一件事 ${LINK}`);
    expect((await share(`通报 ${LINK}`)).status).toBe(200);
    expect(weibo.truth().find(({ said }) => said === `通报 ${LINK}`)).toMatchObject({ times: 2 });
  });

  test('can be there although its author is told to wait, and is found by them only later', async () => {
    const { weibo, state, office, share, ask } = await talkToWeibo();
    state.syncDelays = 1;
    expect((await share(`通报 ${LINK}`)).json).toMatchObject({ error_code: 20032 });
    expect(weibo.truth()).toMatchObject([{ times: 1, standing: 1 }]);
    const own = async () => (await ask(`/2/statuses/user_timeline.json?uid=${office.id}`)).json['statuses'];
    expect(await own()).toEqual([]);
    state.now += state.syncDelayMs;
    expect(await own()).toMatchObject([{ mid: expect.any(String) as string }]);
  });

  test('can be looked at by the platform before others see it', async () => {
    const { weibo, state, share } = await talkToWeibo();
    state.reviewMs = 60_000;
    expect((await share(`通报 ${LINK}`)).json).toMatchObject({ pending_approval_count: 1 });
    const front = async () => (await fetch(weibo.origin)).text();
    expect(await front()).not.toContain('通报');
    state.now += 60_000;
    expect(await front()).toContain('通报');
  });

  test('may have one picture: jpg, gif or png of less than five megabytes', async () => {
    const { withPicture } = await talkToWeibo();
    expect((await withPicture(`甲 ${LINK}`, picture('png'))).json).toMatchObject({
      pic_num: 1,
      pic_urls: [{ thumbnail_pic: expect.stringContaining('sinaimg.cn') as string }],
    });
    expect((await withPicture(`乙 ${LINK}`, picture('webp'))).json).toMatchObject({ error_code: 20005 });
    expect((await withPicture(`乙 ${LINK}`, picture('jpg', 5 * MB))).json).toMatchObject({
      error_code: 20006,
    });
    expect((await withPicture(`乙 ${LINK}`, null)).json).toMatchObject({ error_code: 20007 });
  });

  test('is one of thirty in an hour', async () => {
    const { state, share } = await talkToWeibo();
    for (let n = 0; n < 30; n += 1) expect((await share(`第${n}条 ${LINK}`)).status).toBe(200);
    expect(await share(`第30条 ${LINK}`)).toMatchObject({ status: 403, json: { error_code: 20016 } });
    state.now += 3_600_000;
    expect((await share(`第30条 ${LINK}`)).status).toBe(200);
  });

  test('is asked for with POST', async () => {
    const { ask } = await talkToWeibo();
    expect((await ask('/2/statuses/share.json?status=x')).json).toMatchObject({ error_code: 10021 });
    expect((await ask('/2/statuses/update.json')).json).toMatchObject({ error_code: 10020 });
  });
});

test('the calls of an address are counted as well', async () => {
  const { state, ask } = await talkToWeibo();
  state.callsAnHourByAddress = 1;
  expect((await ask('/2/comments/to_me.json')).status).toBe(200);
  expect((await ask('/2/comments/to_me.json')).json).toMatchObject({ error_code: 10022 });
  state.now += 3_600_000;
  expect((await ask('/2/comments/to_me.json')).status).toBe(200);
});

test('a status is found by its number in either form', async () => {
  const { state, office, share, ask } = await talkToWeibo();
  const id = String((await share(`通报 ${LINK}`)).json['idstr']);
  const { mid } = (await ask(`/2/statuses/querymid.json?id=${id}&type=1`)).json;
  expect((await ask(`/2/statuses/queryid.json?mid=${String(mid)}&type=1&isBase62=1`)).json).toEqual({ id });
  const there = await ask(`/2/statuses/go?uid=${office.id}&id=${id}`);
  expect([there.status, there.headers.get('location')]).toEqual([
    302,
    `https://weibo.com/${office.id}/${String(mid)}`,
  ]);
  const gone = state.statusOf(id);
  if (gone) gone.deleted = true;
  expect((await ask(`/2/statuses/go?uid=${office.id}&id=${id}`)).json).toMatchObject({ error_code: 20101 });
});

test('counts are asked for a hundred at a time, and what was deleted has none', async () => {
  const { state, office, ask } = await talkToWeibo();
  const [first, second] = ['甲', '乙'].map((text) => state.post(office, text));
  if (!first || !second) throw new Error('nothing was posted');
  state.comment(first, office, '补充');
  state.post(office, '转发', { shares: first });
  second.deleted = true;
  const count = (ids: readonly unknown[]) => ask(`/2/statuses/count.json?ids=${ids.join(',')}`);
  expect((await count([first.id, second.id])).json).toMatchObject([
    { idstr: String(first.id), comments: 1, reposts: 1 },
  ]);
  const many = Array.from({ length: 101 }, (_, n) => n);
  expect((await count(many)).json).toMatchObject({ error_code: 10008 });
  expect((await count(many.slice(1))).json).toEqual([]);
});

test('the short form of a number is the one that Weibo writes', () => {
  expect(base62(3_501_756_485_200_075n)).toBe('z0JH2lOMb');
  for (const id of [1n, 10_000_000n, 3_501_756_485_200_075n, 9_223_000_000_000_000_008n]) {
    expect(fromBase62(base62(id))).toBe(id);
  }
});

test('two half-width characters are one unit, and a topic stands between two hashes', () => {
  expect([unitsOf('字a'), unitsOf('字ab'), unitsOf('abc'), unitsOf('，。')]).toEqual([2, 2, 2, 2]);
  expect([hasTopic('#话题#'), hasTopic('第#1 和 #2'), hasTopic('# 话题')]).toEqual([true, true, false]);
});

describe('comments', () => {
  test('are written, answered and deleted', async () => {
    const { state, share, form } = await talkToWeibo();
    const id = String((await share(`通报 ${LINK}`)).json['idstr']);
    const { json } = await form('/2/comments/create.json', { id, comment: '补充说明' });
    const cid = String(json['idstr']);
    const answer = await form('/2/comments/reply.json', { id, cid, comment: '已转有关部门' });
    expect(answer.json).toMatchObject({ text: '已转有关部门', reply_comment: { text: '补充说明' } });
    expect((await form('/2/comments/destroy.json', { cid })).status).toBe(200);
    expect((await form('/2/comments/destroy.json', { cid })).json).toMatchObject({ error_code: 20201 });
    expect(state.comments.length).toBe(1);
  });

  test('have their rules', async () => {
    const { share, form } = await talkToWeibo();
    const id = String((await share(`通报 ${LINK}`)).json['idstr']);
    const create = (fields: Record<string, string>) => form('/2/comments/create.json', { id, ...fields });
    expect((await create({ comment: '' })).json).toMatchObject({ error_code: 20008 });
    expect((await create({ comment: '字'.repeat(141) })).json).toMatchObject({ error_code: 20012 });
    expect((await create({ id: '1', comment: '好' })).json).toMatchObject({ error_code: 20101 });
    expect((await form('/2/comments/reply.json', { id, cid: '1', comment: '好' })).json).toMatchObject({
      error_code: 20201,
    });
    const cids = Array.from({ length: 21 }, (_, n) => n).join(',');
    expect((await form('/2/comments/destroy_batch.json', { cids })).json).toMatchObject({
      error_code: 10008,
    });
  });
});

describe('leave to act for an account', () => {
  const BACK = 'http://localhost:4700/channels/weibo/callback';

  async function asking() {
    const talk = await talkToWeibo();
    const { app } = talk.state;
    const question = { client_id: app.key, redirect_uri: BACK, response_type: 'code', state: 'bound' };
    const page = (more: Record<string, string> = {}) =>
      talk.ask(`/oauth2/authorize?${new URLSearchParams({ ...question, ...more }).toString()}`);
    const press = async (act: 'allow' | 'refuse') => {
      const answer = await talk.form('/oauth2/authorize', { ...question, uid: talk.office.id, act });
      return new URL(answer.headers.get('location') ?? '').searchParams;
    };
    const exchange = (code: string, more: Record<string, string> = {}) =>
      talk.form('/oauth2/access_token', {
        ...{ client_id: app.key, client_secret: app.secret, grant_type: 'authorization_code' },
        ...{ code, redirect_uri: BACK },
        ...more,
      });
    return { ...talk, page, press, exchange };
  }

  test('is given on a page with a button, and comes back with the state that was sent', async () => {
    const { page, press, exchange, ask, office } = await asking();
    expect((await page()).text).toMatch(/云州检察[\s\S]*<button name="act" value="allow">/);
    const back = await press('allow');
    expect(back.get('state')).toBe('bound');
    const { json } = await exchange(back.get('code') ?? '');
    expect(json).toMatchObject({ uid: office.id, expires_in: '2592000', remind_in: '2592000' });
    expect(json['refresh_token']).toBeUndefined();
    const body = new URLSearchParams({ access_token: String(json['access_token']) });
    const told = await ask('/oauth2/get_token_info', {
      method: 'POST',
      body,
      headers: { authorization: '' },
    });
    expect(told.json).toMatchObject({ expire_in: 2_592_000, appkey: '1234567' });
  });

  test('can be refused', async () => {
    const { press } = await asking();
    const back = await press('refuse');
    expect([back.get('error'), back.get('error_code'), back.get('code')]).toEqual([
      'access_denied',
      '21330',
      null,
    ]);
  });

  test('is good for one exchange within ten minutes', async () => {
    const { state, press, exchange } = await asking();
    const code = (await press('allow')).get('code') ?? '';
    expect((await exchange(code)).status).toBe(200);
    expect((await exchange(code)).json).toMatchObject({ error_code: 21325 });
    const late = (await press('allow')).get('code') ?? '';
    state.now += 600_000;
    expect((await exchange(late)).json).toMatchObject({ error_code: 21325, error: 'invalid_grant' });
  });

  test('is not given to strangers, nor sent to strange places', async () => {
    const { state, page, press, exchange } = await asking();
    expect((await page({ client_id: '7' })).json).toMatchObject({ error_code: 21324 });
    expect((await page({ response_type: 'token' })).json).toMatchObject({ error_code: 21329 });
    state.app.redirectUris = [BACK];
    expect((await page({ redirect_uri: 'http://evil.example/' })).json).toMatchObject({ error_code: 21322 });
    const code = async () => (await press('allow')).get('code') ?? '';
    expect((await exchange(await code(), { client_secret: 'wrong' })).json).toMatchObject({
      error_code: 21324,
    });
    expect((await exchange(await code(), { grant_type: 'password' })).json).toMatchObject({
      error_code: 21328,
    });
    expect((await exchange(await code(), { redirect_uri: 'http://x.example/' })).json).toMatchObject({
      error_code: 21322,
    });
  });

  test('is taken back, and ends by itself', async () => {
    const { state, ask, form, token } = await talkToWeibo();
    expect((await form('/oauth2/revokeoauth2', { access_token: token })).json).toEqual({ result: 'true' });
    expect((await ask('/2/comments/to_me.json')).json).toMatchObject({ error_code: 21332 });
    const other = state.grant('2345678901');
    state.now += state.tokenMs;
    const headers = { authorization: `OAuth2 ${other}` };
    expect((await ask('/2/comments/to_me.json', { headers })).json).toMatchObject({ error_code: 21327 });
  });
});

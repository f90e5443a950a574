import { describe, expect, test } from 'vitest';
import { forThisTest } from '../../simulators/for-this-test.ts';
import { startWechat } from '../../simulators/wechat.ts';
import { accountVisits } from './account-visits.ts';

const NOW = Date.UTC(2026, 10, 22, 4);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LIST = '/cgi-bin/comment/list';
const TOKEN = '/cgi-bin/stable_token';

async function open(settings: Record<string, unknown> = {}) {
  const wechat = forThisTest(await startWechat(NOW));
  const all = { appId: wechat.state.appId, endpoint: wechat.origin, ...settings };
  const visits = accountVisits('wechat', all, { 'app-secret': wechat.state.appSecret }, NOW);
  const later = (ms: number) => {
    visits.now += ms;
    wechat.state.now += ms;
  };
  return { wechat, state: wechat.state, visits, later };
}

const texts = (drafts: { text: string }[]) => drafts.map(({ text }) => text).toSorted();

test.each([[false], [true]])(
  'comments become drafts, without who wrote them and without the answer of the office (a list: %s)',
  async (repliesAsList) => {
    const { state, visits } = await open();
    state.repliesAsList = repliesAsList;
    const article = state.publish(2_247_483_650, '通报');
    const reply = { content: '感谢关注', create_time: NOW / 1000 };
    const comment = state.comment(article, '办得好[强]', { reply });
    const { drafts, ...report } = await visits.visit();
    expect(report).toMatchObject({ outcome: 'complete', expected: 1, got: 1, failed: 0 });
    const address = 'https://mp.weixin.qq.com/s?__biz=MzA5NTA0&mid=2247483650&idx=1&sn=0f1e2d';
    expect(drafts).toEqual([
      {
        kind: 'comment',
        url: address,
        externalId: `2247483650_1/${comment.id}`,
        parentUrl: address,
        title: null,
        text: '办得好[强]',
        publishedAt: NOW,
        outlet: '云州日报',
        counts: { likes: null, comments: null, shares: null },
      },
    ]);
    const kept = JSON.stringify([drafts, [...(await visits.account.marks())]]);
    expect(kept).not.toContain(comment.openid);
    expect(kept).not.toContain('感谢关注');
  },
);

describe('articles whose comments are read', () => {
  test('are those that were published, each part of a message by its own place', async () => {
    const { state, visits } = await open();
    state.comment(state.publish(7, '头条'), '甲');
    state.comment(state.publish(7, '次条', { place: 2 }), '乙');
    const { drafts } = await visits.visit();
    expect(texts(drafts)).toEqual(['乙', '甲']);
    expect([...visits.stored.keys()].toSorted()).toEqual(['7_1/1', '7_2/2']);
  });

  test('are those that were sent to followers, as soon as the statistics name them', async () => {
    const { state, visits, later } = await open();
    state.comment(state.publish(8, '群发', { sent: true }), '看到推送了');
    expect((await visits.visit()).drafts).toEqual([]);
    later(DAY);
    expect(texts((await visits.visit()).drafts)).toEqual(['看到推送了']);
  });

  test('are those that the settings name, even where nothing else is known of them', async () => {
    const { state, visits } = await open({ articles: ['9_1'] });
    state.comment(state.publish(9, '早先的文章', { sent: true, at: NOW - 90 * DAY }), '至今有效吗');
    const { drafts } = await visits.visit();
    expect(drafts).toMatchObject([{ text: '至今有效吗', url: 'https://mp.weixin.qq.com/#article-9_1' }]);
  });

  test('are those that publishing has marked', async () => {
    const { state, visits } = await open();
    state.comment(state.publish(10, '刚刚群发', { sent: true }), '第一时间');
    await visits.account.mark('article:10_1', { at: NOW, url: 'https://mp.weixin.qq.com/s/abc' });
    expect((await visits.visit()).drafts).toMatchObject([{ url: 'https://mp.weixin.qq.com/s/abc' }]);
  });

  test('are let go after the days that the settings name', async () => {
    const { state, visits, later } = await open({ followDays: 7 });
    state.publish(11, '通报');
    await visits.visit();
    later(8 * DAY);
    await visits.visit();
    expect([...(await visits.account.marks()).keys()]).toEqual(['statistics-day']);
  });

  test('are asked for again the more seldom the older they are', async () => {
    const { wechat, state, visits, later } = await open();
    state.publish(12, '旧的', { at: NOW - 5 * DAY });
    state.publish(13, '新的');
    await visits.visit();
    expect(wechat.count(LIST)).toBe(2);
    later(HOUR);
    await visits.visit();
    expect(wechat.count(LIST)).toBe(3);
    later(10 * HOUR);
    await visits.visit();
    expect(wechat.count(LIST)).toBe(5);
  });

  test('the days of the statistics are each asked for once', async () => {
    const { wechat, visits, later } = await open({ followDays: 3 });
    const days = () =>
      wechat.asked.filter(({ path }) => path.startsWith('/datacube')).map(({ body }) => body.slice(15, 25));
    await visits.visit();
    await visits.visit();
    expect(days()).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
    later(DAY);
    await visits.visit();
    expect(days().slice(3)).toEqual(['2026-11-22']);
  });
});

describe('more comments than one answer holds', () => {
  test.each([[false], [true]])('are read page by page (total told: %s)', async (truthfulTotal) => {
    const { state, visits, later } = await open();
    state.truthfulTotal = truthfulTotal;
    const article = state.publish(20, '通报');
    for (let n = 0; n < 120; n += 1) state.comment(article, `评论${n}`);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete', expected: 120, got: 120 });
    for (let n = 0; n < 60; n += 1) state.comment(article, `后来${n}`);
    later(HOUR);
    await visits.visit();
    expect(visits.stored.size).toBe(180);
  });

  test('are read on by the next visit where one has read enough', async () => {
    const { state, visits, later } = await open();
    const article = state.publish(21, '通报');
    for (let n = 0; n < 1_000; n += 1) state.comment(article, `评论${n}`);
    expect(await visits.visit()).toMatchObject({ outcome: 'partial', reason: 'later', got: 980 });
    later(HOUR);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete' });
    expect(visits.stored.size).toBe(1_000);
  });

  test('take one question where nothing was added', async () => {
    const { wechat, state, visits, later } = await open();
    const article = state.publish(22, '通报');
    for (let n = 0; n < 120; n += 1) state.comment(article, `评论${n}`);
    await visits.visit();
    later(HOUR);
    const before = wechat.count(LIST);
    await visits.visit();
    expect(wechat.count(LIST) - before).toBe(1);
  });
});

describe('the token', () => {
  test('is asked for once, and again shortly before its end', async () => {
    const { wechat, state, visits, later } = await open();
    state.publish(30, '通报');
    await visits.visit();
    later(HOUR);
    await visits.visit();
    expect(wechat.count(TOKEN)).toBe(1);
    later(HOUR);
    await visits.visit();
    expect(wechat.count(TOKEN)).toBe(2);
  });

  test.each([[40001], [40014], [42001]])(
    'that is refused with %i is renewed, and the question put again',
    async (errcode) => {
      const { wechat, state, visits } = await open();
      state.comment(state.publish(31, '通报'), '甲');
      wechat.faults.push({
        path: LIST,
        answer: { body: { errcode, errmsg: 'access_token expired rid: 1-2-3' } },
      });
      expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 1 });
      expect([wechat.count(TOKEN), wechat.count(LIST)]).toEqual([2, 2]);
    },
  );

  test('that is refused twice ends the visit', async () => {
    const { wechat, state, visits } = await open();
    state.publish(32, '通报');
    const answer = { body: { errcode: 40001, errmsg: 'invalid credential rid: 1-2-3' } };
    wechat.faults.push({ path: '/cgi-bin/freepublish/batchget', answer, times: 9 });
    expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'token-rejected' });
    expect(wechat.count('/cgi-bin/freepublish/batchget')).toBe(2);
  });

  test('comes with its time as a string, too', async () => {
    const { wechat, state, visits } = await open();
    state.expiresInAsString = true;
    await visits.visit();
    await visits.visit();
    expect(wechat.count(TOKEN)).toBe(1);
  });

  test('and the secret stand in no report', async () => {
    const { state, visits } = await open();
    state.certified = false;
    const report = await visits.visit();
    const told = JSON.stringify([report, report.cause instanceof Error ? report.cause.message : '']);
    expect(told).not.toContain(state.appSecret);
    expect(told).not.toContain(state.current?.token);
  });

  test('is not lent to an address that is not listed', async () => {
    const { state, visits } = await open();
    state.allowedAddresses = [];
    const { cause, ...report } = await visits.visit();
    expect(report).toMatchObject({ outcome: 'failed', reason: 'ip-not-allowed' });
    expect((cause as Error).message).toContain('127.0.0.1');
  });

  test('is not lent for a wrong secret, nor without one', async () => {
    const { wechat, state, visits } = await open();
    state.appSecret = 'another-secret';
    expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'credentials-wrong' });
    wechat.faults.push({ path: TOKEN, answer: { body: { errcode: 40001, errmsg: 'invalid credential' } } });
    expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'credentials-wrong' });
    delete visits.secrets['app-secret'];
    const asked = wechat.asked.length;
    expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'secret-missing' });
    expect(wechat.asked.length).toBe(asked);
  });
});

describe('limits', () => {
  test('a quota that the platform calls used up is left alone until the next day in Shanghai', async () => {
    const { wechat, state, visits, later } = await open();
    state.daily[LIST] = 0;
    state.publish(40, '通报');
    expect(await visits.visit()).toMatchObject({
      outcome: 'partial',
      reason: 'quota-used',
      retryAfterSeconds: 12 * 3_600 + 60,
    });
    await visits.visit();
    expect(wechat.count(LIST)).toBe(1);
    later(13 * HOUR);
    delete state.daily[LIST];
    expect(await visits.visit()).toMatchObject({ outcome: 'complete' });
  });

  test('of a minute is waited out', async () => {
    const { state, visits } = await open();
    state.minutely['/cgi-bin/freepublish/batchget'] = 0;
    expect(await visits.visit()).toMatchObject({ reason: 'rate-limited', retryAfterSeconds: 60 });
  });

  test('of the settings hold for all calls together', async () => {
    const { wechat, state, visits } = await open({ callsPerDay: 5, followDays: 1 });
    for (let n = 0; n < 9; n += 1) state.publish(50 + n, `第${n}篇`);
    expect(await visits.visit()).toMatchObject({ outcome: 'partial', reason: 'quota-used' });
    expect(wechat.asked.length).toBe(5);
  });
});

test.each([
  [-1, 'platform-busy'],
  [61450, 'platform-busy'],
  [40243, 'credentials-wrong'],
  [48001, 'not-permitted'],
  [50002, 'not-permitted'],
  [61004, 'ip-not-allowed'],
  [89503, 'ip-not-allowed'],
  [45011, 'rate-limited'],
  [45009, 'quota-used'],
  [47001, 'platform-refused'],
  [999_999, 'platform-refused'],
])('the code %i on every path fails the visit as %s', async (errcode, reason) => {
  const { wechat, visits } = await open();
  const answer = { body: { errcode, errmsg: 'said by the platform rid: 1-2-3' } };
  for (const path of ['/cgi-bin/freepublish/batchget', '/datacube/getarticletotaldetail'])
    wechat.faults.push({ path, answer, times: 9 });
  expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason, got: null });
});

describe('an article whose comments cannot be read', () => {
  test('because it is gone is told once and then asked for in its time, and does not keep the others from being read', async () => {
    const { wechat, state, visits, later } = await open();
    const gone = state.publish(61, '已删除', { sent: true, at: NOW - 2 * DAY, deleted: true });
    await visits.account.mark(`article:${gone.message}_1`, { at: gone.at, url: null });
    state.comment(state.publish(62, '通报'), '甲');
    const report = await visits.visit();
    expect(report).toMatchObject({ outcome: 'partial', got: 1, failures: { 'article-unknown': 1 } });
    later(HOUR);
    const before = wechat.count(LIST);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete' });
    expect(wechat.count(LIST) - before).toBe(1);
  });

  test('because it is closed to them is nothing that was missed', async () => {
    const { state, visits } = await open();
    state.publish(60, '不开放留言', { commentable: false });
    state.comment(state.publish(62, '通报'), '甲');
    expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 1 });
  });

  test('like every other of the account says that the account may not', async () => {
    const { state, visits } = await open();
    state.publish(63, '其一', { commentable: false });
    state.publish(64, '其二', { commentable: false });
    expect(await visits.visit()).toMatchObject({ outcome: 'partial', failures: { 'not-permitted': 1 } });
    state.certified = false;
    expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'not-permitted' });
  });
});

test('statistics that are late are asked for again, and nothing was missed', async () => {
  const { state, visits, later } = await open();
  state.statisticsLate = true;
  state.comment(state.publish(8, '群发', { sent: true, at: NOW - DAY }), '看到推送了');
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 0 });
  state.statisticsLate = false;
  later(HOUR);
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 1 });
});

test('when the calls of a day end, the articles that waited longest come first on the next', async () => {
  const { state, visits, later } = await open({ callsPerDay: 5, followDays: 1 });
  for (let n = 0; n < 4; n += 1) state.comment(state.publish(70 + n, `第${n}篇`), `评论第${n}篇文章`);
  await visits.visit();
  const first = visits.stored.size;
  later(13 * HOUR);
  await visits.visit();
  expect([first, visits.stored.size]).toEqual([2, 4]);
});

test.each([
  ['<html>502</html>', 'not-json'],
  [{ access_token: 7 }, 'platform-refused'],
  ['drop', 'connection-lost'],
])('an answer that is none (%j) has its reason', async (body, reason) => {
  const { wechat, visits } = await open();
  wechat.faults.push({ path: TOKEN, answer: body === 'drop' ? 'drop' : { body }, times: 9 });
  expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason });
});

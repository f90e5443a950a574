import { describe, expect, test } from 'vitest';
import { forThisTest } from '../../simulators/for-this-test.ts';
import { BAD_GATEWAY, startWeibo } from '../../simulators/weibo.ts';
import { accountVisits } from './account-visits.ts';

const office = { id: '2345678901', screen_name: '云州检察' };
const somebody = { id: '1000000001', screen_name: '滇池边的某某' };
const another = { id: '1000000002', screen_name: '白鹭2026' };
const NOW = Date.UTC(2026, 10, 22, 4);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function open(settings: Record<string, unknown> = {}) {
  const weibo = forThisTest(await startWeibo(NOW));
  weibo.state.tokens.set('a-token', { uid: office.id, endsAt: NOW + 30 * DAY });
  const all = { uid: office.id, endpoint: weibo.origin, ...settings };
  const visits = accountVisits('weibo', all, { 'access-token': 'a-token' }, NOW);
  const later = (ms: number) => {
    visits.now += ms;
    weibo.state.now += ms;
  };
  return { weibo, state: weibo.state, visits, later };
}

const texts = (drafts: { text: string }[]) => drafts.map(({ text }) => text).toSorted();

test('comments and mentions become drafts, without anything that says who wrote them', async () => {
  const { state, visits } = await open();
  const post = state.post(office, '通报一起案件的办理情况');
  const comment = state.comment(post, somebody, '回复@白鹭2026:支持公开 &lt;赞&gt;');
  const mention = state.post(another, '办得好@云州检察 //@滇池边的某某:同意', { shares: post });
  const { drafts, ...report } = await visits.visit();
  expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2, failed: 0 });
  const address = `https://m.weibo.cn/status/${post.id}`;
  expect(visits.stored.get(String(comment.id))).toEqual({
    kind: 'comment',
    url: address,
    externalId: String(comment.id),
    parentUrl: address,
    title: null,
    text: '支持公开 <赞>',
    publishedAt: NOW,
    outlet: '云州日报',
    counts: { likes: null, comments: null, shares: null },
  });
  expect(visits.stored.get(String(mention.id))).toEqual({
    kind: 'post',
    url: `https://m.weibo.cn/status/${mention.id}`,
    externalId: String(mention.id),
    parentUrl: address,
    title: null,
    text: '办得好',
    publishedAt: NOW,
    outlet: '云州日报',
    counts: { likes: 3, comments: 0, shares: 0 },
  });
  const kept = JSON.stringify([drafts, [...(await visits.account.marks())]]);
  for (const trace of [somebody.id, another.id, somebody.screen_name, another.screen_name, '云南', '手机']) {
    expect(kept).not.toContain(trace);
  }
});

test('what both interfaces tell is counted and handed on once', async () => {
  const { state, visits } = await open();
  const post = state.post(office, '通报');
  state.comment(post, somebody, '甲');
  state.comment(post, another, '乙');
  const { drafts, ...report } = await visits.visit();
  expect(report).toMatchObject({ outcome: 'complete', expected: 2, got: 2 });
  expect(drafts).toHaveLength(2);
});

test('what the office says itself is not public opinion', async () => {
  const { state, visits } = await open();
  const post = state.post(office, '通报');
  state.comment(post, office, '感谢关注');
  state.post(office, '转发@云州检察', { shares: post });
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', expected: 0, got: 0, drafts: [] });
});

test('the next visit asks only for what is new', async () => {
  const { weibo, state, visits, later } = await open({ read: ['comments'] });
  const first = state.post(office, '第一条');
  const second = state.post(office, '第二条');
  state.comment(first, somebody, '甲');
  state.comment(second, somebody, '乙');
  expect(texts((await visits.visit()).drafts)).toEqual(['乙', '甲']);
  later(HOUR);
  weibo.asked.length = 0;
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', expected: 0, drafts: [] });
  expect(weibo.asked.map(({ path }) => path)).toEqual(['/2/statuses/user_timeline.json']);
  state.comment(second, another, '丙');
  weibo.asked.length = 0;
  expect(texts((await visits.visit()).drafts)).toEqual(['丙']);
  expect(weibo.asked.map(({ path }) => path)).toEqual([
    '/2/statuses/user_timeline.json',
    '/2/comments/show.json',
  ]);
});

test('a post that is no longer among the newest five is followed by its count', async () => {
  const { weibo, state, visits, later } = await open({ read: ['comments'] });
  const old = state.post(office, '旧的');
  await visits.visit();
  for (let n = 0; n < 5; n += 1) state.post(office, `新的${n}`);
  state.comment(old, somebody, '还在等结果');
  later(HOUR);
  expect(texts((await visits.visit()).drafts)).toEqual(['还在等结果']);
  expect(weibo.count('/2/statuses/count.json')).toBe(1);
  later(31 * DAY);
  state.tokens.set('a-token', { uid: office.id, endsAt: state.now + DAY });
  await visits.visit();
  expect([...(await visits.account.marks()).keys()].filter((name) => name.startsWith('status:'))).toEqual([]);
});

test('a post that was deleted is followed no more, and nothing is missing for it', async () => {
  const { state, visits, later } = await open({ read: ['comments'] });
  const post = state.post(office, '通报');
  state.comment(post, somebody, '甲');
  await visits.visit();
  post.deleted = true;
  later(HOUR);
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', failed: 0 });
});

describe('a list longer than one page', () => {
  test('is read to its end', async () => {
    const { state, visits } = await open({ read: ['to-me'] });
    const post = state.post(office, '通报');
    for (let n = 0; n < 120; n += 1) state.comment(post, somebody, `评论${n}`);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete', expected: 120, got: 120 });
    expect(visits.stored.size).toBe(120);
  });

  test('is read on where the visit before stopped, and nothing that came meanwhile is skipped', async () => {
    const { state, visits, later } = await open({ read: ['to-me'] });
    const post = state.post(office, '通报');
    for (let n = 0; n < 520; n += 1) state.comment(post, somebody, `评论${n}`);
    expect(await visits.visit()).toMatchObject({ outcome: 'partial', reason: 'later', got: 500 });
    for (let n = 0; n < 60; n += 1) state.comment(post, another, `后来${n}`);
    later(HOUR);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 20 });
    later(HOUR);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 60 });
    expect(visits.stored.size).toBe(580);
  });

  test('is read on also when the platform broke off in the middle', async () => {
    const { weibo, state, visits, later } = await open({ read: ['to-me'] });
    const post = state.post(office, '通报');
    for (let n = 0; n < 120; n += 1) state.comment(post, somebody, `评论${n}`);
    const path = '/2/comments/to_me.json';
    weibo.faults.push({ path, answer: BAD_GATEWAY, after: 1 });
    expect(await visits.visit()).toMatchObject({ outcome: 'partial', reason: 'status-5xx', got: 50 });
    later(HOUR);
    expect(await visits.visit()).toMatchObject({ outcome: 'complete', got: 70 });
    expect(visits.stored.size).toBe(120);
  });

  test('is not read further back than is followed', async () => {
    const { state, visits } = await open({ read: ['to-me'], followDays: 7 });
    const post = state.post(office, '通报');
    for (let n = 0; n < 200; n += 1) state.comment(post, somebody, `评论${n}`, NOW - (200 - n) * 6 * HOUR);
    expect((await visits.visit()).drafts.length).toBe(50);
  });
});

describe('the calls of a day', () => {
  test('are counted, and what the settings allow is not exceeded', async () => {
    const { weibo, state, visits, later } = await open({ callsPerDay: 6, read: ['to-me'] });
    state.post(office, '通报');
    for (let n = 0; n < 5; n += 1) expect((await visits.visit()).outcome).toBe('complete');
    const { outcome, reason, retryAfterSeconds } = await visits.visit();
    expect({ outcome, reason }).toEqual({ outcome: 'failed', reason: 'quota-used' });
    // Until midnight in Shanghai, and a minute.
    expect(retryAfterSeconds).toBe(12 * 3_600 + 60);
    expect(weibo.asked.length).toBe(6);
    later(12 * HOUR);
    expect((await visits.visit()).outcome).toBe('complete');
  });

  test('that others have used up as well end with the wait that the platform asks for', async () => {
    const { state, visits, later } = await open({ read: ['to-me'] });
    state.callsADay = 1;
    later(30 * 60_000);
    expect(await visits.visit()).toMatchObject({ reason: 'rate-limited', retryAfterSeconds: 1_800 });
  });
});

describe('the authorisation', () => {
  test('is looked at once a day, so that its end is known in time', async () => {
    const { weibo, state, visits, later } = await open({ read: ['to-me'] });
    await visits.visit();
    await visits.visit();
    expect(visits.account.ends.get('access-token')).toEqual(new Date(NOW + 30 * DAY));
    expect(weibo.count('/oauth2/get_token_info')).toBe(1);
    later(DAY);
    await visits.visit();
    expect(weibo.count('/oauth2/get_token_info')).toBe(2);
    // And at once after a new one was given.
    state.tokens.set('another', { uid: office.id, endsAt: NOW + 90 * DAY });
    visits.secrets['access-token'] = 'another';
    await visits.visit();
    expect(visits.account.ends.get('access-token')).toEqual(new Date(NOW + 90 * DAY));
  });

  test.each([[false], [true]])(
    'that has ended is a reason of its own (codes as strings: %s)',
    async (strings) => {
      const { state, visits } = await open();
      state.codesAsStrings = strings;
      state.tokens.set('a-token', { uid: office.id, endsAt: NOW });
      expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'token-expired' });
    },
  );

  test('that was never given stops the visit before anything is asked', async () => {
    const { weibo, visits } = await open();
    delete visits.secrets['access-token'];
    expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason: 'secret-missing' });
    expect(weibo.asked).toEqual([]);
  });

  test('goes out in a header, and no report holds it', async () => {
    const { weibo, state, visits } = await open();
    state.post(office, '通报');
    weibo.faults.push({ path: '/2/statuses/mentions.json', answer: { status: 400, body: '<html>' } });
    const report = await visits.visit();
    expect(report).toMatchObject({ outcome: 'partial', reason: 'status-4xx' });
    expect(JSON.stringify(report)).not.toContain('a-token');
    for (const { query } of weibo.asked) expect(query.toString()).not.toContain('a-token');
  });
});

const error = (error_code: number | string, status = 400) => ({
  status,
  body: { error: 'said by the platform', error_code, request: '/2/comments/to_me.json' },
});

test.each([
  [error(10001, 503), 'status-5xx'],
  [error(10002), 'platform-busy'],
  [error('10009'), 'platform-busy'],
  [error(10004), 'ip-not-allowed'],
  [error(10014, 403), 'not-permitted'],
  [error(10013), 'credentials-wrong'],
  [error(10022), 'rate-limited'],
  [error(21332), 'token-expired'],
  [error(21317), 'token-expired'],
  [error(20032), 'platform-refused'],
  [{ body: '<html>请登录</html>' }, 'not-json'],
  [{ status: 404, body: '<html></html>' }, 'status-4xx'],
  [BAD_GATEWAY, 'status-5xx'],
  ['drop' as const, 'connection-lost'],
  [{ body: { comments: 'none' } }, 'platform-refused'],
])('%j fails the visit as %s', async (answer, reason) => {
  const { weibo, visits } = await open({ read: ['to-me'] });
  weibo.faults.push({ path: '/2/comments/to_me.json', answer });
  expect(await visits.visit()).toMatchObject({ outcome: 'failed', reason, got: null });
});

test('what one interface refuses does not keep the others from being read', async () => {
  const { weibo, state, visits } = await open();
  const post = state.post(office, '通报');
  state.comment(post, somebody, '甲');
  weibo.faults.push({ path: '/2/statuses/mentions.json', answer: error(10014, 403) });
  expect(await visits.visit()).toMatchObject({
    outcome: 'partial',
    reason: 'not-permitted',
    failures: { 'not-permitted': 1 },
  });
  expect(texts([...visits.stored.values()])).toEqual(['甲']);
});

test('an item that cannot be read is told, the others are taken', async () => {
  const { weibo, visits } = await open({ read: ['to-me'] });
  const good = {
    idstr: '11',
    text: '好',
    created_at: 'Sun Nov 22 08:00:00 +0800 2026',
    status: { idstr: '7' },
  };
  const body = { comments: [good, { text: '没有编号' }, 'x', null], total_number: 4 };
  weibo.faults.push({ path: '/2/comments/to_me.json', answer: { body } });
  expect(await visits.visit()).toMatchObject({
    outcome: 'partial',
    reason: 'item-broken',
    expected: 4,
    got: 1,
    failed: 3,
  });
});

test('nothing at all is complete and empty, also where it comes as an empty array', async () => {
  const { weibo, visits } = await open({ read: ['to-me'] });
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', expected: 0, got: 0 });
  weibo.faults.push({ path: '/2/comments/to_me.json', answer: { body: [] } });
  expect(await visits.visit()).toMatchObject({ outcome: 'complete', expected: 0, got: 0 });
});

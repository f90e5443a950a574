import { expect, test } from 'vitest';
import { forThisTest } from './for-this-test.ts';
import { BAD_GATEWAY, startWeibo } from './weibo.ts';

const office = { id: '2345678901', screen_name: '云州检察' };
const somebody = { id: '1000000001', screen_name: '某某' };
const NOW = Date.UTC(2026, 10, 22, 4);

async function weibo() {
  const simulator = forThisTest(await startWeibo(NOW));
  simulator.state.tokens.set('token', { uid: office.id, endsAt: NOW + 86_400_000 });
  const get = async (path: string, token: string | null = 'token') => {
    const headers = token === null ? undefined : { authorization: `OAuth2 ${token}` };
    const answer = await fetch(simulator.origin + path, { headers });
    const text = await answer.text();
    return { status: answer.status, text, json: JSON.parse(text) as Record<string, unknown> };
  };
  return { ...simulator, get };
}

test('numbers of items are longer than the integers of JavaScript, and right as strings', async () => {
  const { state, get } = await weibo();
  const status = state.post(office, '通报');
  const { text, json } = await get(`/2/statuses/user_timeline.json?uid=${office.id}`);
  const [first] = json['statuses'] as { id: number; idstr: string; created_at: string }[];
  expect(text).toContain(`"id":${status.id},`);
  expect(first?.idstr).toBe(String(status.id));
  expect(String(first?.id)).not.toBe(first?.idstr);
  expect(first?.created_at).toBe('Sun Nov 22 12:00:00 +0800 2026');
});

test('no more than the newest five own posts are shown, and those of nobody else', async () => {
  const { state, get } = await weibo();
  for (let n = 0; n < 7; n += 1) state.post(office, `第${n}条`);
  const { json } = await get(`/2/statuses/user_timeline.json?uid=${office.id}&count=100`);
  expect((json['statuses'] as unknown[]).length).toBe(5);
  const other = await get('/2/statuses/user_timeline.json?uid=1');
  expect(other).toMatchObject({ status: 403, json: { error_code: 10014 } });
});

test('a list goes from since_id, exclusive, to max_id, inclusive', async () => {
  const { state, get } = await weibo();
  const status = state.post(office, '通报');
  const ids = Array.from({ length: 5 }, (_, n) => state.comment(status, somebody, `评论${n}`).id);
  const { json } = await get(`/2/comments/show.json?id=${status.id}&since_id=${ids[0]}&max_id=${ids[3]}`);
  const shown = (json['comments'] as { idstr: string }[]).map(({ idstr }) => idstr);
  expect(shown).toEqual([ids[3], ids[2], ids[1]].map(String));
  expect(json['total_number']).toBe(5);
});

test.each([
  ['without a token', null, { error_code: 10006, error: 'source paramter(appkey) is missing' }],
  ['with a wrong one', 'wrong', { error_code: 21332, error: 'invalid_access_token' }],
  ['with one that has ended', 'old', { error_code: 21327, error: 'expired_token' }],
])('%s the status is 400 and the code a number', async (_, token, refusal) => {
  const { state, get } = await weibo();
  state.tokens.set('old', { uid: office.id, endsAt: NOW });
  expect(await get('/2/comments/to_me.json', token)).toMatchObject({ status: 400, json: refusal });
});

test('the hundred-and-first call of a day is refused, and the first of the next is not', async () => {
  const { state, get } = await weibo();
  state.callsADay = 3;
  for (let n = 0; n < 3; n += 1) expect((await get('/2/comments/to_me.json')).status).toBe(200);
  expect((await get('/2/comments/to_me.json')).json).toMatchObject({ error_code: 10023 });
  state.now += 43_200_000;
  expect((await get('/2/comments/to_me.json')).status).toBe(200);
});

test('the gateway breaks in, and a connection is dropped', async () => {
  const { faults, origin, get } = await weibo();
  faults.push({ path: '/2/comments/to_me.json', answer: BAD_GATEWAY });
  const answer = await fetch(`${origin}/2/comments/to_me.json`);
  expect([answer.status, await answer.text()]).toEqual([502, BAD_GATEWAY.body]);
  faults.push({ path: '/2/comments/to_me.json', answer: 'drop' });
  await expect(fetch(`${origin}/2/comments/to_me.json`)).rejects.toThrow();
  expect((await get('/2/comments/to_me.json')).status).toBe(200);
});

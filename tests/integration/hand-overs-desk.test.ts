import { afterAll, beforeAll, expect, test } from 'vitest';
import { wellFormed } from '../../indexer/search/engine.ts';
import { searchSettings } from '../../indexer/search/settings.ts';
import { searchRowsAfter } from '../../store/search-outbox.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makerOf } from '../support/records.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

const SHARED = '被共享的那一条';
const NEIGHBOUR = '没有共享的邻居';

let engines: TestEngines;
let web: TestWeb;
let sender: Session;
let receiver: Session;
let shared: string;
let neighbour: string;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store, search } = engines;
  const from = await makeOffice(store, 'from', 'municipal');
  const to = await makeOffice(store, 'to', 'municipal');
  const person = (name: string, office: number) => makePerson(store, name, office, 'leader');
  sender = await signIn(store, web.address, await person('sender', from));
  receiver = await signIn(store, web.address, await person('receiver', to));
  const make = makerOf('/(desk)/posts/[id]');
  shared = (await make?.(store, from, SHARED)) ?? '';
  neighbour = (await make?.(store, from, NEIGHBOUR)) ?? '';
  await search.client.createIndex('posts', { primaryKey: 'id' }).waitTask();
  await search.posts.updateSettings(searchSettings).waitTask();
  await search.posts.addDocuments((await searchRowsAfter(store, 0, 10)).map(wellFormed)).waitTask();
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

const get = (path: string, { cookie } = receiver) => ask(web.address, 'GET', path, cookie);
const post = (path: string, { cookie }: Session, fields: Record<string, string>) =>
  ask(web.address, 'POST', path, cookie, fields);
const found = async () => {
  const { text } = await get('/search');
  return [SHARED, NEIGHBOUR].filter((mark) => text.includes(mark));
};

test('what one shares, the other reads and finds until it is withdrawn, and nothing beside it', async () => {
  expect((await get(`/posts/${shared}`)).status).toBe(404);
  expect(await found()).toEqual([]);
  const order = { direction: 'share', 'office-text': 'to', note: '供参考' };
  expect((await post(`/posts/${shared}?/handOver`, sender, order)).status).toBe(200);
  expect(await get(`/posts/${shared}`)).toMatchObject({ status: 200 });
  expect((await get(`/posts/${neighbour}`)).status).toBe(404);
  expect(await found()).toEqual([SHARED]);
  expect((await get('/hand-overs')).text).toContain(SHARED);
  expect((await get('/hand-overs?box=sent', sender)).text).toContain(SHARED);

  const made = await engines.store.query<{ id: number }>('select id from hand_overs');
  const path = `/hand-overs/${made.rows[0]?.id}`;
  expect((await post(`${path}?/withdraw`, receiver, {})).status).toBe(404);
  expect((await post(`${path}?/finish`, sender, {})).status).toBe(404);
  expect((await post(`${path}?/return`, receiver, { answer: '' })).status).toBe(400);
  expect((await post(`${path}?/withdraw`, sender, {})).status).toBe(200);
  expect((await get(`/posts/${shared}`)).status).toBe(404);
  expect(await found()).toEqual([]);
  expect((await get('/hand-overs')).text).not.toContain(SHARED);
});

test('what is wrong with a form is told, and nothing is handed over', async () => {
  const order = { direction: 'share', 'office-text': 'to' };
  for (const [change, status] of [
    [{ direction: 'sideways' }, 400],
    [{ 'office-text': '没有这个院' }, 400],
    [{ 'office-text': '' }, 400],
    [{ 'office-text': 'from' }, 400],
    [{ direction: 'up' }, 400],
    [{ note: '长'.repeat(201) }, 400],
    [{ due: '2020-01-01' }, 400],
    [{ due: 'soon' }, 400],
  ] as const) {
    const answer = await post(`/posts/${neighbour}?/handOver`, sender, { ...order, ...change });
    expect([change, answer.status]).toEqual([change, status]);
  }
  expect((await post(`/posts/${neighbour}?/handOver`, receiver, order)).status).toBe(404);
  const made = await engines.store.query('select from hand_overs where subject_id = $1', [neighbour]);
  expect(made.rowCount).toBe(0);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellLive } from '../../store/live.ts';
import { startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

let engines: TestEngines;
let web: TestWeb;
let own: number;
let sub: number;
let other: number;
let session: Session;

beforeAll(async () => {
  engines = await startTestEngines();
  web = await startTestWeb(engines);
  const { store } = engines;
  own = await makeOffice(store, 'own', 'municipal');
  sub = await makeOffice(store, 'sub', 'county', own);
  other = await makeOffice(store, 'other', 'municipal');
  session = await signIn(store, web.address, await makePerson(store, 'leader', own, 'leader'));
});
afterAll(async () => {
  await web?.stop();
  await engines?.stop();
});

/** A page's stream: what it has heard so far, and whether it still listens. */
async function open() {
  const leave = new AbortController();
  const answer = await fetch(`${web.address}/api/live`, {
    headers: { cookie: session.cookie },
    signal: leave.signal,
  });
  const stream = { status: answer.status, heard: '', ended: false, leave: () => leave.abort() };
  const read = async () => {
    for await (const chunk of answer.body ?? []) stream.heard += Buffer.from(chunk).toString();
  };
  void read()
    .catch(() => {})
    .finally(() => (stream.ended = true));
  if (answer.ok) await until('the stream to begin', async () => stream.heard !== '');
  return stream;
}

/** Listening begins a moment after the stream: told again until it is heard. */
async function heard(stream: { heard: string }, officeId: number, stored: number): Promise<void> {
  await until(`the posts of office ${officeId}`, async () => {
    await tellLive(engines.store, { kind: 'posts', officeId, stored });
    return stream.heard.includes(`"stored":${stored}}`);
  });
}

test('a stream hears of the own office and those below it, and nothing of any other', async () => {
  const stream = await open();
  await heard(stream, own, 1);
  await tellLive(engines.store, { kind: 'posts', officeId: other, stored: 999 });
  await tellLive(engines.store, { kind: 'visit', officeId: other, sourceId: 998 });
  // Told later, heard later: what was to come before it has come, or never will.
  await heard(stream, sub, 2);
  expect(stream.heard).not.toMatch(/99[89]/);
  expect(stream.heard).not.toContain(`"officeId":${other}`);
  stream.leave();
});

test('when who may see what has changed, it ends and comes back through the gate', async () => {
  const before = await open();
  await heard(before, sub, 3);
  await engines.store.query('update offices set parent_id = null where id = $1', [sub]);
  await tellLive(engines.store, { kind: 'access' });
  await until('the stream to end', async () => before.ended);
  const after = await open();
  await heard(after, own, 4);
  await tellLive(engines.store, { kind: 'posts', officeId: sub, stored: 997 });
  await heard(after, own, 5);
  expect(after.heard).not.toContain('997');
  after.leave();
});

test('whoever has lost the role does not come back', async () => {
  const stream = await open();
  await heard(stream, own, 6);
  await engines.store.query(`update role_grants set revoked_at = now(), revoked_by = 'test'`);
  await tellLive(engines.store, { kind: 'access' });
  await until('the stream to end', async () => stream.ended);
  expect((await open()).status).toBe(403);
});

test('whoever was signed out does not come back', async () => {
  await engines.store.query('delete from sessions');
  expect((await open()).status).toBe(401);
});

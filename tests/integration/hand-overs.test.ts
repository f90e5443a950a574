import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { Actor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import {
  answerHandOver,
  handOverById,
  listHandOvers,
  officesToward,
  sendHandOver,
  sharedPosts,
  withdrawHandOver,
  type NewHandOver,
} from '../../store/hand-overs.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { postById } from '../../store/posts.ts';
import { releaseById } from '../../store/releases.ts';
import { scoped, type Scope } from '../../store/scope.ts';
import { ingest } from '../../indexer/ingest.ts';
import { startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { draft, makeSource } from '../support/posts.ts';

let engines: TestEngines;
let app: Pool;
const office: Record<'province' | 'city' | 'county' | 'equal', number> = {
  province: 0,
  city: 0,
  county: 0,
  equal: 0,
};
type Who = keyof typeof office;

beforeAll(async () => {
  engines = await startTestEngines();
  openAuditLog(openCipher([TEST_KEY]));
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  const { store } = engines;
  office.province = await makeOffice(store, 'province', 'provincial');
  office.city = await makeOffice(store, 'city', 'municipal', office.province);
  office.county = await makeOffice(store, 'county', 'county', office.city);
  office.equal = await makeOffice(store, 'equal', 'municipal', office.province);
  for (const [who, id] of Object.entries(office)) {
    await store.query(`insert into people (id, office_id, name, email) values ($1, $2, $1, $1)`, [who, id]);
    const source = await makeSource(store, id, `of-${who}`);
    await ingest(
      store,
      source,
      [1, 2, 3, 4].map((n) => draft(`${who}-${n}`)),
      Date.UTC(2026, 10, 22),
    );
    await store.query(`insert into releases (office_id, title, created_by) values ($1, '通报', $2)`, [
      id,
      who,
    ]);
  }
});
afterAll(async () => {
  await app.end();
  await engines.stop();
});

/** As a page finds it whose action counts what was shared. */
const desk = (who: Who): Store => {
  const scope: Scope = { every: false, offices: [office[who]], shared: [office[who]] };
  return scoped(app, scope);
};
const actor = (who: Who): Actor => ({ id: who, officeId: office[who], role: 'leader', address: null });
const idOf = async (table: 'posts' | 'releases', who: Who, n = 0): Promise<number> => {
  const rows = await engines.store.query<{ id: number }>(
    `select id from ${table} where office_id = $1 order by id`,
    [office[who]],
  );
  return rows.rows[n]?.id ?? 0;
};
const order = (to: Who, id: number, change: Partial<NewHandOver> = {}): NewHandOver => ({
  to: office[to],
  direction: 'share',
  subject: { kind: 'post', id },
  note: '请看',
  dueAt: null,
  ...change,
});
const send = async (from: Who, what: NewHandOver): Promise<number> => {
  const made = await sendHandOver(desk(from), actor(from), what);
  if (typeof made === 'string') throw new Error(made);
  return made;
};

describe('what one office shares with another', () => {
  test('is seen there, and its neighbours are not; withdrawn, it is gone', async () => {
    const [shared, neighbour] = [await idOf('posts', 'city'), await idOf('posts', 'city', 1)];
    expect(await postById(desk('equal'), shared)).toBeNull();
    const id = await send('city', order('equal', shared));
    expect(await postById(desk('equal'), shared)).toMatchObject({ id: shared, officeId: office.city });
    expect(await postById(desk('equal'), neighbour)).toBeNull();
    expect(await sharedPosts(desk('equal'))).toEqual([shared]);
    expect(await postById(desk('county'), shared)).toBeNull();
    expect(await withdrawHandOver(desk('city'), actor('city'), id)).toBe(true);
    expect(await postById(desk('equal'), shared)).toBeNull();
    expect(await sharedPosts(desk('equal'))).toEqual([]);
  });

  test('counts only where the access matrix says so', async () => {
    const release = await idOf('releases', 'city');
    await send('city', order('equal', release, { subject: { kind: 'release', id: release } }));
    expect(await releaseById(desk('equal'), release)).toMatchObject({ id: release });
    const without = scoped(app, { every: false, offices: [office.equal], shared: [] });
    expect(await releaseById(without, release)).toBeNull();
  });

  test('can be read there and not changed', async () => {
    const id = await idOf('posts', 'city');
    await send('city', order('equal', id));
    for (const statement of ['update posts set kind = kind', 'delete from posts']) {
      const done = await desk('equal').query(`${statement} where id = $1`, [id]);
      expect(done.rowCount).toBe(0);
    }
    const source = await makeSource(engines.store, office.city, 'not-shared');
    expect((await desk('equal').query('select from sources where id = $1', [source.id])).rowCount).toBe(0);
  });

  test('may be passed on by those who were let see it', async () => {
    const id = await idOf('posts', 'city');
    await send('equal', order('county', id));
    expect(await postById(desk('county'), id)).toMatchObject({ id });
  });
});

describe('nobody hands over', () => {
  test('what they cannot see', async () => {
    const theirs = await idOf('posts', 'county', 1);
    await expect(sendHandOver(desk('equal'), actor('equal'), order('city', theirs))).rejects.toMatchObject({
      code: '42501',
    });
    const made = await engines.store.query('select from hand_overs where subject_id = $1', [theirs]);
    expect(made.rowCount).toBe(0);
  });

  test('in the name of another office', async () => {
    const id = await idOf('posts', 'equal');
    await expect(sendHandOver(desk('equal'), actor('city'), order('county', id))).rejects.toMatchObject({
      code: '42501',
    });
  });

  test.each([
    ['up', 'city', 'county', 'direction'],
    ['up', 'city', 'equal', 'direction'],
    ['down', 'county', 'city', 'direction'],
    ['down', 'city', 'equal', 'direction'],
    ['up', 'county', 'city', true],
    ['up', 'county', 'province', true],
    ['down', 'province', 'county', true],
    ['share', 'county', 'equal', true],
  ] as const)('%s from %s to %s against the tree (%s)', async (direction, from, to, should) => {
    const id = await idOf('posts', from, 1);
    const made = await sendHandOver(desk(from), actor(from), order(to, id, { direction }));
    expect(should === true ? typeof made : made).toBe(should === true ? 'number' : should);
    const found = await officesToward(app, office[from], direction, to);
    expect(found.map((each) => each.id)).toEqual(should === true ? [office[to]] : []);
  });

  test('the same to the same office twice while it waits, also at the same moment', async () => {
    const id = await idOf('releases', 'province');
    const what = order('city', id, { subject: { kind: 'release', id }, direction: 'down' });
    const made = await Promise.all(
      [1, 2, 3].map(() => sendHandOver(desk('province'), actor('province'), what)),
    );
    expect(made.filter((each) => each === 'twice')).toHaveLength(2);
  });
});

describe('an answer', () => {
  test('is the receiver’s, a withdrawal the sender’s, and nobody else has to do with it', async () => {
    const post = await idOf('posts', 'province', 2);
    const id = await send('province', order('county', post, { direction: 'down' }));
    const answer = { state: 'done', answer: '已办结' } as const;
    await expect(answerHandOver(desk('province'), actor('province'), id, answer)).rejects.toMatchObject({
      code: '42501',
    });
    await expect(withdrawHandOver(desk('county'), actor('county'), id)).rejects.toMatchObject({
      code: '42501',
    });
    expect(await answerHandOver(desk('equal'), actor('equal'), id, answer)).toBe(false);
    expect(await handOverById(desk('equal'), id)).toBeNull();
    expect(
      await answerHandOver(desk('county'), actor('county'), id, { state: 'accepted', answer: null }),
    ).toBe(true);
    expect(await answerHandOver(desk('county'), actor('county'), id, answer)).toBe(true);
    expect(await answerHandOver(desk('county'), actor('county'), id, answer)).toBe(false);
    expect(await handOverById(desk('province'), id)).toMatchObject({ state: 'done', answer: '已办结' });
  });

  test('changes nothing of what was sent', async () => {
    const post = await idOf('posts', 'province', 3);
    const id = await send('province', order('county', post, { direction: 'down' }));
    for (const change of [`note = 'x'`, 'to_office_id = office_id', 'subject_id = 999']) {
      await expect(
        desk('county').query(`update hand_overs set ${change} where id = $1`, [id]),
      ).rejects.toMatchObject({ code: '42501' });
    }
    await expect(desk('county').query('delete from hand_overs')).rejects.toMatchObject({ code: '42501' });
  });

  test('and everything before it is in both lists and in the log', async () => {
    const received = await listHandOvers(desk('county'), [office.county], 'received');
    expect(received.length).toBeGreaterThan(2);
    expect(received.every((each) => each.toOfficeId === office.county)).toBe(true);
    const sent = await listHandOvers(desk('province'), [office.province], 'sent');
    expect(sent.every((each) => each.officeId === office.province)).toBe(true);
    const log = await engines.store.query<{ action: string }>(
      `select distinct action from audit_entries where action like 'hand-over%' order by 1`,
    );
    expect(log.rows.map((row) => row.action)).toEqual([
      'hand-over-answer',
      'hand-over-send',
      'hand-over-withdraw',
    ]);
  });
});

test('a post that is gone leaves the hand-over, without its words', async () => {
  const post = await idOf('posts', 'equal', 1);
  const id = await send('equal', order('city', post));
  await engines.store.query('delete from search_outbox where post_id = $1', [post]);
  await engines.store.query('delete from posts where id = $1', [post]);
  expect(await handOverById(desk('city'), id)).toMatchObject({ title: null, note: '请看' });
});

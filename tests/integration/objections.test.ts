import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { ingest } from '../../indexer/ingest.ts';
import { ensureIndex, rebuildIndex } from '../../indexer/search/rebuild.ts';
import { runRound } from '../../indexer/search/outbox-worker.ts';
import type { Actor } from '../../store/actor.ts';
import { openAuditLog } from '../../store/audit.ts';
import { admitSender, readContact, receiptOf } from '../../store/objection-receipts.ts';
import {
  addressesOf,
  decideObjection,
  objectionById,
  objectionsOf,
  sendObjection,
} from '../../store/objections.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { identityOf, knownIdentities, postCount } from '../../store/posts.ts';
import { EVERY_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { silent, startTestEngines, TEST_KEY, type TestEngines } from '../support/engines.ts';
import { draft, makeSource } from '../support/posts.ts';

let engines: TestEngines;
let pool: Pool;
let store: Store;
let source: { id: number; officeId: number };
let count = 0;
let receipts = 0;
const NOW = Date.UTC(2026, 10, 22, 4);
const DUE = new Date(NOW + 15 * 86_400_000);
const cipher = openCipher([TEST_KEY]);

beforeAll(async () => {
  openAuditLog(cipher);
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app');
  store = scoped(pool, EVERY_OFFICE);
  await ensureIndex(store, engines.search, silent);
  await engines.store.query(
    `insert into people (id, office_id, name, email) values ('officer', $1, '李工', 'officer@jiansheng.local')`,
    [engines.officeId],
  );
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});
beforeEach(async () => {
  count += 1;
  source = await makeSource(engines.store, engines.officeId, `objections-${count}`);
});

const at = (name: string) => `http://news.example/${name}`;
const officer = (): Actor => ({
  id: 'officer',
  officeId: engines.officeId,
  role: 'press-officer',
  address: '10.0.0.1',
});

async function object(
  addresses: string[],
  more: { reason?: string; contact?: string } = {},
): Promise<string> {
  const receipt = `TEST-${(receipts += 1)}`;
  await sendObjection(store, engines.officeId, {
    receipt,
    addresses,
    reason: more.reason ?? null,
    contact: more.contact === undefined ? null : cipher.seal(more.contact, `objection:${receipt}`),
    dueAt: DUE,
  });
  return receipt;
}

async function idOf(receipt: string): Promise<number> {
  const found = await engines.store.query<{ id: number }>('select id from objections where receipt = $1', [
    receipt,
  ]);
  return found.rows[0]?.id ?? 0;
}

async function left(of = source): Promise<string[]> {
  const found = await engines.store.query<{ url: string }>(
    'select url from posts where source_id = $1 order by url',
    [of.id],
  );
  return found.rows.map((row) => row.url.split('/').at(-1) ?? '');
}

async function told(): Promise<void> {
  while ((await runRound(store, engines.search, silent)) > 0);
}

describe('what people wrote', () => {
  test('is taken out at once, everywhere but in the counters, and never collected again', async () => {
    const post = draft('mine', { kind: 'post', title: '我写的帖子' });
    await ingest(store, source, [post, draft('other', { kind: 'post', title: '别人写的帖子' })], NOW);
    await told();
    const counted = await postCount(store, [engines.officeId]);
    const receipt = await object([at('mine')]);
    expect(await left()).toEqual(['other']);
    expect(await postCount(store, [engines.officeId])).toBe(counted);
    await told();
    const titles = (await engines.search.posts.search('写的帖子')).hits.map((hit) => hit.title);
    expect(titles).toEqual(['别人写的帖子']);
    await rebuildIndex(store, engines.search, () => {});
    expect((await engines.search.posts.search('我写的帖子')).hits.map((hit) => hit.title)).not.toContain(
      '我写的帖子',
    );
    expect(await ingest(store, source, [post], NOW)).toMatchObject({ fresh: 0, known: 1 });
    expect(await receiptOf(store, receipt)).toMatchObject({ lines: [{ outcome: 'removed', removed: 1 }] });
  });

  test('is found under the other protocol, by an id that is an address, and from every office', async () => {
    const other = await engines.store.query<{ id: number }>(
      `insert into offices (code, name, level) values ('far-away', '远方人民检察院', 'county') returning id`,
    );
    const elsewhere = await makeSource(engines.store, other.rows[0]?.id ?? 0, 'far');
    const guid = draft('by-guid', { kind: 'post', externalId: 'https://news.example/guid/7' });
    await ingest(store, source, [draft('secure', { kind: 'post' }), guid], NOW);
    await ingest(store, elsewhere, [draft('secure', { kind: 'comment', parentUrl: at('x') })], NOW);
    await object(['https://news.example/secure', 'https://news.example/guid/7']);
    expect(await left()).toEqual([]);
    expect(await left(elsewhere)).toEqual([]);
  });

  test('under an external id is not collected by any other source either', async () => {
    const post = draft('api-7', { kind: 'post', externalId: '7' });
    await ingest(store, source, [post], NOW);
    await object([at('api-7')]);
    const second = await makeSource(engines.store, engines.officeId, `second-${count}`);
    expect(await ingest(store, second, [{ ...post, externalId: '8' }], NOW)).toMatchObject({ fresh: 0 });
  });

  test('is not brought back by a visit at the same moment', async () => {
    const batch = Array.from({ length: 40 }, (_, n) => draft(`race-${n}`, { kind: 'post' }));
    await ingest(store, source, batch, NOW);
    await Promise.all([
      ...Array.from({ length: 5 }, () => ingest(store, source, batch, NOW)),
      object([at('race-3')]),
      object([at('race-5'), at('race-3')]),
    ]);
    await ingest(store, source, batch, NOW);
    expect(await left()).toHaveLength(38);
  });
});

describe('an address that the hub has nothing from', () => {
  test('is not collected in future, by whatever source', async () => {
    const receipt = await object([at('never-seen')]);
    expect(await receiptOf(store, receipt)).toMatchObject({ lines: [{ outcome: 'kept-away', removed: 0 }] });
    const identity = identityOf(at('never-seen'));
    expect((await knownIdentities(store, source.id, [identity])).size).toBe(1);
    expect(await ingest(store, source, [draft('never-seen')], NOW)).toMatchObject({ fresh: 0, known: 1 });
  });
});

describe('an article of an outlet', () => {
  const article = () => draft('article', { url: at(`article-${count}`) });

  test('waits for a decision; its comments go at once', async () => {
    const comment = draft('c', { kind: 'comment', url: article().url, externalId: `floor-${count}` });
    await ingest(store, source, [article(), comment], NOW);
    const receipt = await object([article().url]);
    expect(await left()).toHaveLength(1);
    expect(await receiptOf(store, receipt)).toMatchObject({
      dueAt: DUE,
      lines: [{ outcome: 'waiting', removed: 1 }],
    });
    const row = (await objectionsOf(store, [engines.officeId])).find((each) => each.waiting === 1);
    expect(row).toMatchObject({ settledAt: null, dueAt: DUE });
  });

  test('goes when the objection is honoured, and its address is forgotten', async () => {
    await ingest(store, source, [article()], NOW);
    const id = await idOf(await object([article().url]));
    const desk = scoped(pool, oneOffice(engines.officeId));
    expect(await decideObjection(desk, officer(), { id, place: 1, decide: 'honour', answer: null })).toBe(
      true,
    );
    expect(await left()).toEqual([]);
    expect(await addressesOf(desk, id)).toMatchObject([
      { outcome: 'honoured', address: null, removed: 1, decidedBy: '李工' },
    ]);
    expect((await objectionById(desk, id))?.settledAt).not.toBeNull();
    expect(await ingest(store, source, [article()], NOW)).toMatchObject({ fresh: 0 });
  });

  test('stays when it is declined, and the citizen reads why', async () => {
    await ingest(store, source, [article()], NOW);
    const receipt = await object([article().url]);
    const answer = '该报道由新闻单位公开发布，不含您的个人信息。';
    const id = await idOf(receipt);
    await decideObjection(store, officer(), { id, place: 1, decide: 'decline', answer });
    expect(await left()).toHaveLength(1);
    expect(await receiptOf(store, receipt)).toMatchObject({ lines: [{ outcome: 'declined', answer }] });
    expect(await ingest(store, source, [article()], NOW)).toMatchObject({ known: 1 });
  });

  test('is decided about once, also by two at the same moment', async () => {
    await ingest(store, source, [article()], NOW);
    const id = await idOf(await object([article().url]));
    const decided = await Promise.all([
      decideObjection(store, officer(), { id, place: 1, decide: 'honour', answer: null }),
      decideObjection(store, officer(), { id, place: 1, decide: 'decline', answer: '不予移除。' }),
    ]);
    expect(decided.toSorted()).toEqual([false, true]);
  });

  test('is out of reach for another office', async () => {
    await ingest(store, source, [article()], NOW);
    const id = await idOf(await object([article().url]));
    const other = scoped(pool, oneOffice(engines.officeId + 1));
    expect(await objectionById(other, id)).toBeNull();
    expect(await decideObjection(other, officer(), { id, place: 1, decide: 'honour', answer: null })).toBe(
      false,
    );
    expect(await left()).toHaveLength(1);
  });
});

describe('the log', () => {
  test('says what was done and never the address in words, the reason or the contact', async () => {
    await ingest(store, source, [draft('logged', { kind: 'post' })], NOW);
    const contact = 'citizen@example.com';
    const receipt = await object([at('logged')], { reason: '是我本人所写', contact });
    const id = await idOf(receipt);
    const found = await readContact(store, officer(), id);
    expect(found && cipher.open(found.contact, `objection:${receipt}`).toString()).toBe(contact);
    const entries = await engines.store.query<{ entry: string; action: string }>(
      'select entry, action from audit_entries where subject = $1 order by seq',
      [`objection:${id}`],
    );
    expect(entries.rows.map((row) => row.action)).toEqual(['objection-send', 'contact-read']);
    const whole = await engines.store.query<{ entry: string }>('select entry from audit_entries');
    for (const { entry } of whole.rows) {
      for (const secret of [contact, '是我本人所写', at('logged'), receipt])
        expect(entry).not.toContain(secret);
    }
    const kept = await engines.store.query<{ all: string }>('select o::text as all from objections o');
    for (const row of kept.rows) expect(row.all).not.toContain(contact);
  });
});

describe('forms from one place', () => {
  test('are counted to the day’s limit and no further, however many come at once', async () => {
    const sender = Buffer.from('somewhere');
    const admitted = await Promise.all(
      Array.from({ length: 20 }, () => admitSender(store, sender, '2026-11-22', 8)),
    );
    expect(admitted.filter(Boolean)).toHaveLength(8);
    expect(await admitSender(store, sender, '2026-11-23', 8)).toBe(true);
  });
});

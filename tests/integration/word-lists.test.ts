import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { index } from '../../hub/roles/index.ts';
import { ingest } from '../../indexer/ingest.ts';
import { KnowledgeKeeper } from '../../indexer/knowledge-keeper.ts';
import { searchPosts } from '../../indexer/search/query.ts';
import { rebuildIndex } from '../../indexer/search/rebuild.ts';
import { listKinds } from '../../indexer/words/index.ts';
import { tryList } from '../../indexer/words/try.ts';
import type { Actor } from '../../store/actor.ts';
import { knowledgeVersion } from '../../store/knowledge.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { EVERY_OFFICE, NO_OFFICE, oneOffice, scoped } from '../../store/scope.ts';
import { outboxCounts } from '../../store/search-outbox.ts';
import { saveWordList, versionOf, versionsOf, wordList, type WordListEdit } from '../../store/word-lists.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeOffice } from '../support/offices.ts';
import { draft, makeSource } from '../support/posts.ts';
import { makePerson } from '../support/web.ts';

let engines: TestEngines;
let app: Pool;
let db: Store;
let every: Store;
let actor: Actor;

beforeAll(async () => {
  engines = await startTestEngines();
  app = openStore(engines.runtime().databaseUrl, 'test', { max: 4 });
  db = scoped(app, oneOffice(engines.officeId));
  every = scoped(app, EVERY_OFFICE);
  const { id } = await makePerson(engines.store, 'analyst', engines.officeId, 'analyst');
  actor = { id, officeId: engines.officeId, role: 'analyst', address: '10.0.0.1' };
});
afterAll(async () => {
  await app?.end();
  await engines?.stop();
});

async function save(list: Parameters<typeof saveWordList>[2], edit: Partial<WordListEdit>): Promise<number> {
  const { version } = await wordList(db, list);
  return saveWordList(db, actor, list, { body: '', why: '测试', base: version, ...edit });
}

describe('a list', () => {
  test('stands as it ships until somebody edits it, and every edit is a version', async () => {
    expect(await wordList(db, 'stop-words')).toEqual({ version: 0, body: null });
    expect(await save('stop-words', { body: '的\n了', why: '精简' })).toBe(1);
    expect(await save('stop-words', { body: '的\n了\n是', why: '补一个' })).toBe(2);
    expect(await wordList(db, 'stop-words')).toEqual({ version: 2, body: '的\n了\n是' });
    expect(await versionsOf(db, 'stop-words')).toMatchObject([
      { version: 2, why: '补一个', madeBy: 'analyst', restores: null },
      { version: 1, why: '精简', madeBy: 'analyst' },
    ]);
    expect(await versionOf(db, 'stop-words', 1)).toMatchObject({ body: '的\n了' });
    expect(await versionOf(db, 'stop-words', 9)).toBeNull();
  });

  test('is put back to an earlier version, or to what ships, by one more version', async () => {
    const earlier = await versionOf(db, 'stop-words', 1);
    await save('stop-words', { body: earlier?.body ?? '', restores: 1 });
    expect(await wordList(db, 'stop-words')).toEqual({ version: 3, body: '的\n了' });
    await save('stop-words', { body: null });
    expect(await wordList(db, 'stop-words')).toEqual({ version: 4, body: null });
  });

  test('is read by every office, and edited by the first one alone', async () => {
    const other = await makeOffice(engines.store, 'other', 'county');
    const elsewhere = scoped(app, oneOffice(other));
    expect(await wordList(elsewhere, 'stop-words')).toMatchObject({ version: 4 });
    expect(await wordList(scoped(app, NO_OFFICE), 'stop-words')).toMatchObject({ version: 4 });
    const edit = { body: '的', why: '测试', base: 4 };
    await expect(
      saveWordList(elsewhere, { ...actor, officeId: other }, 'stop-words', edit),
    ).rejects.toMatchObject({ code: 'word-list-office' });
  });

  test('is not overwritten by somebody who has not seen the newest version', async () => {
    const { version: base } = await wordList(db, 'synonyms');
    const edits = ['醉驾 = 酒驾', '老赖 = 失信被执行人', '家暴 = 家庭暴力'].map((body) =>
      saveWordList(db, actor, 'synonyms', { body, why: '测试', base }),
    );
    const results = await Promise.allSettled(edits);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'word-list-changed' });
    }
    expect((await versionsOf(db, 'synonyms')).length).toBe(1);
  });

  test('needs a reason, and a bounded length', async () => {
    await expect(save('dictionary', { why: '  ' })).rejects.toMatchObject({ code: 'word-list-why' });
    await expect(save('dictionary', { body: '词'.repeat(500_001) })).rejects.toMatchObject({
      code: 'word-list-long',
    });
  });

  test('cannot be changed where it lies, or taken away', async () => {
    for (const statement of [
      `update word_lists set body = '改'`,
      'delete from word_lists',
      'truncate word_lists',
      `insert into knowledge_versions (part) values ('x')`,
    ]) {
      await expect(every.query(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('leaves its length and a hash in the log, and not its words', async () => {
    await save('dictionary', { body: '云州快办', why: '新的提法' });
    const entries = await engines.store.query<{ entry: string }>(
      `select entry from audit_entries where entry like '%word-list:dictionary%' order by seq desc limit 1`,
    );
    const entry = entries.rows[0]?.entry ?? '';
    expect(JSON.parse(entry)).toMatchObject({
      action: 'word-list-save',
      after: { rows: 1, why: '新的提法' },
    });
    expect(entry).not.toContain('云州快办');
    await save('dictionary', { body: null });
  });
});

describe('knowledge', () => {
  test('is the same while nothing changes, and another one after every edit', async () => {
    const keeper = new KnowledgeKeeper(every, null, 0);
    const first = await keeper.current();
    expect(await keeper.current()).toBe(first);
    const { classifier } = first;
    const before = await knowledgeVersion(every);
    await save('dictionary', { body: '云州快办通道' });
    expect(await knowledgeVersion(every)).not.toBe(before);
    const second = await keeper.current();
    expect(second).not.toBe(first);
    expect(second.segmenter.cut('云州快办通道开通')).toContain('云州快办通道');
    expect(first.segmenter.cut('云州快办通道开通')).not.toContain('云州快办通道');
    // What was not edited is not compiled again.
    expect(second.classifier).toBe(classifier);
    await save('dictionary', { body: null });
    expect((await keeper.current()).segmenter.cut('云州快办通道开通')).not.toContain('云州快办通道');
  });

  test('is asked for by many at once and read from the database once', async () => {
    let asked = 0;
    const counting: Store = {
      ...every,
      query: (text: string, values?: unknown[]) => {
        asked += 1;
        return every.query(text, values);
      },
    } as Store;
    const keeper = new KnowledgeKeeper(counting, null, 60_000);
    const all = await Promise.all(Array.from({ length: 50 }, () => keeper.current()));
    expect(new Set(all).size).toBe(1);
    const once = asked;
    await keeper.current();
    expect(asked).toBe(once);
    expect(once).toBeLessThan(10);
  });

  test('of an edit that was rolled back is unchanged', async () => {
    const before = await knowledgeVersion(every);
    await expect(save('classes', { why: '' })).rejects.toThrow();
    expect(await knowledgeVersion(every)).toBe(before);
  });

  test('reaches what is taken in next', async () => {
    const keeper = new KnowledgeKeeper(every, null, 0);
    const source = await makeSource(engines.store, engines.officeId, 'classes');
    const text = '小区门口的云州快办通道今天又没有人，排了一个上午的队。';
    await ingest(
      engines.store,
      source,
      [draft('before', { text, title: null })],
      Date.now(),
      await keeper.current(),
    );
    const shipped = listKinds.classes.shipped();
    const [header] = shipped.split('\n');
    await save('classes', { body: shipped.replace(`${header}\n`, `${header}\n云州快办 9\n`) });
    await ingest(
      engines.store,
      source,
      [draft('after', { text: `${text}唉`, title: null })],
      Date.now(),
      await keeper.current(),
    );
    const rows = await engines.store.query<{ line: string | null }>(
      'select line from posts where source_id = $1 order by id',
      [source.id],
    );
    expect(rows.rows[0]?.line).not.toBe('criminal');
    expect(rows.rows[1]?.line).toBe('criminal');
    await save('classes', { body: null });
  });

  test('is tried on a sentence before it is saved', async () => {
    const known = await new KnowledgeKeeper(every, null, 0).current();
    const { before, after } = tryList(known, 'dictionary', '云州快办通道', '云州快办通道开通');
    expect(before.words).not.toContain('云州快办通道');
    expect(after.words).toContain('云州快办通道');
    expect(await wordList(db, 'dictionary')).toMatchObject({ body: null });
  });
});

test('search follows the lists while it is up, and a rebuilt index has them too', async () => {
  const stop = await index(engines.runtime(), silent);
  const found = async (text: string) => {
    const query = { text, sort: 'relevance', page: 1, perPage: 20 } as const;
    return (await searchPosts(engines.search.posts, [engines.officeId], query)).total;
  };
  try {
    const source = await makeSource(engines.store, engines.officeId, 'search');
    const text = '绿萝窗口今天开始试行，办事的人比往常少排了一半的队。';
    await ingest(engines.store, source, [draft('window', { text, title: null })], Date.now());
    await until('the outbox to be empty', async () => (await outboxCounts(engines.store)).waiting === 0);
    expect(await found('绿萝窗口')).toBe(1);
    expect(await found('青藤通道')).toBe(0);
    await save('synonyms', { body: '绿萝窗口 = 青藤通道' });
    await until('the synonym to be found', async () => (await found('青藤通道')) === 1);
    await rebuildIndex(every, engines.search, () => {});
    expect(await found('青藤通道')).toBe(1);
    await save('synonyms', { body: null });
    await until('the synonym to be forgotten', async () => (await found('青藤通道')) === 0);
  } finally {
    await stop();
  }
});

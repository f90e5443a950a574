import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { ingest } from '../../indexer/ingest.ts';
import { retain } from '../../indexer/retain.ts';
import { ensureIndex, rebuildIndex } from '../../indexer/search/rebuild.ts';
import { runRound } from '../../indexer/search/outbox-worker.ts';
import { openAuditLog } from '../../store/audit.ts';
import { openStore, type Pool, type Store } from '../../store/pool.ts';
import { identityOf, knownIdentities, postCount } from '../../store/posts.ts';
import { expirePosts, isRetained, lastRun } from '../../store/retention.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { silent, startTestEngines, TEST_KEY, until, type TestEngines } from '../support/engines.ts';
import { draft, makeSource } from '../support/posts.ts';

let engines: TestEngines;
let pool: Pool;
/** As the index role has it: the program's own database role, every office in its scope. */
let store: Store;
let source: { id: number; officeId: number };
let names = 0;
const NOW = new Date('2026-11-22T04:00:00Z');
const DAYS = { rawTextDays: 90, contactDays: 30, objectionDays: 1095 };

beforeAll(async () => {
  openAuditLog(openCipher([TEST_KEY]));
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app');
  store = scoped(pool, EVERY_OFFICE);
  await ensureIndex(store, engines.search, silent);
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});
beforeEach(async () => {
  source = await makeSource(engines.store, engines.officeId, `retention-${(names += 1)}`);
});

/** Stores drafts and lets them be so many days old. */
async function storeOld(drafts: ReturnType<typeof draft>[], days: number, at = source): Promise<void> {
  const before = await maxId();
  await ingest(store, at, drafts, NOW.getTime());
  await engines.store.query('update posts set first_seen_at = $1 where id > $2', [
    new Date(NOW.getTime() - days * 86_400_000),
    before,
  ]);
}

async function maxId(): Promise<number> {
  return (
    (await engines.store.query<{ id: number }>('select coalesce(max(id), 0) as id from posts')).rows[0]?.id ??
    0
  );
}

async function urls(at = source): Promise<string[]> {
  const found = await engines.store.query<{ url: string }>(
    'select url from posts where source_id = $1 order by url',
    [at.id],
  );
  return found.rows.map((row) => row.url.split('/').at(-1) ?? '');
}

async function told(): Promise<void> {
  while ((await runRound(store, engines.search, silent)) > 0);
}

async function entries(): Promise<{ subject: string; after: Record<string, number> }[]> {
  const found = await engines.store.query<{ entry: string }>(
    `select entry from audit_entries where action = 'retain' order by seq`,
  );
  return found.rows.map((row) => JSON.parse(row.entry) as { subject: string; after: Record<string, number> });
}

const clear = (day: string) => retain(store, engines.officeId, day, NOW, DAYS);

describe('raw text that has had its time', () => {
  test('goes with its address, and the counters stay', async () => {
    await storeOld([draft('r-old-1'), draft('r-old-2')], 91);
    await storeOld([draft('r-new')], 89);
    const counted = await postCount(store, [engines.officeId]);
    await clear('2026-11-01');
    expect(await urls()).toEqual(['r-new']);
    expect(await postCount(store, [engines.officeId])).toBe(counted);
    const rest = await engines.store.query<{ all: string }>(
      'select f::text as all from forgotten f where source_id = $1',
      [source.id],
    );
    expect(rest.rows).toHaveLength(2);
    for (const row of rest.rows) expect(row.all).not.toContain('r-old');
  });

  test('is not taken again when the source still lists it', async () => {
    await storeOld([draft('again')], 100);
    await clear('2026-11-02');
    const url = 'http://news.example/again';
    expect(await knownIdentities(store, source.id, [identityOf(url)])).toEqual(
      new Set([identityOf(url).toString('hex')]),
    );
    expect(await ingest(store, source, [draft('again'), draft('fresh')], NOW.getTime())).toMatchObject({
      fresh: 1,
      known: 1,
    });
    expect(await urls()).toEqual(['fresh']);
  });

  test('leaves its copies linked to the earliest that is left', async () => {
    const text =
      '云州市人民检察院通报河道污染公益诉讼案件的整改情况，三家企业已经完成清淤工作。附近居民表示水清了。';
    const copy = (n: number) => draft(`copy-${n}`, { text, publishedAt: NOW.getTime() - 50_000 + n });
    await storeOld([copy(1)], 95);
    await storeOld([copy(2), copy(3), copy(4)], 10);
    await clear('2026-11-03');
    const rows = await engines.store.query<{ id: number; url: string; copy_of: number | null }>(
      'select id, url, copy_of from posts where source_id = $1 order by id',
      [source.id],
    );
    const [first, ...others] = rows.rows;
    expect(rows.rows).toHaveLength(3);
    expect(first?.copy_of).toBeNull();
    expect(others.map((row) => row.copy_of)).toEqual([first?.id, first?.id]);
  });

  test('is gone from the search engine, and a rebuild does not bring it back', async () => {
    await storeOld([draft('search-old', { title: '独一无二的旧帖' })], 120);
    await storeOld([draft('search-new', { title: '独一无二的新帖' })], 1);
    await told();
    const titles = async () =>
      (await engines.search.posts.search('独一无二')).hits.map((hit) => hit.title).toSorted();
    await until('both to be found', async () => (await titles()).length === 2);
    await clear('2026-11-04');
    await told();
    expect(await titles()).toEqual(['独一无二的新帖']);
    await rebuildIndex(store, engines.search, () => {});
    expect(await titles()).toEqual(['独一无二的新帖']);
  });

  test('that goes while the index is being rebuilt does not stay in the new one', async () => {
    await storeOld([draft('rebuild-old', { title: '重建期间的旧帖' })], 120);
    let clearing: Promise<void> | undefined;
    // The page that holds the post has been read by then.
    await rebuildIndex(store, engines.search, () => {
      clearing ??= clear('2026-11-05');
    });
    await clearing;
    await told();
    expect((await engines.search.posts.search('重建期间的旧帖')).hits).toEqual([]);
  });

  test('goes from every office', async () => {
    const other = await engines.store.query<{ id: number }>(
      `insert into offices (code, name, level) values ('other-office', '邻县人民检察院', 'county') returning id`,
    );
    const officeId = other.rows[0]?.id ?? 0;
    const elsewhere = await makeSource(engines.store, officeId, 'elsewhere');
    await storeOld([draft('other-1'), draft('other-2')], 200, elsewhere);
    await clear('2026-11-06');
    expect(await urls(elsewhere)).toEqual([]);
    const { removed } = (await lastRun(scoped(pool, EVERY_OFFICE), officeId)) ?? { removed: {} };
    expect(removed).toEqual({ posts: 2 });
  });
});

describe('a clearing that is cut off', () => {
  test('in the middle of a transaction has done nothing', async () => {
    await storeOld([draft('cut-1'), draft('cut-2')], 150);
    const before = new Date(NOW.getTime() - 90 * 86_400_000);
    const dying = dyingAt(store, 'insert into retention_runs');
    await expect(expirePosts(dying, engines.officeId, '2026-11-07', before)).rejects.toThrow('killed');
    expect(await urls()).toEqual(['cut-1', 'cut-2']);
    const marks = await engines.store.query('select 1 from forgotten where source_id = $1', [source.id]);
    expect(marks.rowCount).toBe(0);
    await clear('2026-11-07');
    expect(await urls()).toEqual([]);
  });

  test('between two transactions goes on where it was, and is told once with the whole count', async () => {
    await storeOld(
      Array.from({ length: 25 }, (_, n) => draft(`part-${n}`)),
      150,
    );
    const before = new Date(NOW.getTime() - 90 * 86_400_000);
    expect(await expirePosts(store, engines.officeId, '2026-11-08', before, 10)).toEqual({
      removed: 10,
      more: true,
    });
    expect(await isRetained(store, engines.officeId, '2026-11-08')).toBe(false);
    await clear('2026-11-08');
    await clear('2026-11-08');
    const [entry, ...more] = (await entries()).filter((each) => each.subject === 'retention:2026-11-08');
    expect(more).toEqual([]);
    expect(entry?.after['posts']).toBe(25);
    expect(await isRetained(store, engines.officeId, '2026-11-08')).toBe(true);
  });

  test('by kill -9, again and again, loses nothing and counts nothing twice', async () => {
    await storeOld(
      Array.from({ length: 6_000 }, (_, n) => draft(`killed-${n}`, { text: `第${n}条。` })),
      150,
    );
    let kills = 0;
    for (let patience = 150; !(await isRetained(store, engines.officeId, '2026-10-30')); patience += 50) {
      if ((await runAndKill('2026-10-30', patience)) === 'killed') kills += 1;
    }
    expect(kills).toBeGreaterThan(0);
    expect(await urls()).toEqual([]);
    const marks = await engines.store.query('select 1 from forgotten where source_id = $1', [source.id]);
    expect(marks.rowCount).toBe(6_000);
    const told = (await entries()).filter((each) => each.subject === 'retention:2026-10-30');
    expect(told.map((entry) => entry.after['posts'])).toEqual([6_000]);
  });

  test('for good is ended by the next day’s', async () => {
    await storeOld([draft('lost')], 150);
    const before = new Date(NOW.getTime() - 90 * 86_400_000);
    await expirePosts(store, engines.officeId, '2026-11-09', before);
    await clear('2026-11-10');
    const days = (await entries()).map((each) => each.subject);
    expect(days).toContain('retention:2026-11-09');
    expect(days).toContain('retention:2026-11-10');
  });

  test('while visits store posts neither stops them nor loses any', async () => {
    await storeOld(
      Array.from({ length: 200 }, (_, n) => draft(`busy-old-${n}`)),
      150,
    );
    const storing = Array.from({ length: 10 }, (_, batch) =>
      ingest(
        store,
        source,
        Array.from({ length: 20 }, (_each, n) => draft(`busy-${batch}-${n}`)),
        NOW.getTime(),
      ),
    );
    await Promise.all([clear('2026-11-11'), ...storing]);
    const left = await urls();
    expect(left).toHaveLength(200);
    expect(left.filter((url) => url.startsWith('busy-old'))).toEqual([]);
  });
});

describe('what has run out by its own date', () => {
  test('goes as well: sessions, and what a form was counted by', async () => {
    await engines.store.query(
      `insert into people (id, office_id, name, email) values ('p-old', $1, '测试', 'p-old@jiansheng.local')`,
      [engines.officeId],
    );
    await engines.store.query(
      `insert into sessions (id, person_id, token, expires_at) values
         ('s-old', 'p-old', 't-old', now() - interval '1 day'), ('s-new', 'p-old', 't-new', now() + interval '1 day')`,
    );
    await engines.store.query(
      `insert into objection_senders (sender, day, sent) values ('\\x00', '2020-01-01', 1)`,
    );
    await clear('2026-11-12');
    const sessions = await engines.store.query<{ id: string }>('select id from sessions');
    expect(sessions.rows.map((row) => row.id)).toEqual(['s-new']);
    expect((await engines.store.query('select 1 from objection_senders')).rowCount).toBe(0);
    const run = await lastRun(store, engines.officeId);
    expect(run?.removed).toMatchObject({ sessions: 1, objectionSenders: 1 });
  });

  test('although the program’s role can read none of the tables of signing in', async () => {
    await expect(store.query('select 1 from sessions')).rejects.toThrow(/permission denied/);
  });
});

/** The day's clearing in a process of its own, which is killed after so many milliseconds of work. */
async function runAndKill(day: string, patienceMs: number): Promise<'killed' | 'ended'> {
  const { databaseUrl } = engines.runtime();
  const script = join(import.meta.dirname, '..', 'support', 'retain-once.ts');
  const child = spawn(process.execPath, [script, databaseUrl, TEST_KEY, String(engines.officeId), day]);
  const ended = new Promise<'ended'>((resolve) => child.on('exit', () => resolve('ended')));
  const begun = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  await Promise.race([begun, ended]);
  const end = await Promise.race([ended, sleep(patienceMs, 'killed' as const)]);
  if (end === 'killed') child.kill('SIGKILL');
  await ended;
  return end;
}

/** The store as it is until a statement begins like this: then the connection's worker is killed. */
function dyingAt(whole: Store, statement: string): Store {
  return {
    ...whole,
    async connect() {
      const client = await whole.connect();
      return new Proxy(client, {
        get(target, name) {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value !== 'function') return value;
          if (name !== 'query') return value.bind(target) as unknown;
          return (text: string, values?: unknown[]) => {
            if (text.trimStart().startsWith(statement)) return Promise.reject(new Error('killed'));
            return target.query(text, values);
          };
        },
      });
    },
  };
}

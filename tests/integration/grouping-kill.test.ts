import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FORM, unpackJournal, unpackSnapshot } from '../../indexer/topics/saved.ts';
import { groupingState } from '../../store/grouping.ts';
import { storePosts } from '../../store/storing.ts';
import { concernState, expectConcernsCounted, told } from '../support/concerns.ts';
import { startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { makeSource, newPost } from '../support/posts.ts';

let engines: TestEngines;
let source: { id: number; officeId: number };
const running = new Set<ChildProcess>();
const OF_EACH = 150;

beforeAll(async () => {
  engines = await startTestEngines();
  source = await makeSource(engines.store, engines.officeId, 'grouped');
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await engines.stop();
});

async function start(): Promise<ChildProcess> {
  const path = join(import.meta.dirname, '../support/group-forever.ts');
  const child = spawn(process.execPath, [path, engines.runtime().databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
  running.delete(child);
}

const count = async (statement: string) =>
  (await engines.store.query<{ n: number }>(`select ${statement} as n`)).rows[0]?.n ?? 0;
const waiting = () => count('(select count(*)::int from grouping_backlog)');
const turns = () => count('coalesce((select max(turn)::int from grouping_states), 0)');
/** A transaction of grouping that has begun to write. */
const writing = () =>
  count(`(select count(*)::int from pg_locks where locktype = 'advisory' and classid = 1 and granted)`);

/** As `until`, within milliseconds. */
async function soon(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20_000; tries += 1) if (await check()) return;
  throw new Error('grouping does not go on');
}

test('grouping that is killed again and again loses no post and doubles none', async () => {
  const all = [...told('canteen', OF_EACH), ...told('noise', OF_EACH)];
  for (let at = 0; at < all.length; at += 20) {
    await storePosts(engines.store, engines.officeId, source.id, all.slice(at, at + 20).map(newPost));
  }
  for (let kill = 0; kill < 6; kill += 1) {
    const before = await turns();
    const child = await start();
    // Killed between two portions, or while one writes.
    await soon(async () => (await turns()) > before);
    if (kill % 2 === 0) await soon(async () => (await writing()) > 0 || (await waiting()) === 0);
    await end(child, 'SIGKILL');
    await expectConcernsCounted(engines.store, engines.officeId);
  }
  expect(await waiting()).toBeGreaterThan(0);
  const child = await start();
  await until('everything grouped', async () => (await waiting()) === 0);
  await end(child, 'SIGTERM');
  await expectConcernsCounted(engines.store, engines.officeId);
  // What grouping knows is every post, once.
  const ids = await engines.store.query<{ id: number }>('select id from posts order by id');
  expect(await known()).toEqual(ids.rows.map(({ id }) => id));
  const posts = (await concernState(engines.store, engines.officeId)).reduce(
    (sum, each) => sum + each.posts,
    0,
  );
  expect(posts).toBeGreaterThan(1.8 * OF_EACH);
});

async function known(): Promise<number[]> {
  const kept = await groupingState(engines.store, engines.officeId, FORM);
  const snapshot = kept?.snapshot ? unpackSnapshot(kept.snapshot).items.flatMap(({ posts }) => posts) : [];
  const journal = kept?.journal.flatMap((entry) => unpackJournal(entry)) ?? [];
  const added = journal.flatMap((entry) =>
    entry.kind === 'text' || entry.kind === 'copy' ? [entry.post] : [],
  );
  return [...snapshot, ...added].sort((a, b) => a - b);
}

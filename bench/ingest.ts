import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { runOutbox } from '../indexer/search/outbox-worker.ts';
import { waitingCount } from '../store/search-outbox.ts';
import { openStore } from '../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../store/scope.ts';
import { startBenchEngines, type BenchEngines } from './support/engines.ts';
import { coreSecondsOf, family } from './support/processes.ts';
import { writeDrafts } from './support/ingest/draft-file.ts';
import { documentsOf, indexRaw } from './support/ingest/raw.ts';
import type { Order, Progress } from './support/ingest/worker.ts';
import { makeBenchSources, type BenchSource } from './support/sources.ts';

/** Drafts of one visit. */
const VISIT = 500;

/**
 * From drafts to searchable posts: the real steps, PostgreSQL and the search engine with the hub's own settings, beside the
 * search engine alone with the same documents in the same run.
 *
 * - `ratioToRawMeilisearch`: posts a second from the first draft until the last post is searchable, to documents a second
 *   of the engine alone: all of them sent in few large batches at once, nothing else running, until the last one is indexed.
 * - `memoryGrowth`: resident memory of the process that runs the steps and stores, at the end to that at a quarter of the way.
 *
 * `--posts` makes less of it.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({ args, options: { posts: { type: 'string', default: '200000' } } });
  const posts = Number(values.posts);
  const engines = await startBenchEngines();
  try {
    const [source] = await makeBenchSources(engines.owner, 1);
    if (!source) throw new Error('a source was made');
    const ours = await ingestAll(engines, source, posts);
    say(
      `ours: ${posts} drafts, ${ours.stored} of them kept, in ${ours.seconds.toFixed(1)} s, ${(posts / ours.seconds).toFixed(0)} a second`,
    );
    const documents = await documentsOf(engines.owner, ours.stored);
    await engines.search.client.deleteIndexIfExists(engines.search.posts.uid);
    const before = coreSecondsOf(family(process.pid), 'meilisearch');
    const raw = await indexRaw(engines.search, documents, say);
    const alone = coreSecondsOf(family(process.pid), 'meilisearch') - before;
    say(`the engine alone took ${microseconds(alone, posts)} of a core a post`);
    say(`the engine alone: ${raw.toFixed(1)} s, ${(posts / raw).toFixed(0)} a second`);
    return {
      ratioToRawMeilisearch: Number((raw / ours.seconds).toFixed(3)),
      memoryGrowth: Number(ours.memoryGrowth.toFixed(3)),
    };
  } finally {
    await engines.stop();
  }
}

const since = performance.now();
function say(line: string): void {
  console.log(`${((performance.now() - since) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

async function ingestAll(
  engines: BenchEngines,
  source: BenchSource,
  posts: number,
): Promise<{ seconds: number; stored: number; memoryGrowth: number }> {
  const pool = openStore(engines.appUrl, 'bench index', { max: 3 });
  const store = scoped(pool, EVERY_OFFICE);
  const stop = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-drafts-'));
  const file = join(folder, 'drafts.jsonl');
  const log = pino({ level: 'warn' });
  // As in a running hub, the index is there before the first post.
  const outbox = runOutbox(store, engines.search, log, stop.signal);
  try {
    await until(async () => (await indexed(engines)) === 0);
    await writeDrafts(file, posts, VISIT);
    const before = times();
    const began = performance.now();
    const worker = await runWorker({ appUrl: engines.appUrl, source, posts, file });
    say(
      `stored after ${((performance.now() - began) / 1000).toFixed(1)} s, ${await indexed(engines)} of them searchable`,
    );
    say(`the ingesting process took ${(worker.cpuMicroseconds / posts).toFixed(0)} µs of a core a post`);
    await until(
      async () => (await waitingCount(store, 1)) === 0 && (await indexed(engines)) === worker.stored,
    );
    const seconds = (performance.now() - began) / 1000;
    const after = times();
    for (const [name, each] of Object.entries(after))
      say(`${name} took ${microseconds(each - (before[name as Part] ?? 0), posts)} of a core a post`);
    return { seconds, stored: worker.stored, memoryGrowth: worker.residentAtEnd / worker.residentAtQuarter };
  } finally {
    stop.abort();
    await outbox;
    await pool.end();
    rmSync(folder, { recursive: true });
  }
}

type Part = keyof ReturnType<typeof times>;

/** Seconds of a core, by program. */
function times() {
  const pids = family(process.pid);
  const { user, system } = process.cpuUsage();
  return {
    'the process with the outbox': (user + system) / 1e6,
    PostgreSQL: coreSecondsOf(pids, 'postgres'),
    'the engine': coreSecondsOf(pids, 'meilisearch'),
  };
}

function microseconds(seconds: number, posts: number): string {
  return `${((seconds / posts) * 1e6).toFixed(0)} µs`;
}

async function indexed({ search }: BenchEngines): Promise<number> {
  const stats = await search.posts.getStats().catch(() => null);
  return stats?.numberOfDocuments ?? -1;
}

async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await sleep(50);
}

/** The process that would be the crawl role's, with the steps and the storing. */
function runWorker(order: Order): Promise<Progress> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'support/ingest/worker.ts'), {
      execArgv: ['--expose-gc'],
    });
    let done: Progress | null = null;
    child.on('message', (progress: Progress) => {
      done = progress;
    });
    child.on('exit', (code) => {
      if (done) resolve(done);
      else reject(new Error(`the ingesting process ended with ${code}`));
    });
    child.send(order);
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from 'meilisearch';
import type { Logger } from 'pino';
import { errorText } from '../../config/errors.ts';
import { knowledgeVersion } from '../../store/knowledge.ts';
import type { Store } from '../../store/pool.ts';
import {
  asOnlyOutboxWorker,
  clearOutbox,
  refuseOutbox,
  waitingOutbox,
  type SearchRow,
} from '../../store/search-outbox.ts';
import { wellFormed, type SearchEngine } from './engine.ts';
import { ensureIndex } from './rebuild.ts';

/** Rows for one round: small enough that the first ones show soon. */
const ROUND = 2_000;
/**
 * Rounds that the engine is handed before it has confirmed the first: it takes those that wait together, and merges what it
 * is given into all that it has but once for all of them.
 */
const ROUNDS = 24;
const IDLE_MS = 300;
/** While more comes in than one round, as long as the engine worked is waited for more, at most so long. */
const LONGEST_GATHERING_MS = 5_000;
const LONGEST_WAIT_MS = 10_000;
const TASK = { timeout: 600_000, interval: 20 };
const LONGEST_INTERVAL_MS = 160;

/**
 * Tells the search engine what the database holds, for as long as `signal` lets it. While the engine is down the rows
 * wait; a document that it refuses is set aside with its words, so that the others go on.
 */
export async function runOutbox(
  store: Store,
  engine: SearchEngine,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  let wait = IDLE_MS;
  let failed = 0;
  /** The state of the word lists that the engine was made ready for. */
  let prepared: string | null = null;
  while (!signal.aborted) {
    try {
      await asOnlyOutboxWorker(store, async () => {
        const lists = await knowledgeVersion(store, 'word-lists');
        if (prepared !== lists) await ensureIndex(store, engine, log);
        prepared = lists;
        const began = performance.now();
        const { rows, more } = await runRounds(store, engine, log, signal);
        wait = more ? 0 : rows < ROUND ? IDLE_MS : Math.min(performance.now() - began, LONGEST_GATHERING_MS);
      });
      failed = 0;
    } catch (error) {
      // After an outage the engine may come back empty: look again before the next round.
      prepared = null;
      wait = Math.min(IDLE_MS * 2 ** (failed += 1), LONGEST_WAIT_MS);
      log.warn({ err: error, waitMs: wait }, 'search engine or database not reachable, the outbox waits');
    }
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** Rows that the engine was told of, and its tasks, in order. */
type Round = { outboxIds: number[]; tasks: number[] };

/**
 * Tells the engine of what waits, several rounds before it has confirmed the first. Tasks are worked off in the order in
 * which they were handed over: of two states of one post the later one stays.
 * @returns how many rows were dealt with, and whether more are known to wait
 */
async function runRounds(
  store: Store,
  engine: SearchEngine,
  log: Logger,
  signal: AbortSignal,
): Promise<{ rows: number; more: boolean }> {
  const rounds: Round[] = [];
  let more = true;
  while (more && rounds.length < ROUNDS && !signal.aborted) {
    const round = await handOver(store, engine, rounds);
    if (round) rounds.push(round);
    more = round !== null && round.outboxIds.length === ROUND;
  }
  let whole = true;
  for (const round of rounds) {
    const outcome = await landed(engine, round, signal);
    // What has not been confirmed is told again at the next start.
    if (outcome === 'unknown') return { rows: 0, more: false };
    if (outcome === 'taken') await clearOutbox(store, round.outboxIds);
    else whole = false;
  }
  // One by one, once nothing can be overtaken by what is told again.
  if (!whole) await runRound(store, engine, log);
  return { rows: rounds.reduce((sum, { outboxIds }) => sum + outboxIds.length, 0), more: more || !whole };
}

/** @returns null when nothing waits */
async function handOver(store: Store, engine: SearchEngine, rounds: readonly Round[]): Promise<Round | null> {
  const ids = rounds.flatMap(({ outboxIds }) => [outboxIds[0] ?? 0, outboxIds.at(-1) ?? 0]);
  const handed = ids.length === 0 ? null : { from: Math.min(...ids), to: Math.max(...ids) };
  const { outboxIds, posts, gone } = await waitingOutbox(store, ROUND, handed);
  if (outboxIds.length === 0) return null;
  const tasks: number[] = [];
  if (posts.length > 0) tasks.push((await engine.posts.addDocuments(posts.map(wellFormed))).taskUid);
  if (gone.length > 0) tasks.push((await engine.posts.deleteDocuments(gone)).taskUid);
  return { outboxIds, tasks };
}

/** What became of a round; `unknown` when `signal` does not let it be waited for. */
async function landed(
  engine: SearchEngine,
  { tasks }: Round,
  signal: AbortSignal,
): Promise<'taken' | 'refused' | 'unknown'> {
  let whole = true;
  const until = performance.now() + TASK.timeout;
  for (const uid of tasks) {
    for (let wait = TASK.interval; ; wait = Math.min(2 * wait, LONGEST_INTERVAL_MS)) {
      const task = await engine.client.tasks.getTask(uid);
      if (task.status !== 'enqueued' && task.status !== 'processing') {
        whole = accepted(task) && whole;
        break;
      }
      if (performance.now() > until) throw new Error(`search engine: task ${uid} is ${task.status}`);
      await sleep(wait, undefined, { signal }).catch(() => {});
      if (signal.aborted) return 'unknown';
    }
  }
  return whole ? 'taken' : 'refused';
}

/** @throws Error when the fault is not a document's own: a full disk or a lost index must not set posts aside one by one */
function accepted(task: Pick<Task, 'status' | 'error'>): boolean {
  if (task.status === 'succeeded') return true;
  if (task.error?.type === 'invalid_request') return false;
  throw new Error(`search engine: ${task.error?.message ?? task.status}`);
}

/** Tells the engine of the oldest waiting rows and waits for it. @returns how many were dealt with */
export async function runRound(store: Store, engine: SearchEngine, log: Logger): Promise<number> {
  const { outboxIds, posts, gone } = await waitingOutbox(store, ROUND);
  if (outboxIds.length === 0) return 0;
  if (posts.length > 0) await addDocuments(store, engine, posts.map(wellFormed), log);
  if (gone.length > 0) await deleteDocuments(engine, gone);
  await clearOutbox(store, outboxIds);
  return outboxIds.length;
}

async function deleteDocuments(engine: SearchEngine, ids: number[]): Promise<void> {
  const task = await engine.posts.deleteDocuments(ids).waitTask(TASK);
  if (task.status !== 'succeeded') throw new Error(`search engine: ${task.error?.message ?? task.status}`);
}

/** Adds documents; when the engine refuses the batch, halves it until the one at fault stands alone. */
async function addDocuments(
  store: Store,
  engine: SearchEngine,
  posts: SearchRow[],
  log: Logger,
): Promise<void> {
  const task = await engine.posts.addDocuments(posts).waitTask(TASK);
  if (accepted(task)) return;
  const why = task.error?.message ?? task.status;
  const [only] = posts;
  if (posts.length === 1 && only) {
    log.error({ postId: only.id, why }, 'the search engine refuses this post, it is set aside');
    await refuseOutbox(store, only.id, errorText(why));
    return;
  }
  const middle = posts.length >> 1;
  await addDocuments(store, engine, posts.slice(0, middle), log);
  await addDocuments(store, engine, posts.slice(middle), log);
}

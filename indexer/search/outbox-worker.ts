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
 * Rounds that the engine has been handed and not confirmed: it takes those that wait together, and merges what it is given
 * into all that it has but once for all of them. In the hub only their ids are kept.
 */
const IN_FLIGHT = 16;
const IDLE_MS = 300;
const LONGEST_WAIT_MS = 10_000;
const TASK = { timeout: 600_000, interval: 20 };

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
  /** The state of the word lists that the engine was made ready for. */
  let prepared: string | null = null;
  while (!signal.aborted) {
    try {
      await asOnlyOutboxWorker(store, async () => {
        const lists = await knowledgeVersion(store, 'word-lists');
        if (prepared !== lists) await ensureIndex(store, engine, log);
        prepared = lists;
        await runRounds(store, engine, log, signal);
      });
      wait = IDLE_MS;
    } catch (error) {
      // After an outage the engine may come back empty: look again before the next round.
      prepared = null;
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      log.warn({ err: error, waitMs: wait }, 'search engine or database not reachable, the outbox waits');
    }
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** Rows that the engine was told of, and its tasks, in order. */
type Round = { outboxIds: number[]; tasks: number[] };

/**
 * Tells the engine of all rows that wait, a few rounds ahead of what it has confirmed. Tasks are worked off in the order in
 * which they were handed over: of two states of one post the later one stays.
 */
async function runRounds(
  store: Store,
  engine: SearchEngine,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const flying: Round[] = [];
  for (let more = true; !signal.aborted && (more || flying.length > 0);) {
    const round: Round | null =
      more && flying.length < IN_FLIGHT ? await handOver(store, engine, flying) : null;
    if (round) flying.push(round);
    // A round that is not full was the last one for now: what comes meanwhile is seen once everything has arrived.
    more = round !== null && round.outboxIds.length === ROUND;
    if (more && flying.length < IN_FLIGHT) continue;
    const oldest = flying.shift();
    if (!oldest) return;
    more = true;
    if (await landed(engine, oldest)) {
      await clearOutbox(store, oldest.outboxIds);
      continue;
    }
    // Nothing may overtake what is told again.
    while (flying.length > 0) {
      const next = flying.shift() as Round;
      if (await landed(engine, next)) await clearOutbox(store, next.outboxIds);
    }
    await runRound(store, engine, log);
  }
}

/** @returns null when nothing waits */
async function handOver(store: Store, engine: SearchEngine, flying: readonly Round[]): Promise<Round | null> {
  const ids = flying.flatMap(({ outboxIds }) => [outboxIds[0] ?? 0, outboxIds.at(-1) ?? 0]);
  const handed = ids.length === 0 ? null : { from: Math.min(...ids), to: Math.max(...ids) };
  const { outboxIds, posts, gone } = await waitingOutbox(store, ROUND, handed);
  if (outboxIds.length === 0) return null;
  const tasks: number[] = [];
  if (posts.length > 0) tasks.push((await engine.posts.addDocuments(posts.map(wellFormed))).taskUid);
  if (gone.length > 0) tasks.push((await engine.posts.deleteDocuments(gone)).taskUid);
  return { outboxIds, tasks };
}

/** @returns false when the engine refuses a document of the round */
async function landed(engine: SearchEngine, { tasks }: Round): Promise<boolean> {
  let whole = true;
  for (const uid of tasks) whole = accepted(await engine.client.tasks.waitForTask(uid, TASK)) && whole;
  return whole;
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

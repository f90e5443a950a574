import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { errorText } from '../../config/errors.ts';
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

/** Rows for one round: large enough for the engine to be efficient, small enough that the first ones show soon. */
const ROUND = 1_000;
const IDLE_MS = 300;
const LONGEST_WAIT_MS = 10_000;
const TASK_TIMEOUT_MS = 120_000;

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
  let prepared = false;
  while (!signal.aborted) {
    let moved = 0;
    try {
      await asOnlyOutboxWorker(store, async () => {
        if (!prepared) await ensureIndex(store, engine, log);
        prepared = true;
        moved = await runRound(store, engine, log);
      });
      wait = IDLE_MS;
    } catch (error) {
      // After an outage the engine may come back empty: look again before the next round.
      prepared = false;
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      log.warn({ err: error, waitMs: wait }, 'search engine or database not reachable, the outbox waits');
    }
    if (moved < ROUND) await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** Tells the engine of the oldest waiting rows. @returns how many were dealt with */
export async function runRound(store: Store, engine: SearchEngine, log: Logger): Promise<number> {
  const { outboxIds, posts, gone } = await waitingOutbox(store, ROUND);
  if (outboxIds.length === 0) return 0;
  if (posts.length > 0) await addDocuments(store, engine, posts.map(wellFormed), log);
  if (gone.length > 0) await deleteDocuments(engine, gone);
  await clearOutbox(store, outboxIds);
  return outboxIds.length;
}

async function deleteDocuments(engine: SearchEngine, ids: number[]): Promise<void> {
  const task = await engine.posts.deleteDocuments(ids).waitTask({ timeout: TASK_TIMEOUT_MS, interval: 20 });
  if (task.status !== 'succeeded') throw new Error(`search engine: ${task.error?.message ?? task.status}`);
}

/** Adds documents; when the engine refuses the batch, halves it until the one at fault stands alone. */
async function addDocuments(
  store: Store,
  engine: SearchEngine,
  posts: SearchRow[],
  log: Logger,
): Promise<void> {
  const task = await engine.posts.addDocuments(posts).waitTask({ timeout: TASK_TIMEOUT_MS, interval: 20 });
  if (task.status === 'succeeded') return;
  const why = task.error?.message ?? task.status;
  // Only the document's own fault is its fault: a full disk or a lost index must not set posts aside one by one.
  if (task.error?.type !== 'invalid_request') throw new Error(`search engine: ${why}`);
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

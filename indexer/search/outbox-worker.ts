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
  waitingCount,
  waitingOutbox,
  type SearchRow,
} from '../../store/search-outbox.ts';
import { wellFormed, type SearchEngine } from './engine.ts';
import { ensureIndex } from './rebuild.ts';

/** Rows read from the database at once. */
const PAGE = 2_000;
/**
 * Rows that the engine is told of in one request. Each request costs it the same work again, merging what is new into all
 * that it has: 20,000 posts in tens of requests take it twice the time of one.
 */
const MOST = 24_000;
/** In units of UTF-16: three bytes each are half of what the engine takes. */
const LONGEST_REQUEST = 16_000_000;
const IDLE_MS = 300;
/** While more comes in than a page, so many rows are waited for, as long as they keep coming, at most so long. */
const GATHERED = 20_000;
const LONGEST_GATHERING_MS = 6_000;
const GLANCE_MS = 500;
/** Then the state of the word lists is looked at again, however much comes in. */
const LONGEST_TURN_MS = 60_000;
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
  let wait: number;
  let failed = 0;
  /** The state of the word lists that the engine was made ready for. */
  let prepared: string | null = null;
  while (!signal.aborted) {
    try {
      await asOnlyOutboxWorker(store, async () => {
        const lists = await knowledgeVersion(store, 'word-lists');
        if (prepared !== lists) await ensureIndex(store, engine, log);
        prepared = lists;
        await tellAll(store, engine, log, signal);
      });
      wait = IDLE_MS;
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
 * Tells the engine of what waits, until nothing does or its turn is over. Of the next round it is told while it still works on the last one: it takes up tasks
 * in the order in which they came, so that of two states of one post the later one stays.
 */
async function tellAll(store: Store, engine: SearchEngine, log: Logger, signal: AbortSignal): Promise<void> {
  const until = performance.now() + LONGEST_TURN_MS;
  let last: Round | null = null;
  while (!signal.aborted) {
    if (last && last.outboxIds.length >= PAGE) await gather(store, last, signal);
    const next: Round | null = performance.now() < until ? await handOver(store, engine, last) : null;
    const outcome = last ? await settle(store, engine, last, signal) : 'taken';
    if (outcome === 'refused') {
      // Piece by piece only once nothing can be overtaken by what is told again.
      if (next) await settle(store, engine, next, signal);
      if (!signal.aborted) await runRound(store, engine, log);
    }
    if (outcome !== 'taken' || next === null) return;
    last = next;
  }
}

/** Lets rows come together for a round, until there are enough or no more come. */
async function gather(store: Store, told: Round, signal: AbortSignal): Promise<void> {
  const until = performance.now() + LONGEST_GATHERING_MS;
  let before = -1;
  while (!signal.aborted && performance.now() < until) {
    const waiting = await waitingCount(store, GATHERED, rangeOf(told));
    if (waiting >= GATHERED || waiting === before) return;
    before = waiting;
    await sleep(GLANCE_MS, undefined, { signal }).catch(() => {});
  }
}

function rangeOf({ outboxIds }: Round): { from: number; to: number } {
  let [from, to] = [Number.MAX_SAFE_INTEGER, 0];
  for (const id of outboxIds) [from, to] = [Math.min(from, id), Math.max(to, id)];
  return { from, to };
}

/** Waits for the engine, and takes out the rows that it has taken; those of another round are told again. */
async function settle(
  store: Store,
  engine: SearchEngine,
  round: Round,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome = await landed(engine, round, signal);
  if (outcome === 'taken') await clearOutbox(store, round.outboxIds);
  return outcome;
}

/**
 * Reads page by page, each post as a line of JSON, so that the objects of a page are gone before the next is read.
 * @param told a round that has not been confirmed: its rows are passed over
 * @returns null when nothing waits
 */
async function handOver(store: Store, engine: SearchEngine, told: Round | null): Promise<Round | null> {
  const round: Round = { outboxIds: [], tasks: [] };
  const toldBefore = told && rangeOf(told);
  const gone = new Set<number>();
  let lines = new Map<number, string>();
  let units = 0;
  const send = async () => {
    if (lines.size === 0) return;
    const body = [...lines.values()].join('\n');
    lines = new Map();
    units = 0;
    const task = await engine.posts.addDocumentsFromString(body, 'application/x-ndjson', {});
    round.tasks.push(task.taskUid);
  };
  for (let last = 0, full = true; full && round.outboxIds.length < MOST;) {
    const page = await waitingOutbox(store, PAGE, last, toldBefore);
    for (const post of page.posts) {
      const line = JSON.stringify(wellFormed(post));
      lines.set(post.id, line);
      if ((units += line.length) > LONGEST_REQUEST) await send();
    }
    for (const id of page.gone) gone.add(id);
    round.outboxIds.push(...page.outboxIds);
    full = page.outboxIds.length === PAGE;
    last = page.outboxIds.at(-1) ?? last;
  }
  await send();
  // Last: what was there on one page may be gone on a later one.
  if (gone.size > 0) round.tasks.push((await engine.posts.deleteDocuments([...gone])).taskUid);
  return round.outboxIds.length === 0 ? null : round;
}

/** What became of a round; `unknown` when `signal` does not let it be waited for. */
type Outcome = 'taken' | 'refused' | 'unknown';

async function landed(engine: SearchEngine, { tasks }: Round, signal: AbortSignal): Promise<Outcome> {
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
  const { outboxIds, posts, gone } = await waitingOutbox(store, PAGE);
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

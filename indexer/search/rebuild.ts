import { setTimeout as sleep } from 'node:timers/promises';
import { MeilisearchApiError } from 'meilisearch';
import type { Logger } from 'pino';
import type { Store } from '../../store/pool.ts';
import { asOnlyOutboxWorker, newestPost, searchRowsAfter } from '../../store/search-outbox.ts';
import { ensureSearchKey } from './tenant.ts';
import { POSTS_INDEX, wellFormed, type SearchEngine } from './engine.ts';
import { applySettings } from './settings.ts';
import { settingsIn } from './words.ts';

const REBUILT = `${POSTS_INDEX}_rebuilt`;
const PAGE = 2_000;
const WAIT = { timeout: 600_000, interval: 20 };

/**
 * Makes sure that the index exists with this program's settings, and builds it from the database when it does not (the
 * engine's data was dropped, or this is the first start). The caller is the only outbox worker.
 */
export async function ensureIndex(store: Store, engine: SearchEngine, log: Logger): Promise<void> {
  await ensureSearchKey(engine);
  if (await indexExists(engine)) {
    const changed = await applySettings(engine.posts, await settingsIn(store));
    if (changed.length > 0) log.info({ changed }, 'search settings changed');
  } else {
    const count = await build(store, engine);
    log.info({ count }, 'search index built from the database');
  }
}

/**
 * Builds the index anew beside the old one and then puts it in its place: search stays up, the outbox waits meanwhile.
 * @returns the number of posts in it
 */
export async function rebuildIndex(
  store: Store,
  engine: SearchEngine,
  onProgress: (done: number) => void,
): Promise<number> {
  let count = 0;
  const work = async () => {
    count = await build(store, engine, onProgress);
  };
  // The running outbox worker gives its lock up between two rounds.
  while (!(await asOnlyOutboxWorker(store, work))) await sleep(100);
  return count;
}

/** The index takes its name only when it is whole: a build that is killed half-way leaves nothing that looks complete. */
async function build(
  store: Store,
  engine: SearchEngine,
  onProgress: (done: number) => void = () => {},
): Promise<number> {
  await engine.client.deleteIndexIfExists(REBUILT);
  await engine.client.createIndex(REBUILT, { primaryKey: 'id' }).waitTask(WAIT);
  const index = engine.client.index(REBUILT);
  await index.updateSettings(await settingsIn(store)).waitTask(WAIT);
  let done = 0;
  // What is stored from now on waits in the outbox: on a busy hub there would be no end to following it.
  const newest = await newestPost(store);
  for (let after = 0; ;) {
    const rows = await searchRowsAfter(store, after, PAGE, newest);
    const last = rows.at(-1);
    if (!last) break;
    const task = await index.addDocuments(rows.map(wellFormed)).waitTask(WAIT);
    if (task.status !== 'succeeded') throw new Error(`search engine: ${task.error?.message ?? task.status}`);
    after = last.id;
    done += rows.length;
    onProgress(done);
  }
  const rename = !(await indexExists(engine));
  const swap = await engine.client.swapIndexes([{ indexes: [REBUILT, POSTS_INDEX], rename }]).waitTask(WAIT);
  if (swap.status !== 'succeeded') throw new Error(`search engine: ${swap.error?.message ?? swap.status}`);
  await engine.client.deleteIndexIfExists(REBUILT);
  return done;
}

async function indexExists(engine: SearchEngine): Promise<boolean> {
  try {
    await engine.client.getIndex(POSTS_INDEX);
    return true;
  } catch (error) {
    if (error instanceof MeilisearchApiError && error.cause?.code === 'index_not_found') return false;
    throw error;
  }
}

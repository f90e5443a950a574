import { openSearch } from '../../indexer/search/engine.ts';
import { runOutbox } from '../../indexer/search/outbox-worker.ts';
import { retain } from '../../indexer/retain.ts';
import { askStored } from '../../indexer/watches/stored.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/** Keeps the search engine in step with the database, and the database to what may be kept. */
export const index: Role = async (runtime, log) => {
  const pool = openStore(runtime.databaseUrl, 'index', { max: 3 });
  const store = scoped(pool, EVERY_OFFICE);
  const stop = new AbortController();
  const running = runOutbox(store, openSearch(runtime.meiliUrl, runtime.meiliKey), log, stop.signal);
  const queues = new Queues(runtime, log);
  queues.work('retain', 1, async ({ day }, scope) => {
    await retain(scoped(pool, scope), runtime.officeId, day, new Date(), runtime.hub.retention);
    log.info({ day }, 'retained');
  });
  // One at a time: what comes in goes before what is stored.
  queues.work('watch', 1, async (job, scope) => {
    const asked = await askStored(scoped(pool, scope), job, stop.signal);
    log.info({ ...job, asked }, 'stored posts asked about a watch');
  });
  return async () => {
    stop.abort();
    await Promise.all([running, queues.close()]);
    await pool.end();
  };
};

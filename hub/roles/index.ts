import { openSearch } from '../../indexer/search/engine.ts';
import { runOutbox } from '../../indexer/search/outbox-worker.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import type { Role } from './contract.ts';

/** Keeps the search engine in step with the database. */
export const index: Role = async (runtime, log) => {
  const pool = openStore(runtime.databaseUrl, 'index', { max: 2 });
  const store = scoped(pool, EVERY_OFFICE);
  const stop = new AbortController();
  const running = runOutbox(store, openSearch(runtime.meiliUrl, runtime.meiliKey), log, stop.signal);
  return async () => {
    stop.abort();
    await running;
    await pool.end();
  };
};

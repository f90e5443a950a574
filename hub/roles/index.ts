import { openSearch } from '../../indexer/search/engine.ts';
import { runOutbox } from '../../indexer/search/outbox-worker.ts';
import { openStore } from '../../store/pool.ts';
import type { Role } from './contract.ts';

/** Keeps the search engine in step with the database. */
export const index: Role = async (runtime, log) => {
  const store = openStore(runtime.databaseUrl, 'index', 2);
  const stop = new AbortController();
  const running = runOutbox(store, openSearch(runtime.meiliUrl, runtime.meiliKey), log, stop.signal);
  return async () => {
    stop.abort();
    await running;
    await store.end();
  };
};

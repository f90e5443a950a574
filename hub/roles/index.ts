import { openSearch } from '../../indexer/search/engine.ts';
import { checkSavedSearches } from '../../indexer/search/check-saved.ts';
import { runOutbox } from '../../indexer/search/outbox-worker.ts';
import { searchWithin } from '../../indexer/search/tenant.ts';
import { retain } from '../../indexer/retain.ts';
import { runGrouping } from '../../indexer/topics/grouping-worker.ts';
import { WarningWorker } from '../../indexer/warnings/warning-worker.ts';
import { runBacklog } from '../../indexer/watches/backlog.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped, type Scope } from '../../store/scope.ts';
import { learnApart } from '../learn-apart.ts';
import { runReplays } from '../replay-apart.ts';
import { Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/** For one search of the many. */
const SEARCH_MS = 10_000;

/** A long one does not keep the others waiting. */
const CHORES = 3;

/** Keeps the search engine in step with the database, groups posts into concerns, suggests warnings, and keeps the database to what may be kept. */
export const index: Role = async (runtime, log) => {
  const pool = openStore(runtime.databaseUrl, 'index', { max: 4 });
  const store = scoped(pool, EVERY_OFFICE);
  const stop = new AbortController();
  const running = runOutbox(store, openSearch(runtime.meiliUrl, runtime.meiliKey), log, stop.signal);
  const backlog = runBacklog(pool, log, stop.signal);
  const warnings = new WarningWorker(pool, log, stop.signal);
  const grouping = runGrouping(pool, log, stop.signal, async (officeId) => warnings.touch(officeId));
  const judging = warnings.run();
  const replays = runReplays(pool, runtime.databaseUrl, log, stop.signal);
  const queues = new Queues(runtime, log);
  queues.work('chores', CHORES, {
    async retain({ day }, scope) {
      await retain(scoped(pool, scope), runtime.officeId, day, new Date(), runtime.hub.retention);
      log.info({ day }, 'retained');
    },
    async learn({ day }) {
      log.info({ day, ...(await learnApart(runtime, stop.signal)) }, 'learnt from reviews');
    },
    async searches() {
      const searchable = (scope: Scope, shared: readonly number[]) =>
        searchWithin(runtime.meiliUrl, runtime.searchKey, scope, shared, SEARCH_MS);
      const checked = await checkSavedSearches(pool, searchable, log, new Date());
      if (checked > 0) log.debug({ checked }, 'saved searches looked at');
    },
  });
  return async () => {
    stop.abort();
    await Promise.all([running, backlog, grouping, judging, replays, queues.close()]);
    await pool.end();
  };
};

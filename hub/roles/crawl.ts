import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { openStore } from '../../store/pool.ts';
import { scoped } from '../../store/scope.ts';
import { visit } from '../crawling/visit.ts';
import { Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/**
 * Visits sources. Drafts go through the indexer's steps in this process and reach the database redacted: unredacted text
 * is never written down, not even into a queue.
 */
export const crawl: Role = async (runtime, log) => {
  const { crawler, office } = runtime.hub;
  const pool = openStore(runtime.databaseUrl, 'crawl', { max: crawler.parallelVisits * 2 + 1 });
  const fetcher = new Fetcher({ ...crawler, officeName: office.name });
  const queues = new Queues(runtime, log);
  queues.work('crawl', crawler.parallelVisits, (job, scope) => visit(scoped(pool, scope), fetcher, log, job));
  return async () => {
    await queues.close();
    await fetcher.close();
    await pool.end();
  };
};

import { BrowserKeeper } from '../../crawler/browser/keeper.ts';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { ReadingThread } from '../../crawler/reading/apart.ts';
import { KnowledgeKeeper } from '../../indexer/knowledge-keeper.ts';
import { clearHosts } from '../../store/hosts.ts';
import { SharedLocks } from '../../store/locks.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { stayBehindOthers } from '../crawling/behind-others.ts';
import { DatabaseHostDesk } from '../crawling/host-desk.ts';
import { visit } from '../crawling/visit.ts';
import { chromium } from '../engines/chromium.ts';
import { Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/**
 * Visits wait for their sites most of the time and ask the database short questions: they share a few connections, of which
 * the locks hold one.
 */
const CONNECTIONS = 5;

/**
 * Visits sources. Drafts go through the indexer's steps in this process and reach the database redacted: unredacted text
 * is never written down, not even into a queue.
 */
export const crawl: Role = async (runtime, log) => {
  stayBehindOthers();
  const { crawler, office } = runtime.hub;
  const pool = openStore(runtime.databaseUrl, 'crawl', { max: CONNECTIONS });
  const locks = new SharedLocks(pool, 'source');
  // Hosts belong to no office: the desk needs no scope.
  const desk = new DatabaseHostDesk(pool, runtime.databaseUrl, log);
  const fetcher = new Fetcher({ ...crawler, officeName: office.name }, desk);
  void clearHosts(pool).catch((err: unknown) => log.warn({ err }, 'clearing hosts'));
  const queues = new Queues(runtime, log);
  const { guard, userAgent } = fetcher;
  const browser = new BrowserKeeper({
    find: chromium,
    guard,
    userAgent,
    maxPageMegabytes: crawler.maxPageMegabytes,
  });
  const thread = new ReadingThread();
  const keeper = new KnowledgeKeeper(scoped(pool, EVERY_OFFICE), log);
  const visiting = {
    fetcher,
    browser,
    thread,
    locks,
    log,
    knowledge: () => keeper.current(),
    longestVisitMs: crawler.longestVisitMinutes * 60_000,
  };
  queues.work('crawl', crawler.parallelVisits, {
    crawl: (job, scope) => visit(scoped(pool, scope), visiting, job),
  });
  return async () => {
    await queues.close();
    await browser.close();
    thread.close();
    await fetcher.close();
    await desk.close();
    await locks.close();
    await pool.end();
  };
};

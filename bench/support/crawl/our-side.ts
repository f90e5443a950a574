import pino from 'pino';
import { Fetcher } from '../../../crawler/fetch/fetcher.ts';
import { ReadingThread } from '../../../crawler/reading/apart.ts';
import { visitSource } from '../../../crawler/visit.ts';
import { DatabaseHostDesk } from '../../../hub/crawling/host-desk.ts';
import { pageMemory } from '../../../hub/crawling/page-memory.ts';
import { openStore } from '../../../store/pool.ts';
import { identityOf, knownIdentities } from '../../../store/posts.ts';
import { oneOffice, scoped } from '../../../store/scope.ts';
import { sourceById, type SourceRow } from '../../../store/sources.ts';
import { standingFor } from '../../../store/stops.ts';
import type { Crawl, SideResult } from './sides.ts';

/**
 * `node our-side.ts <database> <office> <requests at a time> <source> <source>`: visits as the crawl role makes them, one
 * after the other, with all of a visit's duties: robots.txt, the host desk in the database, kill switches, address guard,
 * limits, what is known already, the memory of pages. Only what follows the crawler, redaction and storing, is left out.
 * Prints one line of JSON.
 */
const [databaseUrl = '', officeId, parallel, ...sourceIds] = process.argv.slice(2);
const pool = openStore(databaseUrl, 'bench', { max: 5 });
const store = scoped(pool, oneOffice(Number(officeId)));
const sources = await Promise.all(sourceIds.map((id) => sourceById(store, Number(id))));
const desk = new DatabaseHostDesk(pool, databaseUrl, pino({ level: 'silent' }));
const fetcher = new Fetcher(
  {
    ...{ contact: 'bench', officeName: 'bench', requestTimeoutSeconds: 20, maxPageMegabytes: 8 },
    ...{ paceSeconds: 2, allowPrivateHosts: ['127.0.0.1'] },
    hosts: [{ host: new URL(sources[0]?.url ?? '').host, paceSeconds: 0, parallel: Number(parallel) }],
  },
  desk,
);
const thread = new ReadingThread();
const crawls = [];
for (const source of sources) if (source) crawls.push(await crawl(source));
const result: SideResult = { crawls, megabytes: process.resourceUsage().maxRSS / 1000 };
console.log(JSON.stringify(result));
thread.close();
await fetcher.close();
await desk.close();
await pool.end();

async function crawl(source: SourceRow): Promise<Crawl> {
  const started = performance.now();
  const before = process.cpuUsage();
  let pages = 0;
  const report = await visitSource(source, {
    fetcher: fetcher.heeding(() => standingFor(store, source)),
    thread,
    now: Date.now(),
    deep: false,
    pages: pageMemory(store, source, Date.now()),
    async unknown(items) {
      const known = await knownIdentities(store, source.id, items.map(identityOf));
      return new Set(items.filter((item) => !known.has(identityOf(item).toString('hex'))));
    },
    async emit(drafts) {
      for (const { title, text, outlet, publishedAt } of drafts)
        if (title !== null && text.length > 100 && outlet !== null && publishedAt !== null) pages += 1;
    },
  });
  if (report.outcome !== 'complete')
    console.error(`${report.outcome}: ${report.detail} ${String(report.cause)}`);
  const { user, system } = process.cpuUsage(before);
  return { pages, seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 };
}

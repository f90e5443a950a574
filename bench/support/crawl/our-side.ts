import pino from 'pino';
import { Fetcher } from '../../../crawler/fetch/fetcher.ts';
import { visitSource } from '../../../crawler/visit.ts';
import { DatabaseHostDesk } from '../../../hub/crawling/host-desk.ts';
import { pageMemory } from '../../../hub/crawling/page-memory.ts';
import { openStore } from '../../../store/pool.ts';
import { identityOf, knownIdentities } from '../../../store/posts.ts';
import { oneOffice, scoped } from '../../../store/scope.ts';
import { sourceById } from '../../../store/sources.ts';
import { standingFor } from '../../../store/stops.ts';
import type { SideResult } from './sides.ts';

/**
 * `node our-side.ts <database> <office> <source> <requests at a time>`: one visit as the crawl role makes it, with all of a visit's duties:
 * robots.txt, the host desk in the database, kill switches, address guard, limits, what is known already, the memory of
 * pages. Only what follows the crawler, redaction and storing, is left out. Prints one line of JSON.
 */
const [databaseUrl = '', officeId, sourceId, parallel] = process.argv.slice(2);
const pool = openStore(databaseUrl, 'bench', { max: 5 });
const store = scoped(pool, oneOffice(Number(officeId)));
const source = await sourceById(store, Number(sourceId));
if (!source?.url) throw new Error('the source is missing');
const desk = new DatabaseHostDesk(pool, databaseUrl, pino({ level: 'silent' }));
const fetcher = new Fetcher(
  {
    ...{ contact: 'bench', officeName: 'bench', requestTimeoutSeconds: 20, maxPageMegabytes: 8 },
    ...{ paceSeconds: 2, allowPrivateHosts: ['127.0.0.1'] },
    hosts: [{ host: new URL(source.url).host, paceSeconds: 0, parallel: Number(parallel) }],
  },
  desk,
);
const started = performance.now();
let pages = 0;
const report = await visitSource(source, {
  fetcher: fetcher.heeding(() => standingFor(store, source)),
  now: Date.now(),
  deep: false,
  pages: pageMemory(store, source, Date.now()),
  async unknown(items) {
    const known = await knownIdentities(store, source.id, items.map(identityOf));
    return new Set(items.filter((item) => !known.has(identityOf(item).toString('hex'))));
  },
  async emit(drafts) {
    for (const { title, text, publishedAt } of drafts)
      if (title !== null && text.length > 100 && publishedAt !== null) pages += 1;
  },
});
const seconds = (performance.now() - started) / 1000;
if (report.outcome !== 'complete')
  console.error(`${report.outcome}: ${report.detail} ${String(report.cause)}`);
const result: SideResult = { pages, seconds, megabytes: process.resourceUsage().maxRSS / 1000 };
console.log(JSON.stringify(result));
await fetcher.close();
await desk.close();
await pool.end();

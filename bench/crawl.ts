import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sourceSchema } from '../config/sources.ts';
import { startPostgres } from '../hub/engines/postgres.ts';
import { grantRoles, roleUrl } from '../store/grants.ts';
import { migrate } from '../store/migrate.ts';
import { ensureOffice } from '../store/offices.ts';
import { openStore } from '../store/pool.ts';
import { syncSources } from '../store/sources.ts';
import {
  bareLoop,
  ourSide,
  scrapy,
  scrapyVersion,
  startSite,
  type Crawl,
  type SideResult,
} from './support/crawl/sides.ts';
import { whereTimeGoes } from './support/crawl/where.ts';

const SECRET = 'a-secret-for-benchmarks-of-at-least-32-characters';
const INSTALL = 'Scrapy is not installed: apt-get install python3-scrapy. Figures without it.';

/**
 * Pages a second on one local site of 2,000 articles of 11 kB behind 20 list pages, served by a process of its own. All
 * sides crawl it in turn, round after round, each in a fresh process, with sixteen requests at a time; medians count. All
 * take the same by the same CSS selectors: title, text of more than 100 characters, outlet, date, and the links of list
 * pages; a page counts when they were found. Starting the programs is not counted. A crawler runs for weeks: the sides that
 * compile as they go crawl the site twice, and their second crawl counts; the first one, cold, is told beside it.
 *
 * - ours: a visit as the crawl role makes it of a source with selectors in its settings, of a host whose owner agreed to
 *   pace 0 and sixteen requests at a time; with robots.txt, the pace keeper at its desk in PostgreSQL, kill switches,
 *   address guard, limits, encodings, challenges told from pages, de-duplication and the memory of pages; drafts are
 *   counted, not stored. Pages of such a host are read in a thread of their own, as in the role; its work is counted too.
 * - ours, automatic: the same without any selector, so that everything is found by looking at the whole page. No other side
 *   does that; it is told, and in no ratio.
 * - Scrapy: robots.txt and its filter of duplicates on, no delay, cookies and telnet off; items are counted, not stored.
 * - bare loop: undici, htmlparser2 and css-select, and nothing else: no robots.txt, no limits, no encodings.
 *
 * `ratioToScrapy` (absent without Scrapy) and `ratioToBareLoop` compare medians of pages a second, the names with `cold` those
 * of first crawls; `peakResidentMegabytes` is the most that our crawling process had in memory in any round.
 * `--rounds 3 --articles 2000 --parallel 16`.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '3' },
      articles: { type: 'string', default: '2000' },
      parallel: { type: 'string', default: '16' },
    },
  });
  const articles = Number(values.articles);
  const version = await scrapyVersion();
  console.log(version ?? INSTALL);
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-bench-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'logs'));
  const [postgres, site] = await Promise.all([startPostgres(folder, 'bench-password'), startSite(articles)]);
  const rounds: Record<string, SideResult>[] = [];
  try {
    const hub = await prepare(postgres.url, site.list, Number(values.rounds) + 1);
    const { databaseUrl, officeId, told, untold } = hub;
    const turn = (sources: readonly number[], flags: string[] = []) =>
      ourSide([databaseUrl, officeId, values.parallel, ...sources].map(String), flags);
    for (let n = 2; n < told.length; n += 2) {
      const round: Record<string, SideResult> = {
        ours: await turn(told.slice(n, n + 2)),
        'ours, automatic': await turn(untold.slice(n, n + 2)),
        'bare loop': await bareLoop(site.list),
        ...(version !== null && { Scrapy: await scrapy(site.list) }),
      };
      for (const [side, { crawls }] of Object.entries(round))
        for (const { pages } of crawls)
          if (pages !== articles) throw new Error(`${side}: ${pages} of ${articles} pages`);
      rounds.push(round);
    }
    await turn(told.slice(0, 2), ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profile')}`]);
    console.log('where the time of our main thread goes, in per cent; pages are read in the other one:');
    console.table(whereTimeGoes(join(folder, 'profile')));
  } finally {
    site.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures(rounds);
}

const SELECTORS = {
  list: { link: 'ul.list a', next: '.pages a' },
  article: {
    ...{ title: 'h1', text: '.text', publishedAt: '.info', outlet: '.info span:last-child' },
    next: '.parts a',
  },
};

/** A database with two sources for each crawl, with selectors and without, so that each crawl finds everything new. */
export async function prepare(ownerUrl: string, list: string, pairs: number) {
  const owner = openStore(ownerUrl, 'bench', { max: 2 });
  try {
    await migrate(owner);
    await grantRoles(owner, ownerUrl, SECRET);
    const office = await ensureOffice(owner, { code: 'bench', name: '云州市人民检察院', level: 'municipal' });
    const most = { maxPages: 500, maxItems: 20_000 };
    const source = (key: string, settings: object) =>
      sourceSchema.parse({
        ...{ key, name: key, kind: 'site', url: list, settings },
        ...{ legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' },
      });
    const sources = Array.from({ length: pairs * 2 }, (_, n) => [
      source(`told-${n}`, { ...SELECTORS, list: { ...SELECTORS.list, ...most } }),
      source(`untold-${n}`, { list: most }),
    ]).flat();
    await syncSources(owner, new Map([['own', office.id]]), sources, 'own');
    const { rows } = await owner.query<{ id: number; key: string }>(
      'select id, key from sources order by id',
    );
    const idsOf = (name: string) => rows.filter(({ key }) => key.startsWith(name)).map(({ id }) => id);
    const databaseUrl = roleUrl(ownerUrl, SECRET, 'app');
    return { officeId: office.id, databaseUrl, told: idsOf('told'), untold: idsOf('untold') };
  } finally {
    await owner.end();
  }
}

function figures(rounds: readonly Record<string, SideResult>[]): Record<string, number> {
  const sides = Object.keys(rounds[0] ?? {});
  const crawls = (side: string, nth: 0 | -1) =>
    rounds.map((round) => rateOf(round[side]?.crawls.at(nth) ?? NOTHING));
  const work = (side: string) => rounds.map((round) => workOf(round[side]?.crawls.at(-1) ?? NOTHING));
  const peak = (side: string) => Math.max(...rounds.map((round) => round[side]?.megabytes ?? 0));
  console.table(
    Object.fromEntries(
      sides.map((side) => [
        side,
        {
          'pages a second, median': Math.round(median(crawls(side, -1))),
          'each round': crawls(side, -1).map(Math.round).join(', '),
          'cold, median': Math.round(median(crawls(side, 0))),
          'CPU ms a page': Math.round(median(work(side)) * 100) / 100,
          'peak MB': Math.round(peak(side)),
        },
      ]),
    ),
  );
  const ratio = (side: string, nth: 0 | -1) => median(crawls('ours', nth)) / median(crawls(side, nth));
  return {
    pagesPerSecond: Math.round(median(crawls('ours', -1))),
    automaticPagesPerSecond: Math.round(median(crawls('ours, automatic', -1))),
    ...(sides.includes('Scrapy') && {
      ratioToScrapy: ratio('Scrapy', -1),
      coldRatioToScrapy: ratio('Scrapy', 0),
    }),
    ratioToBareLoop: ratio('bare loop', -1),
    coldRatioToBareLoop: ratio('bare loop', 0),
    peakResidentMegabytes: Math.round(peak('ours')),
  };
}

const NOTHING: Crawl = { pages: 0, seconds: 1, cpuSeconds: 0 };
const workOf = ({ pages, cpuSeconds }: Crawl): number => (cpuSeconds / pages) * 1000;
const rateOf = ({ pages, seconds }: Crawl): number => pages / seconds;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[(sorted.length - 1) >> 1] ?? 0)) / 2;
}

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
  type SideResult,
} from './support/crawl/sides.ts';

const SECRET = 'a-secret-for-benchmarks-of-at-least-32-characters';
const INSTALL = 'Scrapy is not installed: apt-get install python3-scrapy. Figures without it.';

/**
 * Pages a second on one local site of 2,000 articles of 11 kB behind 20 list pages, served by a process of its own. Three
 * sides crawl it in turn, round after round, each in a fresh process; medians count. A page counts when it was got and
 * parsed and its title, its text of more than 100 characters and its date were taken out; links are taken where they lead
 * on, and the articles are only found by them. Starting the programs is not counted, warming up is.
 *
 * - ours: a visit as the crawl role makes it, without any selector, so that text, title, date, outlet, comments and links
 *   are found by looking at the whole page; with robots.txt, the pace keeper at its desk in PostgreSQL (pace 0 for this
 *   host, eight requests at a time), kill switches, de-duplication and the memory of pages; drafts are counted, not stored.
 * - Scrapy: robots.txt and its filter of duplicates on, no delay, sixteen requests at a time, cookies and telnet off; three
 *   CSS selectors and a pattern that know the page; items are counted, not stored.
 * - bare loop: undici and htmlparser2 with sixteen requests at a time and nothing else: no robots.txt, no limits, no
 *   encodings, all text that there is.
 *
 * `ratioToScrapy` (absent without Scrapy) and `ratioToBareLoop` compare medians of pages a second; `peakResidentMegabytes`
 * is the most that our crawling process had in memory in any round. `--rounds 3 --articles 2000`.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '3' },
      articles: { type: 'string', default: '2000' },
      parallel: { type: 'string', default: '8' },
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
    const hub = await prepare(postgres.url, site.list, Number(values.rounds));
    for (const sourceId of hub.sourceIds) {
      const round: Record<string, SideResult> = {
        ours: await ourSide([hub.databaseUrl, String(hub.officeId), String(sourceId), values.parallel]),
        'bare loop': await bareLoop(site.list),
        ...(version !== null && { Scrapy: await scrapy(site.list) }),
      };
      for (const [side, { pages }] of Object.entries(round))
        if (pages !== articles) throw new Error(`${side}: ${pages} of ${articles} pages`);
      rounds.push(round);
    }
  } finally {
    site.stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return figures(rounds);
}

/** A database with one source for each round, so that each finds everything new. */
export async function prepare(ownerUrl: string, list: string, rounds: number) {
  const owner = openStore(ownerUrl, 'bench', { max: 2 });
  try {
    await migrate(owner);
    await grantRoles(owner, ownerUrl, SECRET);
    const office = await ensureOffice(owner, { code: 'bench', name: '云州市人民检察院', level: 'municipal' });
    const sources = Array.from({ length: rounds }, (_, n) =>
      sourceSchema.parse({
        ...{ key: `round-${n}`, name: `round ${n}`, kind: 'site', url: list },
        settings: { list: { maxPages: 500, maxItems: 20_000 } },
        ...{ legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' },
      }),
    );
    await syncSources(owner, new Map([['own', office.id]]), sources, 'own');
    const { rows } = await owner.query<{ id: number }>('select id from sources order by id');
    return {
      officeId: office.id,
      databaseUrl: roleUrl(ownerUrl, SECRET, 'app'),
      sourceIds: rows.map(({ id }) => id),
    };
  } finally {
    await owner.end();
  }
}

function figures(rounds: readonly Record<string, SideResult>[]): Record<string, number> {
  const sides = Object.keys(rounds[0] ?? {});
  const rates = (side: string) => rounds.map((round) => rateOf(round[side] as SideResult));
  const peak = (side: string) => Math.max(...rounds.map((round) => round[side]?.megabytes ?? 0));
  console.table(
    Object.fromEntries(
      sides.map((side) => [
        side,
        {
          'pages a second, median': Math.round(median(rates(side))),
          'each round': rates(side).map(Math.round).join(', '),
          'peak MB': Math.round(peak(side)),
        },
      ]),
    ),
  );
  const ours = median(rates('ours'));
  return {
    pagesPerSecond: Math.round(ours),
    ...(sides.includes('Scrapy') && { ratioToScrapy: ours / median(rates('Scrapy')) }),
    ratioToBareLoop: ours / median(rates('bare loop')),
    peakResidentMegabytes: Math.round(peak('ours')),
  };
}

const rateOf = ({ pages, seconds }: SideResult): number => pages / seconds;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[(sorted.length - 1) >> 1] ?? 0)) / 2;
}

import { parseArgs } from 'node:util';
import { searchPosts } from '../indexer/search/query.ts';
import type { SearchQuery } from '../indexer/search/result.ts';
import { searchWithin } from '../indexer/search/tenant.ts';
import { officeView } from '../store/office-view.ts';
import { grantsOf } from '../store/people.ts';
import { openStore, type Pool, type Store } from '../store/pool.ts';
import { officesOf, scoped, scopeOf, type Grant, type Scope } from '../store/scope.ts';
import { periods } from '../web/lib/overview.ts';
import { overview } from '../web/lib/server/overview.ts';
import { measureAudit } from './support/audit-figure.ts';
import { COUNTRY, fillCountry, lineOf, WORDS, type Line } from './support/country.ts';
import { startBenchEngines, type BenchEngines } from './support/engines.ts';
import { fillIndex } from './support/posts-index.ts';

/** Rounds for each office, way and question after the warm-up. */
const ROUNDS = 240;
const WARM_UP = 24;
/** As the web part has it. */
const CONNECTIONS = 6;
/** Overview and search end at this moment, whenever the benchmark runs. */
const NOW = new Date('2026-11-22T08:00:00Z');

/**
 * What the gate costs: overview and search of a county, a municipal, a provincial and the supreme office among 3,600, with
 * 20,000 people and 1,000,000 posts. With the gate: the offices are read from the tree, every connection is told the scope,
 * row-level security holds below every statement, and the search engine adds the scope of a tenant token. Without: the same
 * functions as the owner of the database and with the engine's master key, the offices given beforehand.
 *
 * - `ratioWithGate`: the worst of the eight ratios of p95 with to p95 without.
 * - `auditVerifySeconds`: from the start of the verification until one changed entry among 1,000,000 is named.
 *
 * `--folder <path>` keeps the data for another run; `--posts`, `--documents` and `--rounds` make less of it.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      folder: { type: 'string' },
      posts: { type: 'string' },
      documents: { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS) },
    },
  });
  const posts = Number(values.posts ?? COUNTRY.posts);
  const engines = await startBenchEngines(values.folder);
  try {
    if (!engines.filled) {
      await fillCountry(engines.owner, { ...COUNTRY, posts }, NOW, say);
      await fillIndex(engines.owner, engines.search, Number(values.documents ?? posts), say);
    }
    const ratioWithGate = await measureGate(engines, await lineOf(engines.owner), Number(values.rounds));
    const auditVerifySeconds = await measureAudit(engines.owner, say);
    return { ratioWithGate, auditVerifySeconds };
  } finally {
    await engines.stop();
  }
}

const since = performance.now();
function say(line: string): void {
  console.log(`${((performance.now() - since) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

type Way = (round: number, grants: readonly Grant[]) => Promise<unknown>;
/** One question of one office, asked both ways. */
type Case = {
  name: string;
  /** Who asks and in which roles: every request begins so, with a gate or without, before the clock is started. */
  grants(): Promise<Grant[]>;
  withGate: Way;
  without: Way;
};

async function measureGate(engines: BenchEngines, line: Line, rounds: number): Promise<number> {
  const pool = (url: string) => openStore(url, 'bench', { max: CONNECTIONS });
  const app = pool(engines.appUrl);
  const owner = pool(engines.ownerUrl);
  const identity = openStore(engines.identityUrl, 'bench', { max: 3, settings: ['jiansheng.every=on'] });
  try {
    const cases: Case[] = [];
    for (const [level, officeId] of Object.entries(line)) {
      const who = await somebodyOf(owner, officeId);
      const grants = () => grantsOf(identity, who);
      const written = await byHand(owner, officeId);
      cases.push(overviewCase(level, officeId, grants, written, { app, owner, identity }));
      cases.push(searchCase(level, grants, written, identity, engines));
    }
    return report(await interleaved(cases, rounds));
  } finally {
    await Promise.all([app.end(), owner.end(), identity.end()]);
  }
}

/** A person of the office whose role reaches all that is below it. */
async function somebodyOf(owner: Pool, officeId: number): Promise<string> {
  const found = await owner.query<{ id: string }>(
    `select person_id as id from role_grants where office_id = $1 and role <> 'responder' order by id limit 1`,
    [officeId],
  );
  const who = found.rows[0]?.id;
  if (who === undefined) throw new Error(`nobody in office ${officeId} reads what is below it`);
  return who;
}

/** The offices as somebody would write them into the question. */
async function byHand(owner: Pool, officeId: number): Promise<Scope> {
  const found = await owner.query<{ id: number; all: boolean }>(
    `select office_id as id, count(*) over () = (select count(*) from offices) as all
     from office_tree where ancestor_id = $1`,
    [officeId],
  );
  const every = found.rows[0]?.all ?? false;
  return { every, offices: every ? [] : found.rows.map((row) => row.id), shared: [] };
}

/** The scope as the gate finds it, for a person with these roles. */
async function byGate(
  identity: Pool,
  grants: readonly Grant[],
  action: 'overview-read' | 'post-read',
): Promise<Scope> {
  const scope = await scopeOf(identity, grants, action);
  if (!scope) throw new Error(`nobody without ${action} is asked`);
  return scope;
}

type Pools = Record<'app' | 'owner' | 'identity', Pool>;

function overviewCase(
  level: string,
  officeId: number,
  grants: Case['grants'],
  written: Scope,
  pools: Pools,
): Case {
  const page = async (db: Store, scope: Scope, round: number) => {
    const period = periods[round % periods.length] ?? '24h';
    const found = scope.offices.length === 1 ? null : await officeView(db, scope, officeId, false);
    return overview(db, { offices: officesOf(scope), view: found?.view ?? null }, period, NOW);
  };
  return {
    name: `overview, ${level}`,
    grants,
    async withGate(round, grants) {
      const scope = await byGate(pools.identity, grants, 'overview-read');
      return page(scoped(pools.app, scope), scope, round);
    },
    without: (round) => page(pools.owner, written, round),
  };
}

function searchCase(
  level: string,
  grants: Case['grants'],
  written: Scope,
  identity: Pool,
  engines: BenchEngines,
): Case {
  const query = (round: number): SearchQuery => ({
    text: WORDS[round % WORDS.length] ?? '',
    from: new Date(NOW.getTime() - 30 * 86_400_000),
    sort: round % 2 === 0 ? 'relevance' : 'time',
    page: 1,
    perPage: 20,
  });
  return {
    name: `search, ${level}`,
    grants,
    async withGate(round, grants) {
      const scope = await byGate(identity, grants, 'post-read');
      const posts = await searchWithin(engines.meiliUrl, engines.searchKey, scope, [], 60_000);
      return searchPosts(posts, null, query(round));
    },
    without: (round) => searchPosts(engines.search.posts, officesOf(written), query(round)),
  };
}

type Times = { name: string; withGate: number[]; without: number[] };

/** One after the other, in turn, so that whatever the machine does besides falls on both ways alike. */
async function interleaved(cases: Case[], rounds: number): Promise<Times[]> {
  const all = cases.map(({ name }): Times => ({ name, withGate: [], without: [] }));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const [n, each] of cases.entries()) {
      const times = all[n] as Times;
      const ways = ['withGate', 'without'] as const;
      // Whoever comes second finds the pages in the memory: each way does so as often.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const grants = await each.grants();
        const began = performance.now();
        // The question changes only every other round, so that both ways of asking first meet every question.
        await each[way](Math.floor((round + WARM_UP) / 2), grants);
        if (round >= 0) times[way].push(performance.now() - began);
      }
    }
  }
  return all;
}

/** @returns the worst ratio */
function report(all: Times[]): number {
  const rows = all.map(({ name, withGate, without }) => {
    const p95 = { with: percentile(withGate, 0.95), without: percentile(without, 0.95) };
    const p50 = { with: percentile(withGate, 0.5), without: percentile(without, 0.5) };
    return { name, p50, p95, ratio: p95.with / p95.without };
  });
  console.table(
    Object.fromEntries(
      rows.map(({ name, p50, p95, ratio }) => [
        name,
        {
          'p50 with': ms(p50.with),
          'p50 without': ms(p50.without),
          'p95 with': ms(p95.with),
          'p95 without': ms(p95.without),
          'p95 ratio': Number(ratio.toFixed(3)),
        },
      ]),
    ),
  );
  return Number(Math.max(...rows.map(({ ratio }) => ratio)).toFixed(3));
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function ms(value: number): number {
  return Number(value.toFixed(1));
}

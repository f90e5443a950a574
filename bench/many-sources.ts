import { setTimeout as sleep } from 'node:timers/promises';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkHub, type HubConfig } from '../config/hub.ts';
import { drawKey } from '../config/keys.ts';
import { sourceSchema } from '../config/sources.ts';
import type { Runtime } from '../config/runtime.ts';
import { Supervisor } from '../hub/supervise.ts';
import { ensureOffice } from '../store/offices.ts';
import type { Queryable } from '../store/pool.ts';
import { syncSources } from '../store/sources.ts';
import { startBenchEngines, type BenchEngines } from './support/engines.ts';
import { MIXED_SOURCES, startMixedSites, type MixedSource } from './support/mixed-sites.ts';
import { family, memoryOf } from './support/processes.ts';

const LEAST_SECONDS = 60;
const LONGEST_SECONDS = 240;
/** From then on a source that is due and was not visited counts as starved. */
const STARVED = 2;

/**
 * 500 sources of mixed behaviour (fast, slow, hanging, dripping, 429 with Retry-After, bursts of 503, 304, big, broken,
 * redirect loops, twenty on one host) with the real clock, the real crawl role and PostgreSQL, all with their defaults.
 *
 * `latestToInterval`: how late the latest of all visits was: the time from the end of the visit before it (for the first:
 * from the start) until it began, as a multiple of the time that was planned. Where a site had asked for a pause, the pause is
 * the plan. `starved`: sources without a visit, or due at the end for longer than their interval.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: { minutes: { type: 'string', default: '10' }, crawlers: { type: 'string', default: '1' } },
  });
  const seconds = Number(values.minutes) * 60;
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-bench-'));
  mkdirSync(join(folder, 'logs'));
  const sites = await startMixedSites();
  const engines = await startBenchEngines();
  const supervisors: Supervisor[] = [];
  try {
    const runtime = await runtimeOf(engines, folder, sites.sources);
    const begun = Date.now();
    await fill(engines, runtime.hub, sites.sources);
    console.log(`${MIXED_SOURCES} sources, every ${LEAST_SECONDS} to ${LONGEST_SECONDS} s; ${seconds} s`);
    for (let n = 0; n < Number(values.crawlers); n += 1) {
      const supervisor = new Supervisor(runtime, (role, how) => console.log(`${role} ended: ${how}`));
      supervisors.push(supervisor);
      if (n === 0) await supervisor.start('clock');
      await supervisor.start('crawl');
    }
    const peak = { crawl: 0, all: 0 };
    while (Date.now() < begun + seconds * 1000) {
      await sleep(Math.min(5_000, Math.max(0, begun + seconds * 1000 - Date.now())));
      const { crawl, all } = resident();
      peak.crawl = Math.max(peak.crawl, crawl);
      peak.all = Math.max(peak.all, all);
    }
    const figures = await measure(engines.owner, begun);
    console.log(
      `peak memory: the crawl role ${peak.crawl.toFixed(0)} MB, all processes ${peak.all.toFixed(0)} MB`,
    );
    return { ...figures, crawlResidentMegabytes: Math.round(peak.crawl) };
  } finally {
    await Promise.all(supervisors.map((supervisor) => supervisor.stop()));
    sites.close();
    await engines.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runtimeOf(
  engines: BenchEngines,
  dataFolder: string,
  sources: MixedSource[],
): Promise<Runtime> {
  const hub = checkHub(
    {
      office: { code: 'bench', name: '云州市人民检察院', level: 'municipal' },
      crawler: { contact: 'bench', allowPrivateHosts: [...new Set(sources.map(({ host }) => host))] },
    },
    'bench',
    false,
  );
  const { id: officeId } = await ensureOffice(engines.owner, hub.office);
  return {
    ...{ hub, officeId, dataFolder, address: 'http://localhost', databaseUrl: engines.appUrl },
    ...{ identityUrl: engines.identityUrl, meiliUrl: engines.meiliUrl, meiliKey: '', redisUrl: null },
    ...{ searchKey: engines.searchKey, secret: 'x'.repeat(32), keys: [drawKey()] },
  };
}

async function fill(engines: BenchEngines, hub: HubConfig, sources: MixedSource[]): Promise<void> {
  const office = await ensureOffice(engines.owner, hub.office);
  const settings = sources.map(({ key, kind, url }) =>
    sourceSchema.parse({
      ...{
        key,
        name: key,
        kind,
        url,
        intervalSeconds: LEAST_SECONDS,
        longestIntervalSeconds: LONGEST_SECONDS,
      },
      ...{ legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' },
    }),
  );
  await syncSources(engines.owner, new Map([['own', office.id]]), settings, 'own');
}

/**
 * Every visit with the end of the one before and the moment for which it was planned. The slot of a visit is that moment; what
 * is due at the end stands for a visit that begins now.
 */
const VISITS = `
  with begun as (
    select s.key, v.started_at, v.finished_at, v.outcome, to_timestamp(v.slot / 1000.0) as planned,
      coalesce(lag(v.finished_at) over (partition by s.id order by v.started_at), $1) as before,
      lag(v.id) over (partition by s.id order by v.started_at) is null as first
    from visits v join sources s on s.id = v.source_id
    union all
    select s.key, now(), null, 'waiting', s.next_visit_at, coalesce(last.finished_at, $1), last.id is null
    from sources s left join lateral (
      select * from visits where source_id = s.id order by started_at desc limit 1
    ) last on true
    where s.next_visit_at < now() and last.outcome is distinct from 'running'
  )
  select key, outcome, extract(epoch from finished_at - started_at)::float8 as "tookSeconds",
    extract(epoch from started_at - planned)::float8 as "lateSeconds",
    (extract(epoch from started_at - before) / greatest(1, extract(epoch from planned - before)
      + case when first then ${LEAST_SECONDS} else 0 end))::float8 as "toInterval"
  from begun`;

type Visit = {
  key: string;
  outcome: string;
  tookSeconds: number | null;
  lateSeconds: number;
  toInterval: number;
};

async function measure(db: Queryable, begun: number): Promise<Record<string, number>> {
  const { rows } = await db.query<Visit>(VISITS, [new Date(begun)]);
  const made = rows.filter(({ outcome }) => outcome !== 'waiting');
  const starved = rows.filter(({ outcome, toInterval }) => outcome === 'waiting' && toInterval > STARVED);
  const visited = new Set(made.map(({ key }) => key));
  const never = MIXED_SOURCES - visited.size;
  for (const [sort, visits] of Map.groupBy(made, ({ key }) => key.replace(/-\d+$/, ''))) {
    const outcomes = Map.groupBy(visits, ({ outcome }) => outcome);
    const counted = [...outcomes].map(([outcome, { length }]) => `${outcome} ${length}`).join(', ');
    console.log(
      `${sort.padEnd(13)} ${String(visits.length).padStart(6)} visits of ${mean(visits)} s, latest ${ratio(visits)}: ${counted}`,
    );
  }
  const states = await db.query<{ health: string; n: number }>(
    'select health, count(*)::int as n from sources group by 1 order by 2 desc',
  );
  console.log(`states: ${states.rows.map(({ health, n }) => `${health} ${n}`).join(', ')}`);
  const late = made.map(({ lateSeconds }) => lateSeconds).toSorted((a, b) => a - b);
  return {
    starved: starved.length + never,
    latestToInterval: Number(ratio(rows)),
    visits: made.length,
    p95LatenessSeconds: Number((late[Math.floor(late.length * 0.95)] ?? 0).toFixed(2)),
  };
}

function mean(visits: readonly Visit[]): string {
  const took = visits.flatMap(({ tookSeconds }) => tookSeconds ?? []);
  return (took.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, took.length)).toFixed(1);
}

function ratio(visits: readonly Visit[]): string {
  return Math.max(0, ...visits.map(({ toInterval }) => toInterval)).toFixed(2);
}

/** Resident memory in MB: of the largest crawl role, and of everything that this process has started. */
function resident(): { crawl: number; all: number } {
  const pids = family(process.pid).filter((pid) => pid !== process.pid);
  const crawlers = pids.filter((pid) => commandOf(pid).includes('role-main.ts crawl'));
  return {
    crawl: Math.max(0, ...crawlers.map((pid) => memoryOf([pid]).resident)),
    all: memoryOf(pids).resident,
  };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

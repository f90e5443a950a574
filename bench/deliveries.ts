import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCipher } from '../config/cipher.ts';
import { startDeliveryBench } from './support/deliveries/start.ts';
import { firstTryLateness, judge } from './support/deliveries/judge.ts';
import { makeOffices, scheduleReleases, usualQuotas } from './support/deliveries/world.ts';
import { coreSecondsOf, family } from './support/processes.ts';

/** So many offices have accounts enough for the usual quotas: three at Weibo and one at WeChat each. */
const OFFICES = 12;
const PLATFORM_PUBLISHES_MS = 2_000;

/**
 * Releases that are due in the same minute, each on the website, at Weibo and at WeChat: the publish role as it runs in a hub,
 * the platforms simulated with their usual quotas.
 *
 * - `p95LateSeconds`: from a delivery's time to the beginning of its first irreversible call, as its ledger has it; of the website
 *   to the beginning of the transaction that publishes. What waits for its page by design waits in here too.
 * - `duplicates`, `lost`: by what the platforms really show, and what the hub says of it.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      releases: { type: 'string', default: '1000' },
      /** What WeChat needs is prepared ahead of time. */
      ahead: { type: 'string', default: '75' },
      seed: { type: 'string', default: '7' },
    },
  });
  const releases = Number(values.releases);
  const { engines, platforms, runtime, publisher, chance, stop } = await startDeliveryBench(
    Number(values.seed),
  );
  try {
    const cipher = openCipher(runtime.keys);
    const how = {
      offices: OFFICES,
      weibo: 3,
      wechat: 1,
      quotas: usualQuotas,
      publishingMs: PLATFORM_PUBLISHES_MS,
    };
    const offices = await makeOffices(engines.owner, cipher, platforms, how);
    const minute = Date.now() + Number(values.ahead) * 1_000;
    await scheduleReleases(
      engines.owner,
      offices,
      releases,
      () => new Date(minute + Math.floor(chance.next() * 60) * 1_000),
    );
    const role = await publisher(false);
    const cores = () => {
      const all = family(process.pid);
      const others = all.filter((pid) => pid !== role.pid && pid !== platforms.pid && pid !== process.pid);
      return [
        coreSecondsOf([role.pid], ''),
        coreSecondsOf([platforms.pid], ''),
        coreSecondsOf(others, 'postgres'),
      ];
    };
    const begin = cores();
    await sleep(minute - Date.now());
    const minuteBegins = cores();
    await sleep(minute + 60_000 - Date.now());
    const minuteEnds = cores();
    await settled(async () => {
      const open = await engines.owner.query(
        `select from deliveries where state in ('waiting', 'sending', 'processing', 'unknown') limit 1`,
      );
      return open.rowCount === 0;
    });
    await role.stop();
    const all: number[] = [];
    for (const { channel, seconds } of await firstTryLateness(engines.owner)) {
      const known = seconds.filter((each) => each !== null);
      all.push(...known);
      console.log(
        `${channel}: ${known.length} tried, late by ${share(known, 0.5)} s (half), ${share(known, 0.95)} s (p95), ${share(known, 1)} s (most)`,
      );
    }
    const verdict = await judge(engines.owner, platforms);
    console.log(`${verdict.deliveries} deliveries: ${JSON.stringify(verdict.states)}`);
    const spent = (from: number[], to: number[]) =>
      to.map((each, n) => (each - (from[n] ?? 0)).toFixed(0)).join(', ');
    console.log(
      `seconds of a core of publisher, platforms, PostgreSQL: ${spent(begin, minuteBegins)} to prepare, ${spent(minuteBegins, minuteEnds)} in the minute`,
    );
    const unpublished = verdict.deliveries - count(verdict.states, 'published');
    return {
      p95LateSeconds: share(all, 0.95),
      duplicates: verdict.duplicates,
      lost: Math.max(verdict.lost, unpublished),
    };
  } finally {
    await stop();
  }
}

function count(states: Record<string, number>, state: string): number {
  return Object.entries(states).reduce((sum, [name, n]) => sum + (name.endsWith(` ${state}`) ? n : 0), 0);
}

const LONGEST_MS = 120_000;

/** Until everything has come to its end; what has not by then counts as lost. */
async function settled(isSettled: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + LONGEST_MS; Date.now() < end; await sleep(1_000))
    if (await isSettled()) return;
}

function share(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return Math.round(value * 1_000) / 1_000;
}

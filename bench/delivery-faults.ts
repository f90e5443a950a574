import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openCipher } from '../config/cipher.ts';
import { judge } from './support/deliveries/judge.ts';
import { startDeliveryBench, type DeliveryBench } from './support/deliveries/start.ts';
import { makeOffices, scheduleReleases } from './support/deliveries/world.ts';

/** Quotas are tried in `deliveries`; here they would only stand in the way of trying again. */
const QUOTAS = { callsPerDay: 100_000, postsPerHour: 1_000, perPath: 100_000 };
/** Of every call that the publisher makes about a fifth goes wrong, in every way that a platform knows. */
const RATES = {
  ...{
    refuse: 0.01,
    reset: 0.02,
    'drop-before': 0.02,
    'drop-after': 0.03,
    'busy-before': 0.02,
    'busy-after': 0.03,
  },
  ...{
    'gateway-before': 0.01,
    'gateway-after': 0.02,
    'hang-before': 0.005,
    'hang-after': 0.01,
    truncated: 0.02,
  },
  ...{ late: 0.02, 'executed-late': 0.02 },
};
/** In the proportion in which the publisher's patience is shortened. */
const MS = { refuse: 200, late: 300, 'executed-late': 1_000 };

/**
 * Releases over three channels while every call may go wrong in any way, and the publisher is killed with `kill -9` every few
 * seconds. Then the platforms recover, and everything has to come to its end or before a person.
 *
 * - `duplicates`: published more often than once, by what the platforms really did.
 * - `lost`: the hub says published, and it is not there.
 * - `stuck`: at the end neither in a final state nor unknown with a person asked.
 *
 * `--seed` repeats what is drawn here and the order of faults; which call meets which fault depends on the processor too.
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args,
    options: {
      releases: { type: 'string', default: '720' },
      seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
      /** For so long releases become due, and for half as long again publishers are killed. */
      seconds: { type: 'string', default: '100' },
      /** From one kill to the next, on average. */
      kill: { type: 'string', default: '4' },
    },
  });
  const seed = Number(values.seed);
  const seconds = Number(values.seconds);
  console.log(`seed ${seed}`);
  const started = await startDeliveryBench(seed);
  const { engines, platforms, runtime, chance } = started;
  try {
    await platforms.post('weibo', 'state', { callsAnHourByAddress: 1_000_000 });
    const how = { offices: 10, weibo: 4, wechat: 4, quotas: QUOTAS, publishingMs: 1_000 };
    const offices = await makeOffices(engines.owner, openCipher(runtime.keys), platforms, how);
    const begin = Date.now() + 8_000;
    await scheduleReleases(
      ...[engines.owner, offices, Number(values.releases)],
      () => new Date(begin + Math.floor(chance.next() * seconds * 1_000)),
    );
    for (const platform of ['wechat', 'weibo'] as const) {
      await platforms.post(platform, 'plan', { seed, rates: RATES, ms: MS });
    }
    const kills = await killAgainAndAgain(started, begin + seconds * 1_500, Number(values.kill));
    for (const platform of ['wechat', 'weibo'] as const) await platforms.post(platform, 'plan', {});
    const role = await started.publisher(true);
    const rested = await comeToRest(started);
    await role.stop();
    const faults = await Promise.all(
      (['wechat', 'weibo'] as const).map((platform) =>
        platforms.get<{ happened: Record<string, number> }>(platform, 'faults'),
      ),
    );
    const verdict = await judge(engines.owner, platforms);
    console.log(`killed ${kills} times; faults of wechat ${JSON.stringify(faults[0]?.happened)}`);
    console.log(`of weibo ${JSON.stringify(faults[1]?.happened)}`);
    console.log(`at rest ${rested} s after the platforms had recovered: ${JSON.stringify(verdict.states)}`);
    console.log(`published, and the hub says that it is not: ${verdict.denied}`);
    const { deliveries, duplicates, lost, stuck, denied } = verdict;
    return { deliveries, duplicates, lost: lost + denied, stuck };
  } finally {
    await started.stop();
  }
}

async function killAgainAndAgain(
  { publisher, chance }: DeliveryBench,
  until: number,
  every: number,
): Promise<number> {
  let kills = 0;
  while (Date.now() < until) {
    const role = await publisher(true);
    await sleep((0.4 + chance.next() * 1.2) * every * 1_000);
    await role.kill();
    kills += 1;
  }
  return kills;
}

const LONGEST_MS = 120_000;

/** Until nothing is to be done any more but by people. @returns seconds */
async function comeToRest({ engines }: DeliveryBench): Promise<number> {
  const since = Date.now();
  while (Date.now() - since < LONGEST_MS) {
    const open = await engines.owner.query(
      `select from deliveries where state in ('waiting', 'sending', 'processing')
         or state = 'unknown' and person_asked_at is null limit 1`,
    );
    if (open.rowCount === 0) break;
    await sleep(500);
  }
  return Math.round((Date.now() - since) / 1_000);
}

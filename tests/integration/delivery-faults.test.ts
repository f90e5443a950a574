import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { judge } from '../../bench/support/deliveries/judge.ts';
import { startDeliveryBench } from '../../bench/support/deliveries/start.ts';
import { makeOffices, scheduleReleases } from '../../bench/support/deliveries/world.ts';
import { openCipher } from '../../config/cipher.ts';
import { until } from '../support/engines.ts';

/** What goes wrong at every fourth call, in the ways that tempt a publisher most to send something twice. */
const RATES = {
  'drop-after': 0.07,
  'busy-after': 0.07,
  'gateway-after': 0.04,
  'executed-late': 0.04,
  'drop-before': 0.04,
};
const RELEASES = 24;
const KILLS = 4;

test(
  'platforms that fail in the middle and publishers that are killed: nothing is published twice, lost or left undecided',
  { timeout: 240_000 },
  async () => {
    const seed = randomInt(1_000_000_000);
    const { engines, platforms, runtime, publisher, chance, stop } = await startDeliveryBench(seed);
    try {
      const quotas = { callsPerDay: 100_000, postsPerHour: 1_000, perPath: 100_000 };
      const how = { offices: 2, weibo: 3, wechat: 2, quotas, publishingMs: 500 };
      const offices = await makeOffices(engines.owner, openCipher(runtime.keys), platforms, how);
      const begin = Date.now() + 2_000;
      await scheduleReleases(engines.owner, offices, RELEASES, () => new Date(begin + chance.next() * 8_000));
      for (const platform of ['wechat', 'weibo'] as const) {
        await platforms.post(platform, 'plan', { seed, rates: RATES, ms: { 'executed-late': 800 } });
      }
      for (let kills = 0; kills < KILLS; kills += 1) {
        const role = await publisher(true);
        await sleep(1_000 + chance.next() * 2_000);
        await role.kill();
      }
      for (const platform of ['wechat', 'weibo'] as const) await platforms.post(platform, 'plan', {});
      await publisher(true);
      await until(
        `everything to come to its end (seed ${seed})`,
        async () => {
          const open = await engines.owner.query(
            `select from deliveries where state in ('waiting', 'sending', 'processing')
               or state = 'unknown' and person_asked_at is null limit 1`,
          );
          return open.rowCount === 0;
        },
        150,
      );
      const verdict = await judge(engines.owner, platforms);
      const { deliveries, duplicates, lost, stuck, denied } = verdict;
      expect({ seed, deliveries, duplicates, lost, stuck, denied }).toEqual({
        ...{ seed, deliveries: RELEASES * 3, duplicates: 0, lost: 0, stuck: 0, denied: 0 },
      });
      // The campaign would also hold if everything were given to people.
      const published = Object.entries(verdict.states).filter(([name]) => name.endsWith(' published'));
      expect(published.reduce((sum, [, n]) => sum + n, 0)).toBeGreaterThan(RELEASES * 2);
    } finally {
      await stop();
    }
  },
);

import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { HOSTILE } from './inputs.ts';
import type { Order, Told } from './worker.ts';

const SEED = 20_261_122;
const OF_EACH_KIND = 1_100;
/** Far more than any input needs on the busiest machine: only what never ends meets it. */
const WATCHDOG_MS = 60_000;
const MOST_MEGABYTES = 256;

/** Reads so many inputs in a thread of their own, whose memory is bounded. */
function read(order: Order): Promise<Extract<Told, { done: number }>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES, maxYoungGenerationSizeMb: 32 },
    });
    let at = -1;
    let seen = -2;
    const watchdog = setInterval(() => {
      if (at === seen) reject(new Error(`input ${at} of seed ${order.seed} hangs`));
      seen = at;
    }, WATCHDOG_MS / 2);
    worker.on('message', (told: Told) => {
      if ('at' in told) at = told.at;
      else resolve(told);
    });
    worker.on('error', (error) =>
      reject(new Error(`at input ${at} of seed ${order.seed}`, { cause: error })),
    );
    worker.on('exit', () => {
      clearInterval(watchdog);
      reject(new Error(`ended at input ${at} of seed ${order.seed}`));
    });
  });
}

describe(`hostile inputs, seed ${SEED}: each is read or refused, within ${MOST_MEGABYTES} MB`, () => {
  test.each(Object.keys(HOSTILE))('%s', { timeout: 300_000 }, async (kind) => {
    expect(await read({ kind, seed: SEED, count: OF_EACH_KIND })).toEqual({
      done: OF_EACH_KIND,
      faults: [],
    });
  });
});

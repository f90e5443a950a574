import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PaceKeeper } from '../../../crawler/fetch/pace.ts';

test('one at a time for each host, in the order of asking', async () => {
  const pace = new PaceKeeper(0);
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await turnOfLoop();
    log.push(`${name} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => pace.turn('host', work(name))));
  expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('hosts do not wait for each other', async () => {
  const pace = new PaceKeeper(0);
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const first = pace.turn('slow', () => held);
  expect(await pace.turn('quick', async () => 'done')).toBe('done');
  release();
  await first;
});

test('the answer and the failure are those of the request, and a failure does not hold up the next', async () => {
  const pace = new PaceKeeper(0);
  const failing = pace.turn('host', async () => {
    throw new Error('lost');
  });
  const next = pace.turn('host', async () => 7);
  await expect(failing).rejects.toThrow('lost');
  expect(await next).toBe(7);
});

test('from the end of one request to the start of the next lies the pace', async () => {
  const pace = new PaceKeeper(0.05);
  let ended = 0;
  const starts: number[] = [];
  const work = async () => {
    if (ended > 0) starts.push(Date.now() - ended);
    await turnOfLoop();
    ended = Date.now();
  };
  await Promise.all([1, 2, 3].map(() => pace.turn('host', work)));
  expect(starts).toHaveLength(2);
  // A timer may fire a millisecond early by the other clock.
  for (const pause of starts) expect(pause).toBeGreaterThanOrEqual(48);
});

test('a host can be slowed down, others keep their pace', async () => {
  const pace = new PaceKeeper(0);
  const before = Date.now();
  pace.slowDown('host', 80);
  pace.slowDown('host', 10);
  const other = pace.turn('other', async () => 'other');
  const slowed = pace.turn('host', async () => 'slowed');
  expect(await Promise.race([slowed, other])).toBe('other');
  await slowed;
  expect(Date.now() - before).toBeGreaterThanOrEqual(78);
});

import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { MemoryHostDesk } from '../../../crawler/fetch/hosts.ts';
import { PaceKeeper } from '../../../crawler/fetch/pace.ts';
import { codeOf, reasonOf } from './local-site.ts';

function keeper(paceSeconds: number, { parallel = 1, backOffMs = 0, desk = new MemoryHostDesk() } = {}) {
  const rule = { paceMs: paceSeconds * 1000, parallel };
  return new PaceKeeper({ desk, longestRequestMs: 1000, backOffMs, ruleOf: () => rule });
}

test('one at a time for each host, in the order of asking', async () => {
  const pace = keeper(0);
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
  const pace = keeper(0);
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const first = pace.turn('slow', () => held);
  expect(await pace.turn('quick', async () => 'done')).toBe('done');
  release();
  await first;
});

test('the answer and the failure are those of the request, and a failure does not hold up the next', async () => {
  const pace = keeper(0);
  const failing = pace.turn('host', async () => {
    throw new Error('lost');
  });
  const next = pace.turn('host', async () => 7);
  await expect(failing).rejects.toThrow('lost');
  expect(await next).toBe(7);
});

describe('from the end of one request to the start of the next lies the pace', () => {
  test.each([0.05, 2.1])('of %s s', async (paceSeconds) => {
    const pace = keeper(paceSeconds);
    let ended = 0;
    const starts: number[] = [];
    const work = async () => {
      if (ended > 0) starts.push(Date.now() - ended);
      await turnOfLoop();
      ended = Date.now();
    };
    await Promise.all([1, 2].map(() => pace.turn('host', work)));
    expect(starts).toHaveLength(1);
    // A timer may fire a millisecond early by the other clock.
    for (const pause of starts) expect(pause).toBeGreaterThanOrEqual(paceSeconds * 1000 - 2);
  });

  test('also when the line was empty in between, and handed back', async () => {
    const pace = keeper(0.3);
    await pace.turn('host', async () => {});
    const ended = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 150));
    await pace.turn('host', async () => {});
    expect(Date.now() - ended).toBeGreaterThanOrEqual(298);
  });
});

test('a host whose owner agreed is asked several things at a time, and no more', async () => {
  const pace = keeper(0, { parallel: 3 });
  let open = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++open);
    for (let n = 0; n < 5; n += 1) await turnOfLoop();
    open -= 1;
  };
  await Promise.all(Array.from({ length: 12 }, () => pace.turn('host', work)));
  expect(most).toBe(3);
});

describe('a host that asked for a pause', () => {
  const inTrouble = (pace: PaceKeeper, ms: number | null, host = 'host') =>
    pace.turn(host, () => pace.trouble(host, 'status-429', ms));

  test('gets it, while others keep their pace', async () => {
    const pace = keeper(0);
    await inTrouble(pace, 80);
    const before = Date.now();
    const other = pace.turn('other', async () => 'other');
    const paused = pace.turn('host', async () => 'paused');
    expect(await Promise.race([paused, other])).toBe('other');
    await paused;
    expect(Date.now() - before).toBeGreaterThanOrEqual(75);
  });

  test('is not waited for when it is long: everybody in the line is told why, and for how long', async () => {
    const pace = keeper(0);
    const [, second, third] = [
      inTrouble(pace, 600_000),
      reasonOf(pace.turn('host', async () => 'no')),
      reasonOf(pace.turn('host', async () => 'no')),
    ];
    for (const told of [await second, await third]) {
      expect(told.code).toBe('status-429');
      expect(told.retryAfterSeconds).toBeGreaterThan(590);
      expect(told.retryAfterSeconds).toBeLessThanOrEqual(600);
    }
  });
});

test('without a word from the host its pause doubles with every trouble, and is over with the first answer', async () => {
  const pauses: number[] = [];
  class Watched extends MemoryHostDesk {
    override async pause(...told: Parameters<MemoryHostDesk['pause']>) {
      pauses.push(told[1]);
      // Told, and not waited for.
      return super.pause(told[0], 0, told[2], told[3]);
    }
  }
  const pace = keeper(0, { backOffMs: 1000, desk: new Watched() });
  const fails = () => pace.turn('host', () => pace.trouble('host', 'status-5xx', null));
  for (let n = 0; n < 5; n += 1) await fails();
  await pace.turn('host', async () => pace.calm('host'));
  await fails();
  await fails();
  for (let n = 0; n < 12; n += 1) await fails();
  expect(pauses.slice(0, 7)).toEqual([0, 1000, 2000, 4000, 8000, 0, 1000]);
  expect(pauses.at(-1)).toBe(900_000);
});

describe('a request that is refused just before its turn', () => {
  test('is not made, and costs the others no wait', async () => {
    const pace = keeper(30);
    let made = 0;
    const refused = pace.turn(
      'host',
      async () => void (made += 1),
      () => Promise.reject(new Error('stopped')),
    );
    await expect(refused).rejects.toThrow('stopped');
    expect(await pace.turn('host', async () => 'next')).toBe('next');
    expect(made).toBe(0);
  });
});

test('after its end nothing waits', async () => {
  const pace = keeper(30);
  await pace.turn('host', async () => {});
  const waiting = codeOf(pace.turn('host', async () => {}));
  await pace.close();
  expect(await waiting).toBe('not-visited');
});

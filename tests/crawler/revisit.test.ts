import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextVisit } from '../../crawler/revisit.ts';

type Args = Parameters<typeof nextVisit>;
const BOUNDS = { leastSeconds: 900, longestSeconds: null };
const WELL: Args[1] = { health: 'healthy', bad: 0 };

function visit(change: Partial<Args[2]> = {}): Args[2] {
  return {
    outcome: 'complete',
    ...{ reason: null, detail: null, status: null, failures: {} },
    ...{ fresh: 0, expected: 20, unsettled: false, retryAfterSeconds: null, at: new Date() },
    ...change,
  };
}
const failed = (reason: string, change: Partial<Args[2]> = {}) =>
  visit({ outcome: 'failed', reason, expected: null, unsettled: true, ...change });

describe('the time until the next visit', () => {
  test('grows while nothing is new, up to the longest, and halves with every new item, down to the least', () => {
    let current: number | null = null;
    const next = (fresh: number) =>
      (current = nextVisit({ ...BOUNDS, currentSeconds: current }, WELL, visit({ fresh })).intervalSeconds);
    const growing = Array.from({ length: 10 }, () => next(0));
    expect(growing[0]).toBe(1170);
    expect(growing).toEqual(growing.toSorted((a, b) => a - b));
    expect(growing.at(-1)).toBe(7200);
    expect([next(1), next(2), next(1), next(1)]).toEqual([3600, 1800, 900, 900]);
  });

  test('is the least at once when so much is new that some of it may have scrolled away', () => {
    expect(nextVisit({ ...BOUNDS, currentSeconds: 7200 }, WELL, visit({ fresh: 10, expected: 20 }))).toEqual({
      intervalSeconds: 900,
      waitSeconds: 900,
      intervalReason: 'many',
    });
  });

  test('settles where a source that has news every two hours is asked three or four times for each', () => {
    let current: number | null = null;
    let at = 0;
    let visits = 0;
    for (let news = 7200; at < 40 * 7200;) {
      let fresh = 0;
      for (; news <= at; news += 7200) fresh += 1;
      current = nextVisit({ ...BOUNDS, currentSeconds: current }, WELL, visit({ fresh })).intervalSeconds;
      at += current;
      visits += 1;
    }
    expect(visits / 40).toBeGreaterThan(2);
    expect(visits / 40).toBeLessThan(5);
  });

  test('after a failure: sooner once, to be sure, then less and less often', () => {
    const after = (bad: number, currentSeconds: number, leastSeconds = 300) =>
      nextVisit(
        { leastSeconds, longestSeconds: 10_000, currentSeconds },
        { health: 'degraded', bad },
        failed('timeout'),
      ).intervalSeconds;
    expect(after(1, 5000)).toBe(600);
    expect(after(1, 5000, 900)).toBe(900);
    expect(after(2, 600)).toBe(1200);
    expect(after(3, 8000)).toBe(10_000);
  });

  test('is the longest where we are not let in', () => {
    const judged = { health: 'blocked', bad: 1 } as const;
    expect(nextVisit({ ...BOUNDS, currentSeconds: 900 }, judged, failed('robots-disallow'))).toMatchObject({
      intervalSeconds: 7200,
      intervalReason: 'refused',
    });
  });

  test('keeps what the site asked for, also beyond the longest, without learning it', () => {
    const asked = failed('status-429', { retryAfterSeconds: 86_400 });
    expect(nextVisit({ ...BOUNDS, currentSeconds: 900 }, { health: 'degraded', bad: 1 }, asked)).toEqual({
      intervalSeconds: 900,
      waitSeconds: 86_400,
      intervalReason: 'asked',
    });
  });

  test('is the least where a part was left for next time, and unchanged where something is tried again', () => {
    const rest = visit({ outcome: 'partial', reason: 'later', failures: { later: 3 }, unsettled: true });
    expect(nextVisit({ ...BOUNDS, currentSeconds: 7000 }, WELL, rest).intervalSeconds).toBe(900);
    const again = visit({ outcome: 'partial', reason: 'timeout', failures: { timeout: 1 }, unsettled: true });
    expect(nextVisit({ ...BOUNDS, currentSeconds: 7000 }, WELL, again).intervalSeconds).toBe(7000);
  });

  test('is short where the host was not free, since the source was not asked', () => {
    const busy = failed('host-busy', { retryAfterSeconds: 60 });
    expect(nextVisit({ ...BOUNDS, currentSeconds: 5000 }, WELL, busy)).toEqual({
      intervalSeconds: 5000,
      waitSeconds: 60,
      intervalReason: 'busy',
    });
  });

  test('always lies between the bounds of the source, whatever was learned before they changed', () => {
    const bounds = fc.record({
      leastSeconds: fc.integer({ min: 5, max: 604_800 }),
      longestSeconds: fc.option(fc.integer({ min: 5, max: 604_800 })),
      currentSeconds: fc.option(fc.integer({ min: 1, max: 10_000_000 })),
    });
    const visits = fc.record({
      outcome: fc.constantFrom('complete', 'unchanged', 'partial', 'failed'),
      reason: fc.constantFrom(null, 'later', 'stopped', 'timeout'),
      fresh: fc.nat(100),
      expected: fc.option(fc.nat(100)),
      retryAfterSeconds: fc.option(fc.nat(10_000_000)),
    });
    fc.assert(
      fc.property(bounds, visits, fc.integer({ min: 0, max: 50 }), (before, change, bad) => {
        const next = nextVisit(before, { health: bad > 2 ? 'failing' : 'healthy', bad }, visit(change));
        const longest = Math.max(
          before.leastSeconds,
          before.longestSeconds ?? Math.min(8 * before.leastSeconds, 604_800),
        );
        expect(Number.isInteger(next.intervalSeconds)).toBe(true);
        expect(next.intervalSeconds).toBeGreaterThanOrEqual(before.leastSeconds);
        expect(next.intervalSeconds).toBeLessThanOrEqual(longest);
        expect(next.waitSeconds).toBeGreaterThanOrEqual(next.intervalSeconds);
        expect(next.waitSeconds).toBeLessThanOrEqual(Math.max(longest, 604_800));
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });
});

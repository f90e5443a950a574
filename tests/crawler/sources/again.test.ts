import { describe, expect, test } from 'vitest';
import { readAgainAt, tryAgainAt } from '../../../crawler/sources/again.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 22);

/** The hours after publication at which a page is read, when nothing new comes. */
function readings(shown: boolean, firstRead = 0): number[] {
  const at: number[] = [];
  for (let now: number | null = START + firstRead; now !== null;) {
    at.push((now - START) / HOUR);
    now = readAgainAt({ grewAt: START, shown, now });
  }
  return at;
}

describe('a page is read again', () => {
  test('at growing distances, for a week', () => {
    expect(readings(true)).toEqual([0, 1, 6, 24, 72, 168]);
  });

  test('less often where comments may come by script alone', () => {
    expect(readings(false)).toEqual([0, 6, 48]);
  });

  test('never sooner than half an hour later', () => {
    expect(readings(true, 0.9 * HOUR)).toEqual([0.9, 1.4, 6, 24, 72, 168]);
  });

  test('not at all when it is old already', () => {
    expect(readings(true, 8 * DAY)).toEqual([192]);
  });

  test('as one of now when its date lies ahead', () => {
    expect(readAgainAt({ grewAt: START + 30 * DAY, shown: true, now: START })).toBe(START + HOUR);
  });
});

test('a page that fails is tried by the next two visits, then after longer and longer rests, then no more', () => {
  const rests = [1, 2, 3, 4, 5, 6, 7].map((tries) => tryAgainAt(tries, START));
  expect(rests.map((at) => at && (at - START) / HOUR)).toEqual([0, 0, 6, 24, 72, 168, null]);
});

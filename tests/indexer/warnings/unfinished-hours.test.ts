import { expect, test } from 'vitest';
import { Chance } from '../../support/chance.ts';
import { BurstDetector } from '../../../indexer/warnings/burst-detector.ts';
import { DAY, HOUR, hoursOf, MONDAY, weekly } from './made-up.ts';

const MINUTE = 60_000;

function taught(mean: number, days = 30): BurstDetector {
  const detector = new BurstDetector();
  for (const { at, count } of hoursOf(days, weekly(mean))) detector.next(at, count);
  return detector;
}

test('a fast burst is told minutes after it begins, not at the end of its hour', () => {
  const detector = taught(2);
  const now = MONDAY + 30 * DAY;
  expect(detector.during(now, now + 10 * MINUTE, 2).burst).toBe(false);
  expect(detector.during(now, now + 10 * MINUTE, 25)).toMatchObject({ burst: true });
});

test('the sooner so many have come, the less likely it is', () => {
  const detector = taught(2);
  const now = MONDAY + 30 * DAY;
  const found = [5, 15, 30, 60].map((minutes) => detector.during(now, now + minutes * MINUTE, 12));
  for (let index = 1; index < found.length; index += 1) {
    expect(found[index]?.unlikely).toBeLessThan(found[index - 1]?.unlikely ?? 0);
    expect(found[index]?.expected).toBeGreaterThan(found[index - 1]?.expected ?? 0);
  }
});

test('looking at an hour that has not ended teaches nothing', () => {
  const [looked, left] = [taught(2), taught(2)];
  const now = MONDAY + 30 * DAY;
  for (let minute = 1; minute < 60; minute += 1) looked.during(now, now + minute * MINUTE, 3 * minute);
  expect(looked.save()).toEqual(left.save());
});

test('a span over two hours expects of each what is usual in it', () => {
  const detector = taught(2);
  const now = MONDAY + 30 * DAY + 5 * HOUR;
  const first = detector.during(now - HOUR / 2, now, 0).expected;
  const second = detector.during(now, now + HOUR / 2, 0).expected;
  expect(detector.during(now - HOUR / 2, now + HOUR / 2, 0).expected).toBeCloseTo(first + second, 9);
});

test('looked at each minute for a month, hours as usual are not told', () => {
  let told = 0;
  for (const mean of [0.2, 3, 40]) {
    const detector = taught(mean);
    const chance = new Chance(9);
    for (let hour = 0; hour < 30 * 24; hour += 1) {
      const from = MONDAY + 30 * DAY + hour * HOUR;
      let count = 0;
      for (let minute = 1; minute <= 60; minute += 1) {
        count += chance.poisson(weekly(mean)((30 * 24 + hour) / 24) / 60);
        if (detector.during(from, from + minute * MINUTE, count).burst) told += 1;
      }
      detector.next(from, count);
    }
  }
  expect(told).toBe(0);
});

test('a series that varies wildly asks for more than one that keeps to its rhythm', () => {
  const wild = new BurstDetector();
  const chance = new Chance(4);
  for (const { at } of hoursOf(30, () => 0)) {
    // Three hours in four are empty, the fourth has eight: the same mean as below.
    wild.next(at, chance.next() < 0.25 ? chance.poisson(8) : 0);
  }
  const even = new BurstDetector();
  for (const { at, count } of hoursOf(30, () => 2)) even.next(at, count);
  const now = MONDAY + 30 * DAY;
  expect(even.during(now, now + HOUR, 15).unlikely).toBeGreaterThan(
    2 * wild.during(now, now + HOUR, 15).unlikely,
  );
  expect(wild.usual(now).high).toBeGreaterThan(even.usual(now).high);
});

test('nothing is told of a series that began yesterday', () => {
  const detector = taught(2, 1);
  const now = MONDAY + DAY;
  expect(detector.during(now, now + HOUR, 500)).toMatchObject({ burst: false });
  expect(new BurstDetector().during(now, now + HOUR, 500)).toMatchObject({ burst: false });
});

test('the upper end of the band is two standard deviations out', () => {
  const detector = taught(5);
  const now = MONDAY + 30 * DAY;
  const { high, expected } = detector.during(now, now + HOUR, 0);
  expect(detector.during(now, now + HOUR, high).deviations).toBeCloseTo(2, 9);
  expect(detector.during(now, now + HOUR, expected).deviations).toBeCloseTo(0, 9);
  expect(detector.during(now, now + HOUR, 0).deviations).toBeLessThan(0);
});

test('spans are counted together, and the hours between them left out', () => {
  const detector = taught(5);
  const now = MONDAY + 30 * DAY;
  const first = { from: now, to: now + HOUR };
  const second = { from: now + 5 * HOUR, to: now + 6.5 * HOUR };
  const apart = [first, second].map(({ from, to }) => detector.during(from, to, 0).expected);
  expect(detector.over([first, second], 0).expected).toBeCloseTo((apart[0] ?? 0) + (apart[1] ?? 0), 9);
  expect(detector.over([], 9)).toMatchObject({ expected: 0, unlikely: 0, burst: false });
});

test('twice the usual says more of a day than of an hour', () => {
  const detector = taught(5);
  const now = MONDAY + 30 * DAY;
  const [hour, day] = [HOUR, DAY].map((span) => {
    const { expected } = detector.during(now, now + span, 0);
    return detector.during(now, now + span, 2 * expected).deviations;
  });
  expect(day).toBeGreaterThan(2 * (hour ?? Infinity));
});

test('hours of a burst that were learnt already are held against what was expected before, not against themselves', () => {
  const detector = taught(2);
  const now = MONDAY + 30 * DAY;
  const before = detector.during(now, now + 3 * HOUR, 90);
  for (let hour = 0; hour < 3; hour += 1) detector.next(now + hour * HOUR, 30);
  const after = detector.during(now, now + 3 * HOUR, 90);
  expect(after.expected).toBeLessThan(1.3 * before.expected);
  expect(after.deviations).toBeGreaterThan(0.9 * before.deviations);
  // A week later it is part of what was.
  for (let hour = 3; hour < 8 * 24; hour += 1) detector.next(now + hour * HOUR, 2);
  expect(detector.during(now, now + 3 * HOUR, 90).expected).toBeGreaterThan(1.3 * before.expected);
});

test('of a series that was silent until an hour ago, a few posts are far out', () => {
  const detector = new BurstDetector();
  for (let hour = 0; hour < 7 * 24; hour += 1) detector.next(MONDAY + hour * HOUR, 0);
  const now = MONDAY + 7 * DAY;
  [3, 6, 11, 21].forEach((count, hour) => detector.next(now + hour * HOUR, count));
  const { deviations, expected } = detector.during(now + 2 * HOUR, now + 4 * HOUR, 32);
  expect(expected).toBeLessThan(1);
  expect(deviations).toBeGreaterThan(6);
});

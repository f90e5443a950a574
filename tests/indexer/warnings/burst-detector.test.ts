import { expect, test } from 'vitest';
import { BurstDetector, findBursts } from '../../../indexer/warnings/burst-detector.ts';
import { DAY, HOUR, hoursOf, MONDAY, rising, risingHours, weekly } from './made-up.ts';

/** Thirty days as usual, then twelve hours with eight posts more in each. */
const withBurst = (day: number) => weekly(1)(day) + (day >= 30 && day < 30.5 ? 8 : 0);

test('series of any size that follow the rhythm of nights and weekends are told once in two years each', () => {
  let told = 0;
  for (const mean of [0.02, 0.2, 2, 30]) {
    for (let seed = 1; seed <= 5; seed += 1) told += risingHours(hoursOf(90, weekly(mean), seed)).length;
  }
  // Twenty series of a quarter of a year each.
  expect(told).toBeLessThanOrEqual(3);
});

test('a burst is told within its first hours, once, as a spike', () => {
  const hours = hoursOf(35, withBurst);
  const verdicts = findBursts(hours.map(({ at, count }) => ({ at, value: count })));
  const told = verdicts.flatMap((verdict, index) => (rising(verdict) && index >= 30 * 24 ? [index] : []));
  expect(told).toHaveLength(1);
  expect(told[0]).toBeLessThan(30 * 24 + 8);
  expect(verdicts[told[0] ?? 0]).toMatchObject({ kind: 'spike', direction: 1 });
  expect(verdicts[told[0] ?? 0]?.score).toBeGreaterThanOrEqual(0.75);
});

test('while a burst lasts its strength stays up, though it has been told', () => {
  const verdicts = findBursts(hoursOf(35, withBurst).map(({ at, count }) => ({ at, value: count })));
  const told = verdicts.findIndex((verdict, index) => index >= 30 * 24 && verdict.burst);
  const later = verdicts.slice(told + 1, 30 * 24 + 12);
  expect(later.length).toBeGreaterThan(3);
  expect(later.every(({ strength, burst }) => strength >= 0.5 && !burst)).toBe(true);
  expect(verdicts[32 * 24]?.strength).toBeLessThan(0.5);
});

test('what grows little by little is told, as a shift', () => {
  const growing = (day: number) => 2 * (1 + 0.1 * Math.max(0, day - 30));
  let shifts = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    const hours = hoursOf(50, growing, seed);
    const verdicts = findBursts(hours.map(({ at, count }) => ({ at, value: count })));
    const first = verdicts.findIndex((verdict, index) => index >= 30 * 24 && rising(verdict));
    expect(first).toBeGreaterThan(30 * 24);
    expect(first).toBeLessThan(45 * 24);
    if (verdicts[first]?.kind === 'shift') shifts += 1;
  }
  expect(shifts).toBeGreaterThanOrEqual(4);
});

test('hours in which nothing was collected are neither calm nor, when all comes back at once, a burst', () => {
  const hours = hoursOf(40, weekly(5));
  const isHole = (index: number) => index >= 30 * 24 && index < 30 * 24 + 20;
  const unknown = new BurstDetector();
  const zeros = new BurstDetector();
  let piled = 0;
  const bursts = { unknown: 0, zeros: 0 };
  hours.forEach(({ at, count }, index) => {
    const hole = isHole(index);
    const back = index === 30 * 24 + 20 ? piled : 0;
    if (hole) piled += count;
    if (unknown.next(at, hole ? Number.NaN : count + back).burst && index >= 30 * 24) bursts.unknown += 1;
    if (zeros.next(at, hole ? 0 : count + back).burst && index >= 30 * 24) bursts.zeros += 1;
  });
  expect(bursts.unknown).toBe(0);
  expect(bursts.zeros).toBeGreaterThan(0);
});

test('an unknown hour teaches nothing', () => {
  const detector = new BurstDetector();
  for (const { at, count } of hoursOf(20, weekly(3))) detector.next(at, count);
  const before = detector.usual(MONDAY + 20 * DAY);
  expect(detector.next(MONDAY + 20 * DAY, Number.NaN)).toMatchObject({ score: 0, burst: false, kind: null });
  expect(detector.usual(MONDAY + 20 * DAY)).toEqual(before);
  expect(detector.seen).toBe(20 * 24);
});

test('nothing is said before the usual is known', () => {
  const verdicts = findBursts(
    hoursOf(6, (day) => (day > 5 ? 50 : 1)).map(({ at, count }) => ({ at, value: count })),
  );
  expect(verdicts.every(({ burst, strength }) => !burst && strength === 0)).toBe(true);
});

test('no verdict depends on what comes later', () => {
  const points = hoursOf(35, withBurst).map(({ at, count }) => ({ at, value: count }));
  const whole = findBursts(points);
  expect(findBursts(points.slice(0, 31 * 24))).toEqual(whole.slice(0, 31 * 24));
});

test('kept and brought back at any time, it goes on with the very same verdicts', () => {
  const hours = hoursOf(35, withBurst);
  const detector = new BurstDetector();
  let kept = new BurstDetector();
  hours.forEach(({ at, count }, index) => {
    // 30 points: still in its apprenticeship; then after every 97 points.
    if (index === 30 || index % 97 === 0) {
      const bytes = kept.save();
      expect(bytes.length).toBeLessThanOrEqual(8192);
      const back = BurstDetector.restore(bytes);
      if (!back) throw new Error('not brought back');
      kept = back;
    }
    const value = index % 50 === 7 ? Number.NaN : count;
    expect(kept.next(at, value)).toEqual(detector.next(at, value));
  });
  expect(kept.save()).toEqual(detector.save());
  expect(kept.during(MONDAY + 35 * DAY, MONDAY + 35 * DAY + HOUR / 2, 9)).toEqual(
    detector.during(MONDAY + 35 * DAY, MONDAY + 35 * DAY + HOUR / 2, 9),
  );
});

test('bytes of another form, or cut short, are not brought back', () => {
  const bytes = new BurstDetector().save();
  expect(BurstDetector.restore(bytes)).toBeInstanceOf(BurstDetector);
  expect(BurstDetector.restore(bytes.subarray(0, bytes.length - 8))).toBeUndefined();
  expect(BurstDetector.restore(new Uint8Array([...bytes, 0]))).toBeUndefined();
  expect(BurstDetector.restore(new Uint8Array())).toBeUndefined();
  const other = bytes.slice();
  new DataView(other.buffer).setFloat64(0, BurstDetector.form + 1, true);
  expect(BurstDetector.restore(other)).toBeUndefined();
});

test('nine usual hours in ten lie in the band of what is usual', () => {
  for (const mean of [0.5, 5, 50]) {
    const detector = new BurstDetector();
    let inside = 0;
    let all = 0;
    for (const { at, count } of hoursOf(60, weekly(mean))) {
      const { low, high, expected } = detector.usual(at);
      if (at > MONDAY + 30 * DAY) {
        all += 1;
        if (count >= low && count <= high) inside += 1;
        expect(expected).toBeGreaterThanOrEqual(low);
        expect(expected).toBeLessThanOrEqual(high);
      }
      detector.next(at, count);
    }
    expect(inside / all).toBeGreaterThan(0.9);
  }
});

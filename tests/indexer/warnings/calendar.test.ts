import { expect, test } from 'vitest';
import { publicHolidays, workedWeekendDays } from '../../../config/holidays.ts';
import { BurstDetector } from '../../../indexer/warnings/burst-detector.ts';
import { rhythmTime } from '../../../indexer/warnings/calendar.ts';
import { Chance } from '../../support/chance.ts';

const HOUR = 3_600_000;
const shanghai = (text: string) => Date.parse(`${text}+08:00`);

test('a public holiday has the rhythm of the Sunday after, at the same time of day', () => {
  // Thursday.
  expect(rhythmTime(shanghai('2026-10-01T09:30:00'))).toBe(shanghai('2026-10-04T09:30:00'));
  expect(rhythmTime(shanghai('2026-10-01T00:00:00'))).toBe(shanghai('2026-10-04T00:00:00'));
  expect(rhythmTime(shanghai('2026-10-04T09:30:00'))).toBe(shanghai('2026-10-04T09:30:00'));
  expect(rhythmTime(shanghai('2026-10-07T23:59:59'))).toBe(shanghai('2026-10-11T23:59:59'));
});

test('a Saturday or Sunday that is worked has the rhythm of a working day', () => {
  expect(rhythmTime(shanghai('2026-10-10T09:30:00'))).toBe(shanghai('2026-10-09T09:30:00'));
  expect(rhythmTime(shanghai('2026-09-20T09:30:00'))).toBe(shanghai('2026-09-21T09:30:00'));
});

test('any other time has its own', () => {
  for (const text of [
    '2026-10-08T00:00:00',
    '2026-09-30T23:59:59',
    '2026-11-22T12:00:00',
    '2031-10-01T12:00:00',
  ]) {
    expect(rhythmTime(shanghai(text))).toBe(shanghai(text));
  }
});

test('days that are worked are Saturdays and Sundays, and no holidays', () => {
  expect(workedWeekendDays.size).toBe(11);
  for (const day of workedWeekendDays) {
    expect([0, 6]).toContain(new Date(day).getUTCDay());
    expect(publicHolidays.has(day)).toBe(false);
  }
});

const holiday = shanghai('2026-10-01T12:00:00');
const thursday = shanghai('2026-10-08T12:00:00');

/** Ten weeks with the National Day in them, twenty posts an hour on working days and two else; `off` says which are which. */
function taught(rhythmAt: ((at: number) => number) | undefined, isOff: (at: number) => boolean) {
  const detector = new BurstDetector(rhythmAt);
  const chance = new Chance(2);
  let told = 0;
  for (let at = shanghai('2026-08-01T00:00:00'); at < thursday - 12 * HOUR; at += HOUR) {
    if (detector.next(at, chance.poisson(isOff(at) ? 2 : 20)).burst && at >= holiday - 12 * HOUR) told += 1;
  }
  return { detector, told };
}
const isWeekend = (at: number) => new Date(at + 8 * HOUR).getUTCDay() % 6 === 0;
const isFree = (at: number) => isWeekend(rhythmTime(at));

test('who is quiet on holidays as on Sundays is not told for it, and no Thursday is taught by it', () => {
  const knowing = taught(rhythmTime, isFree);
  const unknowing = taught(undefined, isFree);
  expect(unknowing.told).toBeGreaterThan(0);
  expect(knowing.told).toBe(0);
  expect(knowing.detector.usual(holiday).expected).toBeLessThan(8);
  expect(knowing.detector.usual(thursday).expected).toBeGreaterThan(17);
  expect(unknowing.detector.usual(thursday).expected).toBeLessThan(
    knowing.detector.usual(thursday).expected - 1,
  );
});

test('who is as busy on holidays as on other days is not told for it either', () => {
  const { detector, told } = taught(rhythmTime, isWeekend);
  expect(told).toBe(0);
  const { expected, unlikely } = detector.during(holiday, holiday + HOUR, 20);
  expect(unlikely).toBeLessThan(1);
  expect(expected).toBeGreaterThan(15);
  expect(detector.during(holiday, holiday + HOUR, 100).burst).toBe(true);
});

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

test('an office that is quiet on holidays as on Sundays neither alarms nor learns from them what a Thursday is', () => {
  const [knowing, unknowing] = [new BurstDetector(rhythmTime), new BurstDetector()];
  const chance = new Chance(2);
  const rate = (at: number) => (new Date(rhythmTime(at) + 8 * HOUR).getUTCDay() % 6 === 0 ? 2 : 20);
  let at = shanghai('2026-08-01T00:00:00');
  for (; at < shanghai('2026-10-08T00:00:00'); at += HOUR) {
    const count = chance.poisson(rate(at));
    knowing.next(at, count);
    unknowing.next(at, count);
  }
  const holiday = shanghai('2026-10-01T12:00:00');
  const thursday = shanghai('2026-10-08T12:00:00');
  expect(knowing.usual(holiday).expected).toBeLessThan(8);
  expect(unknowing.usual(holiday).expected).toBeGreaterThan(12);
  expect(knowing.usual(thursday).expected).toBeGreaterThan(17);
  expect(unknowing.usual(thursday).expected).toBeLessThan(knowing.usual(thursday).expected - 1);
  // Thirty posts in an hour of a holiday are many, though not on a working day.
  expect(knowing.during(holiday, holiday + HOUR, 30).unlikely).toBeGreaterThan(
    2 * knowing.during(thursday, thursday + HOUR, 30).unlikely,
  );
});

import { describe, expect, test } from 'vitest';
import type { CalendarEntry } from '../../store/calendar.ts';
import {
  addMonths,
  conflictsOf,
  dayKind,
  daysOf,
  isQuiet,
  minuteOf,
  onDay,
  readDay,
  turned,
} from '../../web/lib/calendar.ts';

const manners = { quietFrom: 22 * 60, quietUntil: 7 * 60, gapMinutes: 30 };
const entry = (id: number, time: string, more: Partial<CalendarEntry> = {}): CalendarEntry => ({
  ...{ id, releaseId: id, officeId: 1, officeName: '云州市人民检察院', title: `稿件 ${id}`, type: 'notice' },
  ...{ channel: 'website', accountId: 1, accountName: '网站', dueAt: new Date(`${time}:00+08:00`) },
  ...{ publishedAt: null, state: 'waiting', held: false, dryRun: false, embargoUntil: null, ...more },
});

describe('the days of a view', () => {
  test('are whole weeks from Monday on for a month, as many as it touches', () => {
    const days = daysOf('month', '2026-11-22');
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
    expect(daysOf('month', '2027-02-10')).toHaveLength(28);
    expect(daysOf('month', '2026-08-31')).toHaveLength(42);
  });

  test('are seven for a week and four weeks for a list', () => {
    expect(daysOf('week', '2026-11-22')).toEqual([16, 17, 18, 19, 20, 21, 22].map((n) => `2026-11-${n}`));
    expect(daysOf('list', '2026-11-22').at(-1)).toBe('2026-12-19');
  });

  test('turn by their own length, and a month by months however long they are', () => {
    expect(turned('month', '2026-01-31', 1)).toBe('2026-02-01');
    expect(turned('week', '2026-11-22', -1)).toBe('2026-11-15');
    expect(turned('list', '2026-11-22', 1)).toBe('2026-12-20');
    expect(addMonths('2026-12-15', 1)).toBe('2027-01-01');
  });
});

test.each(['2026-02-30', 'tomorrow', '', '1999-01-01', null])('%s is no day: today is shown', (value) => {
  expect(readDay(value, '2026-11-22')).toBe('2026-11-22');
});

test('a day is a holiday, a weekend, one that is worked for it, or a day of work', () => {
  expect(dayKind('2026-10-01')).toBe('holiday');
  expect(dayKind('2026-11-22')).toBe('weekend');
  expect(dayKind('2026-11-23')).toBe('work');
});

test('what is moved to another day keeps its time in Asia/Shanghai, also just after midnight there', () => {
  expect(onDay(new Date('2026-11-21T16:05:00Z'), '2026-11-25')).toEqual(new Date('2026-11-24T16:05:00Z'));
  expect(minuteOf(new Date('2026-11-21T16:05:00Z'))).toBe(5);
});

test('quiet hours reach over midnight, and none are none', () => {
  expect([21 * 60 + 59, 22 * 60, 6 * 60 + 59, 7 * 60].map((minute) => isQuiet(minute, manners))).toEqual([
    ...[false, true, true, false],
  ]);
  expect(isQuiet(60, { ...manners, quietFrom: null, quietUntil: null })).toBe(false);
});

describe('what somebody had better look at', () => {
  const of = (...entries: CalendarEntry[]) => Object.fromEntries(conflictsOf(entries, () => manners));

  test('are two on one account closer than the office wants, and not on two', () => {
    const [a, b] = [entry(1, '2026-11-23T09:00'), entry(2, '2026-11-23T09:29')];
    expect(of(a, b)).toEqual({ 1: ['close'], 2: ['close'] });
    expect(of(a, { ...b, accountId: 2 })).toEqual({});
    expect(of(a, entry(2, '2026-11-23T09:30'))).toEqual({});
  });

  test('are the same title of two releases, quiet hours, holidays, and what a warning holds', () => {
    expect(
      of(entry(1, '2026-11-23T09:00', { title: '通报' }), entry(2, '2026-11-25T09:00', { title: '通报' })),
    ).toEqual({ 1: ['title'], 2: ['title'] });
    expect(of(entry(1, '2026-11-23T23:00', { held: true }))).toEqual({ 1: ['held', 'quiet'] });
    expect(of(entry(1, '2026-10-01T09:00'))).toEqual({ 1: ['holiday'] });
  });

  test('are never found in what went out or was missed', () => {
    expect(
      of(
        entry(1, '2026-11-23T23:00', { state: 'published' }),
        entry(2, '2026-11-23T23:01', { state: 'missed' }),
      ),
    ).toEqual({});
  });
});

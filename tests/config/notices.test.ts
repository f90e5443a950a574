import { describe, expect, test } from 'vitest';
import { defaultSettings, dutyAfter, dutyAt, dutyOf, mailTime } from '../../config/notices.ts';

const shanghai = (text: string) => new Date(`${text}:00+08:00`);

describe('who has the duty, with the day from 08:30 and the night from 17:30 in Asia/Shanghai', () => {
  test.each([
    // 2026-11-22 is a Sunday.
    ['2026-11-22T08:29', '2026-11-21', 6, 'night'],
    ['2026-11-22T08:30', '2026-11-22', 7, 'day'],
    ['2026-11-22T17:29', '2026-11-22', 7, 'day'],
    ['2026-11-22T17:30', '2026-11-22', 7, 'night'],
    ['2026-11-22T23:59', '2026-11-22', 7, 'night'],
    // Past midnight it is still Sunday's night.
    ['2026-11-23T00:00', '2026-11-22', 7, 'night'],
    ['2026-11-23T08:29', '2026-11-22', 7, 'night'],
    ['2026-11-23T08:30', '2026-11-23', 1, 'day'],
    ['2027-01-01T03:00', '2026-12-31', 4, 'night'],
  ] as const)('at %s it is that of %s, weekday %d, %s', (at, day, weekday, shift) => {
    expect(dutyAt(shanghai(at), defaultSettings)).toEqual({ day, weekday, shift });
  });

  test('a day is followed by its night, and a night by the next day', () => {
    const friday = dutyOf('2026-11-27', 'day');
    const night = dutyAfter(friday);
    expect(night).toEqual({ day: '2026-11-27', weekday: 5, shift: 'night' });
    expect(dutyAfter(night)).toEqual({ day: '2026-11-28', weekday: 6, shift: 'day' });
    expect(dutyAfter(dutyOf('2026-12-31', 'night'))).toEqual({ day: '2027-01-01', weekday: 5, shift: 'day' });
  });
});

describe('mail', () => {
  const nightly = { quietFrom: 22 * 60, quietUntil: 7 * 60 };
  test.each([
    ['2026-11-22T21:59', '2026-11-22T21:59'],
    ['2026-11-22T22:00', '2026-11-23T07:00'],
    ['2026-11-23T02:10', '2026-11-23T07:00'],
    ['2026-11-23T07:00', '2026-11-23T07:00'],
  ])('of %s goes at %s where the night is quiet', (at, due) => {
    expect(mailTime(shanghai(at), nightly, 'yellow')).toEqual(shanghai(due));
  });

  test('of orange and red goes at once', () => {
    const night = shanghai('2026-11-23T02:10');
    expect(mailTime(night, nightly, 'orange')).toEqual(night);
    expect(mailTime(night, nightly, 'red')).toEqual(night);
  });

  test('goes at any time where nothing is quiet, and waits at noon where noon is', () => {
    const noon = shanghai('2026-11-23T12:10');
    expect(mailTime(noon, { quietFrom: null, quietUntil: null }, 'blue')).toEqual(noon);
    expect(mailTime(noon, { quietFrom: 12 * 60, quietUntil: 14 * 60 }, 'blue')).toEqual(
      shanghai('2026-11-23T14:00'),
    );
  });
});

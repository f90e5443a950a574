import { expect, test } from 'vitest';
import {
  count,
  duration,
  every,
  fromShanghaiInput,
  fullTime,
  percent,
  relativeTime,
  shanghaiMidnight,
  toShanghaiInput,
} from '../../web/lib/format.ts';

const now = new Date('2026-11-22T04:30:00Z');
const before = (milliseconds: number) => new Date(now.getTime() - milliseconds);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [null, '—'],
  [0, '0'],
  [9876, '9,876'],
  [10_000, '1 万'],
  [12_345, '1.2 万'],
  [99_994_999, '9,999.5 万'],
  [99_999_999, '1 亿'],
  [340_000_000, '3.4 亿'],
])('the count %s is written %s', (value, text) => {
  expect(count(value)).toBe(text);
});

test.each([
  [0, 0, null],
  [0, 5, '0%'],
  [1, 1000, '不到 1%'],
  [41, 100, '41%'],
  [999, 1000, '99%'],
  [7, 7, '100%'],
])('%i of %i is %s', (part, whole, text) => {
  expect(percent(part, whole)).toBe(text);
});

test('times are those of Asia/Shanghai, whatever the machine thinks', () => {
  expect(fullTime(new Date('2026-11-21T16:05:00Z'))).toBe('2026-11-22 00:05');
});

test.each([
  [before(20_000), '刚刚'],
  [before(-30_000), '马上'],
  [before(5 * MINUTE), '5 分钟前'],
  [before(3 * HOUR), '3 小时前'],
  [before(2 * DAY), '2 天前'],
  [before(10 * DAY), '11 月 12 日'],
  [before(400 * DAY), '2025 年 10 月 18 日'],
  [before(-2 * HOUR), '2 小时后'],
])('a time is told by its distance (%#)', (date, text) => {
  expect(relativeTime(date, now)).toBe(text);
});

test('a datetime field is read and written as Asia/Shanghai', () => {
  const date = fromShanghaiInput('2026-11-22T18:00');
  expect(date?.toISOString()).toBe('2026-11-22T10:00:00.000Z');
  expect(toShanghaiInput(date ?? now)).toBe('2026-11-22T18:00');
});

test.each(['', 'tomorrow', '2026-13-01T00:00', '2026-11-22', '2026-11-22T18:00Z'])(
  'what is no local time is not read as one: %s',
  (text) => expect(fromShanghaiInput(text)).toBeNull(),
);

test('midnight is the one of Asia/Shanghai', () => {
  expect(shanghaiMidnight(new Date('2026-11-22T15:59:59Z')).toISOString()).toBe('2026-11-21T16:00:00.000Z');
  expect(shanghaiMidnight(new Date('2026-11-22T16:00:00Z')).toISOString()).toBe('2026-11-22T16:00:00.000Z');
});

test('intervals and durations use the largest unit that says it plainly', () => {
  expect([every(30), every(900), every(7200), every(86_400)]).toEqual([
    '每 30 秒',
    '每 15 分钟',
    '每 2 小时',
    '每 1 天',
  ]);
  expect([duration(400), duration(90 * 1000), duration(5 * HOUR)]).toEqual(['1 秒', '2 分钟', '5 小时']);
});

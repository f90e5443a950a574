import { describe, expect, test } from 'vitest';
import { dueTime } from '../../web/lib/schedule.ts';

describe('when to publish', () => {
  /** 12:30 in Shanghai. */
  const now = new Date('2026-11-22T04:30:00Z');
  const due = (...args: Parameters<typeof dueTime>) => {
    const time = dueTime(...args);
    return 'due' in time ? time.due.toISOString() : time.problem;
  };

  test.each([
    ['now', '', '2026-11-22T04:30:00.000Z'],
    ['today18', '', '2026-11-22T10:00:00.000Z'],
    ['tomorrow9', '', '2026-11-23T01:00:00.000Z'],
    ['at', '2026-11-30T08:15', '2026-11-30T00:15:00.000Z'],
    ['at', '2026-11-22T12:30', '2026-11-22T04:30:00.000Z'],
  ] as const)('%s %s is %s', (when, field, time) => {
    expect(due(when, field, now)).toBe(time);
  });

  test('a time that has passed, is missing or is too far is refused in words', () => {
    expect(due('at', '2026-11-22T12:00', now)).toBe('这个时间已经过去，请选择以后的时间。');
    expect(due('today18', '', new Date('2026-11-22T10:05:00Z'))).toBe('这个时间已经过去，请选择以后的时间。');
    expect(due('at', '', now)).toBe('请选择发布时间。');
    expect(due('at', '2028-01-01T00:00', now)).toBe('最多只能安排一年以内的发布。');
  });
});

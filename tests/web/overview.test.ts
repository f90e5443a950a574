import { describe, expect, test } from 'vitest';
import type { PulsePoint } from '../../store/pulse.ts';
import type { Gap } from '../../store/visits.ts';
import { headline, plain } from '../../web/lib/headline.ts';
import { bars, compare, rangeBefore, rangeOf, readPeriod } from '../../web/lib/overview.ts';

const now = new Date('2026-11-22T04:30:00Z');
const hour = (text: string) => new Date(`2026-11-22T${text}:00Z`);

describe('the stretch of time', () => {
  test('24 hours end with the running hour', () => {
    const { from, to } = rangeOf('24h', now);
    expect([from.toISOString(), to.toISOString()]).toEqual([
      '2026-11-21T05:00:00.000Z',
      '2026-11-22T05:00:00.000Z',
    ]);
  });

  test('60 days are whole days of Asia/Shanghai, today included', () => {
    const { from, to } = rangeOf('60d', now);
    expect([from.toISOString(), to.toISOString()]).toEqual([
      '2026-09-23T16:00:00.000Z',
      '2026-11-22T16:00:00.000Z',
    ]);
  });

  test('the stretch before ends where this one begins and is as long', () => {
    const range = rangeOf('7d', now);
    const before = rangeBefore(range);
    expect(before.to).toEqual(range.from);
    expect(before.to.getTime() - before.from.getTime()).toBe(range.to.getTime() - range.from.getTime());
  });

  test('an unknown period is the last day', () => {
    expect(readPeriod('1y')).toBe('24h');
  });
});

describe('what is known of an hour', () => {
  const range = { from: hour('00:00'), to: hour('05:00'), step: 'hour' as const };
  const points: PulsePoint[] = [0, 1, 2, 3, 4].map((h) => ({
    at: hour(`0${h}:00`),
    negative: 0,
    neutral: h === 3 ? 2 : 0,
    positive: 0,
  }));
  const gap = (sourceId: number, began: string, ended: string | null): Gap => ({
    sourceId,
    sourceName: `source ${sourceId}`,
    beganAt: hour(began),
    endedAt: ended === null ? null : hour(ended),
    reason: 'timeout',
  });
  const known = (gaps: Gap[], firstHour: Date | null = hour('00:00')) =>
    bars(points, gaps, range, { sources: 2, firstHour, now }).map((bar) => bar.known);

  test('without gaps a zero is a calm hour', () => {
    expect(known([])).toEqual(['full', 'full', 'full', 'full', 'full']);
  });

  test('an hour in which every source was down is not known', () => {
    expect(known([gap(1, '01:00', '02:00'), gap(2, '00:30', '02:00')])[1]).toBe('none');
  });

  test('an hour in which one of two sources was down may be too low', () => {
    expect(known([gap(1, '01:00', '02:00')])[1]).toBe('partial');
  });

  test('posts that came in later show, although every source was down', () => {
    expect(known([gap(1, '03:00', '04:00'), gap(2, '03:00', '04:00')])[3]).toBe('partial');
  });

  test('a gap that is still open covers what has passed of the running hour', () => {
    expect(known([gap(1, '03:30', null), gap(2, '04:00', null)])[4]).toBe('none');
  });

  test('before the first post there is no data yet', () => {
    expect(known([], hour('02:00'))).toEqual(['before', 'before', 'full', 'full', 'full']);
    expect(known([], null)).toEqual(['before', 'before', 'before', 'before', 'before']);
  });

  test('the sources that were down are named once each', () => {
    const [, second] = bars(points, [gap(1, '01:00', '01:10'), gap(1, '01:20', '01:30')], range, {
      sources: 2,
      firstHour: hour('00:00'),
      now,
    });
    expect(second?.gaps).toEqual(['source 1']);
  });
});

describe('the sentence', () => {
  const from = hour('00:00');

  test('compares with the stretch before', () => {
    expect(plain(headline('24h', 312, 128, compare(312, 211, from, from)))).toBe(
      '过去 24 小时 312 条，比前一日同期多 48%；负面 41%。',
    );
  });

  test('does not compare with a time that was not collected in full', () => {
    expect(compare(10, 5, from, hour('01:00'))).toEqual({ kind: 'none' });
    expect(plain(headline('7d', 10, 0, { kind: 'none' }))).toBe(
      '过去 7 天 10 条；此前还没有数据可比；负面 0%。',
    );
  });

  test('says multiples where a percentage would be hard to read', () => {
    expect(plain(headline('24h', 120, 12, compare(120, 10, from, from)))).toContain('多 11 倍');
  });

  test('says that nothing came, without a share of nothing', () => {
    expect(plain(headline('24h', 0, 0, { kind: 'none' }))).toBe('过去 24 小时没有收到帖文。');
  });
});

import { describe, expect, test } from 'vitest';
import { EFFECT_LEAST, suggestTimes, type Effect } from '../../store/effect-times.ts';

// A Monday, 10:20 in Asia/Shanghai.
const now = new Date('2026-11-23T10:20:00+08:00');
const about = { channel: 'weibo', accountId: 1, now, open: () => true } as const;
const many = (times: number, hour: number, reads: number, accountId = 1): Effect[] =>
  Array.from({ length: times }, () => ({ accountId, hour, reads }));
const local = (times: readonly { at: Date }[]) =>
  times.map(({ at }) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(5, 16));
const TUESDAY = 24;

describe('times that are suggested', () => {
  test('are those of custom while too little was counted, and say so', () => {
    const { releases, times } = suggestTimes(many(EFFECT_LEAST - 1, 21, 900), about);
    expect(releases).toBeNull();
    expect(local(times)).toEqual(['11-23T12:00', '11-23T18:00', '11-24T09:00']);
    expect(times.every(({ better }) => better === null)).toBe(true);
  });

  test('are the hours of the week in which more was read, and say from how many releases', () => {
    const effects = [...many(20, TUESDAY + 9, 100), ...many(20, TUESDAY + 21, 1000)];
    const { releases, times } = suggestTimes(effects, about);
    expect(releases).toBe(40);
    expect(local(times)).toContain('11-24T21:00');
    expect(local(times).every((time) => time.endsWith('21:00'))).toBe(true);
    const best = times.find(({ at }) => local([{ at }])[0] === '11-24T21:00')?.better ?? 0;
    expect(Math.max(...times.map(({ better }) => better ?? 0))).toBe(best);
  });

  test('do not rest on a single success: it is drawn towards the usual', () => {
    const effects = [...many(30, TUESDAY + 9, 100), ...many(1, 3, 100_000)];
    expect(local(suggestTimes(effects, about).times).some((time) => time.endsWith('03:00'))).toBe(false);
    const few = [...many(30, TUESDAY + 9, 100), ...many(3, 20, 400)];
    const { times } = suggestTimes(few, about);
    // Three at four times the usual say less than four times.
    expect(Math.max(...times.map(({ better }) => better ?? 0))).toBeLessThan(1.5);
  });

  test('take an hour of the day from the office’s other accounts, without their size', () => {
    const own = [...many(12, 9, 100), ...many(12, TUESDAY + 9, 100)];
    const other = [...many(30, 9, 50_000, 2), ...many(30, TUESDAY + 20, 150_000, 2)];
    const { releases, times } = suggestTimes([...own, ...other], about);
    expect(releases).toBe(24);
    expect(local(times).every((time) => time.endsWith('20:00'))).toBe(true);
  });

  test('keep out of what is closed, such as quiet hours, and of what is too soon', () => {
    const effects = [...many(20, TUESDAY + 9, 100), ...many(20, TUESDAY + 21, 1000)];
    const open = (at: Date) => at >= new Date('2026-11-26T00:00:00+08:00');
    const { times } = suggestTimes(effects, { ...about, open });
    expect(times.every(({ at }) => open(at))).toBe(true);
    const soon = suggestTimes([], { ...about, now: new Date('2026-11-23T11:50:00+08:00') });
    expect(local(soon.times)[0]).toBe('11-23T18:00');
  });

  test('are none when nothing is open', () => {
    expect(suggestTimes([], { ...about, open: () => false }).times).toEqual([]);
  });
});

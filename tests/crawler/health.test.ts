import { describe, expect, test } from 'vitest';
import { judgeHealth, usualQuiet, type Seen } from '../../crawler/health.ts';
import type { Standing } from '../../store/source-states.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NEW: Standing = {
  health: 'unknown',
  ...{ reason: null, detail: null },
  ...{ good: 0, usable: 0, bad: 0, alike: 0, badSince: null, falls: 0 },
  ...{ lastFreshAt: null, quietSeconds: null },
  ...{ currentSeconds: null, leastSeconds: 900, longestSeconds: null },
};

/** What came of a visit, in one word: `ok`, `part`, `rest` (left for next time), or the reason why nothing was got. */
function seen(word: string, at: Date): Seen {
  const nothing = { reason: null, detail: null, status: null, failures: {}, fresh: 0, at };
  if (word === 'ok') return { ...nothing, outcome: 'complete' };
  if (word === 'part')
    return { ...nothing, outcome: 'partial', reason: 'no-text', failures: { 'no-text': 1 } };
  if (word === 'rest') return { ...nothing, outcome: 'partial', reason: 'later', failures: { later: 9 } };
  const status = /^\d+$/.test(word) ? Number(word) : null;
  return { ...nothing, outcome: 'failed', reason: status ? 'status-4xx' : word, detail: word, status };
}

/** The states after each of the visits, which lie `apart` from one another; falls are counted as the store does. */
function life(words: string, apart = 15 * MINUTE, start: Partial<Standing> = {}): string[] {
  let standing: Standing = { ...NEW, ...start };
  const falls: number[] = [];
  return words.split(' ').map((word, n) => {
    const at = Date.UTC(2026, 10, 1) + n * apart;
    const judged = judgeHealth(
      { ...standing, falls: falls.filter((fell) => at - fell < 24 * HOUR).length },
      seen(word, new Date(at)),
    );
    const isIll = ({ health }: Pick<Standing, 'health'>) =>
      ['degraded', 'failing', 'blocked'].includes(health);
    if (isIll(judged) && !isIll(standing)) falls.push(at);
    standing = { ...standing, ...judged };
    return judged.health;
  });
}

const changes = (states: readonly string[]) => states.filter((state, n) => n > 0 && state !== states[n - 1]);

describe('a source', () => {
  test.each([
    ['is well after its first good visit', 'ok', 'healthy'],
    ['is unchanged and well', 'ok ok ok', 'healthy healthy healthy'],
    ['that never gave anything is failing at once', 'timeout', 'failing'],
    ['that never let us in is blocked at once', 'robots-disallow', 'blocked'],
    ['that failed once is degraded, not failing', 'ok timeout', 'healthy degraded'],
    [
      'is failing after three failures in a row',
      'ok timeout status-5xx timeout',
      'healthy degraded degraded failing',
    ],
    ['comes back only after two good visits', 'ok timeout ok ok', 'healthy degraded degraded healthy'],
    [
      'comes back from failing only after two good visits',
      'timeout ok ok ok',
      'failing failing healthy healthy',
    ],
    ['that gives a part of it again is degraded', 'timeout part part', 'failing failing degraded'],
    ['that misses items is degraded', 'ok part part', 'healthy degraded degraded'],
    ['that left a part for next time is well', 'ok rest rest', 'healthy healthy healthy'],
    ['that wants a login is blocked at once', 'ok login-required', 'healthy blocked'],
    ['that refuses three times is blocked', 'ok 403 status-429 403', 'healthy degraded degraded blocked'],
    ['whose address is gone is failing, not blocked', 'ok 404 404 404', 'healthy degraded degraded failing'],
    [
      'is as it was while its host is busy',
      'ok host-busy timeout host-busy',
      'healthy healthy degraded degraded',
    ],
    [
      'is as it was when a person ends a visit',
      'ok stopped timeout stopped',
      'healthy healthy degraded degraded',
    ],
    [
      'keeps its kind of trouble while answers change',
      'ok 403 403 403 status-5xx 403 status-5xx status-5xx status-5xx',
      'healthy degraded degraded blocked blocked blocked blocked blocked failing',
    ],
  ])('%s', (_, visits, states) => {
    expect(life(visits).join(' ')).toBe(states);
  });

  test('that is visited every few seconds is not failing after a minute of trouble', () => {
    const states = life('ok timeout timeout timeout timeout', 10_000);
    expect(states.at(-1)).toBe('degraded');
  });

  test('that is visited once a day is failing after the second failure', () => {
    expect(life('ok timeout timeout', 24 * HOUR)).toEqual(['healthy', 'degraded', 'failing']);
  });

  test.each([
    ['every other visit fails', 'ok timeout '.repeat(40)],
    ['every third visit fails', 'ok ok timeout '.repeat(30)],
    ['every fourth visit fails', 'ok ok ok timeout '.repeat(30)],
    ['a captcha comes and goes', 'ok captcha '.repeat(40)],
    ['items are missed now and then', 'ok part ok ok part '.repeat(20)],
  ])('does not flap when %s', (_, visits) => {
    expect(changes(life(visits.trim())).length).toBeLessThanOrEqual(8);
  });

  test('gives every trouble a reason in words', () => {
    const trouble = judgeHealth(NEW, seen('timeout', new Date()));
    expect(trouble).toMatchObject({ reason: 'timeout', detail: 'timeout' });
    const back = judgeHealth({ ...NEW, ...trouble }, seen('ok', new Date()));
    expect(back).toMatchObject({ health: 'failing', reason: 'recovering' });
    expect(back.detail).toMatch(/再连续正常 1 次/u);
  });
});

describe('silence', () => {
  const lastFreshAt = new Date(Date.UTC(2026, 9, 29));
  const quiet = { lastFreshAt, quietSeconds: 86_400, health: 'healthy', good: 5, usable: 5 } as const;

  test('is told when a source that answers has brought nothing for longer than it ever did', () => {
    expect(life('ok', HOUR, quiet)).toEqual(['silent']);
    const judged = judgeHealth({ ...NEW, ...quiet }, seen('ok', new Date(Date.UTC(2026, 10, 1))));
    expect(judged.detail).toContain('已 3 天没有新内容，平时最多隔 24 小时');
  });

  test('is not told while too little is known, or within what is usual', () => {
    expect(life('ok', HOUR, { ...quiet, quietSeconds: null })).toEqual(['healthy']);
    expect(life('ok', HOUR, { ...quiet, lastFreshAt: null })).toEqual(['healthy']);
    expect(life('ok', HOUR, { ...quiet, quietSeconds: 10 * 86_400 })).toEqual(['healthy']);
  });

  test('ends with the first new item, and gives way to trouble', () => {
    const before: Standing = { ...NEW, ...quiet, health: 'silent' };
    const at = new Date(Date.UTC(2026, 10, 1));
    expect(judgeHealth(before, { ...seen('ok', at), fresh: 1 }).health).toBe('healthy');
    expect(judgeHealth(before, seen('timeout', at)).health).toBe('degraded');
    expect(judgeHealth(before, seen('part', at)).health).toBe('degraded');
  });

  test('is measured by the source itself: nights and week-ends are usual for an office, a holiday is not', () => {
    const hours: number[] = [];
    for (let day = 0; day < 28; day += 1) {
      if (day % 7 > 4) continue;
      for (let hour = 9; hour <= 18; hour += 3) hours.push(Date.UTC(2026, 9, 5 + day, hour));
    }
    const usual = usualQuiet(hours) ?? 0;
    const weekEnd = 63 * 3600;
    expect(usual).toBeGreaterThan(weekEnd);
    expect(usual).toBeLessThan(5 * 86_400);
    const withHoliday = hours.filter((hour) => hour < Date.UTC(2026, 9, 13) || hour > Date.UTC(2026, 9, 22));
    expect(usualQuiet(withHoliday)).toBe(usual);
  });

  test('is never less than a day, and not known from a handful of items', () => {
    const hourly = Array.from({ length: 48 }, (_, n) => Date.UTC(2026, 9, 1, n));
    expect(usualQuiet(hourly)).toBe(86_400);
    expect(usualQuiet([...hourly, ...hourly])).toBe(86_400);
    expect(usualQuiet(hourly.slice(0, 8))).toBe(null);
    expect(usualQuiet([])).toBe(null);
  });
});

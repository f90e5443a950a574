import { describe, expect, test } from 'vitest';
import { barQuery, heatText, readList, said, sinceOf, times, trendTone } from '../../web/lib/concerns.ts';
import { concernPageMessages as words } from '../../web/lib/messages/concern.ts';
import type { Bar } from '../../web/lib/overview.ts';

const bar = (hour: number, counts: Partial<Bar> = {}): Bar => ({
  at: new Date(Date.UTC(2026, 10, 21, hour)),
  until: new Date(Date.UTC(2026, 10, 21, hour + 1)),
  negative: 0,
  neutral: 0,
  positive: 0,
  known: 'full',
  gaps: [],
  ...counts,
});

describe('how heat stands to its usual', () => {
  test.each([
    [null, 'fresh'],
    [3, 'surge'],
    [2, 'up'],
    [1.5, 'level'],
    [1, 'level'],
    [0.65, 'down'],
  ])('%s times it is told as %s', (trend, tone) => {
    expect(trendTone(trend)).toBe(tone);
  });

  test('multiples and heat are rounded to what can be read', () => {
    expect([times(3), times(2.44), times(9.96), times(120.4)]).toEqual(['3', '2.4', '10', '120']);
    expect([heatText(0.04), heatText(3), heatText(277.4)]).toEqual(['0.0', '3.0', '277']);
  });
});

describe('the list that an address asks for', () => {
  const read = (query: string) => readList(new URLSearchParams(query));

  test('is what stirs most this week, unless it says otherwise', () => {
    expect(read('')).toEqual({ text: '', state: 'awake', sort: 'trend', period: '7d', page: 1 });
  });

  test('goes back further for what is asleep, the latest first', () => {
    expect(read('state=asleep')).toMatchObject({ sort: 'last', period: 'all' });
  });

  test('leaves out what cannot be read', () => {
    expect(read('state=gone&sort=x&period=9d&page=-2')).toEqual(read(''));
  });

  test('counts its time from now', () => {
    const now = new Date('2026-11-22T04:30:00Z');
    expect(sinceOf('24h', now)).toEqual(new Date('2026-11-21T04:30:00Z'));
    expect(sinceOf('all', now)).toBeNull();
  });
});

describe('the timeline in a sentence', () => {
  test('names the sum, the negative share and the highest bar', () => {
    const bars = [bar(1, { neutral: 1 }), bar(2, { negative: 2, positive: 1 })];
    expect(said(bars, 'hour', '近一天')).toBe(words.said('近一天', '4', '50%', '11 月 21 日 10:00', '3'));
  });

  test('a time without collection is not told as a quiet one', () => {
    expect(said([bar(1, { known: 'none' })], 'hour', '近一天')).toBe(words.knownNothing('近一天'));
    expect(said([bar(1)], 'hour', '近一天')).toBe(words.saidNothing('近一天'));
  });

  test('a bar leads to its own posts', () => {
    expect(barQuery(bar(1), 'negative')).toBe(
      'from=2026-11-21T09%3A00&to=2026-11-21T10%3A00&sentiment=negative',
    );
  });
});

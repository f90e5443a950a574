import { expect, test } from 'vitest';
import { heatWeights } from '../../../config/heat.ts';
import { heatOf, trendOf, type HeatHour } from '../../../indexer/topics/heat.ts';
import { DAY, HOUR, START } from './made-up.ts';

const NOW = START + 30 * DAY;
const weights = { ...heatWeights, halfLifeHours: 24 };
const hour = (at: number, some: Partial<HeatHour> = {}): HeatHour => ({
  ...{ at, kind: 'post', sourceKind: 'weibo', posts: 1, copies: 0, negative: 0, engaged: 0 },
  ...some,
});

test('a fresh post of an ordinary source counts one, and half a half-life later', () => {
  expect(heatOf([hour(NOW)], weights, NOW).heat).toBeCloseTo(1);
  expect(heatOf([hour(NOW - DAY)], weights, NOW).heat).toBeCloseTo(0.5);
  expect(heatOf([hour(NOW - 2 * DAY)], weights, NOW).heat).toBeCloseTo(0.25);
});

test('what is said later does not count yet', () => {
  expect(heatOf([hour(NOW + HOUR)], weights, NOW).heat).toBe(0);
});

test('heat is the sum of its parts, and each part is what it is called', () => {
  const { heat, parts } = heatOf(
    [hour(NOW, { posts: 10, copies: 4, negative: 3, engaged: 20 }), hour(NOW - DAY, { posts: 2 })],
    weights,
    NOW,
  );
  expect(parts.volume).toBeCloseTo(6 + 1);
  expect(parts.copies).toBeCloseTo(4 * weights.copy);
  expect(parts.interaction).toBeCloseTo(20 * weights.interaction);
  expect(parts.negativity).toBeCloseTo(3 * weights.negative);
  expect(heat).toBeCloseTo(Object.values(parts).reduce((sum, part) => sum + part, 0));
});

test('an article weighs more than a post, a comment less, and so do kinds of sources', () => {
  const of = (some: Partial<HeatHour>) => heatOf([hour(NOW, some)], weights, NOW).heat;
  expect(of({ kind: 'article' })).toBeGreaterThan(of({ kind: 'post' }));
  expect(of({ kind: 'comment' })).toBeLessThan(of({ kind: 'post' }));
  expect(of({ sourceKind: 'site' })).toBeCloseTo(weights.sourceKinds.site);
});

test('a trend is a change against the own usual, not size: day and night make none', () => {
  const rhythm = (scale: number) =>
    Array.from({ length: 30 * 24 }, (_, n) => {
      const at = START + n * HOUR;
      return hour(at, { posts: scale * (n % 24 >= 8 && n % 24 < 22 ? 4 : 1) });
    });
  for (const at of [NOW - HOUR, NOW - 13 * HOUR]) {
    expect(trendOf(rhythm(1), weights, at, START)).toBeCloseTo(1, 1);
    expect(trendOf(rhythm(50), weights, at, START)).toBeCloseTo(1, 1);
  }
  const louder = [...rhythm(1), ...Array.from({ length: 12 }, (_, n) => hour(NOW - n * HOUR, { posts: 30 }))];
  expect(trendOf(louder, weights, NOW, START)!).toBeGreaterThan(3);
});

test('three posts after none are hardly a trend', () => {
  const few = Array.from({ length: 3 }, (_, n) => hour(NOW - n * HOUR));
  expect(trendOf(few, weights, NOW, START)!).toBeLessThan(2.1);
});

test('what is young has no usual, and what is unknown is not taken for calm', () => {
  const busy = Array.from({ length: 20 * 24 }, (_, n) => hour(NOW - n * HOUR, { posts: 5 }));
  expect(trendOf(busy, weights, NOW, NOW - DAY / 2)).toBeNull();
  expect(trendOf(busy, weights, NOW, START, () => true)).toBeNull();
  // Ten of the days before were not collected: by the others it is as usual.
  const cut = busy.filter(({ at }) => at > NOW - 5 * DAY);
  const isUnknown = (at: number) => at < NOW - 3 * DAY;
  expect(trendOf(cut, weights, NOW, START, isUnknown)!).toBeLessThan(1.3);
  expect(trendOf(cut, weights, NOW, START)!).toBeGreaterThan(2);
});

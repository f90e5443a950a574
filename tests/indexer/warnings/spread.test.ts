import { expect, test } from 'vitest';
import { learnRules, type Finished } from '../../../indexer/warnings/spread-rules.ts';
import { spreadOf } from '../../../indexer/warnings/spread.ts';
import { SpreadWatch } from '../../../indexer/warnings/spread-watch.ts';
import { Chance } from '../../support/chance.ts';
import { DAY, HOUR, MONDAY } from './made-up.ts';

const MINUTE = 60_000;
const every = (pause: number, count: number, from = MONDAY) =>
  Array.from({ length: count }, (_, index) => from + index * pause);

test('a young concern is told at the post that makes its pace that of the large ones', () => {
  const times = every(5 * MINUTE, 30);
  expect(spreadOf(times)).toEqual({ at: times[9], count: 10, within: 3600 });
});

test('one that lay still for a day and is then taken up is told as well', () => {
  const taken = every(5 * MINUTE, 12, MONDAY + DAY);
  expect(spreadOf([MONDAY, MONDAY + HOUR, ...taken])?.at).toBe(taken[9]);
});

test('one that comes back every day is not, however large it grows', () => {
  expect(spreadOf(every(40 * MINUTE, 500))).toBeUndefined();
  expect(spreadOf([])).toBeUndefined();
});

test('of several rules the one that holds first is told', () => {
  const rules = [
    { count: 4, within: 3600 },
    { count: 2, within: 60 },
  ];
  const times = [MONDAY, MONDAY + 10 * MINUTE, MONDAY + 20 * MINUTE, MONDAY + 20 * MINUTE + 1000];
  expect(spreadOf(times, rules)).toEqual({ at: times[3], count: 4, within: 3600 });
  expect(spreadOf(times.slice(2), rules)).toEqual({ at: times[3], count: 2, within: 60 });
});

/** A cascade of so many reposts whose pace falls with its size. */
function cascade(chance: Chance, size: number): number[] {
  let after = 0;
  return Array.from({ length: size }, () => (after += (60_000 / size) * -Math.log(1 - chance.next())));
}

test('what large ones look like is learnt from those that have ended', () => {
  const chance = new Chance(6);
  const pool = Array.from({ length: 400 }, (_, index): Finished => {
    const times = cascade(chance, index % 20 === 0 ? 1000 : 30 + (index % 100));
    const reached = [8, 11, 15, 20, 27, 36, 48, 65, 88, 119, 161, 217, 293, 396, 534, 721, 973];
    return {
      size: times.length,
      after: reached.filter((count) => count <= times.length).map((count) => times[count - 1] ?? 0),
    };
  });
  const rules = learnRules(pool);
  expect(rules.at(-1)?.count).toBe(198);
  // Most large ones take 200 × 60 seconds for 200 reposts.
  expect(rules.at(-1)?.within).toBeGreaterThan(11_000);
  expect(rules.at(-1)?.within).toBeLessThan(16_000);
});

test('in one stream of many cascades each is warned of once, before it is large', () => {
  const watch = new SpreadWatch([{ count: 20, within: 600 }], null);
  const events = [
    ...every(10_000, 50).map((at) => ({ id: 'fast', at })),
    ...every(60_000, 50).map((at) => ({ id: 'slow', at })),
  ].sort((a, b) => a.at - b.at);
  const warned = events.filter(({ id, at }) => watch.repost(id, MONDAY, at));
  expect(warned).toEqual([{ id: 'fast', at: MONDAY + 19 * 10_000 }]);
});

test('a repost that comes weeks after a cascade has ended begins no new one', () => {
  const watch = new SpreadWatch([{ count: 3, within: 600 }], null);
  for (const at of every(1000, 2)) watch.repost('old', MONDAY, at);
  watch.repost('other', MONDAY + 20 * DAY, MONDAY + 20 * DAY);
  const late = every(1000, 5, MONDAY + 30 * DAY);
  expect(late.some((at) => watch.repost('old', MONDAY, at))).toBe(false);
});

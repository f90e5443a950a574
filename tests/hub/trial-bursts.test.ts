import { beforeEach, expect, test } from 'vitest';
import { begin } from '../../hub/trials/bursts.ts';
import type { Trial } from '../../hub/trials/index.ts';
import { HOUR, hoursOf, MONDAY } from '../indexer/warnings/made-up.ts';

interface Answer {
  series: string;
  at: unknown;
  score: number;
  burst: boolean;
}

const hours = hoursOf(30, (day) => (day >= 28 && day < 28.5 ? 30 : 2), 2);
let trial: Trial;
beforeEach(() => {
  trial = begin();
});

test('each point is answered with its score, a burst where it comes, in every series on its own', () => {
  const answers = hours.flatMap(({ at, count }) => [
    trial({ series: 'one', at: new Date(at).toISOString(), value: count }) as Answer,
    trial({ series: 'calm', at: new Date(at).toISOString(), value: 2 }) as Answer,
  ]);
  const bursts = answers.filter(({ burst }) => burst);
  expect(bursts).toHaveLength(1);
  expect(bursts[0]).toMatchObject({ series: 'one' });
  const told = Date.parse(String(bursts[0]?.at));
  expect(told).toBeGreaterThanOrEqual(MONDAY + 28 * 24 * HOUR);
  expect(told).toBeLessThan(MONDAY + 28 * 24 * HOUR + 4 * HOUR);
  expect(bursts[0]?.score).toBeGreaterThanOrEqual(0.75);
  expect(answers.filter(({ burst }) => !burst).every(({ score }) => score >= 0 && score < 0.5)).toBe(true);
});

test('a time may be written in either form, or be milliseconds, and comes back as it was given', () => {
  for (const at of ['2026-07-06 00:00:00', '2026-07-06T08:05:00+08:00', MONDAY + HOUR]) {
    expect(trial({ series: 'a', at, value: 1 })).toEqual({ series: 'a', at, score: 0, burst: false });
  }
});

test('a value of null is not known, and no burst when it comes back', () => {
  for (const { at, count } of hours.slice(0, 27 * 24)) trial({ series: 'a', at, value: count });
  const next = MONDAY + 27 * 24 * HOUR;
  for (let index = 0; index < 5; index += 1) {
    expect(trial({ series: 'a', at: next + index * HOUR, value: null })).toMatchObject({
      score: 0,
      burst: false,
    });
  }
  expect(trial({ series: 'a', at: next + 5 * HOUR, value: 60 })).toMatchObject({ score: 0, burst: false });
});

test('a clock that is set back by an hour in autumn is no fault', () => {
  for (const at of [
    '2026-10-25 01:50:00',
    '2026-10-25 02:55:00',
    '2026-10-25 02:00:00',
    '2026-10-25 02:05:00',
  ]) {
    expect(trial({ series: 'a', at, value: 1 })).toMatchObject({ at, burst: false });
  }
});

test('any other point before the last of its series is refused, and forgotten', () => {
  trial({ series: 'a', at: MONDAY, value: 1 });
  expect(() => trial({ series: 'a', at: MONDAY - HOUR, value: 1 })).toThrow(/按时间先后/);
  expect(trial({ series: 'b', at: 1, value: 1 })).toMatchObject({ score: 0 });
  expect(trial({ series: 'a', at: MONDAY, value: 1 })).toMatchObject({ score: 0 });
});

test.each([
  [{}, /series/],
  [{ series: 'a', at: 'yesterday', value: 1 }, /at/],
  [{ series: 'a', at: 1, value: 'many' }, /value/],
  [{ series: 'a', at: 1 }, /value/],
])('what is no point is refused by name: %j', (input, named) => {
  expect(() => trial(input)).toThrow(named);
});

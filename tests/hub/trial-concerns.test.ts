import { expect, test } from 'vitest';
import { begin } from '../../hub/trials/concerns.ts';

type Answer = { id: string | number; concern: number };

const meals = [
  '云州校园餐招标结果出来了，家长想知道评分办法。',
  '听说云州校园餐招标又推迟，孩子们还在吃冷饭。',
  '云州校园餐招标，请把评分结果公布出来。',
];
const river = [
  '清水河又发黑发臭了，污水口去年不是封了吗？',
  '清水河边的污水口又在排，河水发黑发臭一个星期。',
  '清水河发黑发臭，污水口的公益诉讼立案了没有？',
];

test('posts about the same thing are given the same number, each in its place', () => {
  const trial = begin();
  const all = meals.flatMap((text, n) => [
    { id: `m${n}`, at: `2026-03-0${n + 1}T08:00:00+08:00`, text, source: 'weibo' },
    { id: n, at: Date.UTC(2026, 2, n + 1), text: river[n], source: 'forum' },
  ]);
  for (const one of [...all, { id: 'alone', at: '2026-03-09', text: '公交改道后老人下车要走很远。' }])
    trial.add(one);
  const answers = trial.end() as Answer[];
  expect(answers.map(({ id }) => id)).toEqual([...all.map(({ id }) => id), 'alone']);
  const concern = (id: string | number) => answers.find((answer) => answer.id === id)!.concern;
  expect(new Set([concern('m0'), concern('m1'), concern('m2')]).size).toBe(1);
  expect(new Set([concern(0), concern(1), concern(2)]).size).toBe(1);
  expect(new Set(answers.map((answer) => answer.concern)).size).toBe(3);
});

test('times may be written in several ways, and posts may come in any order or twice under one name', () => {
  const trial = begin();
  for (const at of ['2026-03-09 10:00:00', '2026-03-01', '2026-03-05T10:00:00Z', 1_700_000_000_000])
    trial.add({ id: 'same', at, text: meals[0] });
  const answers = trial.end() as Answer[];
  expect(answers).toHaveLength(4);
  expect(new Set(answers.map(({ concern }) => concern)).size).toBe(1);
});

test.each([
  [{ at: 1, text: 'x' }, /id/],
  [{ id: 1, at: 'yesterday', text: 'x' }, /at/],
  [{ id: 1, at: 1 }, /text/],
])('what is no post is refused by name: %j', (input, named) => {
  expect(() => {
    begin().add(input);
  }).toThrow(named);
});

test('without posts there are no answers', () => {
  expect(begin().end()).toEqual([]);
});

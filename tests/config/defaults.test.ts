import { expect, test } from 'vitest';
import { divisions, sentimentWords, watches } from '../../config/defaults.ts';

test('a word is either of praise or of blame', () => {
  const positive = new Set(sentimentWords.positive);
  expect(sentimentWords.negative.filter((word) => positive.has(word))).toEqual([]);
});

test.each([
  ['negative words', sentimentWords.negative],
  ['positive words', sentimentWords.positive],
  ['negators', sentimentWords.negators],
  ['watches', watches.map(({ key }) => key)],
  ['divisions', divisions.map(({ code }) => code)],
])('no %s stand twice', (_, list) => {
  expect(list.filter((item, at) => list.indexOf(item) !== at)).toEqual([]);
});

test('all 34 provincial divisions are there, none under the name of another', () => {
  expect(divisions).toHaveLength(34);
  const names = divisions.flatMap((division) => division.names);
  expect(new Set(names).size).toBe(names.length);
});

import { expect, test } from 'vitest';
import { sentimentWords, watches } from '../../config/defaults.ts';

test('a word is either of praise or of blame', () => {
  const positive = new Set(sentimentWords.positive);
  expect(sentimentWords.negative.filter((word) => positive.has(word))).toEqual([]);
});

test.each([
  ['negative words', sentimentWords.negative],
  ['positive words', sentimentWords.positive],
  ['negators', sentimentWords.negators],
  ['watches', watches.map(({ key }) => key)],
])('no %s stand twice', (_, list) => {
  expect(list.filter((item, at) => list.indexOf(item) !== at)).toEqual([]);
});

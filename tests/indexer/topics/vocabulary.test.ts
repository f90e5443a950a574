import { expect, test } from 'vitest';
import { featureOf, featuresOf, fingerprint } from '../../../indexer/topics/features.ts';
import { Vocabulary } from '../../../indexer/topics/vocabulary.ts';

test('from the first post on the words that everybody uses say little', () => {
  const vocabulary = new Vocabulary();
  for (const common of ['没有', '一个', '可以']) expect(vocabulary.rarity(featureOf(common))).toBeLessThan(4);
  expect(vocabulary.rarity(featureOf('校园餐'))).toBeGreaterThan(5);
});

test('what an office speaks of all the time soon says little there', () => {
  const vocabulary = new Vocabulary();
  const before = vocabulary.rarity(featureOf('检察院'));
  for (let n = 0; n < 300; n += 1) vocabulary.learn(featuresOf(['检察院', `only${n}`]));
  expect(vocabulary.rarity(featureOf('检察院'))).toBeLessThan(before - 2);
  expect(vocabulary.rarity(featureOf('检察院'))).toBeLessThan(vocabulary.rarity(featureOf('only7')) / 3);
});

test('what was common long ago is so no more after many other texts', () => {
  const vocabulary = new Vocabulary();
  for (let n = 0; n < 3_000; n += 1) vocabulary.learn(featuresOf(['oncesaid']));
  const then = vocabulary.rarity(featureOf('oncesaid'));
  for (let n = 0; n < 150_000; n += 1) vocabulary.learn(featuresOf([`later${n % 500}`]));
  expect(vocabulary.rarity(featureOf('oncesaid'))).toBeGreaterThan(then + 2);
});

test('read back it is the same, whether little or much of it was learnt here', () => {
  for (const texts of [10, 12_000]) {
    const vocabulary = new Vocabulary();
    for (let n = 0; n < texts; n += 1)
      vocabulary.learn(featuresOf(Array.from({ length: 40 }, (_, k) => `word${n}of${k}`)));
    const { saved } = vocabulary;
    expect(saved.cells === null).toBe(texts > 10);
    const again = new Vocabulary(structuredClone(saved));
    for (const word of ['没有', 'word3of7', 'never'])
      expect(again.rarity(featureOf(word))).toBe(vocabulary.rarity(featureOf(word)));
  }
});

test('a text is told by words and by pairs of characters that stand side by side in a clause', () => {
  const features = (words: string[]) => [...featuresOf(words)];
  expect(features(['食堂', '变质'])).toEqual(expect.arrayContaining([featureOf('食堂'), featureOf('变质')]));
  // Two words, and the pair across them; across the end of a clause there is none.
  expect(features(['食堂', '变质'])).toHaveLength(3);
  expect(features(['食堂', '', '变质'])).toHaveLength(2);
  // One character is no word, but part of pairs; letters are read as whole words only.
  expect(features(['水', '臭'])).toHaveLength(1);
  expect(features(['cctv', '台'])).toHaveLength(1);
});

test('texts of the same words have the same fingerprint, in whatever order, and others have not', () => {
  const print = (words: string[]) => fingerprint(featuresOf(words));
  expect(print(['a1', '', 'b2', ''])).toBe(print(['b2', '', 'a1']));
  const prints = Array.from({ length: 5_000 }, (_, n) => print([`text${n}`, 'same']));
  expect(new Set(prints).size).toBe(5_000);
});

test('of a very long text its beginning is read, and the features that say most', () => {
  const vocabulary = new Vocabulary();
  const long = Array.from({ length: 3_000 }, (_, n) => `word${n}`);
  const vector = vocabulary.vector(featuresOf(long));
  expect(vector.keys.length).toBe(64);
  expect([...vector.keys]).not.toContain(featureOf('word2000'));
  const length = vector.weights.reduce((sum, weight) => sum + weight ** 2, 0);
  expect(length).toBeLessThanOrEqual(1);
});

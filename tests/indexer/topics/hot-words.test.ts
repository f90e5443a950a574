import { expect, test } from 'vitest';
import { hotTerms, hotWords } from '../../../indexer/topics/hot-words.ts';
import { Vocabulary } from '../../../indexer/topics/vocabulary.ts';
import { topicWords } from '../../../indexer/topics/words.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';

const vocabulary = new Vocabulary();
const termsOf = (text: string) => hotTerms(topicWords(null, text, shippedSegmenter()), vocabulary);

test('a post counts for its words and for pairs of them that stand side by side, each once', () => {
  const terms = termsOf('校园餐招标结果公布，校园餐招标结果在哪里看？');
  expect(terms).toContain('招标');
  expect(terms).toContain('招标结果');
  expect(new Set(terms).size).toBe(terms.length);
});

test('no stop words, numbers, single characters or emoticons, and no pair across the end of a clause', () => {
  const terms = termsOf('我们的食堂，2026年12个人都在[泪]等检查。');
  for (const term of ['2026', '12', '[泪]', '的', '年']) expect(terms).not.toContain(term);
  expect(terms.every((term) => [...term].length >= 2)).toBe(true);
  expect(terms).not.toContain('食堂检查');
});

test('nobody is named', () => {
  expect(termsOf('王建国和欧阳志远在云州检察院听证').join(' ')).not.toMatch(/建国|欧阳|志远/u);
});

test('a long article counts for no more terms than a short post', () => {
  const long = Array.from({ length: 60 }, (_, n) => `第${n}段说明公益诉讼食品安全整改监督情况`).join('。');
  expect(termsOf(long).length).toBeLessThanOrEqual(24);
});

const counts = (record: Record<string, number>) => new Map(Object.entries(record));

test('what is said more than usual comes first, however common it is', () => {
  const now = counts({ 检察院: 100, 招标: 30, 听证: 6, 新词: 2 });
  const before = counts({ 检察院: 700, 招标: 35, 听证: 42 });
  const found = hotWords(now, before, 7, 10);
  expect(found.map(({ word }) => word)).toEqual(['招标']);
  expect(found[0]).toMatchObject({ posts: 30, usual: 5, change: 6 });
});

test('what was never there before has no multiple', () => {
  expect(hotWords(counts({ 轻伤案: 9 }), counts({}), 7, 10)[0]).toMatchObject({ usual: 0, change: null });
});

test('a busy day is no news of every word', () => {
  const now = counts({ 检察院: 200, 法院: 100, 招标: 90 });
  const before = counts({ 检察院: 700, 法院: 350, 招标: 35 });
  expect(hotWords(now, before, 7, 10, { now: 400, before: 1400 }).map(({ word }) => word)).toEqual(['招标']);
});

test('a phrase stands for its words where they hardly stand without it', () => {
  const now = counts({ 校园餐: 30, 校园餐招标: 26, 招标: 28, 食堂: 30, 食堂整改: 8 });
  const words = hotWords(now, counts({}), 7, 10).map(({ word }) => word);
  expect(words).toContain('校园餐招标');
  expect(words).not.toContain('校园餐');
  expect(words).not.toContain('招标');
  expect(words).toContain('食堂');
});

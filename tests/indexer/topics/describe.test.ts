import { expect, test } from 'vitest';
import { describe } from '../../../indexer/topics/describe.ts';
import { Vocabulary } from '../../../indexer/topics/vocabulary.ts';
import { shippedSegmenter } from '../../../indexer/text/segmenter.ts';

const vocabulary = new Vocabulary();
const said = (texts: readonly string[]) =>
  describe(
    texts.map((text, n) => ({ id: n + 1, title: null, text })),
    { vocabulary },
    shippedSegmenter(),
  );

const MEALS = [
  '云州校园餐招标结果出来了，家长想知道评分办法。',
  '听说云州校园餐招标又推迟，孩子们还在吃冷饭。',
  '云州校园餐招标，请把结果公布出来。',
  '今天家长会上都在问云州校园餐招标的事，没人回答。',
];

test('a concern is called by what its posts have in common, whole words of theirs', () => {
  const { label } = said(MEALS);
  expect(label).toBe('云州校园餐招标');
});

test('a tag is what people call it themselves', () => {
  const tagged = MEALS.map((text, n) => (n < 3 ? `#校园餐招标谁来管#${text}` : text));
  expect(said(tagged).label).toBe('校园餐招标谁来管');
});

test('Latin letters stand as the posts write them', () => {
  const { label } = said(['云州CCTV采访检察官', '看了云州CCTV采访检察官', '云州CCTV采访检察官很好']);
  expect(label).toContain('CCTV');
});

test('its sentences stand in its posts, each with the post that it is from, and do not repeat one another', () => {
  const { sentences } = said([...MEALS, MEALS[0]!]);
  expect(sentences.length).toBe(3);
  for (const { postId, text } of sentences) expect([...MEALS, MEALS[0]!][postId - 1]).toContain(text);
  expect(new Set(sentences.map(({ text }) => text)).size).toBe(3);
});

test('its words are those of many of its posts, the first with weight 1', () => {
  const { words } = said(MEALS);
  expect(words.map(({ word }) => word)).toContain('招标');
  expect(words[0]!.weight).toBe(1);
  for (const { weight } of words) expect(weight).toBeLessThanOrEqual(1);
});

test('neither label nor words name a person, also one that is masked, and no sentence shows a mask', () => {
  const { label, words, sentences } = said([
    '王建国轻伤案为何不起诉？请联系[手机号]。',
    '王建国轻伤案为何不起诉，要说法。',
    '张某某打人，王建国轻伤案为何不起诉！',
    '张某某打人之后，家属要说法。',
  ]);
  const shown = [label, ...words.map(({ word }) => word)].join(' ');
  expect(shown).not.toMatch(/王建国|建国|某/u);
  expect(label).not.toBeNull();
  expect(sentences.map(({ text }) => text).join(' ')).not.toMatch(/\[|手机号|王建国/u);
});

test('posts that have nothing in common are called by the sentence that is nearest to all', () => {
  const { label } = said([
    '路灯坏了三个月没人修。',
    '公交改道后老人下车要走很远，站牌也看不清楚，问了几次都说快了。',
  ]);
  expect(label).not.toBeNull();
  expect(label!.length).toBeLessThanOrEqual(18);
});

test('without posts there is nothing to say', () => {
  expect(said([])).toEqual({ label: null, sentences: [], words: [] });
});

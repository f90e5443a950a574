import type { Step } from './types.ts';

const segmenter = new Intl.Segmenter('zh-CN', { granularity: 'word' });

/** The analysis of a long article needs its beginning only; segmentation is the slowest step. In UTF-16 units. */
const ANALYSED = 4_000;

/** `[怒]`: one word, which the segmenter would cut into a bracket, a character and a bracket. */
const EMOTICON = /(\[[^[\]\s]{1,8}\])/u;
const CLAUSE_END = /[，。！？；：,.!?;:…\n]/u;

/** Cuts title and text into words. */
export const segment: Step = (post) => {
  const text = post.analysed.slice(0, ANALYSED).toWellFormed();
  const words: string[] = [];
  text.split(EMOTICON).forEach((piece, at) => {
    // The pieces at odd places are what the pattern caught.
    if (at % 2 === 1) words.push(piece);
    else cut(piece, words);
  });
  return { ...post, words };
};

function cut(text: string, words: string[]): void {
  for (const part of segmenter.segment(text)) {
    if (part.isWordLike) words.push(part.segment);
    else if (words.length > 0 && words.at(-1) !== '' && CLAUSE_END.test(part.segment)) words.push('');
  }
}

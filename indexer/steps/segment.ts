import type { Step } from './types.ts';

const segmenter = new Intl.Segmenter('zh-CN', { granularity: 'word' });

/** The analysis of a long article needs its beginning only; segmentation is the slowest step. In UTF-16 units. */
const ANALYSED = 4_000;

/** Cuts title and text into words. */
export const segment: Step = (post) => {
  const words: string[] = [];
  for (const part of segmenter.segment(
    `${post.title ?? ''}\n${post.text}`.slice(0, ANALYSED).toWellFormed(),
  )) {
    if (part.isWordLike) words.push(part.segment);
  }
  return { ...post, words };
};

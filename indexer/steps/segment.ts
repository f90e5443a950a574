import { wordsOf } from '../text/words.ts';
import { MASKS } from './redact.ts';
import type { Step } from './types.ts';

/** The analysis of a long article needs its beginning only; segmentation is among the slowest steps. In UTF-16 units. */
const SEGMENTED = 4_000;

const masks: ReadonlySet<string> = new Set(Object.values(MASKS));

/** Cuts title and text into words. */
export const segment: Step = (post, { knowledge }) => ({
  ...post,
  words: wordsOf(knowledge.segmenter.cut(post.analysed.slice(0, SEGMENTED)), masks),
});

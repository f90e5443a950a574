import { messages } from '../messages.ts';
import { MASKS } from '../redaction/types.ts';
import { fold } from '../text/fold.ts';
import type { Segmenter } from '../text/segmenter.ts';
import { wordsOf } from '../text/words.ts';
import type { Step } from './types.ts';

/** The analysis of a long article needs its beginning only; segmentation is among the slowest steps. In UTF-16 units. */
const SEGMENTED = 4_000;

/** What stands for something else, as later steps read it. */
export const masks: ReadonlySet<string> = new Set([...Object.values(MASKS), messages.lostNumber].map(fold));

/** Cuts title and text into words. */
export const segment: Step = (post, { knowledge }) => ({
  ...post,
  words: cutWords(post.analysed, knowledge.segmenter),
});

/** The words of a text as `analysed` of simplify.ts makes it. */
export function cutWords(text: string, segmenter: Segmenter): string[] {
  return wordsOf(segmenter.cut(text.slice(0, SEGMENTED)), masks);
}

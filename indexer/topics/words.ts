import { cutWords } from '../steps/segment.ts';
import { analysed } from '../steps/simplify.ts';
import type { Segmenter } from '../text/segmenter.ts';

/**
 * The words by which a stored post is grouped: of title and text after redaction, as the steps read them. An empty word
 * where a clause ends.
 */
export function topicWords(title: string | null, text: string, segmenter: Segmenter): string[] {
  return cutWords(analysed(title, text), segmenter);
}

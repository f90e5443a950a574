import { releaseWords } from '../../../config/release-words.ts';
import { lookFor } from './find-words.ts';
import { messages } from './messages.ts';
import type { Check } from './types.ts';

/** Misspellings and words that are taken for others. */
export const wrongWords: Check = {
  key: 'wrong-words',
  run: lookFor(releaseWords.wrong, messages.wrongWord),
};

import { releaseWords } from '../../../config/release-words.ts';
import { lookFor } from './find-words.ts';
import { messages } from './messages.ts';
import type { Check } from './types.ts';

/** Words that hurt, prejudge or name a place wrongly. */
export const sensitiveWords: Check = {
  key: 'sensitive-words',
  run: lookFor(releaseWords.sensitive, messages.sensitiveWord),
};

import { releaseWords } from '../../../config/release-words.ts';
import { lookFor } from './find-words.ts';
import { messages } from './messages.ts';
import type { Check } from './types.ts';

/** Superlatives of advertising (广告法, article 9), selling, and asking for likes (国办秘函〔2019〕19号). */
export const advertising: Check = {
  key: 'advertising',
  run: lookFor(releaseWords.advertising, messages.advertisingWord),
};

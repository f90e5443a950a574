import { releaseWords } from '../../../config/release-words.ts';
import { lookFor } from './find-words.ts';
import { messages } from './messages.ts';
import type { Check } from './types.ts';

/** Marks of papers that were not meant to leave the office. */
export const secrecyMarks: Check = {
  key: 'secrecy-marks',
  run: lookFor(releaseWords.secrecyMarks, messages.secrecyMark),
};

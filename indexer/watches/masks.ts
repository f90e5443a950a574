import { MASKS } from '../redaction/types.ts';
import { fold } from '../text/fold.ts';

/** What redaction puts in the place of something, as it stands in an analysed text. */
const masks: readonly string[] = [...new Set(Object.values(MASKS).map(fold))];
const LONGEST = Math.max(...masks.map((mask) => mask.length));

/** Whether a piece could be found in a mask, which nobody has written. */
export function isInMask(piece: string): boolean {
  return masks.some((mask) => mask.includes(piece));
}

/** Whether the place [start, end) lies within a mask. */
export function standsInMask(text: string, start: number, end: number): boolean {
  const open = text.lastIndexOf('[', start);
  if (open < 0 || end - open > LONGEST) return false;
  return masks.some((mask) => open + mask.length >= end && text.startsWith(mask, open));
}

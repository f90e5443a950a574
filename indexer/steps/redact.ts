import { applyMasks, type Replacement } from '../redaction/types.ts';
import { personalData } from '../redaction/find.ts';
import { isAboutMinor } from '../redaction/minors.ts';
import type { Step } from './types.ts';

export { personalData } from '../redaction/find.ts';
export { applyMasks, MASKS, type RedactionType, type Replacement } from '../redaction/types.ts';

/**
 * Masks what points at a private person, in title and text, and counts it by kind. A post whose subject is a minor is
 * withheld: it may only be counted.
 */
export const redact: Step = (post, { now }) => {
  const { title } = post;
  // Title and text together: who is named in the one is the same in the other. No kind of data reaches over a line break.
  const whole = title === null ? post.text : `${title}\n${post.text}`;
  const withheld = post.withheld ?? (isAboutMinor(whole, now) ? 'minor' : null);
  const found = personalData(whole);
  if (found.length === 0)
    return withheld === post.withheld ? { ...post, redactions: {} } : { ...post, withheld, redactions: {} };
  const redactions: Record<string, number> = {};
  for (const { type } of found) redactions[type] = (redactions[type] ?? 0) + 1;
  if (title === null) return { ...post, text: applyMasks(whole, found), withheld, redactions };
  const split = found.findIndex(({ start }) => start > title.length);
  const inTitle = split < 0 ? found : found.slice(0, split);
  const inText = split < 0 ? [] : found.slice(split).map((place) => shifted(place, title.length + 1));
  return {
    ...post,
    title: applyMasks(title, inTitle),
    text: applyMasks(post.text, inText),
    withheld,
    redactions,
  };
};

function shifted(place: Replacement, by: number): Replacement {
  return { ...place, start: place.start - by, end: place.end - by };
}

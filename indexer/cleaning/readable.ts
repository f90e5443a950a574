import { tidy } from './characters.ts';
import * as damage from './damage.ts';
import { foldInPlace } from '../text/fold.ts';
import { withoutEmptyLinks, withoutFurniture } from './furniture.ts';
import { decodeReferences, stripTags } from './markup.ts';
import { withoutChain } from './reposts.ts';
import { INJECTED_AT, LOST_AT, signsIn } from './signs.ts';

/** One cut may leave work for another; no honest text needs more than three rounds, and none gets more than these. */
const ROUNDS = 8;

/** The words that somebody wrote, as a person would read them: at most `max` UTF-16 units. Linear in the length. */
export function readable(text: string, max: number): string {
  let clean = tidy(text, max);
  for (let round = 0; round < ROUNDS; round += 1) {
    const next = once(clean);
    if (next === clean) break;
    clean = tidy(next, max);
  }
  return clean;
}

/** References and tags first: they hide everything else. */
function once(text: string): string {
  let clean = damage.withMisreadMended(stripTags(decodeReferences(text)));
  clean = withoutEmptyLinks(withoutChain(damage.withoutReadings(clean)));
  clean = damage.withDatesParted(clean);
  const signs = signsIn(foldInPlace(clean));
  if (signs === null) return clean;
  const [injected, lost] = [signs[INJECTED_AT], signs[LOST_AT]];
  clean = withoutFurniture(clean, signs);
  if (injected) clean = damage.withoutInjected(clean);
  return lost ? damage.withLostNumbersMarked(clean) : clean;
}

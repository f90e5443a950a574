import { plain } from '../people/lexicon.ts';
import { handlesIn } from './handles.ts';
import { maskNames } from './masking.ts';
import { namesIn } from './names.ts';
import { numbersIn } from './numbers.ts';
import { placesIn } from './places.ts';
import { MASKS, type Replacement } from './types.ts';

/** No sign of any number, name or word: what stands where something was found already. */
const BLANK = '[';
/** Rounds after which nothing new was ever found; a bound, not a rule. */
const MOST_ROUNDS = 8;

/** Where personal data stands in the text: offsets in UTF-16 units, in order, never overlapping. */
export function personalData(text: string): Replacement[] {
  let rest = plain(text);
  // What was masked before tells of names as what is masked now does.
  const before = masksIn(rest);
  if (before.length > 0) rest = blanked(rest, before);
  let found: Replacement[] = [];
  // What is masked parts what stood together (letters and the card number after them): until nothing more is found.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const fresh = join(join(numbersIn(rest), handlesIn(rest)), placesIn(rest));
    if (fresh.length === 0) break;
    found = join(found, fresh);
    rest = blanked(rest, fresh);
  }
  const names = namesIn(rest, before.length === 0 ? found : join(before, found)).filter(
    ({ start, end }) => end > start,
  );
  return names.length === 0 ? found : join(found, maskNames(text, names));
}

const MASKED = new RegExp(
  Object.values(MASKS)
    .map((mask) => mask.replace(/[[\]]/gu, '\\$&'))
    .join('|'),
  'gu',
);

/** Masks that stand in the text already. */
function masksIn(text: string): Replacement[] {
  if (!text.includes(BLANK)) return [];
  return [...text.matchAll(MASKED)].map(({ index, 0: mask }) => {
    return { start: index, end: index + mask.length, type: 'name' };
  });
}

/** Both lists in order; of two that overlap the earlier stays, grown to the end of both. */
function join(first: readonly Replacement[], second: readonly Replacement[]): Replacement[] {
  if (second.length === 0) return [...first];
  if (first.length === 0 && second.length === 1) return [...second];
  const all = [
    ...first.map((place) => ({ place, rank: 0 })),
    ...second.map((place) => ({ place, rank: 1 })),
  ].sort((a, b) => a.place.start - b.place.start || a.rank - b.rank);
  const joined: Replacement[] = [];
  for (const { place } of all) {
    const last = joined.at(-1);
    if (!last || place.start >= last.end) joined.push({ ...place });
    else last.end = Math.max(last.end, place.end);
  }
  return joined;
}

function blanked(text: string, places: readonly Replacement[]): string {
  let result = '';
  let done = 0;
  for (const { start, end } of places) {
    result += text.slice(done, start) + BLANK.repeat(end - start);
    done = end;
  }
  return result + text.slice(done);
}

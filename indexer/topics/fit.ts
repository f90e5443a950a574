import { stopWords } from '../../config/search-words.ts';
import { holdsMaskedName, isPersonName } from '../people/names.ts';
import { personalData } from '../redaction/find.ts';
import { MASKS } from '../redaction/types.ts';

const stops: ReadonlySet<string> = new Set(stopWords);
const masks = Object.values(MASKS);
/** Words of a name: surname, and given names that no dictionary has. */
const NAME = 3;

/** Of one character, or in nearly every text: such a word tells nothing by itself. */
export function isWeak(word: string): boolean {
  return word.length < 2 || stops.has(word) || word.startsWith('[') || !/\p{L}/u.test(word);
}

/** In nearly every text, or what takes the place of words. */
export const isStop = (word: string): boolean => stops.has(word) || word.startsWith('[');

/** Whether words stand for themselves on a page: they name no private person, also none that is masked. */
export function namesNobody(text: string, words: readonly string[]): boolean {
  if (hasMask(text) || holdsMaskedName(text) || personalData(text).length > 0) return false;
  for (let from = 0; from < words.length; from += 1)
    for (let to = from + 1; to <= Math.min(words.length, from + NAME); to += 1)
      if (isPersonName(words.slice(from, to).join(''))) return false;
  return true;
}

/** The words with an empty one in the place of each that is of a person's name. */
export function withoutNames(words: readonly string[]): string[] {
  const left = [...words];
  for (let from = 0; from < words.length; from += 1)
    for (let to = from + 1; to <= Math.min(words.length, from + NAME); to += 1)
      if (isName(words.slice(from, to).join(''))) left.fill('', from, to);
  return left;
}

/** The longest that is looked at: a surname of two characters and a given name, or a foreign name. */
const LONGEST = 8;
const isName = (text: string): boolean =>
  text.length > 1 && text.length <= LONGEST && (holdsMaskedName(text) || isPersonName(text));

export const hasMask = (text: string): boolean => masks.some((mask) => text.includes(mask));

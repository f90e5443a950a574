import { cleaning } from '../../config/cleaning.ts';
import { Automaton } from '../text/automaton.ts';

const { lines, inside, injected, lost } = cleaning;
const wordsOf = [...lines, ...inside].map(({ needs }) => needs);

/** Where the signs of each kind stand. */
export const INSIDE_FROM = lines.length;
export const INJECTED_AT = wordsOf.push(injected.brands) - 1;
export const LOST_AT = wordsOf.push(lost.needs) - 1;

const words = wordsOf.flatMap((ofOne, at) => ofOne.map((word) => ({ word, at })));

let automaton: Automaton | null = null;
const seen = new Uint8Array(wordsOf.length);
let any = false;
const see = (word: number) => {
  seen[(words[word] as { at: number }).at] = 1;
  any = true;
};

/**
 * What of `cleaning` a text may need, told in one walk over its folded form: a mark for each rule for lines, then for each
 * inside of lines, then for injected names and for lost numbers. Null: nothing, as with most texts. The marks hold until
 * the next call.
 */
export function signsIn(folded: string): Uint8Array | null {
  automaton ??= new Automaton(words.map(({ word }) => word));
  seen.fill(0);
  any = false;
  automaton.scan(folded, see);
  return any ? seen : null;
}

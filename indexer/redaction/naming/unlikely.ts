import {
  GIVEN,
  isKnownAsOther,
  isNeverBehindRoles,
  isNeverName,
  isNoGivenName,
  kinds,
  RARE,
  surnameAt,
} from '../../people/lexicon.ts';
import { PEOPLE } from '../evidence.ts';
import { cutsElement, DOTTED, FOREIGN_RUN, LONG, SHORT, TWO_FAMILIES } from './candidates.ts';
import type { Cut } from './cut.ts';
import { KIND_OF_INSTITUTION, KIND_OF_PLACE } from './tables.ts';

const NUMERALS: ReadonlySet<string> = new Set('一二三四五六七八九十百千万两');
const COUNTED: ReadonlySet<string> = new Set('年月日天人名个元次岁周楼层米里号条户份件起余多万亿');
/** Places that cost more are no better known than people of the same name. */
const FREQUENT_PLACE = 13;
const MORE: ReadonlySet<string> = new Set('人个名');
/** What ends no name of three characters or four, but places and institutions. */
const ENDS_NO_NAME: ReadonlySet<string> = new Set('镇村县乡市省街州费书局厅');
/** Two characters of which this is the last are a town: "柳州". */
const OF_PLACES = '州';
const JOINS: ReadonlySet<string> = new Set('和与及跟');
const ADDRESSED: ReadonlySet<string> = new Set('姐哥嫂叔伯婶总');

/**
 * Whether words of the language, a place, a number or a form of address stand where a Chinese name might, whatever stands
 * around them: what is frequent and never a name need not be weighed.
 * @param at where the stretch begins in the text; the candidate begins at `start` of the stretch
 * @param told what stands before it (`Evidence.before`)
 */
export function isNoName(
  text: string,
  at: number,
  cut: Cut,
  [start, end]: readonly [number, number],
  shape: number,
  told: number,
): boolean {
  // The last part goes on: "买买提" is one, "买买" is none.
  if (shape === DOTTED) return cutsElement(text, at + end);
  if (shape === FOREIGN_RUN) {
    for (let each = at + start; each < at + end; each += 1) if (NUMERALS.has(text[each]!)) return true;
    return isKnownAsOther(text, at + start);
  }
  if (shape !== SHORT && shape !== LONG && shape !== TWO_FAMILIES) return false;
  const [from, to] = [at + start, at + end];
  const [first, final, next] = [text[from + 1]!, text[to - 1]!, text[to] ?? ''];
  if (shape !== SHORT && ENDS_NO_NAME.has(final)) return true;
  if (shape === TWO_FAMILIES) {
    if (isNoGivenName(text, from + 2)) return true;
    // Where the same begins of the name stand alone too, that is the name: "张强望风".
    const short = text.slice(from, from + 2);
    return text.indexOf(short, to) >= 0 || text.indexOf(short) < from;
  }
  if (isKnownAsOther(text, from)) return true;
  if (NUMERALS.has(first)) {
    if (shape === SHORT && COUNTED.has(next)) return true;
    if (shape === LONG && COUNTED.has(final)) return true;
    if (shape === LONG && NUMERALS.has(final) && (COUNTED.has(next) || MORE.has(next))) return true;
  }
  if (shape === LONG) {
    // "袁军和于文静": two names, and what joins them.
    if (JOINS.has(final) && surnameAt(text, to) > 0) return true;
    if (isNoGivenName(text, from + 1)) return true;
  } else if (ADDRESSED.has(first)) return true;
  else if (isNeverName(text, from) && (told < PEOPLE || isNeverBehindRoles(text, from))) return true;
  if (told >= PEOPLE) return false;
  if (final === OF_PLACES) return true;
  const cost = cut.word(start, end - start);
  const kind = cost === 0 || cost > FREQUENT_PLACE ? 0 : cut.kind(start, end - start);
  if (kind === KIND_OF_PLACE || kind === KIND_OF_INSTITUTION) return true;
  const [surname, given] = [kinds[text.charCodeAt(from)]!, kinds[text.charCodeAt(from + 1)]!];
  return shape === SHORT && (surname & RARE) !== 0 && (given & GIVEN) === 0;
}

import { caseWords, nameData } from '../../config/names.ts';
import {
  FOLLOWS,
  GIVEN,
  GIVEN_FIRST,
  HAN,
  isCommonWord,
  isFrequent,
  isKnownAsOther,
  isNeverBehindRoles,
  isNoGivenName,
  isRareWord,
  isWord,
  kinds,
  NEVER,
  plain,
  RARE,
  SURNAME,
  surnameAt,
} from '../people/lexicon.ts';
import {
  BY_CASE,
  BY_CHARACTER,
  BY_IDENTITY,
  BY_OFFICE,
  BY_WORD,
  CLEAN,
  type Evidence,
  INSIDE,
  OFFICIAL,
  PEOPLE,
  STRONG,
  WEAK,
} from './evidence.ts';

/**
 * From here on a place is taken for a name. The parts below are rough log-odds, in steps that were chosen on the sentences
 * for tuning; what they add up to is not a probability.
 */
const ENOUGH = 3;
/** The same where nothing before it speaks of a person. */
const ENOUGH_ALONE = 3.5;
const LEFT: Readonly<Record<number, number>> = { [CLEAN]: 1.5, [WEAK]: 2.5, [PEOPLE]: 4, [STRONG]: 5 };
const CLAUSE_BEGINS = 2;
const BEHIND_PERSON = 2.5;
const RIGHT: Readonly<Record<number, number>> = {
  [BY_CHARACTER]: 1,
  [BY_WORD]: 2,
  [BY_CASE]: 3,
  [BY_IDENTITY]: 5,
};
const NOTHING_FOLLOWS = -3;
const LIST_CLOSES = 2;
const AGAIN = 2;

/** The last character of words for persons ("柜员", "供应商", "室友"), and characters behind which a subject or an object begins. */
const PERSON_ENDS = setOf(caseWords.personEnds);
const OPENS = setOf(caseWords.opensInCase);
const MASKED = '某'.charCodeAt(0);
/** "、乙、丙三人", "、乙等人", "(均另案处理)": what goes before is a list of persons. */
const LIST =
  /(?:[、和与及][\u3400-\u9fff]{2,4}){0,8}(?:等(?:\d+|[二两三四五六七八九十]+)?[人名]|[二两三四五六七八九十]人|两?兄弟|\(均|,均已|均已)/uy;
const NUMERALS = setOf('一二三四五六七八九十百千万亿余多几两元');
/** Rough log-odds of a surname of one character: common ones, and those with which no word begins. */
const COMMON_SURNAMES = 120;
const ofSurname = makeOfSurname();
const BREAKS_OFF = setOf(caseWords.breaksOff);
const ENDS_NO_NAME = setOf(caseWords.endsNoName);
const PREPOSITIONS = setOf(caseWords.prepositions + caseWords.prepositionsToo);
const MOSTLY_PREPOSITIONS = setOf(caseWords.prepositions);

/**
 * Where a name ends that begins at `at` in a text that is plainly about a case, -1 if none does: there also a run of
 * characters that only looks like a name, where a subject or an object may stand, is one. What stands before, what
 * follows, how surnames and given names are made, and the words of the language are weighed against each other.
 * @param surname units of the surname
 * @param told what stands before (`Evidence.before`)
 */
export function caseNameEnd(
  text: string,
  at: number,
  surname: number,
  told: number,
  evidence: Evidence,
): number {
  if (told === OFFICIAL || evidence.isTitle(at + surname) || isKnownAsOther(text, at)) return -1;
  const left = leftOf(text, at, told);
  if (left < -5) return -1;
  let [best, end] = [told >= PEOPLE ? ENOUGH : ENOUGH_ALONE, -1];
  for (let given = 1; given <= 2; given += 1) {
    const to = at + surname + given;
    const unit = text.charCodeAt(to - 1);
    if ((kinds[unit]! & HAN) === 0 || (kinds[unit]! & NEVER) !== 0 || unit === MASKED) break;
    const right = rightOf(text, to, evidence);
    if (right === Number.NEGATIVE_INFINITY) {
      if (given === 2) end = -1;
      continue;
    }
    const like = likeness(text, at, surname, given, told >= PEOPLE);
    // A name beyond doubt ends also where no word is known to begin.
    const open = right === NOTHING_FOLLOWS && given === 2 && like >= 2.5 ? 1.5 : 0;
    let odds = left + right + like + open;
    if (odds < best && odds + AGAIN >= best && standsAgain(text, at, to)) odds += AGAIN;
    if (odds >= best) [best, end] = [odds, to];
  }
  return end;
}

/** "陈林秀英": the husband's surname before the own, and two characters. @returns the end, or -1 */
export function ofTwoFamilies(text: string, at: number, evidence: Evidence): number {
  const [own, one, two] = [1, 2, 3].map((more) => kinds[text.charCodeAt(at + more)] ?? 0);
  if ((own! & SURNAME) === 0 || (own! & RARE) !== 0 || (one! & two! & GIVEN) === 0) return -1;
  if (evidence.after(at + 3) >= BY_CHARACTER || isFrequent(text, at) || isFrequent(text, at + 2)) return -1;
  return evidence.after(at + 4) >= BY_CHARACTER ? at + 4 : -1;
}

function leftOf(text: string, at: number, told: number): number {
  if (told >= WEAK) return LEFT[told]!;
  const left = leftOfUntold(text, at, told);
  // "检察机关向…": where somebody acts already, it is the preposition.
  const acts = at > 0 && (kinds[text.charCodeAt(at - 1)]! & HAN) !== 0;
  return acts && PREPOSITIONS.has(text.charCodeAt(at)) ? left - 1 : left;
}

function leftOfUntold(text: string, at: number, told: number): number {
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  if ((kinds[before]! & HAN) === 0) return CLAUSE_BEGINS;
  if (PERSON_ENDS.has(before) && !isFrequent(text, at - 1)) return BEHIND_PERSON;
  if (told !== INSIDE) return LEFT[CLEAN]!;
  if (isFrequent(text, at - 1)) return -9;
  if (OPENS.has(before)) return LEFT[CLEAN]!;
  return (kinds[before]! & FOLLOWS) !== 0 ? 1 : -1.5;
}

function rightOf(text: string, to: number, evidence: Evidence): number {
  const after = evidence.after(to);
  if (after === BY_OFFICE || after < 0) return Number.NEGATIVE_INFINITY;
  LIST.lastIndex = to;
  return (RIGHT[after] ?? NOTHING_FOLLOWS) + (LIST.test(text) ? LIST_CLOSES : 0);
}

/** How much the characters are a name rather than words. */
function likeness(text: string, at: number, surname: number, given: number, told: boolean): number {
  const doubt = told ? 0 : 1.5;
  const first = at + surname;
  const one = kinds[text.charCodeAt(first)]!;
  let odds = surname === 2 ? 2.5 : ofSurname[text.charCodeAt(at)]!;
  if (surname === 1 && PREPOSITIONS.has(text.charCodeAt(at)))
    odds -=
      asPreposition(text, first, given, doubt) + (MOSTLY_PREPOSITIONS.has(text.charCodeAt(at)) ? doubt : 0);
  if (!told && NUMERALS.has(text.charCodeAt(first))) odds -= 1;
  if (BREAKS_OFF.has(text.charCodeAt(first))) odds -= 3;
  if (given === 1) {
    if (NUMERALS.has(text.charCodeAt(first)) && NUMERALS.has(text.charCodeAt(first + 1))) return -9;
    odds += (one & GIVEN) !== 0 ? 0.5 : -2;
    if (surname === 1) {
      if (isFrequent(text, at)) odds -= 2.5 + 2 * doubt;
      else if (isWord(text, at, 2) || isRareWord(text, at)) odds -= 2 + 1.5 * doubt;
      if (isNeverBehindRoles(text, at)) odds -= 4;
    }
    if (isFrequent(text, first)) odds -= 2;
    return odds;
  }
  if (NUMERALS.has(text.charCodeAt(first + 1)) && NUMERALS.has(text.charCodeAt(first + 2))) return -9;
  const two = kinds[text.charCodeAt(first + 1)]!;
  odds += (one & (GIVEN | GIVEN_FIRST)) !== 0 ? 1 : -1;
  odds += (two & GIVEN) !== 0 ? 1 : -1 - doubt / 2;
  if (NUMERALS.has(text.charCodeAt(first)) && NUMERALS.has(text.charCodeAt(first + 1))) odds -= 4;
  if (isNoGivenName(text, first)) odds -= 4;
  else if (isFrequent(text, first)) odds -= told ? 1 : 2;
  if (ENDS_NO_NAME.has(text.charCodeAt(first + 1))) odds -= 3;
  if (surname === 1) {
    if (isNeverBehindRoles(text, at)) odds -= (one & two & GIVEN) !== 0 ? 3.5 : 6;
    else if (isCommonWord(text, at)) odds -= 2;
    else if (isFrequent(text, at)) odds -= 1 + doubt;
    else if (isWord(text, at, 2)) odds -= 0.5 + doubt;
    else if (isRareWord(text, at)) odds -= 0.5;
  }
  // The last character begins another word.
  if (isFrequent(text, first + 1)) odds -= 2;
  return odds;
}

/** How much less a surname that mostly is a preposition is one, by what stands behind it. */
function asPreposition(text: string, first: number, given: number, doubt: number): number {
  if (isFrequent(text, first) || NUMERALS.has(text.charCodeAt(first))) return 4;
  const both = kinds[text.charCodeAt(first)]! & kinds[text.charCodeAt(first + 1)]! & GIVEN;
  if (given === 2 && both === 0) return 4;
  return surnameAt(text, first) > 0 ? 1.5 : given === 2 ? 0 : doubt;
}

/** Whether the same characters stand in the text once more. */
function standsAgain(text: string, at: number, to: number): boolean {
  const run = text.slice(at, to);
  const first = text.indexOf(run);
  return first !== at || text.indexOf(run, to) >= 0;
}

function makeOfSurname(): Float32Array {
  const odds = new Float32Array(0x10000);
  [...nameData.surnames].forEach((character, at) => {
    const unit = character.charCodeAt(0);
    const count = nameData.wordsLikeNames[character]?.length ?? 0;
    if ((kinds[unit]! & RARE) !== 0) odds[unit] = -1;
    else if (count === 0) odds[unit] = 2;
    else odds[unit] = at < COMMON_SURNAMES ? 1.5 : count < 4 ? 1 : 0.5;
  });
  return odds;
}

function setOf(characters: string): ReadonlySet<number> {
  return new Set([...plain(characters)].map((character) => character.charCodeAt(0)));
}

import { placeWords } from '../../config/divisions.ts';

/** What stands right beside a name tells what the name is there for. Words are looked up by the unit next to the name. */
type Beside = ReadonlyMap<number, readonly string[]>;

const behind = (words: readonly string[]): Beside => Map.groupBy(words, (word) => word.charCodeAt(0));
const before = (words: readonly string[]): Beside =>
  Map.groupBy(words, (word) => word.charCodeAt(word.length - 1));

const NOT_BEFORE = before(placeWords.notBefore);
const NOT_BEHIND = behind(placeWords.notAfter);
const BUT_BEHIND = behind(placeWords.notAfterBut);
const FAINT_BEHIND = behind(placeWords.faintAfter);
const BOUNDARY = before(placeWords.boundary);
const CITY = before(placeWords.cityEndings);
const ENDING = behind(placeWords.suffixes);
const OWN = before(placeWords.own);
const INSTITUTIONS = Object.entries(placeWords.institutions)
  .map(([weight, words]) => ({ weight: Number(weight), words: behind(words) }))
  .sort((a, b) => b.weight - a.weight);

/** A name that says little about the place that the text is about. */
const FAINT = 0.3;

const startsAt = (text: string, at: number, beside: Beside) =>
  beside.get(text.charCodeAt(at))?.some((word) => text.startsWith(word, at)) === true;
const endsAt = (text: string, at: number, beside: Beside) =>
  at > 0 &&
  beside.get(text.charCodeAt(at - 1))?.some((word) => text.startsWith(word, at - word.length)) === true;

/** Somebody's home, or where a platform says that a post was sent from: nothing that the post is about. */
export const isOrigin = (text: string, start: number) =>
  endsAt(text, text.charAt(start - 1) === ' ' ? start - 1 : start, NOT_BEFORE);

/** Somebody's origin, an outlet, a firm, a dish, a street. */
export const isSomethingElse = (text: string, end: number) =>
  startsAt(text, end, NOT_BEHIND) && !startsAt(text, end, BUT_BEHIND);

/** What a mention weighs: an institution of the place says most; 1 where nothing special follows. */
export function weightAt(text: string, end: number): number {
  for (const { weight, words } of INSTITUTIONS) if (startsAt(text, end, words)) return weight;
  return startsAt(text, end, FAINT_BEHIND) ? FAINT : 1;
}

/** A county behind a city that no list knows is none of the counties that bear its name; "our city" is not such a city. */
export const isOfUnknownCity = (text: string, start: number) =>
  start > 1 && endsAt(text, start, CITY) && !endsAt(text, start - 1, OWN) && HAN.test(text.charAt(start - 2));

const HAN = /\p{Script=Han}/u;

/** Whether what ends a full name follows. */
export const isEnding = (text: string, end: number) => startsAt(text, end, ENDING);

/** Whether a new word can begin here, as far as the unit before can tell. */
export const isBoundary = (text: string, start: number) =>
  start === 0 || !HAN.test(text.charAt(start - 1)) || endsAt(text, start, BOUNDARY);

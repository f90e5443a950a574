import { frequentWords, nameData } from '../../../config/names.ts';
import { releaseWords } from '../../../config/release-words.ts';
import type { PersonalPlace } from './types.ts';

/** What somebody is in a text, the one that is protected most first. */
export const roles = ['minor', 'protected', 'near', 'accused', 'none'] as const;
export type Role = (typeof roles)[number];

const { people, notNames } = releaseWords;
/** Between the role and the name: brackets, what kind of person, signs. */
const LINK = '(?:[（(][^（）()\\n]{0,8}[）)]|[:：“"「、 ]|男|女|童){0,3}$';
const behind = (words: readonly string[]) =>
  new RegExp(`(?:${[...words].sort((a, b) => b.length - a.length).join('|')})${LINK}`, 'u');
const BEFORE: readonly (readonly [Role, RegExp])[] = [
  ['protected', behind(people.protected)],
  ['accused', behind(people.accused)],
  ['minor', behind(people.minor)],
  ['near', behind(people.near)],
];
const YOUNG_BEHIND = /^[（(，,][^（）()。；\n]{0,8}(?:未成年|(?:1[0-7]|(?<!\d)\d)周?岁)/u;
const REACH = 16;
/** 第五 is a surname, and the beginning of an article's number. */
const ARTICLE = /^第[零一二三四五六七八九十百千]{2}/u;
/** Names of a list are all of the same kind. */
const LISTED = /^[、，,和及与]{1,2}$/u;

/** One name, where it first stands in its role. */
export type NamedPerson = {
  place: PersonalPlace;
  name: string;
  role: Role;
  /** It is a word as well: 被害人查明, 被害人文静. Nobody is stopped for it without a way out. */
  doubtful: boolean;
};

/** Who is named, each once, with what they are: told by what stands before the name, anywhere in the text. */
export function peopleIn(text: string, places: readonly PersonalPlace[]): NamedPerson[] {
  const found = new Map<string, NamedPerson>();
  let last: { end: number; role: Role } | null = null;
  for (const place of places) {
    if (place.type !== 'name') continue;
    const name = text.slice(place.start, place.end);
    if (isWord(text, place, name)) continue;
    const listed: boolean = last !== null && LISTED.test(text.slice(last.end, place.start));
    const role: Role = listed ? last!.role : roleOf(text, place);
    last = { end: place.end, role };
    const doubtful = isLikeWord(name);
    if (doubtful && role === 'none') continue;
    const known = found.get(name);
    if (!known || roles.indexOf(role) < roles.indexOf(known.role))
      found.set(name, { place, name, role, doubtful });
  }
  return [...found.values()];
}

/** A word of two characters that could be a name, as the finder of names knows them. */
function isLikeWord(name: string): boolean {
  if (name.length !== 2) return false;
  return [frequentWords, nameData.wordsLikeNames].some((words) => words[name[0]!]?.includes(name[1]!));
}

/** A word, the end of a street's name, "属于国资": what posts had better lose is not what a release has to explain. */
function isWord(text: string, { start }: PersonalPlace, name: string): boolean {
  const before = text[start - 1] ?? '';
  if (notNames.words.includes(name) || ARTICLE.test(name)) return true;
  if (notNames.streets.includes(name[0]!) && /\p{Script=Han}/u.test(before)) return true;
  const behind = notNames.behind[name[0]!];
  return behind === '^' || (behind !== undefined && before !== '' && behind.includes(before));
}

function roleOf(text: string, { start, end }: PersonalPlace): Role {
  if (YOUNG_BEHIND.test(text.slice(end, end + REACH))) return 'minor';
  const before = text.slice(Math.max(0, start - REACH), start);
  return BEFORE.find(([, pattern]) => pattern.test(before))?.[0] ?? 'none';
}

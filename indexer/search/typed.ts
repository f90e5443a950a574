import { searchForms } from '../../config/search-words.ts';
import { narrowForms } from './narrow-forms.ts';

/** What a person typed, taken apart. */
export type Typed = {
  words: string[];
  /** In quotes: these words in this order. */
  phrases: string[];
  /** With a minus before them: none of these. */
  without: string[];
  /** Hosts, or parts of the names of outlets and sources; a post of any of them will do. */
  sites: string[];
  /** Only titles are searched. */
  inTitle: boolean;
  /** It asks something, or is a sentence: hardly any post holds every word of it. */
  question: boolean;
};

/** Longer searches are cut here: what an address of a page may hold. */
export const LONGEST_SEARCH = 200;

/** As people type them with a Chinese keyboard. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/[“”„‟″「」『』＂]/gu, '"'],
  [/(?<=^|\s)[－−–—](?=\S)/gu, '-'],
  [/：/gu, ':'],
  [/\u3000/gu, ' '],
];

const FIELDS = new Map(
  Object.entries(searchForms.fields).flatMap(([field, names]) => names.map((name) => [name, field] as const)),
);
/** Quoted words, or what stands between blanks; either with a minus before it. */
const PART = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;
const ASKS = anyOf(searchForms.ask);
const NOT_LOOKED_FOR = anyOf([...searchForms.ask, ...searchForms.filler]);
/** Characters without a blank between them that are no longer a keyword but a sentence. */
const SENTENCE = 16;
/** Shorter ones are keywords that happen to hold such a word. */
const SHORTEST_QUESTION = 6;

/** Longest first, so that a word does not hide a longer one. */
function anyOf(words: readonly string[]): RegExp {
  return new RegExp(words.toSorted((a, b) => b.length - a.length).join('|'), 'gu');
}

/** Reads whatever is typed; a form that is wrong is taken as words. */
export function readTyped(text: string): Typed {
  let folded = narrowForms(text.toWellFormed().replaceAll('\0', ' ').slice(0, LONGEST_SEARCH));
  for (const [sign, plain] of SIGNS) folded = folded.replaceAll(sign, plain);
  const typed: Typed = { words: [], phrases: [], without: [], sites: [], inTitle: false, question: false };
  for (const [, minus, phrase, word] of folded.matchAll(PART)) {
    const value = (phrase ?? word ?? '').trim();
    if (value === '' || /^-+$/u.test(value)) continue;
    if (minus) typed.without.push(value);
    else if (phrase !== undefined) typed.phrases.push(value);
    else readWord(typed, value);
  }
  typed.question = isQuestion(typed);
  return typed;
}

function readWord(typed: Typed, word: string): void {
  const colon = word.indexOf(':');
  const field = colon > 0 ? FIELDS.get(word.slice(0, colon).toLowerCase()) : undefined;
  const value = field === undefined ? word : word.slice(colon + 1);
  if (field === 'title') typed.inTitle = true;
  if (value === '') return;
  if (field === 'site') typed.sites.push(value.toLowerCase());
  else typed.words.push(value);
}

function isQuestion({ words, phrases, inTitle }: Typed): boolean {
  if (phrases.length > 0 || inTitle) return false;
  const text = words.join(' ');
  if (text.length < SHORTEST_QUESTION) return false;
  return text.search(ASKS) >= 0 || /[?？]/u.test(text) || words.some((word) => word.length >= SENTENCE);
}

/** A question without what no answer holds. */
export function statementOf(text: string): string {
  const statement = text.replaceAll(NOT_LOOKED_FOR, ' ').trim();
  return statement === '' ? text : statement;
}

/** As the engine reads it: quotes and a minus are its own signs, everything else are words. */
export function engineText({ words, phrases, without }: Typed): string {
  const plain = (text: string) => text.replaceAll('"', ' ').trim();
  return [
    ...words.map((word) => plain(word).replace(/^-+/u, '')),
    ...phrases.map((phrase) => `"${plain(phrase)}"`),
    ...without.map((word) => `-"${plain(word)}"`),
  ].join(' ');
}

import { lawData, type Law } from '../../../config/laws.ts';
import { chineseNumber, NUMERAL } from './chinese-number.ts';
import { inParts } from './find-words.ts';
import { messages } from './messages.ts';
import type { Check, Found } from './types.ts';

type Place = Omit<Found, 'part'>;

const STATE = '中华人民共和国';
const laws = new Map<string, Law>(
  lawData.laws.flatMap((law) => [law.name, ...law.also].map((name) => [name, law])),
);
const superseded = new Map(lawData.superseded.map((old) => [old.name, old]));
const known = new Set([...laws.keys(), ...superseded.keys(), ...lawData.others]);

const QUOTED = /《([^《》\n]{2,50})》/gu;
const LAW = /(?:法|法典|条例|规则|规定|办法)$/u;
/** "（2018修正）", "（2021年修订）", "（以下简称…）": not part of the name; "（试行）" is. */
const VERSION = /[（(](?!试行)[^（）()]*[）)]$/u;
/** Before a law that is quoted as it was. */
const FORMER = /(?:原|旧|当时的?|时行的?|已废止的?|原有的?|此前的?|《?原来的?)$/u;

/** "第二百六十四条、第六十七条第三款", as far as it goes on. */
const ARTICLE = new RegExp(`第(${NUMERAL})条`, 'yu');
const BETWEEN = new RegExp(
  `(?:之[一二三四五六七八九十]{1,2})?(?:第${NUMERAL}款)?(?:第?[（(]?${NUMERAL}[）)]?项)?(?:[、，,和及与或至到—-]|或者|以及){0,3}`,
  'yu',
);
/** Between the name and its first article: the name's short form is told, the version is. */
const BEHIND_NAME = /(?:[（(][^（）()\n]{1,30}[）)])?/uy;

/** A name that stands bare, right before an article: 刑法第二百六十四条. */
const BARE = new RegExp(
  `(?:${STATE})?(${[...known]
    .sort((a, b) => b.length - a.length)

    .join('|')})(?=第${NUMERAL}条)`,
  'gu',
);
const FOREIGN = new RegExp(`(?:${lawData.foreign.join('|')})(?:的)?$`, 'u');

/** Laws are named as they are called, in force, and have the articles that are quoted. */
export const lawQuotes: Check = {
  key: 'laws',
  run: ({ parts }) => inParts(parts, (text) => [...quoted(text), ...bare(text)]),
};

function* quoted(text: string): Generator<Place> {
  for (const match of text.matchAll(QUOTED)) {
    const [whole, inside] = match as unknown as [string, string];
    const end = match.index + whole.length;
    if (FOREIGN.test(text.slice(Math.max(0, match.index - 6), match.index))) continue;
    const name = nameOf(inside);
    if (known.has(name)) yield* ofLaw(text, name, match.index, end);
    else if (LAW.test(name) && !isSuperseded(name)) yield* maybeMisspelt(inside, name, match.index, end);
  }
}

function* bare(text: string): Generator<Place> {
  for (const match of text.matchAll(BARE)) {
    if (FOREIGN.test(text.slice(Math.max(0, match.index - 6), match.index))) continue;
    yield* ofLaw(text, match[1]!, match.index, match.index + match[0].length);
  }
}

const nameOf = (inside: string) => {
  const name = inside.replace(VERSION, '').trim();
  return name.startsWith(STATE) ? name.slice(STATE.length) : name;
};
const isSuperseded = (name: string) => superseded.has(name);

function* ofLaw(text: string, name: string, start: number, end: number): Generator<Place> {
  const old = superseded.get(name);
  if (old) {
    if (FORMER.test(text.slice(Math.max(0, start - 6), start))) return;
    const said = messages.superseded(name, old.by, old.since);
    yield { severity: 'warn', start, end, quote: text.slice(start, end), text: said };
    return;
  }
  const law = laws.get(name);
  if (!law) return;
  for (const article of articlesFrom(text, end)) {
    if (article.number >= 1 && article.number <= law.articles) continue;
    yield {
      // Only a number that is certain stops anybody.
      severity: law.source === 'memory' ? 'warn' : 'block',
      start: article.start,
      end: article.end,
      quote: `${text.slice(start, end)}${article.start > end ? '…' : ''}${text.slice(article.start, article.end)}`,
      text: messages.noSuchArticle(
        law.name,
        law.articles,
        text.slice(article.start, article.end),
        law.source === 'memory',
      ),
    };
  }
}

/** The articles that are named from a place on, one after the other. */
function* articlesFrom(
  text: string,
  from: number,
): Generator<{ number: number; start: number; end: number }> {
  BEHIND_NAME.lastIndex = from;
  let at = from + (BEHIND_NAME.exec(text)?.[0].length ?? 0);
  for (;;) {
    ARTICLE.lastIndex = at;
    const match = ARTICLE.exec(text);
    if (!match) return;
    const end = at + match[0].length;
    const number = chineseNumber(match[1]!);
    if (!Number.isNaN(number)) yield { number, start: at, end };
    BETWEEN.lastIndex = end;
    at = end + (BETWEEN.exec(text)?.[0].length ?? 0);
  }
}

/** Names shorter than this differ from one another by one character: 法官法, 律师法, 教师法. */
const LEAST = 5;
/** Longer ones may have two characters wrong. */
const LONG = 10;

function* maybeMisspelt(inside: string, name: string, start: number, end: number): Generator<Place> {
  const near = known.has(behindState(inside)) ? `${STATE}${behindState(inside)}` : nearest(name);
  if (near === null) return;
  yield { severity: 'warn', start, end, quote: `《${inside}》`, text: messages.misspeltLaw(inside, near) };
}

/** What stands behind the name of the state where that itself is misspelt; '' otherwise. */
function behindState(inside: string): string {
  const said = inside.slice(0, STATE.length);
  return said !== STATE && distanceUpTo(said, STATE, 2) <= 2 ? inside.slice(STATE.length) : '';
}

/** The law that a name is off by a character, or two where it is long. */
function nearest(name: string): string | null {
  if (name.length < LEAST) return null;
  let found: { name: string; distance: number } | null = null;
  for (const other of known) {
    if (other.length < LEAST) continue;
    const most = Math.min(other.length, name.length) >= LONG ? 2 : 1;
    const distance = distanceUpTo(name, other, most);
    if (distance <= most && (!found || distance < found.distance)) found = { name: other, distance };
  }
  return found?.name ?? null;
}

/** Edits between two words (Levenshtein); more than `most` are told as `most + 1`. */
export function distanceUpTo(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return Math.min(row[other.length]!, most + 1);
}

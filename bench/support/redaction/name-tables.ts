import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import divisions from '../../../config/defaults/divisions.json' with { type: 'json' };
import { nameData } from '../../../config/names.ts';
import { isCommonWord, isWord, kinds, HAN, surnameAt } from '../../../indexer/people/lexicon.ts';
import {
  FIRST_HAN,
  HAN_COUNT,
  KIND_OF_INSTITUTION,
  KIND_OF_PLACE,
  KIND_OF_VERBAL_NOUN,
  NameTables,
  STEPS,
  UNSEEN,
  wordHash,
} from '../../../indexer/redaction/naming/tables.ts';
import type { NameCounts } from './made-names.ts';

/** Words of the dictionary that are kept: at least so frequent, by length. */
const LEAST: Readonly<Record<number, number>> = { 2: 4, 3: 10, 4: 20 };
/** What the dictionary's frequencies are counts of. */
const ALL_WORDS = 60_000_000;
/** How frequent divisions count as that the dictionary lacks. */
const PLACE_FREQUENCY = 20;
const LEAST_OF_PLACES = 3;
const PLACE = /^n[st]$/u;
const PERSON = /^nr/u;
const FOREIGN_TAG = 'nrt';
/** Added to what the lists of the project have, as a dictionary of novels and news does not have them all. */
const LISTED = 2;
/** And what the names of training texts have: they are borne in these years. */
const OF_SETS = 3;

type Entry = { word: string; frequency: number; tag: string };

/** Tables of characters and words, without weights; and the counts they were made of. Derived from the dictionary of jieba (MIT)
 * and from these names, each counted as often as it is there. */
export function deriveTables(names: readonly string[]): { tables: NameTables; counts: NameCounts } {
  const tables = NameTables.empty();
  const entries = dictionary();
  const inTexts = new Map<string, number>();
  for (const { word, frequency, tag } of entries) {
    if (word.length !== 1 || !isHan(word)) continue;
    inTexts.set(word, frequency);
    tables.characterKinds[word.charCodeAt(0) - FIRST_HAN] = kindOf(tag);
  }
  const words: string[] = [];
  for (const { word, frequency, tag } of entries) {
    const least = PLACE.test(tag) ? LEAST_OF_PLACES : (LEAST[word.length] ?? Infinity);
    if (word.length < 2 || word.length > 4 || frequency < least || !isHan(word)) continue;
    if (PERSON.test(tag) && !(word.length === 2 && (isWord(word, 0, 2) || isCommonWord(word, 0)))) continue;
    let hash = 0;
    for (let at = 0; at < word.length; at += 1) hash = wordHash(hash, word.charCodeAt(at));
    tables.addWord(hash, Math.log(ALL_WORDS / frequency), kindOf(tag));
    if (word.length === 2 && frequency > 50) words.push(word);
  }
  for (const place of places()) {
    let hash = 0;
    for (let at = 0; at < place.length; at += 1) hash = wordHash(hash, place.charCodeAt(at));
    if (tables.wordSlot(hash) < 0) tables.addWord(hash, Math.log(ALL_WORDS / PLACE_FREQUENCY), kindOf('ns'));
  }
  const counts = { ...countNames(entries, names), words: words.filter(couldBeGiven) };
  fill(tables.inTexts, inTexts, ALL_WORDS);
  fill(tables.surname, counts.surname);
  fill(tables.givenFirst, counts.givenFirst);
  fill(tables.givenSecond, counts.givenSecond);
  fill(tables.givenOnly, counts.givenOnly);
  fill(tables.foreign, counts.foreign);
  return { tables, counts };
}

function countNames(entries: readonly Entry[], names: readonly string[]): Omit<NameCounts, 'words'> {
  const [surname, givenFirst, givenSecond, givenOnly, foreign] = [1, 2, 3, 4, 5].map(
    () => new Map<string, number>(),
  ) as [
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
    Map<string, number>,
  ];
  const count = (map: Map<string, number>, character: string, by = 1) =>
    map.set(character, (map.get(character) ?? 0) + by);
  for (const { word, tag } of entries) {
    if (!PERSON.test(tag) || !isHan(word)) continue;
    if (tag === FOREIGN_TAG) for (const character of word) count(foreign, character);
    if (tag !== 'nr' || word.length < 2 || word.length > 3 || surnameAt(word, 0) !== 1) continue;
    if (word.length === 2 && isWord(word, 0, 2)) continue;
    count(surname, word[0]!);
    if (word.length === 2) count(givenOnly, word[1]!);
    else {
      count(givenFirst, word[1]!);
      count(givenSecond, word[2]!);
    }
  }
  for (const name of names) {
    if (name.length < 2 || name.length > 3 || !isHan(name) || surnameAt(name, 0) !== 1) continue;
    count(surname, name[0]!, OF_SETS);
    if (name.length === 2) count(givenOnly, name[1]!, OF_SETS);
    else {
      count(givenFirst, name[1]!, OF_SETS);
      count(givenSecond, name[2]!, OF_SETS);
    }
  }
  for (const character of nameData.surnames) count(surname, character, LISTED);
  for (const character of nameData.given)
    for (const map of [givenFirst, givenSecond, givenOnly]) count(map, character, LISTED);
  for (const character of nameData.transliteration) count(foreign, character, 20);
  for (const character of nameData.minority) count(foreign, character, 10);
  for (const element of nameData.elements) for (const character of element) count(foreign, character, 2);
  for (const [character, times] of foreign) if (times < 5) foreign.delete(character);
  return { surname, givenFirst, givenSecond, givenOnly, foreign };
}

function fill(column: Uint8Array, counts: ReadonlyMap<string, number>, of?: number): void {
  const all = of ?? [...counts.values()].reduce((sum, count) => sum + count, 0);
  column.fill(UNSEEN * STEPS);
  for (const [character, count] of counts) {
    const at = character.charCodeAt(0) - FIRST_HAN;
    if (at >= 0 && at < HAN_COUNT)
      column[at] = Math.min(UNSEEN * STEPS, Math.round(Math.log(all / count) * STEPS));
  }
}

/** Divisions by their names, with and without what they are. */
function places(): string[] {
  const names = new Set<string>();
  for (const name of Object.values(divisions)) {
    const short = name.replace(/(?:[省市区县旗]|自治[州县旗]|林区|特区|新区|矿区)$/u, '');
    for (const each of [name, short]) if (each.length > 1 && each.length <= 4) names.add(each);
  }
  return [...names];
}

/** Kinds of words: the tags of the dictionary by their first letter, but for places, institutions and nouns of verbs. */
function kindOf(tag: string): number {
  const own = { ns: KIND_OF_PLACE, nt: KIND_OF_INSTITUTION, vn: KIND_OF_VERBAL_NOUN }[tag];
  return own ?? Math.max(0, tag.charCodeAt(0) - 0x61);
}

function couldBeGiven(word: string): boolean {
  const given = nameData.given;
  return given.includes(word[0]!) && given.includes(word[1]!);
}

function isHan(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) if ((kinds[word.charCodeAt(at)]! & HAN) === 0) return false;
  return true;
}

function dictionary(): Entry[] {
  const path = createRequire(import.meta.url).resolve('@node-rs/jieba/dict.txt');
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [word = '', frequency = '1', tag = ''] = line.trim().split(' ');
      return { word, frequency: Number(frequency), tag };
    });
}

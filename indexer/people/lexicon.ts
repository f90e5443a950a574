import traditionalFile from '../../config/defaults/traditional.json' with { type: 'json' };
import { caseWords, frequentWords, nameData } from '../../config/names.ts';
import { Pairs } from './pairs.ts';
import { Words } from './words.ts';

/** What a UTF-16 unit can be in a name; several at once. */
export const SURNAME = 1;
/** A character of given names; and one that is that only before another. */
export const GIVEN = 2;
export const GIVEN_FIRST = 4;
/** A character with which foreign names are written. */
export const FOREIGN = 8;
/** A surname that mostly is something else. */
export const RARE = 16;
export const HAN = 32;
/** The first character of a surname of two. */
export const COMPOUND = 64;
/** A single character that may follow a name. */
export const FOLLOWS = 128;
/** The first character of a part of a minority name. */
export const ELEMENT = 256;
/** A character that stands in no given name. */
export const NEVER = 512;

/** Kinds of each unit, as bits. */
export const kinds: Uint16Array = makeKinds();

const compound = new Set(nameData.compound);
const words = new Pairs(nameData.wordsLikeNames);
const rareWords = new Pairs(nameData.rareWords);
const known = new Set(nameData.likeThree);
const common = new Pairs(nameData.commonWords);
const frequent = new Pairs(frequentWords);
const notGiven = new Set(nameData.notGiven);
const neverNames = new Pairs(groupedByFirst(nameData.neverNames));
const neverBehindRoles = new Pairs(nameData.neverBehindRoles);
export const elements: Words = new Words(nameData.elements);

/** Half-width and simplified, unit for unit: what is found in it stands at the same place of the text. */
export function plain(text: string): string {
  let from = 0;
  while (from < text.length && simpler[text.charCodeAt(from)] === 0) from += 1;
  if (from === text.length) return text;
  const units = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    units[at] = simpler[unit] || unit;
  }
  return Buffer.from(units.buffer).toString('utf16le');
}

/** 0: the unit stays. */
const simpler: Uint16Array = makeSimpler();

/** How many units the surname has that begins at `at`: 2, 1 or 0. */
export function surnameAt(text: string, at: number): 0 | 1 | 2 {
  const kind = kinds[text.charCodeAt(at)]!;
  if ((kind & COMPOUND) !== 0 && compound.has(text.slice(at, at + 2))) return 2;
  return (kind & SURNAME) !== 0 ? 1 : 0;
}

/** Whether `length` units from `at` are, or begin with, a word of the language. */
export function isWord(text: string, at: number, length: number): boolean {
  return words.has(text, at) || (length > 2 && isKnownAsOther(text, at));
}

/** Whether the two units from `at` are a word that stands behind words for persons too often to be a name there. */
export function isCommonWord(text: string, at: number): boolean {
  return common.has(text, at);
}

/** Whether the two units from `at` are one of the rarer words of the dictionary. */
export function isRareWord(text: string, at: number): boolean {
  return rareWords.has(text, at);
}

/** Whether the three units from `at` are known to be something else: a river, a brand. */
export function isKnownAsOther(text: string, at: number): boolean {
  return known.has(text.slice(at, at + 3));
}

/** Whether the two units from `at` are a word that is no given name behind whatever surname: "女子", "公司". */
export function isNoGivenName(text: string, at: number): boolean {
  return notGiven.has(text.slice(at, at + 2));
}

/** The same behind words that name somebody's part in a case, where nearly every name is one. */
export function isNeverBehindRoles(text: string, at: number): boolean {
  return neverBehindRoles.has(text, at);
}

/** Whether the two units from `at` are a frequent word of the language that looks like a name: "应当", "方面". */
export function isNeverName(text: string, at: number): boolean {
  return neverNames.has(text, at);
}

/** Whether a frequent word of two characters begins at `at`. */
export function isFrequent(text: string, at: number): boolean {
  return frequent.has(text, at);
}

function makeKinds(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (let unit = 0x3400; unit <= 0x9fff; unit += 1) table[unit] = HAN;
  table['〇'.charCodeAt(0)] = HAN;
  const mark = (characters: string, kind: number) => {
    for (let at = 0; at < characters.length; at += 1) table[characters.charCodeAt(at)]! |= kind;
  };
  mark(nameData.surnames, SURNAME);
  mark(nameData.rareAsNames, RARE);
  mark(nameData.given, GIVEN);
  mark(nameData.givenFirst, GIVEN_FIRST);
  mark(nameData.neverGiven, NEVER);
  mark(nameData.transliteration, FOREIGN);
  mark(nameData.elements.map((part) => part[0]).join(''), ELEMENT);
  mark(nameData.compound.map((name) => name[0]).join(''), COMPOUND);
  mark(caseWords.followOne, FOLLOWS);
  return table;
}

function makeSimpler(): Uint16Array {
  const table = new Uint16Array(0x10000);
  const { traditional, simplified } = traditionalFile;
  for (let at = 0; at < traditional.length; at += 1)
    table[traditional.charCodeAt(at)] = simplified.charCodeAt(at);
  // Digits, letters and signs of full width stand 0xfee0 above those of ASCII.
  for (let unit = 0xff01; unit <= 0xff5e; unit += 1) table[unit] = unit - 0xfee0;
  return table;
}

function groupedByFirst(words: readonly string[]): Record<string, string> {
  const lists: Record<string, string> = {};
  for (const word of words) lists[word[0]!] = (lists[word[0]!] ?? '') + word[1]!;
  return lists;
}

import negations from '../../config/defaults/negations.json' with { type: 'json' };
import { masks } from '../steps/segment.ts';

/** Numbers of the table a feature may fall into: 2^20. Feature ids are below it. */
export const BUCKETS = 1 << 20;

/** Runs of characters: of one, two and three. */
const LONGEST_RUN = 3;

/** What is judged in one go, in UTF-16 units; longer texts are judged piece by piece (model.ts). */
export const PIECE = 400;

/**
 * No piece has more features: runs of each character, and each word alone and with the one before, in the last clause once
 * more, and once more as negated.
 */
const MOST = LONGEST_RUN * (PIECE + 2) + 5 * PIECE;

/** Of a table of features already seen: more than twice the features of a piece, a power of two. */
const SLOTS = 8192;

const START = 3;
const END = 4;
const NAME = 2;
const MASK = 5;
const BRACKET = 0x5b;
const AT = 0x40;
const SPACE = 0x20;

/** Longer is no handle. */
const LONGEST_HANDLE = 30;

const LONGEST_MASK = Math.max(...[...masks].map((mask) => mask.length));

/** Different things never share a hash but by chance. */
const SEED = 0x811c9dc5;
const WORD_SEED = 0x7777;
const WORD = 91;
const PAIR = 92;
const LAST_WORD = 93;
const LAST_PAIR = 94;
const NEGATED = 96;

const negators: ReadonlySet<string> = new Set(negations);
const LONGEST_NEGATOR = Math.max(...negations.map(({ length }) => length));

/** So many words of its clause a negator turns. */
const REACH = 3;

const codes = new Uint16Array(PIECE + 2);
const found = new Uint32Array(MOST);
const seen = new Uint32Array(SLOTS);
/** Which piece a slot of `seen` was filled for: so the table need not be emptied. */
const stamps = new Uint32Array(SLOTS);
let stamp = 0;
let count = 0;

const mix = (hash: number, unit: number): number => {
  const mixed = Math.imul(hash ^ unit, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

/**
 * The features of a piece of text, each once: runs of one to three characters, words and pairs of words within a clause;
 * both once more for the last clause, where people say what they make of what they told; and words that follow a negator.
 * A handle counts as one character whoever it names, and so does a mask. The array is used again by the next call.
 * @param text folded (`analysed`), at most PIECE units of it are read
 * @param words of this piece, from `from` to `to`; empty where a clause ends
 */
export function featuresOf(text: string, words: readonly string[], from = 0, to = words.length): Uint32Array {
  stamp = (stamp + 1) >>> 0;
  if (stamp === 0) {
    stamps.fill(0);
    stamp = 1;
  }
  count = 0;
  runs(readUnits(text));
  ofWords(words, from, Math.min(to, from + PIECE));
  return found.subarray(0, count);
}

/** Fills `codes` with the units of the text; how many. */
function readUnits(text: string): number {
  const end = Math.min(text.length, PIECE);
  let length = 1;
  codes[0] = START;
  for (let at = 0; at < end; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit <= SPACE) {
      if (length > 1 && codes[length - 1] !== SPACE) codes[length++] = SPACE;
    } else if (unit === AT) {
      codes[length++] = NAME;
      at = endOfHandle(text, at + 1, end) - 1;
    } else if (unit === BRACKET && isMask(text, at)) {
      codes[length++] = MASK;
      at = text.indexOf(']', at);
    } else codes[length++] = unit;
  }
  codes[length++] = END;
  return length;
}

/** Whether something that was redacted begins here: what it was does not matter. */
function isMask(text: string, at: number): boolean {
  const end = text.indexOf(']', at) + 1;
  return end > 0 && end - at <= LONGEST_MASK && masks.has(text.slice(at, end));
}

function endOfHandle(text: string, start: number, end: number): number {
  const limit = Math.min(end, start + LONGEST_HANDLE);
  let at = start;
  while (at < limit && isOfName(text.charCodeAt(at))) at += 1;
  return at;
}

/** Letters of ASCII, digits, `_`, `-`, and whatever is written in Chinese. */
function isOfName(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    unit === 0x5f ||
    unit === 0x2d ||
    (unit >= 0x3400 && unit <= 0x9fff)
  );
}

function runs(length: number): void {
  // Both ends and nothing between them.
  if (length === 2) return;
  for (let at = 0; at < length; at += 1) {
    if (codes[at] === SPACE) continue;
    const end = Math.min(length, at + LONGEST_RUN);
    let hash = SEED;
    for (let next = at; next < end; next += 1) {
      hash = mix(hash, codes[next] as number);
      // An end by itself is in every text and says nothing.
      if (next > at || (codes[at] !== START && codes[at] !== END)) add(hash, next - at + 1);
    }
  }
}

function ofWords(words: readonly string[], from: number, to: number): void {
  const last = lastClause(words, from, to);
  let before = 0;
  let negated = 0;
  for (let at = from; at < to; at += 1) {
    const word = words[at] as string;
    if (word === '' || word.charCodeAt(0) === AT) {
      before = 0;
      negated = 0;
      continue;
    }
    let hash = WORD_SEED;
    for (let unit = 0; unit < word.length; unit += 1) hash = mix(hash, word.charCodeAt(unit));
    const pair = before === 0 ? 0 : mix(before, hash);
    add(hash, WORD);
    if (pair !== 0) add(pair, PAIR);
    if (at >= last) {
      add(hash, LAST_WORD);
      if (pair !== 0) add(pair, LAST_PAIR);
    }
    if (negated > 0) {
      add(hash, NEGATED);
      negated -= 1;
    }
    if (word.length <= LONGEST_NEGATOR && negators.has(word)) negated = REACH;
    before = hash;
  }
}

/** Where the last clause with words begins. */
function lastClause(words: readonly string[], from: number, to: number): number {
  let at = to;
  while (at > from && words[at - 1] === '') at -= 1;
  while (at > from && words[at - 1] !== '') at -= 1;
  return at;
}

function add(hash: number, kind: number): void {
  let id = Math.imul(hash + kind, 0x85ebca6b);
  id = ((id ^ (id >>> 13)) >>> 0) & (BUCKETS - 1);
  let slot = id & (SLOTS - 1);
  while (stamps[slot] === stamp) {
    if (seen[slot] === id) return;
    slot = (slot + 1) & (SLOTS - 1);
  }
  stamps[slot] = stamp;
  seen[slot] = id;
  found[count++] = id;
}

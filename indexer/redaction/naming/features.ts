import {
  GIVEN,
  HAN,
  isCommonWord,
  isKnownAsOther,
  isNeverBehindRoles,
  isNeverName,
  isNoGivenName,
  kinds,
  RARE,
  SURNAME,
} from '../../people/lexicon.ts';
import type { Evidence } from '../evidence.ts';
import { beginsElement, endsElement, FOREIGN_RUN, type Candidates } from './candidates.ts';
import { NO_KIND, type Cut } from './cut.ts';
import { costOf, WEIGHT_BITS, type NameTables } from './tables.ts';

/** More than any candidate has. */
export const MOST_FEATURES = 128;

const JOINS = setOf('、，,和与及跟同;');
const MASKED = '某'.charCodeAt(0);
const UNKNOWN = -99;
/** A name that costs this much less than words is one, as far as its neighbours in a list ask. */
const LIKELY = 1;

/**
 * What speaks for and against each candidate of a stretch, as places in the table of weights: what stands before and
 * behind it (characters, words of the cheapest cut, and what lists say of them), what it is made of, what the text is
 * about, and what else there is that looks like a name.
 */
export class Features {
  readonly list = new Uint32Array(MOST_FEATURES);
  count = 0;
  #text = '';
  #from = 0;
  #cut!: Cut;
  #evidence!: Evidence;
  #candidates!: Candidates;
  #tables!: NameTables;
  #level = 0;
  /** By place: what stands before it or follows, once asked for; the best gain of a candidate that ends or begins there. */
  #before = new Int8Array(0);
  #after = new Int8Array(0);
  #endsHere = new Float32Array(0);
  #beginsHere = new Float32Array(0);
  /** How often a run of characters is a candidate, by hash. */
  #often = new Uint8Array(0);
  /** What the best of its places is told by, before and behind it. */
  #told = new Int8Array(0);
  #followed = new Int8Array(0);

  read(
    text: string,
    from: number,
    cut: Cut,
    candidates: Candidates,
    evidence: Evidence,
    tables: NameTables,
  ): void {
    this.#tables = tables;
    this.#text = text;
    this.#from = from;
    this.#cut = cut;
    this.#evidence = evidence;
    this.#candidates = candidates;
    this.#level = UNKNOWN;
    const places = cut.length + 1;
    if (this.#before.length < places) {
      this.#before = new Int8Array(2 * places);
      this.#after = new Int8Array(2 * places);
      this.#endsHere = new Float32Array(2 * places);
      this.#beginsHere = new Float32Array(2 * places);
    }
    this.#before.fill(UNKNOWN, 0, places);
    this.#after.fill(UNKNOWN, 0, places);
    this.#endsHere.fill(UNKNOWN, 0, places);
    this.#beginsHere.fill(UNKNOWN, 0, places);
    const { starts, ends, gains, count } = candidates;
    const slots = 1 << (33 - Math.clz32(Math.max(32, count)));
    if (this.#often.length < slots) {
      this.#often = new Uint8Array(slots);
      this.#told = new Int8Array(slots);
      this.#followed = new Int8Array(slots);
    } else {
      this.#often.fill(0, 0, slots);
      this.#told.fill(0, 0, slots);
      this.#followed.fill(0, 0, slots);
    }
    this.#mask = slots - 1;
    for (let at = 0; at < count; at += 1) {
      const [start, end, gain] = [starts[at]!, ends[at]!, gains[at]!];
      if (gain > this.#endsHere[end]!) this.#endsHere[end] = gain;
      if (gain > this.#beginsHere[start]!) this.#beginsHere[start] = gain;
      const slot = this.#runHash(start, end) & this.#mask;
      if (this.#often[slot]! < 9) this.#often[slot]! += 1;
    }
    for (let at = 0; at < count; at += 1) {
      const [start, end] = [starts[at]!, ends[at]!];
      const slot = this.#runHash(start, end) & this.#mask;
      if (this.#often[slot] === 1) continue;
      this.#told[slot] = Math.max(this.#told[slot]!, this.before(start));
      this.#followed[slot] = Math.max(this.#followed[slot]!, this.after(end));
    }
  }

  #mask = 0;

  /** What stands before a place (`Evidence.before`). */
  before(at: number): number {
    const known = this.#before[at]!;
    return known === UNKNOWN ? (this.#before[at] = this.#evidence.before(this.#from + at)) : known;
  }

  /** What follows from a place on (`Evidence.after`). */
  after(at: number): number {
    const known = this.#after[at]!;
    return known === UNKNOWN ? (this.#after[at] = this.#evidence.after(this.#from + at)) : known;
  }

  /** Fills `list` with `count` features of a candidate. */
  of(which: number): void {
    const { units, upTo, from, last, first, length } = this.#cut;
    const { starts, ends, shapes, gains } = this.#candidates;
    const [start, end, shape] = [starts[which]!, ends[which]!, shapes[which]!];
    const text = this.#text;
    const at = this.#from + start;
    const whole = this.#cut.whole;
    this.count = 0;

    const gain = bucket(gains[which]!, 1.5, 9);
    const left = this.before(start);
    const right = this.after(end);
    // Asked for only where something is weighed: most texts hold nothing that is.
    if (this.#level === UNKNOWN) this.#level = this.#evidence.inSuit ? 2 : this.#evidence.inCase ? 1 : 0;
    const level = this.#level;
    const leftLoss = bucket(upTo[start]! + from[start]! - whole, 2, 7);
    const rightLoss = bucket(upTo[end]! + from[end]! - whole, 2, 7);
    this.#add(1, shape);
    this.#add(2, shape, gain);
    this.#add(3, leftLoss, shape);
    this.#add(4, rightLoss, shape);
    this.#add(5, leftLoss, rightLoss);
    this.#add(6, left, shape);
    this.#add(7, right, shape);
    this.#add(8, left, right);
    this.#add(9, left, gain);
    this.#add(10, right, gain);
    this.#add(11, level, left);
    this.#add(12, level, right);
    this.#add(13, level, gain);

    const one = start > 0 ? units[start - 1]! : 1;
    const two = start > 1 ? units[start - 2]! : 1;
    const three = start > 2 ? units[start - 3]! : 1;
    const next = end < length ? units[end]! : 1;
    const second = end + 1 < length ? units[end + 1]! : 1;
    const third = end + 2 < length ? units[end + 2]! : 1;
    this.#add(14, one);
    this.#add(15, one, shape);
    this.#add(16, one, two);
    this.#add3(17, one, two, three);
    this.#add(18, next);
    this.#add(19, next, shape);
    this.#add(20, next, second);
    this.#add3(21, next, second, third);
    this.#add(22, one, next);

    const wordLeft = this.#runHash(start - (start > 0 ? last[start]! : 0), start);
    const beforeThat = start - last[start]!;
    const wordLeftTwo = beforeThat > 0 ? this.#runHash(beforeThat - last[beforeThat]!, beforeThat) : 1;
    const wordRight = this.#runHash(end, end + (end < length ? first[end]! : 0));
    const behindThat = end + first[end]!;
    const wordRightTwo =
      end < length && behindThat < length ? this.#runHash(behindThat, behindThat + first[behindThat]!) : 1;
    this.#add(23, wordLeft);
    this.#add(24, wordRight);
    this.#add(25, wordLeft, wordLeftTwo);
    this.#add(26, wordRight, wordRightTwo);
    this.#add(27, wordLeft, wordRight);
    this.#add(28, left, wordRight);
    this.#add(29, wordLeft, right);
    this.#add(30, wordLeftTwo);
    this.#add(31, wordRightTwo);
    this.#add(32, wordLeft, gain);
    this.#add(33, wordRight, gain);

    const kindLeft = this.#cut.kind(start - last[start]!, start > 0 ? last[start]! : 0);
    const kindLeftTwo =
      beforeThat > 0 ? this.#cut.kind(beforeThat - last[beforeThat]!, last[beforeThat]!) : NO_KIND;
    const kindRight = this.#cut.kind(end, end < length ? first[end]! : 0);
    const kindRightTwo =
      end < length && behindThat < length ? this.#cut.kind(behindThat, first[behindThat]!) : NO_KIND;
    this.#add(70, kindLeft, shape);
    this.#add(71, kindRight, shape);
    this.#add(72, kindLeft, kindRight);
    this.#add(73, kindLeft, kindLeftTwo);
    this.#add(74, kindRight, kindRightTwo);
    this.#add3(75, kindLeft, left, gain);
    this.#add3(76, kindRight, right, gain);
    this.#add3(77, kindLeft, kindRight, gain);
    this.#add3(78, kindLeftTwo, wordLeft, kindRight);
    this.#add3(79, kindLeft, wordRight, kindRightTwo);
    this.#add3(80, level, kindLeft, kindRight);
    this.#add3(81, first[end]! + 5 * last[start]!, kindLeft, kindRight);

    const surname = units[start]!;
    const given = units[start + 1]!;
    const final = units[end - 1]!;
    this.#add(34, surname, shape);
    this.#add3(35, surname, given, shape);
    this.#add(36, given, shape);
    this.#add(37, final, shape);
    this.#add3(38, units[end - 2]!, final, shape);
    this.#add(39, this.#runHash(start, end));
    this.#add(40, final, next);
    this.#add(41, one, surname);
    const rare = (kinds[surname]! & RARE) !== 0 ? 1 : 0;
    this.#add3(42, rare, left, right);
    const flags =
      (isCommonWord(text, at) ? 1 : 0) |
      (isNeverBehindRoles(text, at) ? 2 : 0) |
      (isNoGivenName(text, at + 1) ? 4 : 0) |
      (isKnownAsOther(text, at) ? 8 : 0) |
      (isNeverName(text, at) ? 16 : 0);
    this.#add3(43, flags, shape, mayBe(left));
    const cut = this.#cut;
    this.#add3(44, wordBucket(cut.word(start, 2)), shape, mayBe(left));
    this.#add(45, wordBucket(cut.word(start + 1, 2)), shape);
    this.#add(46, wordBucket(cut.word(start, 3)), shape);
    this.#add(47, wordBucket(cut.word(end - 1, 2)), shape);
    this.#add(48, wordBucket(cut.word(start - 1, 2)), shape);
    this.#add3(49, wordBucket(cut.word(end - 1, 2)), wordBucket(cut.word(end, 2)), shape);
    // A word that the candidate is, begins or is the beginning of: places and institutions mostly.
    const size = end - start;
    if (size < 4) {
      this.#add3(
        92,
        size < 2 || cut.word(start, size) === 0 ? NO_KIND : cut.kind(start, size),
        shape,
        mayBe(left),
      );
      this.#add3(
        93,
        cut.word(start, size + 1) === 0 ? NO_KIND : cut.kind(start, size + 1),
        shape,
        mayBe(left),
      );
    }
    this.#add(94, cut.word(start, 2) === 0 ? NO_KIND : cut.kind(start, 2), shape);
    this.#add(95, cut.word(start + 1, 2) === 0 ? NO_KIND : cut.kind(start + 1, 2), shape);
    const mayGoOn = (kinds[next]! & GIVEN) !== 0 ? 1 : 0;
    this.#add3(50, mayGoOn, shape, wordBucket(cut.word(end, 2)));
    this.#add3(51, mayGoOn, shape, right);

    // What a shorter or a longer name that begins here would cost less, and whether the borders' characters are more of one.
    let best = UNKNOWN;
    for (let other = which - 1; other >= 0 && starts[other] === start; other -= 1)
      best = Math.max(best, gains[other]!);
    let more = UNKNOWN;
    for (let other = which + 1; other < this.#candidates.count && starts[other] === start; other += 1)
      more = Math.max(more, gains[other]!);
    const overShorter = bucket(gains[which]! - best, 1.5, 6);
    const overLonger = bucket(gains[which]! - more, 1.5, 6);
    this.#add(82, overShorter, shape);
    this.#add(83, overLonger, shape);
    this.#add3(84, overShorter, overLonger, shape);
    this.#add3(85, overLonger, kindRight, right);
    const { givenFirst, givenSecond, givenOnly, inTexts } = this.#tables;
    const lastOf = end - start === 2 ? givenOnly : givenSecond;
    const asFinal = bucket(costOf(lastOf, final) - costOf(inTexts, final), 1.5, 5);
    const nextAsFinal = bucket(costOf(givenSecond, next) - costOf(inTexts, next), 1.5, 5);
    const asFirst = bucket(costOf(givenFirst, given) - costOf(inTexts, given), 1.5, 5);
    this.#add(86, asFinal, shape);
    this.#add3(87, asFinal, nextAsFinal, shape);
    this.#add3(88, asFinal, asFirst, shape);
    this.#add(89, bucket(costOf(this.#tables.surname, surname) - costOf(inTexts, surname), 1, 6), shape);
    this.#add(90, bucket(costOf(this.#tables.surname, surname), 1, 10), left);

    // The word that would begin with the last character, were the name shorter; what a name one to the side would cost less.
    const instead = first[end - 1]!;
    this.#add3(96, this.#cut.kind(end - 1, instead), instead, shape);
    this.#add(97, this.#runHash(end - 1, end - 1 + instead), shape);
    this.#add3(98, this.#cut.kind(end - 1, instead), asFinal, shape);
    this.#add3(99, bucket(gains[which]! - this.#beginsHere[start + 1]!, 1.5, 6), shape, rare);
    if (start > 0) this.#add(100, bucket(gains[which]! - this.#beginsHere[start - 1]!, 1.5, 6), shape);

    const slot = this.#runHash(start, end) & this.#mask;
    const times = Math.min(3, this.#often[slot]!);
    if (times > 1) {
      this.#add3(101, this.#told[slot]!, this.#followed[slot]!, shape);
      this.#add3(102, this.#told[slot]!, left, gain);
    }
    this.#add(52, times, shape);
    this.#add3(53, times, left, gain);
    const shorter = Math.min(3, this.#often[this.#runHash(start, end - 1) & this.#mask]!);
    if (size > 3)
      this.#add(91, Math.min(3, this.#often[this.#runHash(start, start + 2) & this.#mask]!), shape);
    const longer = end < length ? Math.min(3, this.#often[this.#runHash(start, end + 1) & this.#mask]!) : 0;
    this.#add3(54, times, shorter, longer);

    this.#joined(start, end, one, next, shape);
    const open = (kinds[one]! & HAN) === 0 ? 1 : 0;
    const close = (kinds[next]! & HAN) === 0 ? 1 : 0;
    this.#add3(60, open, close, shape);
    this.#add3(61, open, close, gain);
    this.#add3(62, open, rare, level);
    this.#add(63, level, wordLeft);
    this.#add(64, level, wordRight);
    if (shape >= FOREIGN_RUN) {
      const marks = (beginsElement(text, at) ? 1 : 0) | (endsElement(text, this.#from + end) ? 2 : 0);
      this.#add3(65, marks, shape, end - start);
      this.#add3(66, marks, left, right);
      this.#add3(67, (kinds[surname]! & SURNAME) !== 0 ? 1 : 0, end - start, left);
    }
  }

  /** Whether it stands in a list with others that look like names. */
  #joined(start: number, end: number, one: number, next: number, shape: number): void {
    const { units, length } = this.#cut;
    let neighbours = 0;
    if (JOINS.has(one) && start > 1) {
      if (this.#endsHere[start - 1]! > LIKELY) neighbours |= 1;
      if (units[start - 2] === MASKED) neighbours |= 2;
    }
    if (JOINS.has(next) && end + 1 < length) {
      if (this.#beginsHere[end + 1]! > LIKELY) neighbours |= 4;
      if (units[end + 3] === MASKED || units[end + 2] === MASKED) neighbours |= 8;
    }
    this.#add(55, neighbours, shape);
    this.#add3(56, neighbours, one, next);
    this.#add3(57, neighbours, this.before(start), this.after(end));
    if ((neighbours & 1) !== 0) {
      let from = start - 2;
      while (from > 0 && start - from < 6 && this.#beginsHere[from]! <= LIKELY) from -= 1;
      this.#add(58, this.before(Math.max(0, from)), shape);
    }
  }

  #runHash(start: number, end: number): number {
    const { units } = this.#cut;
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ units[at]!, 0x9e3779b1) ^ (hash >>> 15);
    return hash >>> 0;
  }

  #add(kind: number, a: number, b = 0): void {
    let hash = Math.imul(Math.imul(kind * 0x85ebca6b, 1) ^ a, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ b, 0xc2b2ae35);
    hash ^= hash >>> 13;
    this.list[this.count++] = Math.imul(hash, 0x27d4eb2f) >>> (32 - WEIGHT_BITS);
  }

  #add3(kind: number, a: number, b: number, c: number): void {
    this.#add(kind, a, Math.imul(b + 7, 0x01000193) ^ c);
  }
}

const mayBe = (told: number): number => (told > 2 ? 1 : 0);

/** In steps, from -most to most. */
function bucket(value: number, step: number, most: number): number {
  return Math.max(-most, Math.min(most, Math.round(value / step)));
}

/** How frequent a word is, roughly: 0 is none, 1 frequent, 4 rare. */
function wordBucket(cost: number): number {
  if (cost === 0) return 0;
  return cost < 8.5 ? 1 : cost < 10.5 ? 2 : cost < 12.5 ? 3 : 4;
}

function setOf(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)));
}

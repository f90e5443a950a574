import { nameData } from '../../../config/names.ts';
import {
  COMPOUND,
  ELEMENT,
  elements,
  FOREIGN,
  GIVEN,
  HAN,
  kinds,
  SURNAME,
  surnameAt,
} from '../../people/lexicon.ts';
import { elementsEnd } from '../runs.ts';
import type { Cut } from './cut.ts';
import { costOf, UNSEEN, type NameTables } from './tables.ts';

/** How a name is made: units of the surname and of the given name, and the rest. */
export const SHORT = 0;
export const LONG = 1;
export const COMPOUND_SHORT = 2;
export const COMPOUND_LONG = 3;
export const TWO_FAMILIES = 4;
export const FOREIGN_RUN = 5;
export const DOTTED = 6;
export const SPACED = 7;
export const LATIN = 8;

/** Of characters that stand in no given name, those that are not tried either: they would be found at every place. */
const NOT_TRIED = setOf(
  '的了着不这那也都就还很与及或但而且因把被给让吗呢吧啊呀哦们个它您你我他她某第检院罪刑犯捕诉狱厅局案',
);
/** Of them, those with which foreign names are written all the same: "阿不都", "才让". */
const IN_FOREIGN = setOf('不都让');
const RARE_SURNAMES = setOf(nameData.rareSurnames);
const JAPANESE = new Set(nameData.japanese);
const LATIN_NAME = /[A-Z][a-z\u00c0-\u1ef9]+(?:[ .·-]{1,2}[A-Z][a-z\u00c0-\u1ef9]*){0,3}/y;
const SHI = '氏'.charCodeAt(0);
const RUAN = '阮'.charCodeAt(0);
const SPACE = 0x20;
const DOTS = new Set(['·', '•', '・', '‧', '∙'].map((dot) => dot.charCodeAt(0)));
/** Where a name costs so much more than words, one in four hundred is one; a quarter of all places cost that. */
const HOPELESS = -13;
const COMPOUND_COST = 8;
const LONGEST_PART = 8;
const LONGEST_RUN = 7;
const MOST_DOTS = 3;
/** What characters of foreign names cost at most. */
const FOREIGN_COST = 8.5;
const START_OF_FOREIGN = 5;
const HYPHEN = 0x2d;

/** Places of a stretch where names may stand, from left to right; the same one is used again for every stretch. */
export class Candidates {
  count = 0;
  starts = new Int32Array(256);
  ends = new Int32Array(256);
  shapes = new Uint8Array(256);
  /** How much less the name costs than the words that would stand there. */
  gains = new Float32Array(256);
  #cut!: Cut;
  #tables!: NameTables;

  /** @param from where the stretch begins in the text */
  find(text: string, from: number, cut: Cut, tables: NameTables): void {
    this.count = 0;
    this.#cut = cut;
    this.#tables = tables;
    for (let at = 0; at < cut.length; at += 1) {
      const unit = cut.units[at]!;
      const kind = kinds[unit]!;
      if ((kind & HAN) === 0) {
        if (unit < 0x80) at = this.#latin(text, from, at);
        else if (DOTS.has(unit)) this.#dotted(at);
        continue;
      }
      this.#han(text, from, at, unit, kind);
      if ((kind & ELEMENT) !== 0) this.#ofElements(text, from, at);
      if (this.#isForeign(at)) this.#foreign(at);
    }
  }

  #han(text: string, from: number, at: number, unit: number, kind: number): void {
    const { units, length } = this.#cut;
    const tables = this.#tables;
    let surname: number = (kind & (SURNAME | COMPOUND)) === 0 ? 0 : surnameAt(text, from + at);
    if (unit === RUAN && units[at + 1] === SHI) surname = 2;
    else if (surname < 2 && isOfTwo(kind) && JAPANESE.has(text.slice(from + at, from + at + 2))) surname = 2;
    if (surname === 0) {
      if (!RARE_SURNAMES.has(unit)) return;
      surname = 1;
    }
    const ofSurname = surname === 2 ? COMPOUND_COST : costOf(tables.surname, units[at]!);
    const first = units[at + surname]!;
    if (!mayBeGiven(first)) {
      const given = units[at + 2]!;
      if (surname === 1 && first === SPACE && (kinds[given]! & GIVEN) !== 0 && at + 3 <= length)
        this.#add(at, at + 3, SPACED, ofSurname + costOf(tables.givenOnly, given));
      return;
    }
    const short = at + surname + 1;
    if (short > length) return;
    this.#add(at, short, surname === 2 ? COMPOUND_SHORT : SHORT, ofSurname + costOf(tables.givenOnly, first));
    const second = units[short]!;
    if (short + 1 > length || !mayBeGiven(second)) return;
    this.#add(
      at,
      short + 1,
      surname === 2 ? COMPOUND_LONG : LONG,
      ofSurname + costOf(tables.givenFirst, first) + costOf(tables.givenSecond, second),
    );
    const third = units[short + 1]!;
    if (surname === 2 || short + 2 > length || (kinds[first]! & SURNAME) === 0 || !mayBeGiven(third)) return;
    this.#add(
      at,
      short + 2,
      TWO_FAMILIES,
      ofSurname +
        costOf(tables.surname, first) +
        costOf(tables.givenFirst, second) +
        costOf(tables.givenSecond, third),
    );
  }

  /** Parts of minority names that are written with any characters. */
  #ofElements(text: string, from: number, at: number): void {
    const end = elementsEnd(text, from + at) - from;
    if (end <= at || end > this.#cut.length) return;
    let all = true;
    for (let each = at; each < end; each += 1) all &&= this.#isForeign(each);
    // Runs of characters of foreign names are found as such.
    if (all && end - at > 2) return;
    this.#add(at, end, FOREIGN_RUN, this.#foreignCost(at, end));
  }

  /** Runs of characters of foreign names from `at` on. */
  #foreign(at: number): void {
    const { length } = this.#cut;
    for (let end = at + 1; end < length && end - at < LONGEST_RUN && this.#isForeign(end); end += 1)
      if (end + 1 - at >= 3) this.#add(at, end + 1, FOREIGN_RUN, this.#foreignCost(at, end + 1));
  }

  /** Parts of a name around dots, of which this is the first: whatever characters may be its ends. */
  #dotted(dot: number): void {
    const { units, length } = this.#cut;
    let last = dot;
    for (let at = dot + 1, dots = 1; at < length && at - last <= LONGEST_PART && dots < MOST_DOTS; at += 1) {
      if (DOTS.has(units[at]!)) {
        last = at;
        dots += 1;
      } else if (!isPart(units[at]!)) break;
    }
    for (
      let start = dot - 1;
      start >= 0 && dot - start <= LONGEST_PART && isPart(units[start]!);
      start -= 1
    ) {
      if (DOTS.has(units[start - 1]!)) return;
      if (units[start] === HYPHEN) continue;
      for (
        let end = last + 2;
        end <= length && end - last <= LONGEST_PART + 1 && isPart(units[end - 1]!);
        end += 1
      )
        this.#add(start, end, DOTTED, this.#foreignCost(start, end));
    }
  }

  /** A name in Latin letters. @returns where it ends, or `at` */
  #latin(text: string, from: number, at: number): number {
    const unit = this.#cut.units[at]!;
    if (unit < 0x41 || unit > 0x5a) return at;
    LATIN_NAME.lastIndex = from + at;
    const name = LATIN_NAME.exec(text)?.[0].replace(/[ .·-]+$/u, '') ?? '';
    if (name.length < 3 || at + name.length > this.#cut.length) return at;
    this.#add(at, at + name.length, LATIN, 0);
    return at + name.length - 1;
  }

  #isForeign(at: number): boolean {
    return costOf(this.#tables.foreign, this.#cut.units[at]!) <= FOREIGN_COST;
  }

  #foreignCost(start: number, end: number): number {
    let cost = START_OF_FOREIGN;
    for (let at = start; at < end; at += 1) {
      const unit = this.#cut.units[at]!;
      cost += DOTS.has(unit) ? 0 : Math.min(UNSEEN, costOf(this.#tables.foreign, unit));
    }
    return cost;
  }

  #add(start: number, end: number, shape: number, cost: number): void {
    const { upTo, from, whole } = this.#cut;
    const gain = whole - upTo[start]! - from[end]! - cost;
    if (gain < HOPELESS && shape <= FOREIGN_RUN) return;
    if (shape === FOREIGN_RUN && this.#isThere(start, end)) return;
    if (this.count === this.starts.length) this.#grow();
    const at = this.count;
    this.starts[at] = start;
    this.ends[at] = end;
    this.shapes[at] = shape;
    this.gains[at] = gain;
    this.count += 1;
  }

  /** Whether a name of another shape has the same borders: two of one would share what is learnt of it. */
  #isThere(start: number, end: number): boolean {
    for (let at = this.count - 1; at >= 0 && this.starts[at] === start; at -= 1)
      if (this.ends[at] === end) return true;
    return false;
  }

  #grow(): void {
    const size = 2 * this.starts.length;
    const grown = <T extends Int32Array | Uint8Array | Float32Array>(to: T, old: T): T => {
      to.set(old);
      return to;
    };
    this.starts = grown(new Int32Array(size), this.starts);
    this.ends = grown(new Int32Array(size), this.ends);
    this.shapes = grown(new Uint8Array(size), this.shapes);
    this.gains = grown(new Float32Array(size), this.gains);
  }
}

function mayBeGiven(unit: number): boolean {
  return (kinds[unit]! & HAN) !== 0 && !NOT_TRIED.has(unit);
}

/** A first character of a surname of two that lists have. */
const isOfTwo = (kind: number): boolean => (kind & (SURNAME | GIVEN | FOREIGN)) !== 0;

const isPart = (unit: number): boolean =>
  ((kinds[unit]! & HAN) !== 0 && (!NOT_TRIED.has(unit) || IN_FOREIGN.has(unit))) || unit === HYPHEN;

function setOf(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)));
}

/** How many units of the beginning a mask keeps. */
export function keptOf(shape: number): number {
  return shape === COMPOUND_SHORT || shape === COMPOUND_LONG ? 2 : 1;
}

/** Whether a part of a minority name of three characters or more goes on over this place. */
export function cutsElement(text: string, at: number): boolean {
  const from = elements.before(text, at + 1);
  return from >= 0 && from < at - 1;
}

/** Whether a part of a minority name begins or ends here, as the list has it. */
export const beginsElement = (text: string, at: number): boolean => elements.after(text, at) > 0;
export const endsElement = (text: string, end: number): boolean => elements.before(text, end) >= 0;

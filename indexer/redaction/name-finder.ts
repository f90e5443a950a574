import { caseWords, nameData } from '../../config/names.ts';
import {
  COMPOUND,
  ELEMENT,
  elements,
  FOLLOWS,
  FOREIGN,
  GIVEN,
  GIVEN_FIRST,
  HAN,
  isCommonWord,
  isFrequent,
  isNeverBehindRoles,
  isKnownAsOther,
  isNoGivenName,
  isWord,
  kinds,
  NEVER,
  RARE,
  SURNAME,
  surnameAt,
} from '../people/lexicon.ts';
import {
  BY_CASE,
  BY_CHARACTER,
  BY_IDENTITY,
  BY_OFFICE,
  BY_PLACE,
  BY_WORD,
  CLEAN,
  Evidence,
  INSIDE,
  OFFICIAL,
  PEOPLE,
  roles,
  STRONG,
  WEAK,
} from './evidence.ts';
import { caseNameEnd, ofTwoFamilies } from './case-names.ts';
import { elementsEnd, isForeignBefore, isHan } from './runs.ts';
import type { Replacement } from './types.ts';

/** `kept`: how many units of the beginning the mask keeps: the surname, or the first character. */
export type Name = { start: number; end: number; kept: number };

const MASKED = '某'.charCodeAt(0);
const DOTS = new Set(['·', '•', '・', '‧', '∙'].map((dot) => dot.charCodeAt(0)));
/** What joins two names of a list. */
const JOINS = new Set(
  '、|,|和|与|及|以及|、和|,和|或|跟|同|伙同|暨|/| |;|诉|赔偿|、与|并伙同|对|向|将|把'.split('|'),
);
const LONGEST_JOIN = 3;
const NUMERALS = /^[一二三四五六七八九十百千万]+$/u;
const COUNTED = /[一二三四五六七八九十百千万余多年月日天人名个元次岁]/u;
const LARGE = /[十百千万亿元]/u;
const BREAKS_OFF: ReadonlySet<string> = new Set(caseWords.breaksOff);
/** Units of parts of minority names from which on nothing else is meant. */
const MOSTLY_MINORITY = 4;
const LONGEST_PART = 8;
const LONGEST_BRACKET = 30;
const LATIN = /[A-Z][a-z]+(?:[ .][A-Z][a-z]*){0,3}/y;

/** Of whom texts speak as of the state or of history, whatever else they say. */
const publicNames: ReadonlySet<string> = new Set(nameData.publicNames);

/** Walks over a text once and tells name by name. */
export class Finder {
  readonly evidence: Evidence;
  /** Names of people who act publicly, as the text tells. */
  readonly #officials = new Set<string>();
  readonly #text: string;
  readonly #found: (Name & { told: number })[] = [];
  readonly #names = new Set<string>();
  /** Where the last name ended (masked ones too), and how it was told: what is joined to it is told alike. */
  #lastEnd = -1;
  #lastTold = INSIDE;
  /** Parts of a minority name before a dot. */
  #firstPart = { start: -1, end: -1 };

  constructor(text: string, numbers: readonly Replacement[]) {
    this.#text = text;
    this.evidence = new Evidence(text, numbers);
  }

  isOfficial(name: string): boolean {
    return publicNames.has(name) || this.#officials.has(name);
  }

  find(): Name[] {
    const text = this.#text;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      const kind = kinds[unit]!;
      let end = -1;
      // Two parts or a long one leave less doubt than a surname and what follows it.
      const parts = (kind & ELEMENT) === 0 ? -1 : elementsEnd(text, at);
      if (parts >= at + MOSTLY_MINORITY) end = this.#ofElements(at);
      if (end < 0 && (kind & (SURNAME | COMPOUND)) !== 0) end = this.#han(at);
      if (end < 0 && parts > 0) end = this.#ofElements(at);
      if (end < 0 && (kind & HAN) !== 0) end = this.#behindRole(at);
      if (end < 0 && DOTS.has(unit)) end = this.#dotted(at);
      if (end > at) at = end - 1;
    }
    return this.#found.filter(
      ({ start, end, told }) => told === STRONG || !this.isOfficial(text.slice(start, end)),
    );
  }

  /** A Chinese name that begins here. @returns its end, or -1 */
  #han(at: number): number {
    const text = this.#text;
    let surname: number = surnameAt(text, at);
    if (surname === 0) return -1;
    // "阮氏梅", as women of Vietnam are named.
    if (surname === 1 && text[at + 1] === '氏' && (kinds[text.charCodeAt(at + 3)]! & GIVEN) !== 0)
      surname = 2;
    const first = text.charCodeAt(at + surname);
    if (first === MASKED) return this.#masked(at + surname);
    const kind = kinds[first]!;
    if ((kind & HAN) === 0) return first === 32 ? this.#spaced(at, surname) : -1;
    if (this.evidence.isTitle(at + surname)) return -1;
    // "审判长孙…": the first half of the surname is the end of an office.
    if (surname === 2 && this.evidence.before(at + 1) >= WEAK) return -1;
    const told = this.#told(at);
    if (told <= CLEAN && (kind & NEVER) !== 0) return -1;
    if (told === WEAK && !this.evidence.inCase) return -1;
    if (told === OFFICIAL && (kinds[text.charCodeAt(at)]! & RARE) !== 0 && surname === 1) return -1;
    const end = this.#endsAt(at, surname, told);
    if (end < 0) return -1;
    const isPublic = told === OFFICIAL || this.evidence.after(end) === BY_OFFICE;
    if (isPublic && told !== STRONG) {
      this.#officials.add(text.slice(at, end));
      this.#remember(end, OFFICIAL);
      return end;
    }
    return this.#take(at, end, surname, told);
  }

  /** How the name that may begin at `at` is told: by what stands before it, or by the name that it is joined to. */
  #told(at: number): number {
    const told = this.evidence.before(at);
    if (told >= WEAK || this.#lastEnd < 0) return told;
    const gap = at - this.#lastEnd;
    if (gap === 0 || gap > LONGEST_JOIN) return told;
    return JOINS.has(this.#text.slice(this.#lastEnd, at)) ? Math.max(told, this.#lastTold) : told;
  }

  #endsAt(at: number, surname: number, told: number): number {
    const text = this.#text;
    // A name that the text has told already, and goes on with something else here: "张飞曾因…".
    for (let given = 2; given > 0 && told < PEOPLE; given -= 1)
      if (this.#names.has(text.slice(at, at + surname + given))) return at + surname + given;
    const both = told >= PEOPLE && surname === 1 ? ofTwoFamilies(text, at, this.evidence) : -1;
    const end = both > 0 ? both : this.#endOf(at, surname, told);
    const bold = told === STRONG || this.evidence.inSuit || (told === PEOPLE && this.evidence.inCase);
    return end > 0 || !bold ? end : caseNameEnd(text, at, surname, told, this.evidence);
  }

  /** Where the name ends that begins with this surname: behind one character or two; -1: it is none. */
  #endOf(at: number, surname: number, told: number): number {
    const text = this.#text;
    const [short, long] = [at + surname + 1, at + surname + 2];
    const [first, second] = [kinds[text.charCodeAt(short - 1)]!, kinds[text.charCodeAt(short)] ?? 0];
    const shortFits = (first & GIVEN) !== 0 && text.charCodeAt(short) !== MASKED;
    const isNumber = NUMERALS.test(text.slice(short - 1, long));
    const breaks = BREAKS_OFF.has(text[short] ?? '') && (kinds[text.charCodeAt(long)]! & HAN) !== 0;
    const longFits =
      !isNumber &&
      !breaks &&
      (first & (GIVEN | GIVEN_FIRST)) !== 0 &&
      (second & GIVEN) !== 0 &&
      text.charCodeAt(long) !== MASKED &&
      !(NUMERALS.test(text[short] ?? '') && COUNTED.test(text[long] ?? ''));
    if (isNoGivenName(text, short - 1)) return -1;
    const rare = surname === 1 && (kinds[text.charCodeAt(at)]! & RARE) !== 0;
    const word = surname === 1 && isWord(text, at, 3);
    const afterShort = this.evidence.after(short);
    // "王五三人" is a name, "满十八岁" none.
    if (isNumber && (afterShort < BY_WORD || LARGE.test(text[short] ?? ''))) return -1;
    const afterLong = (second & HAN) !== 0 ? this.evidence.after(long) : 0;
    // "张伟明知…": the second character belongs to the next word, and nothing speaks for three.
    const endsShort =
      shortFits &&
      ((afterShort >= BY_WORD && afterLong === BY_CHARACTER) ||
        (text[short] === '和' && surnameAt(text, long) > 0 && !this.#beginsClause(long)));
    // Characters that no list knows: they may be a name where they are no part of another word.
    const longMay =
      longFits ||
      ((second & HAN) !== 0 &&
        !breaks &&
        ((first | second) & NEVER) === 0 &&
        (second & FOLLOWS) === 0 &&
        text.charCodeAt(long) !== MASKED &&
        (!isFrequent(text, short - 1) || (told === STRONG && afterLong >= BY_WORD && afterShort <= 0)) &&
        !(isFrequent(text, short) && isFrequent(text, short - 2)));
    const shortMay =
      shortFits ||
      ((first & (NEVER | FOLLOWS)) === 0 &&
        text.charCodeAt(short) !== MASKED &&
        !isFrequent(text, short - 1));
    if (told <= CLEAN) {
      // Only what follows tells that it is a name, and whose.
      const begins = told === CLEAN && this.#beginsClause(at);
      if (isKnownAsOther(text, at) || afterShort === BY_PLACE || (longFits ? afterLong : afterShort) < 0)
        return -1;
      if (
        word &&
        longFits &&
        !rare &&
        afterLong >=
          (isCommonWord(text, at) ? BY_CASE : begins && this.evidence.inCase ? BY_CHARACTER : BY_WORD)
      )
        return told === CLEAN ? long : -1;
      if (word) return shortFits && !rare && afterShort === BY_IDENTITY && begins ? short : -1;
      if (told === INSIDE && isFrequent(text, at - 1)) return -1;
      // Words that begin with such a character are many: only a case or an identity tells.
      if (rare) return begins && longFits && afterLong >= BY_CASE && !isFrequent(text, short - 1) ? long : -1;
      if (longMay && afterLong >= BY_CASE && (longFits || (begins && this.evidence.inCase))) return long;
      if (told === CLEAN && shortFits && afterShort >= BY_CASE) return short;
      if (begins && shortMay && afterShort >= BY_CASE && this.evidence.inCase) return short;
      if (told === INSIDE)
        return longFits && afterLong >= BY_CHARACTER && !endsShort && this.evidence.inCase ? long : -1;
      const joined = afterLong === BY_CHARACTER && shortFits && isFrequent(text, short);
      if (longFits && afterLong >= BY_CHARACTER && !endsShort && !joined) return long;
      const alone = begins || (this.evidence.inCase && !isFrequent(text, short - 1));
      if (shortFits && !rare && alone && afterShort >= BY_CHARACTER) return short;
      if (!begins || rare || !this.evidence.inCase) return -1;
      if (longFits || (longMay && afterLong >= BY_CHARACTER)) return long;
      return shortMay && afterShort >= BY_WORD ? short : -1;
    }
    const blocked = told === STRONG ? isNeverBehindRoles(text, at) : isCommonWord(text, at);
    if (surname === 1 && blocked)
      return longFits && !rare && afterLong >= (told === STRONG ? BY_CHARACTER : BY_CASE) ? long : -1;
    const least = rare && (told < PEOPLE || (word && told < STRONG)) ? BY_WORD : BY_CHARACTER;
    if (longFits && afterLong >= (rare && told < WEAK ? BY_WORD : BY_CHARACTER) && !endsShort) return long;
    if (shortFits && afterShort >= (word && rare && told !== STRONG ? BY_OFFICE : least)) return short;
    if (rare || (first & NEVER) !== 0) return -1;
    if (longFits && !word) return long;
    if (told < PEOPLE) return -1;
    // Characters that no list knows, where the end is clear.
    const known =
      surname === 2 ||
      ((first | second) & GIVEN) !== 0 ||
      text.charCodeAt(short) === text.charCodeAt(short - 1);
    if (longMay && afterLong >= (known ? BY_CHARACTER : BY_WORD)) return long;
    if (afterShort >= BY_CHARACTER) return short;
    return shortFits && (second & GIVEN) === 0 && (told === STRONG || !word) ? short : -1;
  }

  #beginsClause(at: number): boolean {
    return at === 0 || (kinds[this.#text.charCodeAt(at - 1)]! & HAN) === 0;
  }

  /** "张 伟", as lists of two and three characters are set. */
  #spaced(at: number, surname: number): number {
    const given = this.#text.charCodeAt(at + surname + 1);
    if (surname !== 1 || (kinds[given]! & GIVEN) === 0) return -1;
    const end = at + 3;
    const told = this.#told(at);
    if (told !== STRONG && told !== PEOPLE) return -1;
    return this.evidence.after(end) >= BY_WORD ? this.#take(at, end, 1, told) : -1;
  }

  /** A name that its writer has masked: it stays, and what is joined to it is told like it. */
  #masked(at: number): number {
    const text = this.#text;
    let end = at;
    while (text.charCodeAt(end) === MASKED) end += 1;
    if (/[甲乙丙丁戊己庚辛壬癸\d]/u.test(text[end] ?? '')) end += 1;
    this.#remember(end, PEOPLE);
    return end;
  }

  /** Parts of minority names one after the other. */
  #ofElements(at: number): number {
    const text = this.#text;
    const end = elementsEnd(text, at);
    if (end < 0) return -1;
    const parts = end > elements.after(text, at) ? 2 : 1;
    if (DOTS.has(text.charCodeAt(end))) {
      if (this.#firstPart.end !== end) this.#firstPart = { start: at, end };
      return -1;
    }
    const told = this.#told(at);
    if (told === OFFICIAL) return -1;
    if (told === INSIDE && !(this.evidence.inSuit && end - at >= MOSTLY_MINORITY)) return -1;
    if (told <= CLEAN) {
      const least = this.evidence.inCase ? BY_CHARACTER : BY_CASE;
      const longer = (kinds[text.charCodeAt(end)]! & FOREIGN) !== 0 && this.evidence.after(end + 1) >= least;
      if (longer) return this.#take(at, end + 1, 1, told);
      return (parts > 1 || end - at > 2) && this.evidence.after(end) >= least
        ? this.#take(at, end, 1, told)
        : -1;
    }
    for (let longer = end; longer <= end + 3; longer += 1) {
      if (this.evidence.after(longer) >= BY_WORD) return this.#take(at, longer, 1, told);
      const unit = kinds[text.charCodeAt(longer)]!;
      if ((unit & (FOREIGN | GIVEN)) === 0 || (unit & FOLLOWS) !== 0) break;
    }
    for (let longer = end; longer <= end + 3; longer += 1) {
      if (this.evidence.after(longer) >= BY_CHARACTER) return this.#take(at, longer, 1, told);
      if ((kinds[text.charCodeAt(longer)]! & (FOREIGN | GIVEN)) === 0) break;
    }
    return told === STRONG || parts > 1 ? this.#take(at, end, 1, told) : -1;
  }

  /** Behind a role: a foreign name without a dot, or one in Latin letters. */
  #behindRole(at: number): number {
    const text = this.#text;
    const role = roles.after(text, at);
    if (role < 0) return -1;
    let start = role;
    while (start < role + 3 && /[ :]/u.test(text[start] ?? '')) start += 1;
    LATIN.lastIndex = start;
    const latin = LATIN.exec(text);
    const told = this.evidence.before(start);
    if (latin && told === STRONG) return this.#take(start, start + latin[0].length, 1, told);
    if (told !== STRONG && !(told === PEOPLE && this.evidence.inSuit)) return -1;
    const parts = (kinds[text.charCodeAt(start)]! & ELEMENT) === 0 ? -1 : elementsEnd(text, start);
    const han = parts >= start + MOSTLY_MINORITY ? this.#ofElements(start) : this.#han(start);
    if (han >= 0) return han;
    const least = told === STRONG ? 2 : 3;
    let end = start;
    while (end < start + 6 && (kinds[text.charCodeAt(end)]! & FOREIGN) !== 0) {
      end += 1;
      if (end - start >= least && this.evidence.after(end) >= BY_CHARACTER && !DOTS.has(text.charCodeAt(end)))
        return this.#take(start, end, 1, told);
    }
    return -1;
  }

  /** A foreign name, or one of a minority, around the dot at `dot`. */
  #dotted(dot: number): number {
    const text = this.#text;
    let told = INSIDE;
    let start = dot;
    for (let from = dot - 1; from >= Math.max(0, dot - LONGEST_PART) && isHan(text, from, dot); from -= 1) {
      const role = this.#told(from);
      if (role >= WEAK && (role !== WEAK || this.evidence.inCase)) {
        [told, start] = [role, from];
        break;
      }
    }
    if (told === INSIDE) {
      if (this.#firstPart.end === dot) start = this.#firstPart.start;
      while (start > 0 && isForeignBefore(text, start) && dot - start < LONGEST_PART) start -= 1;
      if (start === dot || (this.#told(start) === INSIDE && this.#firstPart.end !== dot)) return -1;
      told = CLEAN;
    }
    let end = dot;
    while (DOTS.has(text.charCodeAt(end)) && (kinds[text.charCodeAt(end + 1)]! & HAN) !== 0)
      end = this.#partEnd(end + 1);
    if (end === dot) return -1;
    const isPublic = told === OFFICIAL || this.evidence.after(end) === BY_OFFICE;
    if (
      isPublic ||
      (told === CLEAN &&
        !(this.evidence.inSuit && this.#firstPart.end === dot) &&
        this.evidence.after(end) < (this.evidence.inCase ? BY_CHARACTER : BY_CASE))
    ) {
      if (isPublic) this.#officials.add(text.slice(start, end));
      return -1;
    }
    return this.#take(start, end, 1, told);
  }

  /** The end of a part of a foreign name: where its characters end or something else may begin. */
  #partEnd(from: number): number {
    const text = this.#text;
    const element = elements.after(text, from);
    if (element > 0 && (kinds[text.charCodeAt(element)]! & (FOREIGN | ELEMENT)) === 0) return element;
    let end = Math.max(from, element);
    while (end < from + LONGEST_PART && (kinds[text.charCodeAt(end)]! & HAN) !== 0) {
      if (end > from) {
        const rest = this.evidence.after(end);
        const known = (kinds[text.charCodeAt(end)]! & FOREIGN) !== 0;
        if (rest >= BY_WORD || (rest === BY_CHARACTER && end - from >= (known ? 4 : 2))) break;
      }
      end += 1;
    }
    return end;
  }

  #take(start: number, end: number, kept: number, told: number): number {
    this.#found.push({ start, end, kept, told });
    this.#names.add(this.#text.slice(start, end));
    this.#remember(end, told <= CLEAN ? PEOPLE : told);
    return end;
  }

  #remember(end: number, told: number): void {
    this.#lastEnd = end;
    this.#lastTold = told;
    // "张三(男,30岁)、李四": the list goes on behind the brackets.
    if (this.#text[end] === '(') {
      const close = this.#text.slice(end, end + LONGEST_BRACKET).indexOf(')');
      if (close > 0) this.#lastEnd = end + close + 1;
    }
  }
}

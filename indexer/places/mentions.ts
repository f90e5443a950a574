import { divisionAbove, divisionPath, levelOf } from '../../config/divisions.ts';
import type { Automaton } from '../text/automaton.ts';
import type { PlaceName } from './names.ts';
import {
  isBoundary,
  isEnding,
  isOfUnknownCity,
  isOrigin,
  isSomethingElse,
  weightAt,
} from './surroundings.ts';

/** A place where a text names a division. */
export type Mention = {
  name: PlaceName;
  start: number;
  end: number;
  /** What it may mean, as far as is known by now. */
  codes: readonly string[];
  /** Stands right behind the division above it. */
  attached: boolean;
  /** Stands right before a division below it, which says more. */
  absorbed: boolean;
  refused: boolean;
  weight: number;
};

/** More are not needed to tell what a text is about. */
const MOST = 64;

/** What may stand between a division and one within it, and between two of a list. */
const DOT = /[ ·・\-—]/u;
const LISTED = /[、,/&\u548c\u4e0e]/u;

/** An institution of the place stands behind the name. */
const INSTITUTION = 2;

/** Finds names in texts; holds the room that one walk needs, so that a text costs none. */
export class MentionFinder {
  readonly #names: readonly PlaceName[];
  readonly #automaton: Automaton;
  /** Patterns from here on hold a name and name no place. */
  readonly #lengths: readonly number[];
  readonly #found = new Int32Array(4 * MOST);
  readonly #ends = new Int32Array(4 * MOST);
  #count = 0;
  readonly #note = (pattern: number, end: number): void => {
    if (this.#count === this.#found.length) return;
    this.#found[this.#count] = pattern;
    this.#ends[this.#count] = end;
    this.#count += 1;
  };

  /** @param automaton of the texts of `names`, then of phrases that hold a name and name no place */
  constructor(names: readonly PlaceName[], phrases: readonly string[], automaton: Automaton) {
    this.#names = names;
    this.#automaton = automaton;
    this.#lengths = [...names.map(({ text }) => text.length), ...phrases.map((phrase) => phrase.length)];
  }

  /** Where names stand, in order, none within another: the longest counts, of two as long the first. */
  find(text: string): Mention[] {
    this.#count = 0;
    this.#automaton.scan(text, this.#note);
    if (this.#count === 0) return [];
    const hits = Array.from({ length: this.#count }, (_, at) => {
      const pattern = this.#found[at]!;
      const end = this.#ends[at]!;
      return { pattern, start: end - this.#lengths[pattern]!, end };
    });
    hits.sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
    const kept: typeof hits = [];
    for (const hit of hits) {
      if (kept.some(({ start, end }) => hit.start < end && start < hit.end)) continue;
      kept.push(hit);
      if (kept.length === MOST) break;
    }
    kept.sort((a, b) => a.start - b.start);
    return kept.flatMap(({ pattern, start, end }) => {
      const name = this.#names[pattern];
      return name ? [mention(name, text, start, end)] : [];
    });
  }
}

const mention = (name: PlaceName, text: string, start: number, end: number): Mention => ({
  name,
  start,
  end,
  codes: name.codes,
  attached: false,
  absorbed: false,
  refused: false,
  weight: weightAt(text, end),
});

const isBelow = (code: string, above: string) => code !== above && divisionPath(code).includes(above);

const isRightBelow = (code: string, above: string) => divisionAbove(code) === above;

/** "云南省昆明市五华区": each tells what the next one is, and only the last one counts. What stands between may be a dot. */
export function attach(text: string, mentions: readonly Mention[]): void {
  mentions.forEach((child, at) => {
    const parent = mentions[at - 1];
    if (!parent || child.start - parent.end > 1) return;
    if (child.start - parent.end === 1 && !DOT.test(text.charAt(parent.end))) return;
    // A word that is also an ordinary one is a district only right behind its own city.
    const isWithin = child.name.ordinary && !child.name.full ? isRightBelow : isBelow;
    const codes = child.codes.filter((code) => parent.codes.some((above) => isWithin(code, above)));
    if (codes.length === 0) return;
    child.codes = codes;
    parent.codes = parent.codes.filter((above) => codes.some((code) => isBelow(code, above)));
    child.attached = true;
    parent.absorbed = true;
  });
}

/** "西湖区、余杭区检察院": the institution is of both. */
export function share(text: string, mentions: readonly Mention[]): void {
  for (let at = mentions.length - 2; at >= 0; at -= 1) {
    const [one, next] = [mentions[at]!, mentions[at + 1]!];
    if (next.start - one.end === 1 && LISTED.test(text.charAt(one.end)))
      one.weight = Math.max(one.weight, next.weight);
  }
}

/** Takes away what names somebody's origin, an outlet, a street …, with the divisions that stand before or behind it. */
export function refuse(text: string, mentions: readonly Mention[]): void {
  for (const [at, each] of mentions.entries())
    each.refused = isOrigin(text, each.start) || (each.attached && mentions[at - 1]?.refused === true);
  for (let at = mentions.length - 1; at >= 0; at -= 1) {
    const each = mentions[at]!;
    each.refused ||= isSomethingElse(text, each.end) || (each.absorbed && mentions[at + 1]?.refused === true);
  }
}

/** Where else to look when a name may mean several divisions, or may mean none: paths of codes, the nearest first. */
export type Surroundings = readonly (readonly string[])[];

/** Whether the name alone is enough to say that a division is meant, or only together with others. */
export type Standing = 'alone' | 'together' | 'never';

/** A short name that could be of another division as well: of a county that few know, or with the ending of another. */
export function isLesser(text: string, { name, codes, attached, end }: Mention): boolean {
  if (name.full || attached) return false;
  const level = levelOf(codes[0] ?? '');
  return (level === 2 && !name.known) || (level > 0 && isEnding(text, end));
}

/** @param words of the text; empty where it was not segmented */
export function standing(
  text: string,
  { name, start, end, codes, attached, weight }: Mention,
  words: readonly string[],
): Standing {
  if (attached) return 'alone';
  const [first] = codes;
  const isCounty = first !== undefined && levelOf(first) === 2;
  const hasInstitution = weight >= INSTITUTION;
  if (name.full) {
    if (isCounty && isOfUnknownCity(text, start)) return 'never';
    if (name.text.length === 2 && !isBoundary(text, start)) return 'never';
    return name.ordinary && !hasInstitution ? 'together' : 'alone';
  }
  // With an ending that is not its own it is another division, which no list knows.
  if (!(first !== undefined && levelOf(first) === 0) && isEnding(text, end)) return 'never';
  if (name.ordinary && hasInstitution) return isCounty || codes.length > 1 ? 'together' : 'alone';
  if (name.ordinary) return 'never';
  if (hasInstitution) return 'alone';
  if (!agrees(name.text, words)) return 'never';
  return !isCounty || name.known || name.text.length > 2 ? 'alone' : 'together';
}

/** Whether the segmenter takes the name for a word too: "周六安排" holds no "六安". */
function agrees(name: string, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  return words.some(
    (word) => word.startsWith(name) && (word.length === name.length || word.length <= name.length + 1),
  );
}

/** Of what the name may mean, that which its surroundings tell; null where they tell nothing. */
export function told(codes: readonly string[], surroundings: Surroundings): readonly string[] | null {
  for (const path of surroundings) {
    for (const level of [1, 0]) {
      const above = path.find((code) => levelOf(code) === level);
      if (above === undefined) continue;
      const within = codes.filter(
        (code) => code === above || divisionPath(code).includes(above) || path.includes(code),
      );
      if (within.length > 0) return within;
    }
  }
  return null;
}

/** One division that all of them are, or lie in; null where they have nothing in common. */
export function common(codes: readonly string[]): string | null {
  const [first] = codes;
  for (let at: string | null = first ?? null; at !== null; at = divisionAbove(at)) {
    const shared = at;
    if (codes.every((code) => divisionPath(code).includes(shared))) return shared;
  }
  return null;
}

import type { Sentiment, Voice } from '../../store/posts.ts';
import { Automaton } from '../text/automaton.ts';
import { anchorsOf, type Anchor } from './anchors.ts';
import type { Query, Term } from './query.ts';
import { isInMask } from './masks.ts';
import { merged, near, spansOf, type Spans } from './spans.ts';
import { isLatin } from './terms.ts';

/** What a query is asked about. */
export type Subject = {
  /** Title and text as the steps read them. */
  analysed: string;
  /** Folded; empty: not known. */
  outlet: string;
  kind: string;
  sourceKind: string | null;
  /** GB/T 2260 code. */
  place: string | null;
  line: string | null;
  voice: Voice | null;
  sentiment: Sentiment;
};

export type CompiledWatch = {
  id: number;
  /** Whose posts it is about: those of this office and of the offices below. */
  officeId: number;
  query: Query;
};

/**
 * Many watches, asked at once: one walk over the text finds the words of all of them, and a query is looked at only when
 * a word has been found without which it cannot match. Not to be used by two at the same time.
 */
export class WatchSet {
  readonly #watches: readonly CompiledWatch[];
  readonly #patterns = new Map<string, number>();
  readonly #automaton: Automaton;
  /** Pattern → the watches that are asked when it was found; the same by line and by place. */
  readonly #byPattern: readonly (readonly number[])[];
  readonly #byValue = new Map<string, number[]>();
  readonly #hasValues: boolean;

  // Of the text that is being looked at.
  #text = '';
  #subject: Subject | null = null;
  #round = 0;
  readonly #found: number[] = [];
  /** The round in which a pattern was last found, and a watch last asked. */
  readonly #foundIn: Int32Array;
  readonly #askedIn: Int32Array;
  /** Places of the patterns that were found, made when one of them is asked for. */
  readonly #places = new Map<number, number[]>();
  #placesIn = 0;
  readonly #note = (pattern: number): void => {
    if (this.#foundIn[pattern] === this.#round) return;
    this.#foundIn[pattern] = this.#round;
    this.#found.push(pattern);
  };

  constructor(watches: readonly CompiledWatch[]) {
    this.#watches = watches;
    const used = new Map<string, number>();
    for (const { query } of watches) {
      for (const piece of piecesOf(query)) used.set(piece, (used.get(piece) ?? 0) + 1);
    }
    for (const piece of used.keys()) this.#patterns.set(piece, this.#patterns.size);
    this.#automaton = new Automaton([...this.#patterns.keys()]);
    const byPattern: number[][] = Array.from({ length: this.#patterns.size }, () => []);
    watches.forEach(({ query }, at) => {
      for (const anchor of anchorsOf(query, used)) this.#index(byPattern, anchor, at);
    });
    this.#byPattern = byPattern;
    this.#hasValues = this.#byValue.size > 0;
    this.#foundIn = new Int32Array(this.#patterns.size);
    this.#askedIn = new Int32Array(watches.length);
  }

  get size(): number {
    return this.#watches.length;
  }

  #index(byPattern: number[][], anchor: Anchor, watch: number): void {
    if (anchor.is === 'piece') {
      byPattern[this.#patterns.get(anchor.piece) as number]?.push(watch);
      return;
    }
    const key = `${anchor.field} ${anchor.value}`;
    const known = this.#byValue.get(key);
    if (known) known.push(watch);
    else this.#byValue.set(key, [watch]);
  }

  /**
   * The ids of the watches that match, ascending.
   * @param offices whose watches count for the post: its own office and those above it; null: everybody's
   */
  match(subject: Subject, offices: readonly number[] | null): number[] {
    this.#look(subject);
    const matched: number[] = [];
    for (const pattern of this.#found) {
      for (const watch of this.#byPattern[pattern] as readonly number[]) this.#ask(watch, offices, matched);
    }
    if (this.#hasValues) {
      for (const key of keysOf(subject)) {
        for (const watch of this.#byValue.get(key) ?? []) this.#ask(watch, offices, matched);
      }
    }
    return matched.length > 1 ? matched.sort((a, b) => a - b) : matched;
  }

  /** Where the words that a watch looks for stand in a text: for showing them, in order and not overlapping. */
  marks(text: string, watch: number): [start: number, end: number][] {
    this.#look({ ...NOTHING, analysed: text });
    const query = this.#watches[watch]?.query;
    const lists = query ? wanted(query).map((term) => this.#spans({ ...term, part: null })) : [];
    const { starts, ends } = merged([{ starts: [], ends: [] }, ...lists]);
    const marks: [number, number][] = [];
    for (const [start, end] of starts.map((start, at) => [start, ends[at] as number] as const)) {
      while (marks.length > 0 && (marks.at(-1) as [number, number])[0] >= start) marks.pop();
      const last = marks.at(-1);
      if (last && last[1] >= start) last[1] = end;
      else marks.push([start, end]);
    }
    return marks;
  }

  #look(subject: Subject): void {
    this.#round += 1;
    this.#found.length = 0;
    [this.#subject, this.#text] = [subject, subject.analysed];
    this.#automaton.scan(this.#text, this.#note);
  }

  #ask(at: number, offices: readonly number[] | null, matched: number[]): void {
    if (this.#askedIn[at] === this.#round) return;
    this.#askedIn[at] = this.#round;
    const { id, officeId, query } = this.#watches[at] as CompiledWatch;
    if ((offices === null || offices.includes(officeId)) && this.#holds(query)) matched.push(id);
  }

  #holds(query: Query): boolean {
    switch (query.is) {
      case 'all':
        return query.of.every((each) => this.#holds(each));
      case 'any':
        return query.of.some((each) => this.#holds(each));
      case 'not':
        return !this.#holds(query.of);
      case 'term':
        return this.#stands(query.term);
      case 'near':
        return near(
          query.of.map((terms) => merged(terms.map((term) => this.#spans(term)))),
          query.within,
        );
      case 'value':
        return hasValue(this.#subject as Subject, query.field, query.value);
    }
  }

  #stands(term: Term): boolean {
    for (const piece of term.pieces) {
      if (this.#foundIn[this.#patterns.get(piece) as number] !== this.#round) return false;
    }
    return isPlain(term) || this.#spans(term).ends.length > 0;
  }

  #spans(term: Term): Spans {
    return spansOf(term, this.#text, (piece) => this.#endsOf(this.#patterns.get(piece) as number));
  }

  /** A second walk, for the few texts of which more is asked than whether a word is there. */
  #endsOf(pattern: number): readonly number[] {
    if (this.#placesIn !== this.#round) {
      this.#places.clear();
      for (const found of this.#found) this.#places.set(found, []);
      this.#automaton.scan(this.#text, (found, end) => this.#places.get(found)?.push(end));
      this.#placesIn = this.#round;
    }
    return this.#places.get(pattern) ?? NOWHERE;
  }
}

const NOWHERE: readonly number[] = [];
const NOTHING: Subject = {
  analysed: '',
  outlet: '',
  kind: '',
  sourceKind: null,
  place: null,
  line: null,
  voice: null,
  sentiment: 'neutral',
};

/** Being there is all that is asked of it. */
function isPlain({ pieces: [only = '', ...others], before, after, part }: Term): boolean {
  if (others.length > 0 || part !== null || before.least > 0 || after.least > 0) return false;
  return (before.open || !isLatin(only[0])) && (after.open || !isLatin(only.at(-1))) && !isInMask(only);
}

function hasValue(subject: Subject, field: string, value: string): boolean {
  switch (field) {
    case 'outlet':
      return subject.outlet.includes(value);
    case 'source-kind':
      return subject.sourceKind === value;
    case 'kind':
      return subject.kind === value;
    case 'place':
      return subject.place?.startsWith(value) ?? false;
    case 'line':
      return subject.line === value;
    case 'voice':
      return subject.voice === value;
    default:
      return subject.sentiment === value;
  }
}

/** What a post is by which watches may be asked. */
function* keysOf({ line, place }: Subject): Generator<string> {
  if (line !== null) yield `line ${line}`;
  if (place !== null) for (const digits of [2, 4, 6]) yield `place ${place.slice(0, digits)}`;
}

function* piecesOf(query: Query): Generator<string> {
  if (query.is === 'term') yield* query.term.pieces;
  else if (query.is === 'near') for (const terms of query.of) for (const { pieces } of terms) yield* pieces;
  else if (query.is === 'not') yield* piecesOf(query.of);
  else if (query.is !== 'value') for (const each of query.of) yield* piecesOf(each);
}

/** The terms that are to be there, those behind a NOT left out. */
function wanted(query: Query): Term[] {
  if (query.is === 'term') return [query.term];
  if (query.is === 'near') return query.of.flat();
  return query.is === 'all' || query.is === 'any' ? query.of.flatMap(wanted) : [];
}

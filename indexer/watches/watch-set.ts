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

/** A term with the numbers of its pieces. `plain`: being there is all that is asked of it. */
type TermNode = { is: 'term'; term: Term; patterns: readonly number[]; plain: boolean };
/** A query as it is asked: what can be known beforehand has been looked up. */
type Node =
  | TermNode
  | { is: 'all' | 'any'; of: readonly Node[] }
  | { is: 'not'; of: Node }
  | { is: 'near'; of: readonly (readonly TermNode[])[]; within: number }
  | Extract<Query, { is: 'value' }>;

/**
 * Many watches, asked at once: one walk over the text finds the words of all of them, and a query is looked at only when
 * a word has been found without which it cannot match. Not to be used by two at the same time.
 */
export class WatchSet {
  readonly #watches: readonly { id: number; officeId: number; query: Node }[];
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
    const used = new Map<string, number>();
    for (const { query } of watches) {
      for (const piece of piecesOf(query)) used.set(piece, (used.get(piece) ?? 0) + 1);
    }
    for (const piece of used.keys()) this.#patterns.set(piece, this.#patterns.size);
    this.#watches = watches.map((watch) => ({ ...watch, query: this.#node(watch.query) }));
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

  #node(query: Query): Node {
    switch (query.is) {
      case 'all':
      case 'any':
        return { is: query.is, of: query.of.map((each) => this.#node(each)) };
      case 'not':
        return { is: 'not', of: this.#node(query.of) };
      case 'term':
        return this.#termNode(query.term);
      case 'near':
        return { ...query, of: query.of.map((terms) => terms.map((term) => this.#termNode(term))) };
      case 'value':
        return query;
    }
  }

  #termNode(term: Term): TermNode {
    const patterns = term.pieces.map((piece) => this.#patterns.get(piece) as number);
    return { is: 'term', term, patterns, plain: isPlain(term) };
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
    const terms = query ? wanted(query) : [];
    const lists = terms.map((node) => this.#spans({ ...node, term: { ...node.term, part: null } }));
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
    const { id, officeId, query } = this.#watches[at]!;
    if ((offices === null || offices.includes(officeId)) && this.#holds(query)) matched.push(id);
  }

  #holds(query: Node): boolean {
    switch (query.is) {
      case 'all':
        for (const each of query.of) if (!this.#holds(each)) return false;
        return true;
      case 'any':
        for (const each of query.of) if (this.#holds(each)) return true;
        return false;
      case 'not':
        return !this.#holds(query.of);
      case 'term':
        return this.#isHere(query) && (query.plain || this.#spans(query).ends.length > 0);
      case 'near':
        return this.#isNear(query.of, query.within);
      case 'value':
        return hasValue(this.#subject as Subject, query.field, query.value);
    }
  }

  /** Whether all pieces are somewhere in the text. */
  #isHere({ patterns }: TermNode): boolean {
    for (const pattern of patterns) if (this.#foundIn[pattern] !== this.#round) return false;
    return true;
  }

  #isNear(lists: readonly (readonly TermNode[])[], within: number): boolean {
    const here: TermNode[][] = [];
    for (const terms of lists) {
      const some = terms.filter((term) => this.#isHere(term));
      if (some.length === 0) return false;
      here.push(some);
    }
    return near(
      here.map((terms) => merged(terms.map((term) => this.#spans(term)))),
      within,
    );
  }

  #spans({ term, patterns }: TermNode): Spans {
    return spansOf(term, this.#text, (piece) => this.#endsOf(patterns[piece] as number));
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
function wanted(query: Node): TermNode[] {
  if (query.is === 'term') return [query];
  if (query.is === 'near') return query.of.flat();
  return query.is === 'all' || query.is === 'any' ? query.of.flatMap(wanted) : [];
}

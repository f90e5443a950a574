import type { TextField, ValueField } from '../../config/query-words.ts';

/** What may stand between two pieces of a term. */
export type Gap = {
  /** In UTF-16 units. */
  min: number;
  max: number;
  /** word: letters and digits; space: one space or none. */
  of: 'word' | 'space';
};

/**
 * Words that stand together: one piece, or several with gaps between them (wildcards, or a space in a phrase). Folded as the
 * analysed text is.
 */
export type Term = {
  pieces: readonly string[];
  /** One fewer than pieces. */
  gaps: readonly Gap[];
  /** Letters that wildcards at the ends ask for; `open`: it may go on there, so that a Latin word need not end. */
  before: { least: number; open: boolean };
  after: { least: number; open: boolean };
  /** Where in the post; null: anywhere. */
  part: TextField | null;
  /** As it was written, and where in the query: offsets in UTF-16 units. */
  written: string;
  start: number;
  end: number;
};

export type Query =
  | { is: 'all' | 'any'; of: readonly Query[] }
  | { is: 'not'; of: Query; start: number; end: number }
  | { is: 'term'; term: Term }
  /** One of each, so that no more than `within` characters lie between the end of the first and the start of the last. */
  | { is: 'near'; of: readonly (readonly Term[])[]; within: number }
  | { is: 'value'; field: ValueField; value: string; start: number; end: number };

/** What is wrong with a query. */
export type QueryFault = {
  /** From 1, in characters as a person counts them. */
  column: number;
  /** What is wrong: offsets in UTF-16 units of the query, for marking it. */
  start: number;
  end: number;
  message: string;
};

export type ParsedQuery = { query: Query; terms: readonly Term[] } | { fault: QueryFault };

/** The bounds of a query: characters, words and values, and brackets within brackets. */
export const MOST_CHARACTERS = 2_000;
export const MOST_TERMS = 200;
export const MOST_DEPTH = 20;
/** The most characters that two words may be asked to stand apart. */
export const MOST_APART = 200;
export const USUAL_APART = 10;
/** What one `*` stands for at most, and how many wildcards a word may have. */
export const STAR = 8;
export const MOST_WILDCARDS = 5;

import { CELLS, cellOf } from './cells.ts';
import { PAIR, type Features } from './features.ts';
import { background } from './background.ts';
import type { Talk } from './talk.ts';

/** As if so many texts of other people had been seen: own posts soon outweigh them. */
const START = 500;
/** From so many texts on all counts are halved: words of last year no longer make a word common. Fits sixteen bits. */
const MOST = 60_000;
/** Features of one text that take part: those that say most. Long articles are told by these well enough. */
const TAKEN = 64;

/** Of two units a pair has less to say than a word that the dictionary knows. */
const PAIR_WEIGHT = 0.7;
/** Added to the square of every length: what a short title shares by chance weighs less. About half a dozen words of middling rarity. */
const PIVOT = 200;

let starting: Uint16Array | null = null;

/** Counts of a vocabulary that has seen nothing of its own; not to be changed. */
const startingCounts = (): Uint16Array => (starting ??= background().counts(START));

/** A vector of length ≤ 1: features that say most come first. */
export type Vector = { readonly keys: Int32Array; readonly weights: Float32Array };

/** `cells`: which counters differ from the vocabulary that ships, null: any may; `counts`: theirs, or all of them. */
export type SavedVocabulary = { texts: number; cells: Int32Array | null; counts: Uint16Array };

/** In how many of the texts seen a feature occurs, learnt as they arrive. Counts are held by hash: 2 MB. */
export class Vocabulary {
  readonly #cells: Uint16Array;
  #texts: number;

  /** @param saved absent: the vocabulary that ships with the program */
  constructor(saved?: SavedVocabulary) {
    this.#cells = saved?.cells === null ? saved.counts : startingCounts().slice();
    this.#texts = saved?.texts ?? START;
    saved?.cells?.forEach((cell, n) => {
      this.#cells[cell] = saved.counts[n]!;
    });
  }

  get saved(): SavedVocabulary {
    const start = startingCounts();
    const texts = this.#texts;
    let changed = 0;
    for (let cell = 0; cell < CELLS; cell += 1) if (this.#cells[cell] !== start[cell]) changed += 1;
    // A number and a count take six bytes, a count alone two.
    if (changed > CELLS / 3) return { texts, cells: null, counts: this.#cells };
    const cells = new Int32Array(changed);
    let n = 0;
    for (let cell = 0; cell < CELLS; cell += 1) if (this.#cells[cell] !== start[cell]) cells[n++] = cell;
    return { texts, cells, counts: Uint16Array.from(cells, (cell) => this.#cells[cell]!) };
  }

  /** Counts a text in. @param features ascending, as `featuresOf` gives them */
  learn(features: Features): void {
    this.#texts += 1;
    for (let n = 0; n < features.length; n += 1) {
      if (features[n] === features[n - 1]) continue;
      const cell = cellOf(features[n]!);
      if (this.#cells[cell]! < 0xffff) this.#cells[cell]! += 1;
    }
    if (this.#texts < MOST) return;
    this.#texts /= 2;
    for (let cell = 0; cell < CELLS; cell += 1) this.#cells[cell] = this.#cells[cell]! >>> 1;
  }

  /** Inverse document frequency: about 0 for what is everywhere. */
  rarity(feature: number): number {
    return Math.max(0, Math.log(this.#texts + 1) - LOGS[this.#cells[cellOf(feature)]!]!);
  }

  /**
   * What a text says, by the rarity of its features as of now; with `talk`, by what is talked about at its time, too.
   * @param at Unix ms
   */
  vector(features: Features, talk: Talk | null = null, at = 0): Vector {
    talk?.look(at);
    const scale = Math.log(this.#texts + 1);
    // Weight above, place below: sorted as numbers, which is several times as fast as by a function.
    if (scratch.length < features.length) scratch = new Float64Array(2 * features.length);
    const packed = scratch;
    let squares = PIVOT;
    let distinct = 0;
    for (let n = 0; n < features.length;) {
      const key = features[n]!;
      const first = n;
      while (n < features.length && features[n] === key) n += 1;
      const kind = (key & PAIR) === 0 ? 1 : PAIR_WEIGHT;
      const count = this.#cells[cellOf(key)]!;
      const rarity = talk ? talk.weight(key, count, this.#texts) : Math.max(0, scale - LOGS[count]!);
      const weight = kind * (1 + LOGS_OF_TIMES[Math.min(255, n - first)]!) * rarity;
      squares += weight * weight;
      packed[distinct++] = Math.round(weight * STEPS) * PLACES + (PLACES - 1 - first);
    }
    packed.subarray(0, distinct).sort();
    const taken = Math.min(TAKEN, distinct);
    const norm = 1 / (STEPS * Math.sqrt(squares));
    const vector = takeFrom(taken);
    for (let n = 0; n < taken; n += 1) {
      const value = packed[distinct - 1 - n]!;
      vector.keys[n] = features[PLACES - 1 - (value % PLACES)]!;
      vector.weights[n] = Math.floor(value / PLACES) * norm;
    }
    return vector;
  }
}

/** Features of vectors in one piece of memory. */
const POOL = 2 ** 14;
let pool = { keys: new Int32Array(POOL), weights: new Float32Array(POOL), used: 0 };

/** An engine makes memory of its own for each array of more than a few numbers, and frees it at a cost: hundreds share one. */
function takeFrom(length: number): Vector {
  if (pool.used + length > POOL)
    pool = { keys: new Int32Array(POOL), weights: new Float32Array(POOL), used: 0 };
  const from = pool.used;
  pool.used += length;
  return { keys: pool.keys.subarray(from, pool.used), weights: pool.weights.subarray(from, pool.used) };
}

/** Used for one vector after the other: nothing of it outlives a call. */
let scratch = new Float64Array(1_024);
const STEPS = 2 ** 16;
/** More than a text can have features. */
const PLACES = 2 ** 16;
const LOGS = Float32Array.from({ length: 0x1_0000 }, (_, count) => Math.log(count + 0.5));
const LOGS_OF_TIMES = Float32Array.from({ length: 256 }, (_, times) => Math.log(Math.max(1, times)));

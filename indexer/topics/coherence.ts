import type { Vector } from './vocabulary.ts';

type Dated = Readonly<{ at: number; vector: Vector }>;

/** Pairs of texts far from one another that are looked at. */
const PAIRS = 4_000;
/** Texts of one stretch of time that are looked at, and for each so many others of it. */
const TEXTS = 100;
const OTHERS = 4;
/** So many pairs more are taken to be as unlike as any, until there are enough. */
const DOUBT = 60;
const FAR_DOUBT = 400;
/** Copies of one another say nothing about how alike different texts are. */
const COPY = 0.6;
/** Mean cosine of two texts of one concern in other words (posts of one event hashtag), and of any two. */
const SAME = 0.0152;
const ANY = 0.0021;

/** What being at the same time says about two texts. */
export class Coherence {
  /** Mean cosine of texts that are far from one another in time. */
  readonly apart: number;
  readonly #stretch: number;
  readonly #shares: ReadonlyMap<number, number>;

  constructor(apart = ANY, stretch = Infinity, shares: ReadonlyMap<number, number> = new Map()) {
    this.apart = apart;
    this.#stretch = stretch;
    this.#shares = shares;
  }

  /**
   * How likely two texts of this time are to be of the same concern, 0 to 1. Of a stretch that nothing is known of yet what
   * was true of the one before it.
   * @param at Unix ms
   */
  share(at: number): number {
    const stretch = Math.floor(at / this.#stretch);
    return this.#shares.get(stretch) ?? this.#shares.get(stretch - 1) ?? 0;
  }
}

/**
 * How likely two texts of the same time are to be of the same concern: how much more alike they are than texts of
 * different times, in relation to texts of one concern. Where many things are talked about at once it is nearly 0, in a
 * storm nearly 1: each stretch of time is looked at by itself, so that a storm of today says nothing about last week. Always
 * the same for the same texts: pairs are drawn by a fixed sequence.
 * @param texts by time ascending
 * @param stretch milliseconds
 */
export function coherence(texts: readonly Dated[], stretch: number): Coherence {
  const random = sequence();
  const apart = likenessApart(texts, 3 * stretch, random);
  // No text is far from any other: nothing to compare with.
  if (apart === null) return new Coherence();
  const shares = new Map<number, number>();
  for (let from = 0; from < texts.length;) {
    const place = Math.floor(texts[from]!.at / stretch);
    let until = from;
    while (until < texts.length && Math.floor(texts[until]!.at / stretch) === place) until += 1;
    const near = likenessWithin(texts, from, until, apart, random);
    const share = (near - apart) / Math.max(SAME - apart, SAME / 2);
    shares.set(place, Math.max(0, Math.min(1, share)));
    from = until;
  }
  return new Coherence(apart, stretch, shares);
}

/** Mean cosine of texts that are so far from one another; null: none are. */
function likenessApart(texts: readonly Dated[], distance: number, random: () => number): number | null {
  let [sum, pairs] = [FAR_DOUBT * ANY, FAR_DOUBT];
  for (let n = 0; n < PAIRS && texts.length > 1; n += 1) {
    const one = texts[Math.floor(random() * texts.length)]!;
    const other = texts[Math.floor(random() * texts.length)]!;
    if (Math.abs(other.at - one.at) < distance) continue;
    const like = cosine(weightsOf(one.vector), other.vector);
    if (like < COPY) [sum, pairs] = [sum + like, pairs + 1];
  }
  return pairs === FAR_DOUBT ? null : sum / pairs;
}

/** Mean cosine of the texts from `from` on, before `until`. */
function likenessWithin(
  texts: readonly Dated[],
  from: number,
  until: number,
  apart: number,
  random: () => number,
): number {
  let [sum, pairs] = [DOUBT * apart, DOUBT];
  const drawn = () => from + Math.floor(random() * (until - from));
  const looked = Math.min(TEXTS, until - from);
  for (let n = 0; n < looked; n += 1) {
    const one = looked < TEXTS ? from + n : drawn();
    const weights = weightsOf(texts[one]!.vector);
    for (let time = 0; time < OTHERS; time += 1) {
      const other = drawn();
      if (other === one) continue;
      const like = cosine(weights, texts[other]!.vector);
      if (like < COPY) [sum, pairs] = [sum + like, pairs + 1];
    }
  }
  return sum / pairs;
}

function weightsOf({ keys, weights }: Vector): Map<number, number> {
  const found = new Map<number, number>();
  for (let n = 0; n < keys.length; n += 1) found.set(keys[n]!, weights[n]!);
  return found;
}

function cosine(one: ReadonlyMap<number, number>, { keys, weights }: Vector): number {
  let dot = 0;
  for (let n = 0; n < keys.length; n += 1) dot += (one.get(keys[n]!) ?? 0) * weights[n]!;
  return dot;
}

/** Numbers from 0 to 1 that are always the same ones (mulberry32). */
function sequence(): () => number {
  let state = 0x6d2b_79f5;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

import type { Vector } from './vocabulary.ts';

type Dated = Readonly<{ at: number; vector: Vector }>;

/** Pairs that are looked at in each of both kinds; so many more are taken to be as unlike as any, until there are enough. */
const PAIRS = 4_000;
const DOUBT = 400;
/** Copies of one another say nothing about how alike different texts are. */
const COPY = 0.6;
/** Mean cosine of two texts of one concern in other words (posts of one event hashtag), and of any two. */
const SAME = 0.0152;
const ANY = 0.0021;

export type Coherence = Readonly<{
  /** How likely two texts of the same time are to be of the same concern, 0 to 1. */
  share: number;
  /** Mean cosine of texts that are far from one another in time. */
  apart: number;
}>;

/** Before anything is known. */
export const NOTHING_KNOWN: Coherence = { share: 0, apart: ANY };

/**
 * How likely two texts of the same time are to be of the same concern: how much more alike they are than texts of
 * different times, in relation to texts of one concern. Where many things are talked about at once it is nearly 0. Always the
 * same for the same texts: pairs are drawn by a fixed sequence.
 * @param texts by time ascending
 */
export function coherence(texts: readonly Dated[], fade: number): Coherence {
  const random = sequence();
  let near = DOUBT * ANY;
  let nears = DOUBT;
  let far = DOUBT * ANY;
  let fars = DOUBT;
  const from = windows(texts, -fade);
  const until = windows(texts, fade);
  for (let n = 0; n < PAIRS && texts.length > 1; n += 1) {
    const one = Math.floor(random() * texts.length);
    const close = from[one]! + Math.floor(random() * (until[one]! - from[one]!));
    const any = Math.floor(random() * texts.length);
    const weights = weightsOf(texts[one]!.vector);
    if (close !== one) {
      const like = cosine(weights, texts[close]!.vector);
      if (like < COPY) [near, nears] = [near + like, nears + 1];
    }
    if (Math.abs(texts[any]!.at - texts[one]!.at) < 3 * fade) continue;
    const unlike = cosine(weights, texts[any]!.vector);
    if (unlike < COPY) [far, fars] = [far + unlike, fars + 1];
  }
  // No text is far from any other: nothing to compare with.
  if (fars === DOUBT) return NOTHING_KNOWN;
  const apart = far / fars;
  const share = (near / nears - apart) / Math.max(SAME - apart, SAME / 2);
  return { share: Math.max(0, Math.min(1, share)), apart };
}

/** For each text the first one that is later than it by more than `by`, or not earlier. */
function windows(texts: readonly Dated[], by: number): Int32Array {
  let at = 0;
  return Int32Array.from(texts, ({ at: own }) => {
    while (at < texts.length && (by > 0 ? texts[at]!.at < own + by : texts[at]!.at <= own + by)) at += 1;
    return at;
  });
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

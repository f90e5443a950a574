import { rarity } from './rarity.ts';

/** News say at the beginning what they are about; in UTF-16 units. */
const LEAD = 200;

/**
 * How alike two texts in their analysed form are, 0 to 1: the cosine of their characters, pairs of characters, Latin words
 * and numbers, each weighed by the square of its inverse document frequency and by 1 + ln of how often it stands there; half
 * of it by the whole texts, half by their beginnings, since a long one speaks of more than a short one can.
 */
export function similarity(one: string, other: string): number {
  const whole = cosine(one, other);
  if (one.length <= LEAD && other.length <= LEAD) return whole;
  return (whole + cosine(one.slice(0, LEAD), other.slice(0, LEAD))) / 2;
}

function cosine(one: string, other: string): number {
  const a = weigh(one);
  const b = weigh(other);
  let common = 0;
  for (const [gram, weight] of a.weights) common += weight * (b.weights.get(gram) ?? 0);
  return a.norm > 0 && b.norm > 0 ? common / (a.norm * b.norm) : 0;
}

function weigh(text: string): { weights: Map<number, number>; norm: number } {
  const weights = grams(text);
  let squares = 0;
  for (const [gram, times] of weights) {
    const weight = (1 + Math.log(times)) * rarity(gram) ** 2;
    weights.set(gram, weight);
    squares += weight * weight;
  }
  return { weights, norm: Math.sqrt(squares) };
}

const RUNS = /\p{Script=Han}+|[a-z]+|\d+(?:\.\d+)?/gu;
const FIRST_HAN = 0x2e80;

/**
 * Gram → how often it stands there. A character is its code unit, a pair the second unit above the first one; words and
 * numbers are negative.
 */
export function grams(text: string): Map<number, number> {
  const found = new Map<number, number>();
  const add = (gram: number) => found.set(gram, (found.get(gram) ?? 0) + 1);
  for (const [run] of text.matchAll(RUNS)) {
    if (run.charCodeAt(0) < FIRST_HAN) {
      add(named(run));
      continue;
    }
    for (let at = 0; at < run.length; at += 1) {
      add(run.charCodeAt(at));
      if (at + 1 < run.length) add(run.charCodeAt(at) + 0x1_0000 * (run.charCodeAt(at + 1) & 0x7fff));
    }
  }
  return found;
}

function named(run: string): number {
  let hash = 0x811c_9dc5;
  for (let at = 0; at < run.length; at += 1) hash = Math.imul(hash ^ run.charCodeAt(at), 0x0100_0193);
  return hash | -0x8000_0000;
}

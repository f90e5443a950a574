import type { Candidates } from './candidates.ts';

/**
 * All ways to choose candidates of a stretch that do not overlap, weighed: a way's weight is the product of what its
 * candidates weigh (e to the power of their scores), a place outside of names weighs 1.
 */
export class Lattice {
  #heads = new Int32Array(0);
  #links = new Int32Array(0);
  #best = new Float64Array(0);
  #chosen = new Int32Array(0);

  /** Candidates by where they end. */
  #link(candidates: Candidates, length: number): void {
    const { ends, count } = candidates;
    if (this.#heads.length <= length) {
      this.#heads = new Int32Array(length + 1);
      this.#best = new Float64Array(length + 1);
      this.#chosen = new Int32Array(length + 1);
    }
    if (this.#links.length < count) this.#links = new Int32Array(2 * count);
    this.#heads.fill(-1, 0, length + 1);
    for (let at = 0; at < count; at += 1) {
      this.#links[at] = this.#heads[ends[at]!]!;
      this.#heads[ends[at]!] = at;
    }
  }

  /** The candidates of the weightiest way, from left to right. */
  best(candidates: Candidates, scores: ArrayLike<number>, length: number): number[] {
    this.#link(candidates, length);
    const [best, chosen] = [this.#best, this.#chosen];
    best[0] = 0;
    for (let at = 1; at <= length; at += 1) {
      best[at] = best[at - 1]!;
      chosen[at] = -1;
      for (let each = this.#heads[at]!; each >= 0; each = this.#links[each]!) {
        const score = best[candidates.starts[each]!]! + scores[each]!;
        if (score > best[at]!) [best[at], chosen[at]] = [score, each];
      }
    }
    const way: number[] = [];
    for (let at = length; at > 0;) {
      const each = chosen[at]!;
      if (each < 0) at -= 1;
      else {
        way.push(each);
        at = candidates.starts[each]!;
      }
    }
    return way.reverse();
  }

  /** In how much of the weight of all ways each candidate is: its probability. */
  shares(candidates: Candidates, scores: ArrayLike<number>, length: number): Float64Array {
    this.#link(candidates, length);
    const upTo = new Float64Array(length + 1);
    for (let at = 1; at <= length; at += 1) {
      upTo[at] = upTo[at - 1]!;
      for (let each = this.#heads[at]!; each >= 0; each = this.#links[each]!)
        upTo[at] = added(upTo[at]!, upTo[candidates.starts[each]!]! + scores[each]!);
    }
    // Backwards: what begins at a place was added to it before the place is passed.
    const from = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
    from[length] = 0;
    for (let at = length; at > 0; at -= 1) {
      for (let each = this.#heads[at]!; each >= 0; each = this.#links[each]!) {
        const start = candidates.starts[each]!;
        from[start] = added(from[start]!, from[at]! + scores[each]!);
      }
      from[at - 1] = added(from[at - 1]!, from[at]!);
    }
    const all = upTo[length]!;
    return Float64Array.from({ length: candidates.count }, (_, at) =>
      Math.exp(upTo[candidates.starts[at]!]! + scores[at]! + from[candidates.ends[at]!]! - all),
    );
  }
}

/** Logarithm of the sum of what two logarithms stand for. */
function added(a: number, b: number): number {
  if (a === Number.NEGATIVE_INFINITY) return b;
  const [most, least] = a > b ? [a, b] : [b, a];
  return most + Math.log1p(Math.exp(least - most));
}

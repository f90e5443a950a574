import type { Exchange } from './state.ts';

/** Where little was seen, counts are taken to vary like this: a rate that is off by half of itself, now and then. */
const ASSUMED = 0.3;
/** What is assumed weighs as much as thirty hours with one post each. */
const ASSUMED_WEIGHT = 10;
const LEAST = 0.02;
const MOST = 4;
/** Points after which what was seen weighs a third. */
const MEMORY = 1000;

/**
 * By how much the counts of one series vary beyond chance: the variance of a count with mean m is m + m² × `beyond`
 * (negative-binomial; 0 would be Poisson's). By moments, with the foreseen value for a mean, so that what the rhythm cannot
 * foresee is in it too.
 */
export class Dispersion {
  private above = 0;
  private squares = 0;
  private seen = 0;

  get beyond(): number {
    const found = this.squares > 0 ? this.above / this.squares : ASSUMED;
    const weight = this.squares * Math.min(this.seen, MEMORY);
    const mixed = (weight * found + ASSUMED_WEIGHT * ASSUMED) / (weight + ASSUMED_WEIGHT);
    return Math.min(MOST, Math.max(LEAST, mixed));
  }

  /** @param expected more than 0 */
  learn(count: number, expected: number): void {
    this.seen += 1;
    // What one count says is the less certain the smaller its mean: weighed by what its own variance would be.
    const weight = expected / (2 * expected + 1);
    // A burst is no proof that chance is wild: beyond four standard deviations it weighs no more.
    const most = 16 * (expected + expected * expected * this.beyond) + 1;
    const pace = Math.max(1 / MEMORY, 1 / this.seen);
    const more = Math.min(most, (count - expected) ** 2) - expected;
    this.above += pace * (weight * more - this.above);
    this.squares += pace * (weight * expected * expected - this.squares);
  }

  /**
   * −ln of a bound (Chernoff's) on the chance of a count that lies so far out on its side of a mean: 18 is once in 65
   * million. The closed form is that of the negative-binomial distribution with shape 1 / `beyond`.
   *
   * @param evenness of a mean that is a sum over hours: the sum of their squares by the square of their sum. Hours vary each on
   *   its own, so that the sum varies by less than one hour of its size would.
   */
  unlikely(count: number, mean: number, evenness = 1): number {
    const shape = 1 / (this.beyond * evenness);
    const own = count > 0 ? count * Math.log(count / mean) : 0;
    return own - (count + shape) * Math.log((count + shape) / (mean + shape));
  }

  /** Standard deviations from a mean, on the scale of roots, where they are alike at any size; below 0 for less. */
  deviations(count: number, mean: number, evenness = 1): number {
    return (2 * (Math.sqrt(count) - Math.sqrt(mean))) / Math.sqrt(1 + mean * this.beyond * evenness);
  }

  /** Two of them to both sides. Unrounded. */
  band(mean: number, evenness = 1): { low: number; high: number } {
    const both = Math.sqrt(1 + mean * this.beyond * evenness);
    return { low: Math.max(0, Math.sqrt(mean) - both) ** 2, high: (Math.sqrt(mean) + both) ** 2 };
  }

  exchange(state: Exchange): void {
    this.above = state.number(this.above);
    this.squares = state.number(this.squares);
    this.seen = state.number(this.seen);
  }
}

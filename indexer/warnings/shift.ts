import type { Exchange } from './state.ts';
import { Tail } from './tail.ts';

/** Two moving means, a quick one beside a slow one: the change of level, where no rhythm helps. */
export class Shift {
  readonly tail = new Tail();
  quick = 0;
  slow = 0;
  private seen = 0;
  readonly quickPace: number;
  private readonly slowPace: number;

  constructor(quickPace: number, slowPace: number) {
    this.quickPace = quickPace;
    this.slowPace = slowPace;
  }

  /** The difference of the two, above 0 when rising; the slow one learns the point only afterwards. */
  step(value: number): number {
    this.seen++;
    if (this.seen === 1) this.quick = this.slow = value;
    this.quick += Math.max(this.quickPace, 1 / this.seen) * (value - this.quick);
    const difference = this.quick - this.slow;
    this.slow += Math.max(this.slowPace, 1 / this.seen) * (value - this.slow);
    return difference;
  }

  /** Points that were not seen: the quick mean goes back to the slow one. */
  skip(points: number): void {
    this.quick = this.slow + (this.quick - this.slow) * (1 - this.quickPace) ** points;
  }

  exchange(state: Exchange): void {
    this.tail.exchange(state);
    this.quick = state.number(this.quick);
    this.slow = state.number(this.slow);
    this.seen = state.number(this.seen);
  }
}

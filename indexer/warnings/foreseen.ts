import type { Exchange } from './state.ts';

const HOUR_MS = 3_600_000;
/** A week. */
const HOURS = 168;

/**
 * What was expected of each of the last hours before it was learnt: afterwards an hour is part of what is usual, and a burst
 * would be held against itself.
 */
export class Foreseen {
  private readonly kept = new Float32Array(HOURS).fill(Number.NaN);
  private newest = Number.NaN;

  /** @param at start of an hour, in order of time */
  note(at: number, expected: number): void {
    const hour = Math.floor(at / HOUR_MS);
    const missed = Math.min(HOURS, hour - this.newest - 1);
    for (let back = 1; back <= missed; back += 1) this.kept[slotOf(hour - back)] = Number.NaN;
    this.kept[slotOf(hour)] = expected;
    this.newest = hour;
  }

  /** Undefined for an hour that was not learnt, or more than a week ago. */
  of(at: number): number | undefined {
    const hour = Math.floor(at / HOUR_MS);
    if (!(hour <= this.newest && hour > this.newest - HOURS)) return undefined;
    const expected = this.kept[slotOf(hour)] ?? Number.NaN;
    return Number.isNaN(expected) ? undefined : expected;
  }

  exchange(state: Exchange): void {
    state.floats(this.kept);
    this.newest = state.number(this.newest);
  }
}

function slotOf(hour: number): number {
  return ((hour % HOURS) + HOURS) % HOURS;
}

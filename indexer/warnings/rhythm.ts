import type { Exchange } from './state.ts';
import { Tail } from './tail.ts';

const hour = 3_600_000;
const slotsPerDay = 48;
const hoursPerWeek = 168;
const addedFrom = 2 * slotsPerDay;
const weeksFrom = addedFrom + hoursPerWeek;
/** 1970-01-01 was a Thursday: shifts weeks to begin on Monday. Any fixed shift would do. */
const mondayShift = 72;
/** Days and weeks after which what was seen weighs a third. The day's slots must outlast weekends by far. */
const dayMemory = 30;
const weekMemory = 10;
/** An hour of the week counts half after so many weeks. */
const halfTrust = 2;

/**
 * What is usual at this time of day, and what the hour of the week adds once it has been seen often, for one reading
 * of the values (as they are, or their roots). Its deviation is the mean of the last few differences.
 */
export class Rhythm {
  readonly tail = new Tail();
  /** One array, as tens of thousands of series are watched: usual and visits per slot, then added and weeks. */
  private readonly kept = new Float32Array(2 * slotsPerDay + 2 * hoursPerWeek);
  private level = 0;
  private seen = 0;
  private smooth = 0;
  private offRhythm = 0;
  private offLevel = 0;

  /** 0 to 1: how much of the variation the rhythm foretold, judged on each point before it was learnt. */
  get trust(): number {
    return this.offLevel > 0 ? Math.max(0, 1 - (this.offRhythm / this.offLevel) ** 2) : 0;
  }

  /** The long-run mean, whatever the time. */
  get mean(): number {
    return this.level;
  }

  static readonly smoothing = 0.25;

  /** The usual value at a time, from all points before. */
  expected(at: number): number {
    const of = hourOfWeek(at);
    const weeks = this.kept[of + weeksFrom] ?? 0;
    return this.ofDay(slotOfDay(at)) + ((this.kept[of + addedFrom] ?? 0) * weeks) / (weeks + halfTrust);
  }

  /** The nearest to a value among all that is usual between two times: the value itself, where it lies between. */
  nearest(value: number, at: number, other: number): number {
    const [one, two] = [this.expected(at), this.expected(other)];
    return Math.min(Math.max(value, Math.min(one, two)), Math.max(one, two));
  }

  /**
   * The smoothed difference at this point, above 0 for more than usual; then learns the point. `other` is another time whose
   * rhythm a day out of the ordinary may have as well: what lies between the two is usual, and teaches neither.
   */
  step(at: number, value: number, pause: number, other = at): number {
    this.seen++;
    if (this.seen === 1) this.level = value;
    this.level += Math.max(0.005, 1 / this.seen) * (value - this.level);
    const difference = value - this.nearest(value, at, other);
    this.smooth += Rhythm.smoothing * (difference - this.smooth);
    const pace = Math.max(0.0007, 1 / this.seen);
    this.offRhythm += pace * (Math.abs(difference) - this.offRhythm);
    this.offLevel += pace * (Math.abs(value - this.level) - this.offLevel);
    if (other === at) this.learn(at, value, pause);
    return this.smooth;
  }

  private learn(at: number, value: number, pause: number): void {
    const slot = slotOfDay(at);
    const base = this.ofDay(slot);
    const of = hourOfWeek(at);
    const part = Math.min(1, pause / hour);
    const weeks = (this.kept[of + weeksFrom] ?? 0) + part;
    const added = this.kept[of + addedFrom] ?? 0;
    this.kept[of + weeksFrom] = weeks;
    this.kept[of + addedFrom] =
      added + (weeks > 0 ? part / Math.min(weekMemory, weeks) : 0) * (value - base - added);

    const visits = (this.kept[slot + slotsPerDay] ?? 0) + 1;
    const usual = this.kept[slot] ?? 0;
    this.kept[slot + slotsPerDay] = visits;
    const share = Math.min(1, (pause * slotsPerDay) / (24 * hour)) / dayMemory;
    this.kept[slot] = usual + Math.max(share, 1 / visits) * (value - usual);
  }

  /** Points that were not seen: what was going on before them fades. */
  skip(points: number): void {
    this.smooth *= (1 - Rhythm.smoothing) ** points;
  }

  exchange(state: Exchange): void {
    this.tail.exchange(state);
    state.floats(this.kept);
    this.level = state.number(this.level);
    this.seen = state.number(this.seen);
    this.smooth = state.number(this.smooth);
    this.offRhythm = state.number(this.offRhythm);
    this.offLevel = state.number(this.offLevel);
  }

  private ofDay(slot: number): number {
    return (this.kept[slot + slotsPerDay] ?? 0) > 3 ? (this.kept[slot] ?? 0) : this.level;
  }
}

function within(value: number, length: number): number {
  return ((value % length) + length) % length;
}

function slotOfDay(at: number): number {
  return Math.floor(within(at, 24 * hour) / ((24 * hour) / slotsPerDay));
}

function hourOfWeek(at: number): number {
  return within(Math.floor(at / hour) + mondayShift, hoursPerWeek);
}

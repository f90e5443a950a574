import { Dispersion } from './dispersion.ts';
import { Rhythm } from './rhythm.ts';
import { Shift } from './shift.ts';
import { restored, saved, type Exchange } from './state.ts';
import type { Tail } from './tail.ts';

const HOUR_MS = 3_600_000;

/** What the detector says of one point. */
export interface Verdict {
  /** 0 to 1: from .75 for a burst, else below .5. Damped for a while after a burst: one event is told once. */
  score: number;
  burst: boolean;
  /** The same before the damping: how unusual things are now, whether told already or not. */
  strength: number;
  /** 1 above the usual, −1 below it, 0 when nothing is unusual or the point was not scored. */
  direction: -1 | 0 | 1;
  /** What was usual at this time. */
  expected: number;
  /** A spike came within the last points; a shift has been growing, or has stayed. Null when the point was not scored. */
  kind: 'spike' | 'shift' | null;
}

/** What is usual at a time: between `low` and `high`, two standard deviations to both sides. Unrounded. */
export interface Usual {
  expected: number;
  low: number;
  high: number;
}

/** What can be said of a count that is still growing. */
export interface SoFar extends Usual {
  /** −ln of a bound on the chance that it would be so far from what is usual: 18 is once in 65 million. */
  unlikely: number;
  /** Standard deviations from what is usual, on the scale of roots; below 0 for less. */
  deviations: number;
  burst: boolean;
}

/**
 * One setting for every series, in points rather than minutes, so that it fits any step. Chosen on the 35 public
 * series of the Numenta Anomaly Benchmark, on the mean over neighbouring thresholds: see docs/decisions.md.
 */
const setting = {
  /** No burst is told before so many points. */
  warmUp: 150,
  /** Strength counts by half what happens now, by half what has persisted for some 20 points. */
  persistent: 0.5,
  persistence: 0.05,
  /** The longer the history, the rarer an event must be: strength is divided by ln(1 + n/300). */
  history: 300,
  /** After a burst the score recovers within some 90 points. */
  calm: 90,
  /** Each recent burst asks for .3 more; forgotten over 4,000 points. */
  weariness: 0.3,
  forgetting: 4000,
  /** The strength, damped, from which it is a burst. */
  threshold: 0.62,
  /** The moving means see the values less half the rhythm, or more where it has proved to foretell more. */
  rhythmTaken: 0.5,
  /**
   * Counts: −ln of the chance (Poisson) at which the score begins and that it takes for the full score; between them it grows
   * with the square. Small series then alarm five times less often by chance; large counts vary by more than this anyway.
   */
  chanceAtLeast: 4,
  chance: 24,
  /** The same of a count that is still growing, which is looked at each minute; one look is all it takes. */
  chanceSoFar: 18,
  /** A pause longer than so many usual steps is a gap. */
  gap: 2.5,
  /** What has not ended is told from so many points on: two days by the hour. */
  soonest: 48,
  /** A quick mean that lies less than so many times as far out as the slower one has not come within the last points. */
  shift: 1.5,
};

/** Roots tame counts: their chance variation is then the same at any size. */
function root(value: number): number {
  return Math.sign(value) * Math.sqrt(Math.abs(value));
}

/** −ln of a bound (Chernoff's) on the chance that a Poisson count of this mean lies so far out. */
function unlikely(count: number, mean: number): number {
  return count > 0 ? count * Math.log(count / mean) - count + mean : mean;
}

/** The usual value where little is known: half the long-run mean at least, as an hour seen few times is not known to be empty. */
function atLeast(expected: number, mean: number): number {
  return Math.max(expected, mean / 2, 0.01);
}

/** How many points a moving mean of this pace amounts to. */
function looksBack(pace: number): number {
  return (2 - pace) / pace;
}
const rhythmLooksBack = looksBack(Rhythm.smoothing);

/** The same of the count that the quick mean of roots amounts to, beside the slow one. */
function unlikelyLevel(shift: Shift, usual: number): number {
  const points = looksBack(shift.quickPace);
  const [quick, slow] = [Math.max(0, shift.quick), shift.slow];
  return unlikely(points * quick * quick, points * Math.max(slow * slow, usual / 2));
}

/**
 * Finds bursts in one series, one pass, no later point used. At most 6 KB.
 *
 * The series is judged by four deviations: how far it lies from its own rhythm (as it is, and as roots), and how far two quick
 * means lie from two slow ones. Each is held against what the same deviation has been before (`Tail`), so nothing is assumed
 * about units or distributions. Why these, and what else was tried: docs/decisions.md.
 */
export class BurstDetector {
  /** Of what `save` gives. Another number: learn anew. */
  static readonly form = 1;

  private readonly plain = new Rhythm();
  private readonly rooted = new Rhythm();
  private readonly hourly = new Shift(0.1, 0.005);
  private readonly slower = new Shift(0.05, 0.003);
  private readonly dispersion = new Dispersion();
  private learnt = 0;
  private persisted = 0;
  private sinceBurst = Infinity;
  private weary = 0;
  private last = Number.NaN;
  private pause = Number.NaN;
  private counts = true;
  private readonly rhythmAt: (at: number) => number;

  /** @param rhythmAt the time whose rhythm a time has, such as `rhythmTime`; without it each has its own */
  constructor(rhythmAt: (at: number) => number = (at) => at) {
    this.rhythmAt = rhythmAt;
  }

  /** Points learnt so far. */
  get seen(): number {
    return this.learnt;
  }

  /**
   * Takes the next point; a value that is not a number means *not known* (never the same as 0).
   *
   * @param at milliseconds since 1970, later than the one before
   * @param beyondChance 0 to 1, where the caller knows better than the detector whether chance could have done it
   */
  next(at: number, value: number, beyondChance?: number): Verdict {
    const expected = this.plain.expected(this.rhythmAt(at));
    const nothing: Verdict = { score: 0, burst: false, strength: 0, direction: 0, expected, kind: null };
    if (!Number.isFinite(value) || this.cameBack(at)) return nothing;
    const { rarity, record, direction, kind, chance } = this.look(at, value, expected);
    const now = Math.sqrt(rarity * record);
    this.persisted += setting.persistence * (now - this.persisted);
    const mixed = setting.persistent * this.persisted + (1 - setting.persistent) * now;
    const strength = ((beyondChance ?? chance) * mixed) / Math.log(1 + (this.learnt + 1) / setting.history);
    this.learnt++;
    this.sinceBurst++;
    this.weary *= 1 - 1 / setting.forgetting;
    if (this.learnt <= setting.warmUp) return nothing;
    const recovered = 1 - Math.exp(-this.sinceBurst / setting.calm);
    const damped = (strength * recovered) / (1 + setting.weariness * this.weary);
    const burst = damped >= setting.threshold;
    // Kept well apart, so that whoever cuts the score anywhere between gets the same bursts.
    const score = burst ? 1 - (0.25 * setting.threshold) / damped : (0.5 * damped) / setting.threshold;
    if (burst) {
      this.sinceBurst = 0;
      this.weary++;
    }
    return {
      score,
      burst,
      strength: strength / (strength + setting.threshold),
      direction,
      expected,
      kind: direction === 0 ? null : kind,
    };
  }

  /** What is usual for the point at a time, past or coming. Of counts only. */
  usual(at: number): Usual {
    const expected = Math.max(0, this.plain.expected(this.rhythmAt(at)));
    return { expected, ...this.dispersion.band(expected) };
  }

  /**
   * Judges a count over a span that has not ended, or that no point stands for: from `from` up to `to`, milliseconds since 1970.
   * Changes nothing: the points are learnt once, by `next`, when they are whole. Of counts only.
   */
  during(from: number, to: number, count: number): SoFar {
    const step = Math.abs(this.pause / HOUR_MS - 1) > 0.1 ? this.pause : HOUR_MS;
    let expected = 0;
    for (let at = Math.floor(from / step) * step; at < to; at += step) {
      const share = (Math.min(to, at + step) - Math.max(from, at)) / step;
      expected += share * atLeast(this.plain.expected(this.rhythmAt(at)), this.plain.mean);
    }
    if (!(expected > 0)) return { expected: 0, low: 0, high: 0, unlikely: 0, deviations: 0, burst: false };
    const unlikely = this.dispersion.unlikely(count, expected);
    return {
      expected,
      ...this.dispersion.band(expected),
      unlikely,
      deviations: this.dispersion.deviations(count, expected),
      burst: this.learnt >= setting.soonest && count > expected && unlikely >= setting.chanceSoFar,
    };
  }

  /** All that was learnt, for `restore`. */
  save(): Uint8Array {
    return saved(this, BurstDetector.form);
  }

  /** A detector that goes on as the saved one would have, bit for bit; undefined for bytes of another form. */
  static restore(bytes: Uint8Array, rhythmAt?: (at: number) => number): BurstDetector | undefined {
    const detector = new BurstDetector(rhythmAt);
    return restored(detector, BurstDetector.form, bytes) ? detector : undefined;
  }

  /** For `save` and `restore`. */
  exchange(state: Exchange): void {
    for (const part of [this.plain, this.rooted, this.hourly, this.slower, this.dispersion]) {
      part.exchange(state);
    }
    this.learnt = state.number(this.learnt);
    this.persisted = state.number(this.persisted);
    this.sinceBurst = state.number(this.sinceBurst);
    this.weary = state.number(this.weary);
    this.last = state.number(this.last);
    this.pause = state.number(this.pause);
    this.counts = state.number(Number(this.counts)) === 1;
  }

  /**
   * Learns the usual step and tells a gap. The first point after one may hold all that piled up meanwhile: it is
   * neither judged nor learnt, and what was going on before has faded.
   */
  private cameBack(at: number): boolean {
    const pause = at - this.last;
    this.last = at;
    if (Number.isNaN(pause)) return false;
    if (Number.isNaN(this.pause)) this.pause = pause;
    const missed = this.pause > 0 ? pause / this.pause : 0;
    // Follows the middle, not the mean, so that gaps do not stretch it.
    this.pause *= pause > this.pause ? 1.02 : pause < this.pause ? 1 / 1.02 : 1;
    if (missed <= setting.gap) return false;
    for (const part of [this.plain, this.rooted, this.hourly, this.slower]) part.skip(missed);
    this.persisted *= (1 - setting.persistence) ** missed;
    this.sinceBurst += missed;
    this.weary *= (1 - 1 / setting.forgetting) ** missed;
    return true;
  }

  private look(at: number, value: number, expected: number) {
    if (value < 0 || !Number.isInteger(value)) this.counts = false;
    let rarity = 0;
    let record = 0;
    let lean = 0;
    const judge = (difference: number, tail: Tail) => {
      const deviation = Math.abs(difference);
      const rare = tail.rarity(deviation);
      rarity += rare;
      record += tail.record(deviation);
      lean += Math.sign(difference) * rare;
      tail.learn(deviation);
    };
    const rhythmAt = this.rhythmAt(at);
    const typical = rhythmAt === at;
    const plain = this.plain.step(rhythmAt, value, this.pause || 0, typical);
    const season =
      Math.max(setting.rhythmTaken, this.rooted.trust) * (this.rooted.expected(rhythmAt) - this.rooted.mean);
    const level = root(value) - season;
    const hourly = this.hourly.step(level);
    judge(plain, this.plain.tail);
    judge(this.rooted.step(rhythmAt, root(value), this.pause || 0, typical), this.rooted.tail);
    judge(hourly, this.hourly.tail);
    const slower = this.slower.step(level);
    judge(slower, this.slower.tail);
    const direction = Math.sign(lean) as -1 | 0 | 1;
    if (this.counts) this.dispersion.learn(value, atLeast(expected, this.plain.mean));
    return {
      rarity,
      record,
      direction,
      kind: Math.abs(hourly) < setting.shift * Math.abs(slower) ? ('shift' as const) : ('spike' as const),
      chance: this.counts ? this.beyondChance(plain, expected) : 1,
    };
  }

  /**
   * 0 to 1: whether chance alone could make counts differ that much, over the points that the means look back on.
   * Matters for small counts only: large ones vary by more than chance anyway.
   */
  private beyondChance(plain: number, expected: number): number {
    const usual = atLeast(expected, this.plain.mean);
    const byRhythm = unlikely(rhythmLooksBack * Math.max(0, usual + plain), rhythmLooksBack * usual);
    const byShift = unlikelyLevel(this.hourly, usual);
    const bySlower = unlikelyLevel(this.slower, usual);
    const unlikelier = Math.max(byRhythm, byShift, bySlower) - setting.chanceAtLeast;
    return Math.min(1, Math.max(0, unlikelier / (setting.chance - setting.chanceAtLeast))) ** 2;
  }
}

/** Judges a whole series that is in order of time. */
export function findBursts(points: Iterable<{ at: number; value: number }>): Verdict[] {
  const detector = new BurstDetector();
  return Array.from(points, ({ at, value }) => detector.next(at, value));
}

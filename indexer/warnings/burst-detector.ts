import { beyondChance } from './beyond-chance.ts';
import { Dispersion } from './dispersion.ts';
import { Foreseen } from './foreseen.ts';
import { Rhythm } from './rhythm.ts';
import { Shift } from './shift.ts';
import { restored, saved, type Exchange } from './state.ts';
import type { Tail } from './tail.ts';
import type { SoFar, Usual, Verdict } from './verdict.ts';

export type { SoFar, Usual, Verdict } from './verdict.ts';

const HOUR_MS = 3_600_000;

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

/** The usual value where little is known: half the long-run mean at least, as an hour seen few times is not known to be empty. */
function atLeast(expected: number, mean: number): number {
  return Math.max(expected, mean / 2, 0.01);
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
  static readonly form = 2;

  private readonly plain = new Rhythm();
  private readonly rooted = new Rhythm();
  private readonly hourly = new Shift(0.1, 0.005);
  private readonly slower = new Shift(0.05, 0.003);
  private readonly dispersion = new Dispersion();
  private readonly foreseen = new Foreseen();
  private learnt = 0;
  private persisted = 0;
  private sinceBurst = Infinity;
  private weary = 0;
  private last = Number.NaN;
  private pause = Number.NaN;
  private counts = true;
  private readonly rhythmAt: (at: number) => number;

  /**
   * @param rhythmAt another time whose rhythm a time may have as well as its own, such as `rhythmTime`. On such a day all
   * between the two is usual: who posts on holidays as on working days is not told for it.
   */
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
    const expected = this.plain.nearest(value, at, this.rhythmAt(at));
    const nothing: Verdict = { score: 0, burst: false, strength: 0, direction: 0, expected, kind: null };
    if (!Number.isFinite(value) || this.cameBack(at)) return nothing;
    const usual = atLeast(expected, this.plain.mean);
    const { rarity, record, direction, kind, chance } = this.look(at, value, expected);
    const now = Math.sqrt(rarity * record);
    this.persisted += setting.persistence * (now - this.persisted);
    const mixed = setting.persistent * this.persisted + (1 - setting.persistent) * now;
    const strength = ((beyondChance ?? chance) * mixed) / Math.log(1 + (this.learnt + 1) / setting.history);
    if (this.isHourly()) this.foreseen.note(at, usual);
    // What is told as a burst is no sample of chance, nor is a day out of the ordinary.
    if (this.counts && strength < setting.threshold && this.rhythmAt(at) === at) {
      this.dispersion.learn(value, usual);
    }
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

  /** What is usual for the point at a time, past or coming, by all that was learnt. Of counts only. */
  usual(at: number): Usual {
    const other = Math.max(0, this.plain.expected(this.rhythmAt(at)));
    const own = Math.max(0, this.plain.expected(at));
    return {
      expected: other,
      low: this.dispersion.band(Math.min(own, other)).low,
      high: this.dispersion.band(Math.max(own, other)).high,
    };
  }

  /**
   * Judges a count over a span that has not ended, or that no point stands for: from `from` up to `to`, milliseconds since 1970.
   * Changes nothing: the points are learnt once, by `next`, when they are whole. Of counts only.
   */
  during(from: number, to: number, count: number): SoFar {
    return this.over([{ from, to }], count);
  }

  /** As `during`, of several spans that are counted together, such as the known parts of a day. */
  over(spans: readonly { from: number; to: number }[], count: number): SoFar {
    const parts = spans.flatMap(({ from, to }) => this.partsOf(from, to));
    const least = parts.reduce((sum, part) => sum + part.least, 0);
    const most = parts.reduce((sum, part) => sum + part.most, 0);
    if (!(least > 0)) return { expected: 0, low: 0, high: 0, unlikely: 0, deviations: 0, burst: false };
    const expected = Math.min(Math.max(count, least), most);
    const evenness = parts.reduce((sum, part) => sum + part.most ** 2, 0) / most ** 2;
    const unlikely = this.dispersion.unlikely(count, expected, evenness);
    return {
      expected,
      low: this.dispersion.band(least, evenness).low,
      high: this.dispersion.band(most, evenness).high,
      unlikely,
      deviations: this.dispersion.deviations(count, expected, evenness),
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
    for (const part of [this.plain, this.rooted, this.hourly, this.slower, this.dispersion, this.foreseen]) {
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

  /**
   * What is expected of each step, or part of one, of a span: more than one number on a day out of the ordinary. Of hours that
   * were learnt already it is what was expected before.
   */
  private partsOf(from: number, to: number): { least: number; most: number }[] {
    const step = this.isHourly() ? HOUR_MS : this.pause;
    const parts: { least: number; most: number }[] = [];
    for (let at = Math.floor(from / step) * step; at < to; at += step) {
      const share = (Math.min(to, at + step) - Math.max(from, at)) / step;
      const before = this.foreseen.of(at);
      const own = before ?? atLeast(this.plain.expected(at), this.plain.mean);
      const other = before ?? atLeast(this.plain.expected(this.rhythmAt(at)), this.plain.mean);
      parts.push({ least: share * Math.min(own, other), most: share * Math.max(own, other) });
    }
    return parts;
  }

  /** Before there are two points it is taken to be. */
  private isHourly(): boolean {
    return !(Math.abs(this.pause / HOUR_MS - 1) > 0.1);
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
    const other = this.rhythmAt(at);
    const plain = this.plain.step(at, value, this.pause || 0, other);
    const season =
      Math.max(setting.rhythmTaken, this.rooted.trust) *
      (this.rooted.nearest(root(value), at, other) - this.rooted.mean);
    const level = root(value) - season;
    const hourly = this.hourly.step(level);
    judge(plain, this.plain.tail);
    judge(this.rooted.step(at, root(value), this.pause || 0, other), this.rooted.tail);
    judge(hourly, this.hourly.tail);
    const slower = this.slower.step(level);
    judge(slower, this.slower.tail);
    const direction = Math.sign(lean) as -1 | 0 | 1;
    return {
      rarity,
      record,
      direction,
      kind: Math.abs(hourly) < setting.shift * Math.abs(slower) ? ('shift' as const) : ('spike' as const),
      chance: this.counts ? this.byChance(plain, expected) : 1,
    };
  }

  /** 0 to 1: whether chance alone could make counts differ that much. */
  private byChance(plain: number, expected: number): number {
    const usual = atLeast(expected, this.plain.mean);
    return beyondChance(usual, plain, Rhythm.smoothing, [this.hourly, this.slower]);
  }
}

/** Judges a whole series that is in order of time. */
export function findBursts(points: Iterable<{ at: number; value: number }>): Verdict[] {
  const detector = new BurstDetector();
  return Array.from(points, ({ at, value }) => detector.next(at, value));
}

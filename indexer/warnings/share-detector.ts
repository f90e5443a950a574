import { BurstDetector, type Verdict } from './burst-detector.ts';
import { restored, saved, type Exchange } from './state.ts';

const setting = {
  /** Posts after which what was seen weighs a third. */
  memory: 2000,
  /** The last few hours, as a moving sum; it must hold so many posts, and so many of the sort. */
  recent: 0.15,
  leastWhole: 8,
  leastPart: 5,
  /** −ln of the chance (binomial) needed for the full score; less counts with the square. */
  chance: 8,
};

/**
 * Finds a sudden change of a share (negative posts among all), whatever the number of posts: what is watched is how
 * far the part lies from its usual share, in standard deviations of chance, so that 2 of 2 says less than 40 of 50.
 */
export class ShareDetector {
  /** Changes with what a BurstDetector keeps, which is part of it. */
  static readonly form = 10 * BurstDetector.form + 1;

  private readonly bursts: BurstDetector;
  /** The usual share as posts, beginning with what one post of each sort would say; old posts fade. */
  private part = 1;
  private whole = 2;
  private recentPart = 0;
  private recentWhole = 0;

  /** @param rhythmAt as a BurstDetector takes it */
  constructor(rhythmAt?: (at: number) => number) {
    this.bursts = new BurstDetector(rhythmAt);
  }

  /**
   * Posts of the sort, and all posts, in one step; none at all, or not a number, is not known rather than calm.
   * `expected` of the verdict is the usual share, 0 to 1.
   */
  next(at: number, part: number, whole: number): Verdict {
    const share = this.part / this.whole;
    if (!(whole > 0) || !Number.isFinite(part))
      return { ...this.bursts.next(at, Number.NaN), expected: share };
    const excess = (part - share * whole) / Math.sqrt(share * (1 - share) * whole + 1);
    this.recentPart += part - setting.recent * this.recentPart;
    this.recentWhole += whole - setting.recent * this.recentWhole;
    const verdict = this.bursts.next(at, excess, this.beyondChance(share));
    const kept = Math.min(1, setting.memory / (this.whole + whole));
    this.part = (this.part + part) * kept;
    this.whole = (this.whole + whole) * kept;
    return { ...verdict, expected: share };
  }

  save(): Uint8Array {
    return saved(this, ShareDetector.form);
  }

  /** As a BurstDetector is restored. */
  static restore(bytes: Uint8Array, rhythmAt?: (at: number) => number): ShareDetector | undefined {
    const detector = new ShareDetector(rhythmAt);
    return restored(detector, ShareDetector.form, bytes) ? detector : undefined;
  }

  /** For `save` and `restore`. */
  exchange(state: Exchange): void {
    this.bursts.exchange(state);
    this.part = state.number(this.part);
    this.whole = state.number(this.whole);
    this.recentPart = state.number(this.recentPart);
    this.recentWhole = state.number(this.recentWhole);
  }

  /** 0 to 1: whether chance alone could have made the share of the last few hours. */
  private beyondChance(share: number): number {
    const { recentPart: part, recentWhole: whole } = this;
    if (whole < setting.leastWhole || (part > share * whole && part < setting.leastPart)) return 0;
    const other = whole - part;
    const unlikely =
      (part > 0 ? part * Math.log(part / (share * whole)) : 0) +
      (other > 0 ? other * Math.log(other / ((1 - share) * whole)) : 0);
    return Math.min(1, unlikely / setting.chance) ** 2;
  }
}

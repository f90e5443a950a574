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

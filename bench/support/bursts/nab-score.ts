/**
 * How the Numenta Anomaly Benchmark scores detections (`../shared/data/README.md`; numenta/NAB `sweeper.py`, MIT):
 * early detections in a window count most, detections outside windows cost, missed windows cost more.
 */

export interface Profile {
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
}

/** The three profiles, from `profiles.json` of the benchmark. */
export const profiles = {
  standard: { truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  lowFalsePositives: { truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  lowFalseNegatives: { truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
} satisfies Record<string, Profile>;

/** First and last row of a window, both belonging to it. */
export interface Window {
  first: number;
  last: number;
}

/** Detections are looked at after 15 % of a series, at most 750 points (15 % of 5,000). */
export function probation(length: number): number {
  return Math.min(Math.floor(0.15 * length), 750);
}

/** 1 far before 0, −1 far after it. */
function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

const atLeftEdge = sigmoid(-1);

/** What one series earns: the raw sum of the benchmark, before normalising, and what it is made of. */
export interface SeriesScore {
  raw: number;
  windows: number;
  found: number;
  falseRows: number;
  falseCost: number;
}

/** Scores the rows (ascending) that a detector marked in a series of `length` rows. */
export function scoreSeries(
  length: number,
  windows: readonly Window[],
  detections: readonly number[],
  profile: Profile,
): SeriesScore {
  const best = windows.map(() => 0);
  const start = probation(length);
  let falseCost = 0;
  let falseRows = 0;
  for (const row of detections) {
    if (row < start) continue;
    const inside = windows.findIndex((window) => row >= window.first && row <= window.last);
    const window = windows[inside];
    if (window) {
      const width = window.last - window.first + 1;
      const weight = sigmoid(-(window.last - row + 1) / width) / atLeftEdge;
      best[inside] = Math.max(best[inside] ?? 0, weight);
    } else {
      const before = windows.findLast((passed) => passed.last < row);
      const far = before ? -sigmoid((row - before.last) / (before.last - before.first)) : 1;
      falseCost += profile.falsePositive * far;
      falseRows++;
    }
  }
  const missed = best.filter((weight) => weight === 0).length;
  const earned = best.reduce((sum, weight) => sum + weight, 0) * profile.truePositive;
  return {
    raw: earned - falseCost - missed * profile.falseNegative,
    windows: windows.length,
    found: windows.length - missed,
    falseRows,
    falseCost,
  };
}

/** 0 for a detector that says nothing, 100 for one that marks each window at its first point. */
export function normalise(scores: readonly { raw: number; windows: number }[], profile: Profile): number {
  const raw = scores.reduce((sum, score) => sum + score.raw, 0);
  const windows = scores.reduce((sum, score) => sum + score.windows, 0);
  const nothing = -profile.falseNegative * windows;
  return (100 * (raw - nothing)) / (profile.truePositive * windows - nothing);
}

/**
 * −ln of the chance (Poisson) at which counts begin to score, and that it takes for the full score; between them it grows with
 * the square. Small series then alarm five times less often by chance; large counts vary by more than this anyway.
 */
const AT_LEAST = 4;
const FULL = 24;

/** Two moving means of roots, and the pace of the quick one. */
interface Level {
  readonly quickPace: number;
  readonly quick: number;
  readonly slow: number;
}

/**
 * 0 to 1: whether chance alone could make counts differ that much, over the points that the means look back on.
 *
 * @param difference smoothed at this pace, from what is usual
 */
export function beyondChance(
  usual: number,
  difference: number,
  pace: number,
  levels: readonly Level[],
): number {
  const points = looksBack(pace);
  let found = unlikely(points * Math.max(0, usual + difference), points * usual);
  for (const level of levels) found = Math.max(found, unlikelyLevel(level, usual));
  return Math.min(1, Math.max(0, (found - AT_LEAST) / (FULL - AT_LEAST))) ** 2;
}

/** −ln of a bound (Chernoff's) on the chance that a Poisson count of this mean lies so far out. */
function unlikely(count: number, mean: number): number {
  return count > 0 ? count * Math.log(count / mean) - count + mean : mean;
}

/** How many points a moving mean of this pace amounts to. */
function looksBack(pace: number): number {
  return (2 - pace) / pace;
}

/** The same of the count that the quick mean of roots amounts to, beside the slow one. */
function unlikelyLevel(level: Level, usual: number): number {
  const points = looksBack(level.quickPace);
  const [quick, slow] = [Math.max(0, level.quick), level.slow];
  return unlikely(points * quick * quick, points * Math.max(slow * slow, usual / 2));
}

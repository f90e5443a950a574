import type { PartGap } from '../../store/warning-series.ts';
import { AT_LEAST, HOUR_MS, UNKNOWN, WHOLE, type Series } from './observed.ts';

/** An hour counts as missed when what was not collected usually brings so much of all. */
const MISSED = 0.1;

/** Start of the hour of a time, Unix ms. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** For each hour from `from` to the one of `now`, whether it was collected. */
export function knownHours(gaps: readonly PartGap[], from: number, now: number): Uint8Array {
  const hours = Math.floor((now - from) / HOUR_MS) + 1;
  const over = new Float64Array(hours + 1);
  const open = new Float64Array(hours + 1);
  for (const gap of gaps) {
    const first = Math.max(0, Math.floor((gap.from.getTime() - from) / HOUR_MS));
    // The hour in which a source comes back is known again: what it has missed carries its own time.
    const last = gap.to === null ? hours : Math.max(first, Math.floor((gap.to.getTime() - from) / HOUR_MS));
    if (first >= hours || last <= 0) continue;
    const parts = gap.to === null ? open : over;
    parts[first] = (parts[first] ?? 0) + gap.part;
    parts[Math.min(last, hours)] = (parts[Math.min(last, hours)] ?? 0) - gap.part;
  }
  const known = new Uint8Array(hours);
  let [missed, missing] = [0, 0];
  for (let n = 0; n < hours; n += 1) {
    missed += over[n] ?? 0;
    missing += open[n] ?? 0;
    // What is still missing was never brought: there is at least what there is. What came late may have piled up.
    known[n] = missed >= MISSED ? UNKNOWN : missing >= MISSED ? AT_LEAST : WHOLE;
  }
  return known;
}

/** Hours without posts are zeros. @param hours in which something was posted */
export function seriesOf(
  from: number,
  known: Uint8Array,
  hours: Iterable<{ hour: Date; posts: number; negative: number }>,
): Series {
  const posts = new Float64Array(known.length);
  const negative = new Float64Array(known.length);
  for (const one of hours) {
    const n = (one.hour.getTime() - from) / HOUR_MS;
    if (n < 0 || n >= known.length) continue;
    posts[n] = one.posts;
    negative[n] = one.negative;
  }
  return { from, posts, negative, known };
}

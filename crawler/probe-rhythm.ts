/** How often a source has something new, as far as its newest items tell. */
export type Rhythm = {
  /** Items a day; null when too few of them carry a time. */
  perDay: number | null;
  /** Unix ms of the newest item; null when none carries a time. */
  newestAt: number | null;
  /** What to begin with as the least time between two visits; the hub adapts from there. */
  intervalSeconds: number;
};

const DAY = 86_400;
/** Distances that people speak of. */
const USUAL = [900, 1_800, 3_600, 7_200, 14_400, 43_200, DAY] as const;
/** With fewer dated items there is no rhythm to be told. */
const LEAST_ITEMS = 3;

/**
 * @param times Unix ms of the newest items, null where an item has none
 * @param now Unix ms
 */
export function rhythmOf(times: readonly (number | null)[], now: number): Rhythm {
  const known = times
    .filter((at) => at !== null && at <= now + DAY * 1000)
    .toSorted((a, b) => (b ?? 0) - (a ?? 0));
  const newestAt = known[0] ?? null;
  const oldestAt = known.at(-1) ?? null;
  if (newestAt === null || oldestAt === null || known.length < LEAST_ITEMS) {
    return { perDay: null, newestAt, intervalSeconds: 3_600 };
  }
  // Up to now: a source that has fallen asleep is slow, however busy it was.
  const days = Math.max((now - oldestAt) / (DAY * 1000), 1 / 24);
  const perDay = (known.length - 1) / days;
  // Half of the usual distance between two items.
  const wanted = DAY / perDay / 2;
  return { perDay, newestAt, intervalSeconds: USUAL.findLast((each) => each <= wanted) ?? USUAL[0] };
}

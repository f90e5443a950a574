const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** There is no next time. */
export const NO_READING = null;

/**
 * How long after its publication, or after its last new comments, a page is read again. Most comments come on the first
 * day; after a week without any there are hardly more.
 */
const READINGS = [HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY];
/** Where one may comment, and comments perhaps only come by script. */
const BARE_READINGS = [6 * HOUR, 2 * DAY];
/** No page is read again sooner than this, however lively it is. */
const LEAST = 30 * MINUTE;

/**
 * When a page that was read now is to be read again for late comments.
 * @param page.grewAt Unix ms of its publication or of its last new comments
 * @param page.shown comments, if there were any, would stand on the page
 * @returns Unix ms, or NO_READING
 */
export function readAgainAt(page: { grewAt: number; shown: boolean; now: number }): number | null {
  // A date in the future is a mistake of the page.
  const from = Math.min(page.grewAt, page.now);
  const distances = page.shown ? READINGS : BARE_READINGS;
  const next = distances.map((distance) => from + distance).find((at) => at > page.now);
  return next === undefined ? NO_READING : Math.max(next, page.now + LEAST);
}

/** The next visits try at once; after them a page rests, longer and longer, until its month is over. */
const RESTS = [0, 0, 6 * HOUR, DAY, 3 * DAY, 7 * DAY];

/**
 * When a page whose `tries` tries in a row failed is to be asked for again.
 * @returns Unix ms, or NO_READING
 */
export function tryAgainAt(tries: number, now: number): number | null {
  const rest = RESTS[tries - 1];
  return rest === undefined ? NO_READING : now + rest;
}

import type { RuleSubject } from '../../config/warning-rules.ts';

export const HOUR_MS = 3_600_000;

/** What a warning can be about: `key` is the id of a concern or watch, the key of a line, the id of an office. */
export type Subject = Readonly<{ kind: RuleSubject; key: string }>;

/** Of an hour: everything was collected; a gap is open, so that there is at least so much; nobody knows. */
export const WHOLE = 0;
export const AT_LEAST = 1;
export const UNKNOWN = 2;

/** Counts by the hour, without holes, from `from` (start of an hour, Unix ms) up to the hour that is not over. */
export type Series = {
  from: number;
  posts: Float64Array;
  negative: Float64Array;
  /** WHOLE, AT_LEAST or UNKNOWN for each hour. */
  known: Uint8Array;
};

/** A source and outlet that spoke of it: Unix ms of its first and latest post. */
export type Place = Readonly<{ firstAt: number; lastAt: number }>;

/**
 * What is known of a subject at a moment, from the store or in memory: everything that rules look at besides what was learnt
 * before.
 */
export interface Observed {
  readonly subject: Subject;
  readonly title: string;
  readonly series: Series;
  readonly places: readonly Place[];
  /** Of a young concern, the times of its first posts, ascending, Unix ms; null: not young, or no concern. */
  readonly times: readonly number[] | null;
  readonly heat: Readonly<{ heat: number; trend: number | null }> | null;
}

/** A concern is young for so long: afterwards its own rhythm tells more. */
export const YOUNG_MS = 7 * 24 * HOUR_MS;
/** So many first posts tell a pace. */
export const PACE_POSTS = 300;

/** Counts of a window that ends now. */
export type Window = {
  /** Start of an hour, Unix ms. */
  from: number;
  to: number;
  posts: number;
  negative: number;
  /** The parts of it that are known, in order. */
  spans: readonly { from: number; to: number }[];
  /** Known for half of it at least. */
  known: boolean;
  /** Nothing of it was missed. */
  whole: boolean;
};

/** The hour at whose start a window of so many hours begins: counts are by the hour, so it is half an hour off at most. */
export function windowStart(now: number, hours: number): number {
  return Math.round(now / HOUR_MS - hours) * HOUR_MS;
}

/** What was counted in the last hours. Hours that nobody knows are left out, of the counts and of what is expected. */
export function windowOf({ from, posts, negative, known }: Series, now: number, hours: number): Window {
  const start = windowStart(now, hours);
  const window = { from: start, to: now, posts: 0, negative: 0, whole: true };
  const spans: { from: number; to: number }[] = [];
  let seen = 0;
  for (let at = start; at < now; at += HOUR_MS) {
    const n = (at - from) / HOUR_MS;
    const state = n < 0 || n >= known.length ? UNKNOWN : (known[n] ?? UNKNOWN);
    if (state !== WHOLE) window.whole = false;
    if (state === UNKNOWN) continue;
    window.posts += posts[n] ?? 0;
    window.negative += negative[n] ?? 0;
    const to = Math.min(now, at + HOUR_MS);
    const last = spans.at(-1);
    if (last?.to === at) last.to = to;
    else spans.push({ from: at, to });
    seen += to - at;
  }
  return { ...window, spans, known: seen > 0 && 2 * seen >= now - start };
}

/** How many places spoke of it since then. */
export function placesSince(places: readonly Place[], since: number): number {
  return places.reduce((sum, { lastAt }) => sum + (lastAt >= since ? 1 : 0), 0);
}

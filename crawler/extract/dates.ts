import { FORMS, WHOLE_FORMS, type DateForm } from './date-forms.ts';
import { withDigits } from './numerals.ts';

/** A date found in a line of text. */
export type FoundDate = {
  /** Unix milliseconds (UTC). */
  at: number;
  /** True when the text names an hour, false when only a day was given (then `at` is its midnight). */
  hasTime: boolean;
  /** False for a relative form (昨天) and for a month and day without a year, which prose is full of. */
  complete: boolean;
  /** Where in the normalised text the date starts and how long it is, in UTF-16 units. */
  index: number;
  length: number;
};

// A line longer than this is prose; the cap also bounds the work of every pattern.
const LONGEST_LINE = 300;

/** Without any of these a line tells no date; most lines are without. */
const HINT = /[\d半今昨前刚剛]|just now|today|yesterday|\ban? [a-z]{3,6} ago/i;

/** What is dated earlier tells of an event, or of a clock that was never set (1970). */
const EARLIEST = Date.UTC(1980, 0, 2);
/** Nothing is published so far ahead; telephone numbers and codes read as dates mostly are. */
const FURTHEST_AHEAD = 366 * 86_400_000;

/**
 * The first date in a line of text. `now` (Unix ms) anchors relative forms and infers a missing year. A date without a
 * zone is Asia/Shanghai. Null when there is none, when the first one is calendar nonsense, and when it lies before 1980 or
 * more than a year ahead. Only the first 300 characters are read.
 */
export function findDate(text: string, now: number): FoundDate | null {
  if (text.length > LONGEST_KEPT) return searchDate(text, now);
  if (now !== lately.now || lately.found.size > MOST_KEPT) lately = { now, found: new Map() };
  let found = lately.found.get(text);
  if (found === undefined) {
    found = searchDate(text, now);
    // A copy: what was cut out of a page would keep the whole page.
    lately.found.set(Buffer.from(text).toString(), found);
  }
  return found;
}

/**
 * Short lines are asked for several times on their page, and come again on every other page of their site. Kept for one
 * moment's sake: `now` stays the same throughout a visit.
 */
let lately = { now: Number.NaN, found: new Map<string, FoundDate | null>() };
const LONGEST_KEPT = 60;
const MOST_KEPT = 4_000;

function searchDate(text: string, now: number): FoundDate | null {
  const line = normalised(text);
  if (!HINT.test(line)) return null;
  for (const form of WHOLE_FORMS) {
    const match = line.match(form.pattern);
    if (match) return finish(form, match, now);
  }
  let best: { form: DateForm; match: RegExpMatchArray } | null = null;
  for (const form of FORMS) {
    const match = line.match(form.pattern);
    if (match && (best === null || (match.index ?? 0) < (best.match.index ?? 0))) best = { form, match };
  }
  return best === null ? null : finish(best.form, best.match, now);
}

/** Half-width, with one kind of dash between numbers, and numbers in digits. */
function normalised(text: string): string {
  return withDigits(
    text
      .slice(0, LONGEST_LINE)
      .normalize('NFKC')
      .replace(/\s+/g, ' ')
      .replace(/(?<=\d) ?[‐‑–—―−] ?(?=\d)/g, '-')
      .trim(),
  );
}

function finish(form: DateForm, match: RegExpMatchArray, now: number): FoundDate | null {
  const read = form.read(match.groups ?? {}, now);
  if (read === null || !(read.at >= EARLIEST && read.at <= now + FURTHEST_AHEAD)) return null;
  return {
    ...read,
    complete: match.groups?.['y'] !== undefined,
    index: match.index ?? 0,
    length: match[0].length,
  };
}

/**
 * The time a text tells, Unix ms UTC; null when it tells none or an impossible one. Understands the usual Chinese
 * forms (also relative, traditional, full-width, in Chinese numerals), ISO 8601, RFC 822, English dates and epochs.
 */
export function readDate(text: string, now: number): number | null {
  return findDate(text, now)?.at ?? null;
}

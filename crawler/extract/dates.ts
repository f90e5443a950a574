import { numeral, numeralPattern } from './numerals.ts';
import { fromParts, hourOfDay, readZone, shanghaiParts, SHANGHAI_OFFSET } from './calendar.ts';

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

type Groups = Record<string, string | undefined>;
/** Answers null for calendar nonsense; the search then stops instead of reading half of a broken date. */
type Form = {
  pattern: RegExp;
  read: (groups: Groups, now: number) => Omit<FoundDate, 'complete' | 'index' | 'length'> | null;
};

// A line longer than this is prose; the cap also bounds the work of every pattern.
const LONGEST_LINE = 300;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PART = '凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|夜間|深夜|晚间|晚間|晚|早';
const CLOCK =
  `(?<part>${PART})?\\s{0,3}(?<h>\\d{1,2})(?::|\\s?[时時点點]\\s?)(?:(?<mi>\\d{1,2})` +
  `(?:\\s?(?::|分)\\s?(?:(?<s>\\d{1,2})(?:\\.\\d{1,9})?秒?)?)?)?` +
  `(?:\\s{0,2}(?<ampm>[ap]\\.?m\\b))?(?:\\s{0,2}(?<zone>Z\\b|(?:UTC|GMT)?[+-]\\d{2}:?\\d{2}\\b|[A-Z]{2,4}\\b))?`;
const GAP = '(?:\\s[A-Z]{3}\\s)?[\\sT,|()_-]{0,6}(?:(?:星期|周|週)[一二三四五六日天][\\s,)]{0,3})?';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(?<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?';

const number = (text: string | undefined): number => (text === undefined ? 0 : Number(text));

function dated(y: number, mo: number, d: number, g: Groups) {
  const hasTime = g['h'] !== undefined;
  const hour = hasTime
    ? hourOfDay(number(g['h']), g['part'] ?? g['ampm']?.replace('.', '').toLowerCase())
    : 0;
  if (hour === null) return null;
  const zone = g['zone'] === undefined ? SHANGHAI_OFFSET : readZone(g['zone']);
  const at = fromParts(y, mo, d, hour, number(g['mi']), number(g['s']), zone ?? SHANGHAI_OFFSET);
  return at === null ? null : { at, hasTime };
}

/** A month and day without a year: the latest such day that is not after `now`. */
function latest(mo: number, d: number, g: Groups, now: number) {
  const { year } = shanghaiParts(now);
  // Eight years reach the next 29 February also across a century that has none.
  for (let y = year; y >= year - 8; y--) {
    const found = dated(y, mo, d, g);
    if (found && found.at <= now) return found;
  }
  return null;
}

/** Midnight, Shanghai time, `days` before the day of `now`, with the clock of the groups put on it. */
function daysBack(days: number, g: Groups, now: number) {
  const p = shanghaiParts(now - days * DAY);
  return dated(p.year, p.month, p.day, g);
}

function monthsBack(months: number, now: number) {
  const p = shanghaiParts(now);
  const index = p.year * 12 + p.month - 1 - months;
  for (let d = p.day; d > 27; d--) {
    const found = dated(Math.floor(index / 12), (index % 12) + 1, d, {});
    if (found) return { at: found.at, hasTime: false };
  }
  return dated(Math.floor(index / 12), (index % 12) + 1, p.day, {});
}

const UNITS: [RegExp, number, boolean][] = [
  [/^(?:秒|second|sec)/i, 1000, true],
  [/^(?:分|minute|min)/i, MINUTE, true],
  [/^(?:个?小时|個?小時|个?钟头|個?鐘頭|hour)/i, HOUR, true],
  [/^(?:天|日|day)/i, DAY, false],
  [/^(?:周|週|个?星期|個?星期|week)/i, 7 * DAY, false],
];

function ago(count: number, unit: string, now: number) {
  for (const [pattern, ms, exact] of UNITS)
    if (pattern.test(unit)) return { at: now - Math.round(count * ms), hasTime: exact };
  if (/^[个個]?月|^month/i.test(unit)) return monthsBack(Math.floor(count), now);
  return monthsBack(Math.floor(count * 12), now);
}

const NAMED_DAYS: Record<string, number> = { 今: 0, 昨: 1, 前: 2, 大前: 3 };

const FORMS: Form[] = [
  {
    // The clock first: "18:07 2012-01-16".
    pattern:
      /(?<![\d:])(?<h>\d{1,2}):(?<mi>\d{2})(?::(?<s>\d{2}))?\s(?<y>\d{4})[-/.年]\s?(?<m>\d{1,2})[-/.月]\s?(?<d>\d{1,2})(?!\d)(?!日?\s\d{1,2}:)/,
    read: (g) => dated(number(g['y']), number(g['m']), number(g['d']), g),
  },
  {
    pattern: new RegExp(
      `(?<!\\d)(?<y>\\d{4})(?:\\s?年\\s?|\\s?[-/.]\\s?)(?<m>\\d{1,2})(?:\\s?月\\s?|\\s?[-/.]\\s?)(?<d>\\d{1,2})(?!\\d)\\s?[日号號]?(?:${GAP}${CLOCK})?`,
      'i',
    ),
    read: (g) => dated(number(g['y']), number(g['m']), number(g['d']), g),
  },
  {
    pattern: new RegExp(
      `(?:民國|民国)\\s?(?<y>\\d{2,3})(?:\\s?年\\s?|[-/.])(?<m>\\d{1,2})(?:\\s?月\\s?|[-/.])(?<d>\\d{1,2})\\s?日?(?:${GAP}${CLOCK})?`,
    ),
    read: (g) => dated(number(g['y']) + 1911, number(g['m']), number(g['d']), g),
  },
  {
    pattern: new RegExp(
      `(?<y>[〇零○OＯ一二三四五六七八九]{4})年(?<m>${numeralPattern}{1,3})月(?<d>${numeralPattern}{1,3})[日号號]?(?:${GAP}${CLOCK})?`,
    ),
    read: (g) => dated(numeral(g['y'] ?? '') ?? 0, numeral(g['m'] ?? '') ?? 0, numeral(g['d'] ?? '') ?? 0, g),
  },
  {
    // RFC 822 and its relatives: "Tue, 03 Nov 2026 08:05:09 +0800", "3 November 2026".
    pattern: new RegExp(
      `(?<!\\d)(?<d>\\d{1,2})(?:st|nd|rd|th)?[\\s-]${MONTH},?[\\s-](?<y>\\d{4}|\\d{2}\\b)(?:[\\s,|-]{0,4}(?:at\\s)?${CLOCK})?`,
      'i',
    ),
    read: (g) => {
      const y = number(g['y']);
      return dated(
        y < 100 ? y + (y < 70 ? 2000 : 1900) : y,
        MONTHS.indexOf((g['mon'] ?? '').toLowerCase()) + 1,
        number(g['d']),
        g,
      );
    },
  },
  {
    // "November 3, 2026 at 8:05 AM" and Weibo's "Tue Nov 03 08:05:09 +0800 2026".
    pattern: new RegExp(
      `\\b${MONTH}\\s(?<d>\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s(?<y>\\d{4})(?:[\\s,|-]{0,4}(?:at\\s)?${CLOCK})?)`,
      'i',
    ),
    read: (g) => dated(number(g['y']), MONTHS.indexOf((g['mon'] ?? '').toLowerCase()) + 1, number(g['d']), g),
  },
  {
    pattern: new RegExp(`\\b${MONTH}\\s(?<d>\\d{1,2})\\s${CLOCK}\\s(?<y>\\d{4})\\b`, 'i'),
    read: (g) => dated(number(g['y']), MONTHS.indexOf((g['mon'] ?? '').toLowerCase()) + 1, number(g['d']), g),
  },
  {
    pattern:
      /(?<!第)(?<n>\d{1,4}(?:\.\d)?|半|几|[一二三四五六七八九十两兩]{1,3})(?<half>个半|個半)?\s?(?<unit>秒[钟鐘]?|分[钟鐘]?|[个個]?小[时時]|[个個]?[钟鐘][头頭]|天|日|周|週|[个個]?星期|[个個]?月|年|(?:second|sec|minute|min|hour|day|week|month|year)s?)\s?(?:之?前|ago)/i,
    read: (g, now) => {
      const word = g['n'] ?? '';
      if (word === '几') return null;
      const count = word === '半' ? 0.5 : (numeral(word) ?? number(word));
      return ago(count + (g['half'] ? 0.5 : 0), g['unit'] ?? '', now);
    },
  },
  { pattern: /刚刚|剛剛|刚才|剛才|just now/i, read: (_g, now) => ({ at: now, hasTime: true }) },
  {
    pattern: new RegExp(`(?<day>大前|今|昨|前)[天日](?:${GAP}${CLOCK})?`),
    read: (g, now) => daysBack(NAMED_DAYS[g['day'] ?? ''] ?? 0, g, now),
  },
  {
    pattern: new RegExp(`(?<![\\d年])(?<m>\\d{1,2})\\s?月\\s?(?<d>\\d{1,2})\\s?[日号號](?:${GAP}${CLOCK})?`),
    read: (g, now) => latest(number(g['m']), number(g['d']), g, now),
  },
  {
    pattern: new RegExp(`(?<![\\d./-])(?<m>\\d{1,2})[-/](?<d>\\d{1,2})\\s{1,3}${CLOCK}`),
    read: (g, now) => latest(number(g['m']), number(g['d']), g, now),
  },
  {
    // American order, only where the second number cannot make it ambiguous with a Chinese form.
    pattern: new RegExp(
      `(?<![\\d/])(?<m>\\d{1,2})/(?<d>\\d{1,2})/(?<y>\\d{4})(?!\\d)(?:${GAP}${CLOCK})?`,
      'i',
    ),
    read: (g) => dated(number(g['y']), number(g['m']), number(g['d']), g),
  },
];

// Forms that would be far too eager inside a sentence count only when they are the whole text.
const WHOLE_FORMS: Form[] = [
  { pattern: /^(?<n>\d{10}|\d{13})$/, read: (g) => epoch(g['n'] ?? '') },
  {
    pattern:
      /^(?<y>(?:19|20)\d{2})(?<m>\d{2})(?<d>\d{2})(?:T?(?<h>\d{2})(?<mi>\d{2})(?<s>\d{2})?(?<zone>Z)?)?$/,
    read: (g) => dated(number(g['y']), number(g['m']), number(g['d']), g),
  },
  {
    pattern: /^(?<m>\d{1,2})[-/](?<d>\d{1,2})$/,
    read: (g, now) => latest(number(g['m']), number(g['d']), g, now),
  },
  {
    pattern: new RegExp(`^${CLOCK}$`),
    read: (g, now) => {
      const today = daysBack(0, g, now);
      return today && today.at > now ? daysBack(1, g, now) : today;
    },
  },
];

function epoch(digits: string): { at: number; hasTime: boolean } | null {
  const at = digits.length === 10 ? Number(digits) * 1000 : Number(digits);
  // Ten digits are also telephone and article numbers: only 1990 to 2100 is a time.
  return at > 631_152_000_000 && at < 4_102_444_800_000 ? { at, hasTime: true } : null;
}

/**
 * The first date in a line of text. `now` (Unix ms) anchors relative forms and infers a missing year. A date without a
 * zone is Asia/Shanghai. Null when there is none, or when the first one is calendar nonsense. Only the first 300
 * characters are read.
 */
export function findDate(text: string, now: number): FoundDate | null {
  const line = text.slice(0, LONGEST_LINE).normalize('NFKC').replace(/\s+/g, ' ').trim();
  if (line === '' || !/[\d〇零一二三四五六七八九十半今昨前刚剛两兩]|just now/.test(line)) return null;
  let best: { form: Form; match: RegExpMatchArray } | null = null;
  for (const form of WHOLE_FORMS) {
    const match = line.match(form.pattern);
    if (match) return finish(form, match, now);
  }
  for (const form of FORMS) {
    const match = line.match(form.pattern);
    if (match && (best === null || (match.index ?? 0) < (best.match.index ?? 0))) best = { form, match };
  }
  return best === null ? null : finish(best.form, best.match, now);
}

function finish(form: Form, match: RegExpMatchArray, now: number): FoundDate | null {
  const read = form.read(match.groups ?? {}, now);
  return read === null
    ? null
    : {
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

import { numeral } from './numerals.ts';
import { fromParts, hourOfDay, readZone, shanghaiParts, SHANGHAI_OFFSET } from './calendar.ts';

type Groups = Record<string, string | undefined>;
type Read = { at: number; hasTime: boolean };

/**
 * One way of writing a date. `read` answers null for calendar nonsense; the search then stops instead of reading half of a
 * broken date.
 */
export type DateForm = { pattern: RegExp; read: (groups: Groups, now: number) => Read | null };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const PART =
  '凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|夜間|深夜|晚间|晚間|夜里|晚|早|晨|夜|[AaPp][Mm]\\b';
const CLOCK =
  `(?<part>${PART})?\\s{0,3}(?<h>\\d{1,2})(?::|\\s?[时時点點]\\s?)(?:(?:(?<mi>\\d{1,2})|(?<half>半))` +
  `(?:\\s?(?::|分)\\s?(?:(?<s>\\d{1,2})(?:[.,]\\d{1,9})?秒?)?)?)?` +
  `(?:\\s{0,2}(?<ampm>[ap]\\.?m\\b))?(?:\\s{0,2}(?<zone>Z\\b|(?:UTC|GMT)[+-]\\d{1,2}\\b(?!:)|(?:UTC|GMT)?[+-]\\d{1,2}:?\\d{2}\\b|[+-]\\d{2}\\b(?!:)|[A-Z]{2,4}\\b))?`;
const WEEKDAY = '(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]';
const GAP = `(?:\\s[A-Z]{3}\\s)?[\\sT,|()_-]{0,6}(?:(?:${WEEKDAY}|(?<=\\()[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})[\\s,)]{0,3})?`;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(?<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\\.?';

const number = (text: string | undefined): number => (text === undefined ? 0 : Number(text));
const month = (g: Groups): number => MONTHS.indexOf((g['mon'] ?? '').toLowerCase()) + 1;

/** The wall clock of the groups on a day. Without a zone it is Shanghai's. */
function dated(y: number, mo: number, d: number, g: Groups): Read | null {
  if (g['h'] === undefined) {
    const at = fromParts(y, mo, d, 0, 0, 0, SHANGHAI_OFFSET);
    return at === null ? null : { at, hasTime: false };
  }
  const part = (g['part'] ?? g['ampm']?.replace('.', ''))?.toLowerCase();
  const hour = hourOfDay(number(g['h']), part);
  if (hour === null) return null;
  const minute = g['half'] === undefined ? number(g['mi']) : 30;
  const at = fromParts(y, mo, d, hour, minute, number(g['s']), zoneOf(g));
  return at === null ? null : { at, hasTime: true };
}

function zoneOf(g: Groups): number {
  const zone = g['zone'];
  // "09:00-11:00" is from nine to eleven; a zone west of Greenwich stands behind seconds or in ISO form.
  if (zone === undefined || (zone.startsWith('-') && g['s'] === undefined && g['iso'] === undefined))
    return SHANGHAI_OFFSET;
  return readZone(zone) ?? SHANGHAI_OFFSET;
}

const ymd = (g: Groups): Read | null => dated(number(g['y']), number(g['m']), number(g['d']), g);

/** A month and day without a year: the latest such day that is not after `now`. */
function latest(g: Groups, now: number): Read | null {
  const { year } = shanghaiParts(now);
  // Eight years reach the next 29 February also across a century that has none.
  for (let y = year; y >= year - 8; y--) {
    const found = dated(y, number(g['m']), number(g['d']), g);
    if (found && found.at <= now) return found;
  }
  return null;
}

/** The day `days` before the one of `now`, with the clock of the groups put on it. */
function daysBack(days: number, g: Groups, now: number): Read | null {
  const p = shanghaiParts(now - days * DAY);
  return dated(p.year, p.month, p.day, g);
}

/** A clock alone: today's, or yesterday's when today's is still to come. */
function lastClock(g: Groups, now: number): Read | null {
  const today = daysBack(0, g, now);
  return today && today.at > now ? daysBack(1, g, now) : today;
}

function monthsBack(months: number, now: number): Read | null {
  const p = shanghaiParts(now);
  const index = p.year * 12 + p.month - 1 - months;
  for (let d = p.day; d > 27; d--) {
    const found = dated(Math.floor(index / 12), (index % 12) + 1, d, {});
    if (found) return found;
  }
  return dated(Math.floor(index / 12), (index % 12) + 1, p.day, {});
}

const UNITS: [RegExp, number, boolean][] = [
  [/^(?:秒|second|sec|s$)/i, 1000, true],
  [/^(?:分|minute|min|m$)/i, MINUTE, true],
  [/^(?:个?小时|個?小時|个?钟头|個?鐘頭|hour|h$)/i, HOUR, true],
  [/^(?:天|日|day|d$)/i, DAY, false],
  [/^(?:周|週|个?星期|個?星期|week|w$)/i, 7 * DAY, false],
];

function ago(count: number, unit: string, now: number): Read | null {
  for (const [pattern, ms, exact] of UNITS)
    if (pattern.test(unit)) return { at: now - Math.round(count * ms), hasTime: exact };
  if (/^[个個]?月|^month/i.test(unit)) return monthsBack(Math.floor(count), now);
  return monthsBack(Math.floor(count * 12), now);
}

/** 周三 is the last one, 上周三 the one of the week before, which begins on a Monday. */
function weekday(g: Groups, now: number): Read | null {
  const monday = (day: number) => (day + 6) % 7;
  const today = monday(new Date(now + SHANGHAI_OFFSET).getUTCDay());
  const meant = monday('日一二三四五六'.indexOf((g['wd'] ?? '').replace('天', '日')));
  if (g['week'] === '上') return daysBack(today - meant + 7, g, now);
  const back = (today - meant + 7) % 7;
  const found = daysBack(back, g, now);
  return found && found.at > now ? daysBack(back + 7, g, now) : found;
}

const NAMED_DAYS: Record<string, number> = { 今: 0, 昨: 1, 前: 2, 大前: 3, today: 0, yesterday: 1 };

/** Forms that may stand anywhere in a line. Of several that match, the one that begins first counts. */
export const FORMS: DateForm[] = [
  {
    // The clock first: "18:07 2012-01-16".
    pattern:
      /(?<![\d:])(?<h>\d{1,2}):(?<mi>\d{2})(?::(?<s>\d{2}))?\s(?<y>\d{4})[-/.年]\s?(?<m>\d{1,2})[-/.月]\s?(?<d>\d{1,2})(?!\d)(?!日?\s\d{1,2}:)/,
    read: ymd,
  },
  {
    pattern: new RegExp(
      `(?<!\\d)(?<y>\\d{4})(?:\\s?年\\s?|\\s?[-/.]\\s?)(?<m>\\d{1,2})(?:\\s?月\\s?|\\s?[-/.]\\s?)(?<d>\\d{1,2})(?!\\d)(?:(?<iso>(?=T\\d))|)\\s?[日号號]?(?:${GAP}${CLOCK})?`,
      'i',
    ),
    read: ymd,
  },
  {
    // Years of the Republic, as Taiwan counts them: with their name, or with three digits.
    pattern: new RegExp(
      `(?:(?:民國|民国)\\s?(?<y>\\d{2,3})|(?<![\\d./-])(?<y>1[01]\\d))(?:\\s?年\\s?|[-/.])(?<m>\\d{1,2})(?:\\s?月\\s?|[-/.])(?<d>\\d{1,2})(?![\\d.])\\s?日?(?:${GAP}${CLOCK})?`,
    ),
    read: (g) => dated(number(g['y']) + 1911, number(g['m']), number(g['d']), g),
  },
  {
    // Two digits of the year: 26年11月3日, and with a clock 26-11-03.
    pattern: new RegExp(
      `(?<![\\d./-])(?<y>\\d{2})(?:年(?<m>\\d{1,2})月(?<d>\\d{1,2})[日号號]?(?:${GAP}${CLOCK})?|-(?<m>\\d{1,2})-(?<d>\\d{1,2})\\s${CLOCK})`,
    ),
    read: (g, now) => {
      const found = dated(number(g['y']) + 2000, number(g['m']), number(g['d']), g);
      return found && found.at <= now + DAY ? found : null;
    },
  },
  {
    // RFC 822 and its relatives: "Tue, 03 Nov 2026 08:05:09 +0800", "3 November 2026"; as Java puts it: "03 11月 2026".
    pattern: new RegExp(
      `(?<!\\d)(?<d>\\d{1,2})(?:st|nd|rd|th)?[\\s-](?:${MONTH}|(?<m>\\d{1,2})月),?[\\s-](?<y>\\d{4}|\\d{2}\\b)(?:[\\s,|-]{0,4}(?:at\\s)?${CLOCK})?`,
      'i',
    ),
    read: (g) => {
      const y = number(g['y']);
      return dated(
        y < 100 ? y + (y < 70 ? 2000 : 1900) : y,
        g['m'] === undefined ? month(g) : number(g['m']),
        number(g['d']),
        g,
      );
    },
  },
  {
    // "November 3, 2026 at 8:05 AM" and JavaScript's "Tue Nov 03 2026 08:05:09 GMT+0800".
    pattern: new RegExp(
      `\\b${MONTH}\\s(?<d>\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s(?<y>\\d{4})(?:[\\s,|-]{0,4}(?:at\\s)?${CLOCK})?)`,
      'i',
    ),
    read: (g) => dated(number(g['y']), month(g), number(g['d']), g),
  },
  {
    // Weibo's "Tue Nov 03 08:05:09 +0800 2026".
    pattern: new RegExp(`\\b${MONTH}\\s(?<d>\\d{1,2})\\s${CLOCK}\\s(?<y>\\d{4})\\b`, 'i'),
    read: (g) => dated(number(g['y']), month(g), number(g['d']), g),
  },
  {
    pattern:
      /(?<!第)(?<n>\d{1,4}(?:\.\d)?|半|几|[一二三四五六七八九十两兩]{1,3}|\ban?\b)(?<half>个半|個半)?\s?(?<unit>秒[钟鐘]?|分[钟鐘]?|[个個]?小[时時]|[个個]?[钟鐘][头頭]|天|日|周|週|[个個]?星期|[个個]?月|年|(?:second|sec|minute|min|hour|day|week|month|year)s?|[smhdw](?=\sago))\s?(?:[之以]?前|ago\b)/i,
    read: (g, now) => {
      const word = g['n'] ?? '';
      if (word === '几') return null;
      const count = word === '半' ? 0.5 : /^an?$/i.test(word) ? 1 : (numeral(word) ?? number(word));
      return ago(count + (g['half'] ? 0.5 : 0), g['unit'] ?? '', now);
    },
  },
  { pattern: /刚刚|剛剛|刚才|剛才|just now/i, read: (_g, now) => ({ at: now, hasTime: true }) },
  {
    pattern: new RegExp(`(?<day>大前|今|昨|前)[天日](?:${GAP}${CLOCK})?`),
    read: (g, now) => daysBack(NAMED_DAYS[g['day'] ?? ''] ?? 0, g, now),
  },
  {
    pattern: new RegExp(`(?<day>今|昨)(?=[早晨晚夜])${CLOCK}`),
    read: (g, now) => daysBack(NAMED_DAYS[g['day'] ?? ''] ?? 0, g, now),
  },
  {
    pattern: new RegExp(`\\b(?<day>today|yesterday)\\b(?:,?\\s(?:at\\s)?${CLOCK})?`, 'i'),
    read: (g, now) => daysBack(NAMED_DAYS[(g['day'] ?? '').toLowerCase()] ?? 0, g, now),
  },
  {
    pattern: new RegExp(
      `(?<![每逢下至到])(?<week>[上本这這])?[个個]?(?:周|週|星期|礼拜|禮拜)(?<wd>[一二三四五六日天])\\s{0,2}${CLOCK}`,
    ),
    read: weekday,
  },
  {
    pattern: new RegExp(`(?<![\\d年])(?<m>\\d{1,2})\\s?月\\s?(?<d>\\d{1,2})\\s?[日号號](?:${GAP}${CLOCK})?`),
    read: latest,
  },
  {
    pattern: new RegExp(
      `(?<![\\d./-])(?:(?<m>\\d{1,2})[-/](?<d>\\d{1,2})|(?<m>\\d{2})\\.(?<d>\\d{2}))\\s{1,3}${CLOCK}`,
    ),
    read: latest,
  },
  {
    // American order, only where the second number cannot make it ambiguous with a Chinese form.
    pattern: new RegExp(
      `(?<![\\d/])(?<m>\\d{1,2})/(?<d>\\d{1,2})/(?<y>\\d{4})(?!\\d)(?:${GAP}${CLOCK})?`,
      'i',
    ),
    read: ymd,
  },
];

/** Forms that would be far too eager inside a sentence count only when they are the whole text. */
export const WHOLE_FORMS: DateForm[] = [
  {
    pattern: /^(?:\/?Date\()?(?<n>\d{10}|\d{13})(?:\.\d{1,9}|\)\/?)?$/i,
    read: (g) => epoch(g['n'] ?? ''),
  },
  {
    pattern:
      /^(?<y>(?:19|20)\d{2})-?(?<m>\d{2})-?(?<d>\d{2})(?<iso>T)?(?:(?<h>\d{2})(?<mi>\d{2})(?<s>\d{2})?(?<zone>Z|[+-]\d{2}:?\d{2})?)?$/i,
    read: ymd,
  },
  { pattern: /^(?<m>\d{1,2})[-/](?<d>\d{1,2})$/, read: latest },
  { pattern: new RegExp(`^${CLOCK}$`), read: lastClock },
];

function epoch(digits: string): Read {
  return { at: digits.length === 10 ? Number(digits) * 1000 : Number(digits), hasTime: true };
}

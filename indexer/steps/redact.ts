import type { Step } from './types.ts';

/** Kinds of personal data that are masked; the mask names the kind, never a part of the data. */
export type RedactionType = 'id-card' | 'bank-card' | 'mobile' | 'landline' | 'email';

export type Replacement = { start: number; end: number; type: RedactionType };

/** What stands for the data from here on. */
export const MASKS: Record<RedactionType, string> = {
  'id-card': '[身份证号]',
  'bank-card': '[银行卡号]',
  mobile: '[手机号]',
  landline: '[电话号码]',
  email: '[邮箱]',
};

/** A digit as people type it, half or full width; between digits of a number they put spaces, dashes or dots. */
const D = '[0-9０-９]';
const SEP_CLASS = '[ \\-－‐-―−.·]';
const SEP = `${SEP_CLASS}?`;
const NO_DIGIT_BEFORE = `(?<!${D})`;
const NO_DIGIT_AFTER = `(?!${D})`;
/** Order and serial numbers mix letters and digits; what stands behind a point is a fraction. */
const NO_WORD_BEFORE = `(?<![0-9０-９A-Za-z_]|[0-9][.])`;
const NO_WORD_AFTER = `(?![0-9０-９A-Za-z_])`;
/** The country, as it stands before numbers. */
const CHINA = `(?:[+＋]|[0０]{2})?(?:86|８６)${SEP}`;

type Rule = { type: RedactionType; pattern: RegExp; fits?: (digits: string) => boolean };

const rule = (type: RedactionType, pattern: string, fits?: (digits: string) => boolean): Rule => ({
  type,
  pattern: new RegExp(pattern, 'gu'),
  ...(fits && { fits }),
});

/** Four groups of four digits and `tail` more, all parted in the same way or not at all. */
const card = (tail: number) =>
  rule(
    'bank-card',
    `${NO_WORD_BEFORE}${D}{4}(${SEP})${D}{4}\\1${D}{4}\\1${D}{4}${tail > 0 ? `\\1${D}{${tail}}` : ''}${NO_WORD_AFTER}`,
    isCard,
  );

/**
 * Every pattern has parts of bounded length only: matching is linear in the text. Where two kinds overlap, the one that
 * stands first here names the mask.
 */
const RULES: readonly Rule[] = [
  rule('email', '[\\w.+\\-]{1,64}[@＠][A-Za-z0-9\\-]{1,63}(?:[.．][A-Za-z0-9\\-]{1,63}){1,4}'),
  rule(
    'id-card',
    `${NO_DIGIT_BEFORE}${D}{6}${SEP}${D}{8}${SEP}${D}{3}(?:[XxＸｘ]|${D}${NO_DIGIT_AFTER})`,
    isIdCard,
  ),
  // The fifteen digits of the first generation: region, YYMMDD, order.
  rule(
    'id-card',
    `${NO_WORD_BEFORE}${D}{15}${NO_WORD_AFTER}`,
    (digits) => isRegion(digits) && isMonthDay(digits.slice(8, 12)),
  ),
  // Sixteen digits may be followed by an amount: the longest that is a card number counts.
  ...[3, 2, 1, 0].map(card),
  rule(
    'mobile',
    `${NO_DIGIT_BEFORE}(?:${CHINA}|[0０])?[1１][3-9３-９]` +
      `(?:${D}${SEP}${D}{4}${SEP}${D}{4}|${D}{2}${SEP}${D}{3}${SEP}${D}{4}|${D}${SEP}${D}{3}${SEP}${D}{5})${NO_DIGIT_AFTER}`,
  ),
  // Area code and number; service numbers (12309, 12345, 110, 400-…) have no area code and stay.
  rule(
    'landline',
    `${NO_DIGIT_BEFORE}(?:${CHINA}[(（]?[0０]?|[(（]?[0０])(?:[1１][0０]|[2２]${D}|[3-9３-９]${D}{2})[)）]?${SEP}` +
      `${D}{3,4}${SEP}${D}{4}${NO_DIGIT_AFTER}`,
  ),
];

/** Masks phone numbers, identity cards, bank cards and e-mail addresses in title and text, and counts them by kind. */
export const redact: Step = (post) => {
  const redactions: Record<string, number> = {};
  const mask = (text: string) => {
    let masked = text;
    // A mask parts what stood together (letters and the card number after them): until nothing more is found.
    for (let places = personalData(masked); places.length > 0; places = personalData(masked)) {
      for (const { type } of places) redactions[type] = (redactions[type] ?? 0) + 1;
      masked = applyMasks(masked, places);
    }
    return masked;
  };
  return { ...post, title: post.title === null ? null : mask(post.title), text: mask(post.text), redactions };
};

/** Where personal data stands in the text: offsets in UTF-16 units, in order, never overlapping. */
export function personalData(text: string): Replacement[] {
  const found = RULES.flatMap((each, rank) => [...placesOf(each, text)].map((place) => ({ ...place, rank })));
  found.sort((a, b) => a.start - b.start || a.rank - b.rank);
  const merged: typeof found = [];
  for (const place of found) {
    const last = merged.at(-1);
    if (!last || place.start >= last.end) {
      merged.push(place);
      continue;
    }
    // Both are masked to their ends: a part of a number is still a trace of it.
    last.end = Math.max(last.end, place.end);
    if (place.rank < last.rank) Object.assign(last, { type: place.type, rank: place.rank });
  }
  return merged.map(({ start, end, type }) => ({ start, end, type }));
}

function* placesOf({ type, pattern, fits }: Rule, text: string): Generator<Replacement> {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = match.index + match[0].length;
    if (!fits || fits(bareDigits(match[0]))) yield { start: match.index, end, type };
    // What does not fit may hold the beginning of something that does.
    else pattern.lastIndex = match.index + 1;
  }
}

export function applyMasks(text: string, replacements: readonly Replacement[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, type } of replacements) {
    result += text.slice(done, start) + MASKS[type];
    done = end;
  }
  return result + text.slice(done);
}

/** Half-width digits (and X) only. */
function bareDigits(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9X]/g, '');
}

/**
 * Eighteen characters that are a region, a date and an order. The check digit is not asked for: people mistype it, and
 * a wrong number still points at somebody.
 */
function isIdCard(digits: string): boolean {
  const year = Number(digits.slice(6, 10));
  return isRegion(digits) && year >= 1900 && year <= 2100 && isMonthDay(digits.slice(10, 14));
}

/** The first two digits of GB/T 2260: 11–15, 21–23, 31–37, 41–46, 50–54, 61–65, 71, 81–83, 91. */
function isRegion(digits: string): boolean {
  return /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/.test(digits);
}

function isMonthDay(monthDay: string): boolean {
  const month = Number(monthDay.slice(0, 2));
  const day = Number(monthDay.slice(2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/**
 * ISO/IEC 7812-1, annex B. Bank cards in China have 16 to 19 digits. Order numbers mostly begin with a year, and no
 * network's cards do.
 */
function isCard(digits: string): boolean {
  if (!/^[3-69]/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

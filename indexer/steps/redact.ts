import type { Step } from './types.ts';

/** Kinds of personal data that are masked; the mask names the kind, never a part of the data. */
export type RedactionType = 'id-card' | 'bank-card' | 'mobile' | 'landline' | 'email';

export type Replacement = { start: number; end: number; type: RedactionType };

const MASKS: Record<RedactionType, string> = {
  'id-card': '[身份证号]',
  'bank-card': '[银行卡号]',
  mobile: '[手机号]',
  landline: '[电话号码]',
  email: '[邮箱]',
};

/** A digit as people type it, half or full width; between digits of a number they put spaces, dashes or dots. */
const D = '[0-9０-９]';
const SEP = '[ \\-－—.·]?';
const NOT_AFTER = `(?<![0-9０-９A-Za-z_])`;
const NOT_BEFORE = `(?![0-9０-９A-Za-z_])`;

/** Every pattern has fixed-length parts only: matching is linear in the text. The first kind that fits a place wins. */
const RULES: { type: RedactionType; pattern: RegExp; fits?: (digits: string) => boolean }[] = [
  {
    type: 'email',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}[@＠][A-Za-z0-9-]{1,63}(?:[.．][A-Za-z0-9-]{1,63}){1,4}/gu,
  },
  {
    type: 'id-card',
    pattern: new RegExp(`${NOT_AFTER}${D}{6}${SEP}${D}{8}${SEP}${D}{3}[0-9０-９XxＸｘ]${NOT_BEFORE}`, 'gu'),
    fits: isIdCard,
  },
  {
    type: 'id-card',
    // The fifteen digits of the first generation: region, YYMMDD, order.
    pattern: new RegExp(`${NOT_AFTER}${D}{15}${NOT_BEFORE}`, 'gu'),
    fits: (digits) => isRegion(digits) && isMonthDay(digits.slice(8, 12)),
  },
  {
    type: 'bank-card',
    pattern: new RegExp(`${NOT_AFTER}${D}{4}(?:${SEP}${D}{4}){3}(?:${SEP}${D}{1,3})?${NOT_BEFORE}`, 'gu'),
    fits: passesLuhn,
  },
  {
    type: 'mobile',
    pattern: new RegExp(
      `(?<![0-9０-９])(?:[+＋]?(?:86|８６)${SEP})?[1１][3-9３-９]${D}${SEP}${D}{4}${SEP}${D}{4}(?![0-9０-９])`,
      'gu',
    ),
  },
  {
    type: 'landline',
    // Area code and number; service numbers (12309, 12345, 110, 400-…) have no area code and stay.
    pattern: new RegExp(
      `(?<![0-9０-９])[(（]?[0０](?:[12１２]${D}|[3-9３-９]${D}{2})[)）]?[ \\-－—]?${D}{7,8}(?![0-9０-９])`,
      'gu',
    ),
    fits: (digits) => digits.length >= 10 && digits.length <= 12 && !digits.endsWith('12309'),
  },
];

/** Masks phone numbers, identity cards, bank cards and e-mail addresses in title and text, and counts them by kind. */
export const redact: Step = (post) => {
  const redactions: Record<string, number> = {};
  const mask = (text: string) => {
    const replacements = personalData(text);
    for (const { type } of replacements) redactions[type] = (redactions[type] ?? 0) + 1;
    return applyMasks(text, replacements);
  };
  return { ...post, title: post.title === null ? null : mask(post.title), text: mask(post.text), redactions };
};

/** Where personal data stands in the text: offsets in UTF-16 units, in order, never overlapping. */
export function personalData(text: string): Replacement[] {
  const found: Replacement[] = [];
  for (const { type, pattern, fits } of RULES) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const end = start + match[0].length;
      if (fits && !fits(bareDigits(match[0]))) continue;
      if (found.some((other) => start < other.end && other.start < end)) continue;
      found.push({ start, end, type });
    }
  }
  return found.sort((a, b) => a.start - b.start);
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

/** ISO/IEC 7812-1, annex B. Bank cards in China have 16 to 19 digits. */
function passesLuhn(digits: string): boolean {
  if (digits.length < 16 || digits.length > 19 || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

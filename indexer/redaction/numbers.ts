import { isCard, isIdCard, isMonthDay, isRegion } from './checks.ts';
import type { RedactionType, Replacement } from './types.ts';

/**
 * Numbers that point at somebody. Everything is matched in plain text (`plain`: half width). Between the digits of a
 * number people put spaces, dashes or dots.
 */
const D = '[0-9]';
const SEP_CLASS = '[ \\-‐-―−.·]';
const SEP = `${SEP_CLASS}?`;
const WIDE_SEP = `(?: ?[\\-‐-―−.·/_] ?| )`;
const NO_DIGIT_BEFORE = `(?<!${D})`;
const NO_DIGIT_AFTER = `(?!${D})`;
/** Order and serial numbers mix letters and digits; what stands behind a point is a fraction. */
const NO_WORD_BEFORE = `(?<![0-9A-Za-z_]|[0-9][.])`;
const NO_WORD_AFTER = `(?![0-9A-Za-z_])`;
/** The country, as it stands before numbers. */
const CHINA = `(?:[(（]?(?:\\+|00)?86[)）]?${SEP})`;
const MOBILE_START = '1[3-9]';

/** Between the word that says what a number is and the number: 号码为：第 … */
const LINK =
  '(?:号码?|號碼?|编号|编码|证号|卡号|账号|是|为|爲|乃|叫|系|第|字|[:：=# ,，()（）"“”\'「」]|尾数|如下|都是|也是|就是){0,6}';

type Rule = {
  type: RedactionType;
  pattern: RegExp;
  fits?: (digits: string) => boolean;
  /** What must stand in the text for the pattern to be worth looking for. */
  when?: RegExp;
};

const rule = (
  type: RedactionType,
  pattern: string,
  fits?: ((digits: string) => boolean) | null,
  when?: RegExp,
): Rule => ({ type, pattern: new RegExp(pattern, 'gu'), ...(fits && { fits }), ...(when && { when }) });

/** Four groups of four digits and `tail` more, all parted in the same way or not at all. */
const card = (tail: number) =>
  rule(
    'bank-card',
    `${NO_WORD_BEFORE}${D}{4}(${SEP})${D}{4}\\1${D}{4}\\1${D}{4}${tail > 0 ? `\\1${D}{${tail}}` : ''}${NO_WORD_AFTER}`,
    isCard,
  );

const lengthIn = (least: number, most: number) => (digits: string) =>
  digits.length >= least && digits.length <= most;

/**
 * Every pattern has parts of bounded length only: matching is linear in the text. Where two kinds overlap, the one that
 * stands first here names the mask.
 */
const RULES: readonly Rule[] = [
  rule(
    'id-card',
    `${NO_DIGIT_BEFORE}${D}{6}${SEP}${D}{8}${SEP}${D}{3}(?:[Xx]|${D}${NO_DIGIT_AFTER})`,
    isIdCard,
  ),
  rule(
    'id-card',
    `${NO_DIGIT_BEFORE}${D}{6}${WIDE_SEP}?${D}{4}${WIDE_SEP}?${D}{4}${WIDE_SEP}?${D}{3}(?:[Xx]|${D}${NO_DIGIT_AFTER})`,
    isIdCard,
  ),
  // Said to be one: then neither region nor date nor check digit has to be right.
  rule(
    'id-card',
    `(?=${D})(?<=(?:身份证|身分证|身份證|身分證|身证|身份号码|公民身份|居民证|证件|居住证|ID)${LINK})` +
      `${NO_DIGIT_BEFORE}${D}(?:${WIDE_SEP}?${D}){13,16}(?:${WIDE_SEP}?[0-9Xx*])?${NO_DIGIT_AFTER}`,
    lengthIn(14, 18),
    /证|證|身份|ID/u,
  ),
  // The fifteen digits of the first generation: region, YYMMDD, order.
  rule(
    'id-card',
    `${NO_WORD_BEFORE}${D}{15}${NO_WORD_AFTER}`,
    (digits) => isRegion(digits) && isMonthDay(digits.slice(8, 12)),
  ),
  rule(
    'permit',
    `(?=[A-Za-z0-9])(?<=(?:社保卡?|社会保障卡?|医保卡?|驾驶证|驾照|档案编号|军官证|士官证|士兵证|警官证|残疾人?证|居住证|通行证|回乡证|台胞证|港澳证|户口簿|户口本|` +
      `结婚证|离婚证|出生证|学生证|准考证|工作证|执业证|护士证|学号|学籍|病历|住院|就诊卡?|门诊)${LINK})` +
      `${NO_WORD_BEFORE}[A-Za-z]{0,3}-?${D}(?:[ -]?[0-9A-Za-z]){4,22}${NO_WORD_AFTER}`,
    null,
    /证|证|号|學|籍|病历|住院|卡|社保|医保|户口|驾照/u,
  ),
  rule(
    'permit',
    `[军政后装海空沈北兰济南广成参文士联火][A-Za-z]?字第${SEP}${D}{5,10}${SEP}号?`,
    null,
    /字第/u,
  ),
  rule(
    'permit',
    `${NO_WORD_BEFORE}[HMhm]${D}{8}(?:${D}{2})?${NO_WORD_AFTER}|${NO_WORD_BEFORE}[Cc][A-Za-z0-9]${D}{7}${NO_WORD_AFTER}`,
    null,
    /通行证|回乡证|港澳|台湾/u,
  ),
  rule(
    'passport',
    `(?=[A-Za-z0-9])(?<=(?:护照|護照|passport|Passport|PASSPORT)${LINK})${NO_WORD_BEFORE}[A-Za-z]{0,2}${D}{6,9}${NO_WORD_AFTER}`,
    null,
    /护照|passport/iu,
  ),
  rule(
    'passport',
    `${NO_WORD_BEFORE}(?:[EeGg]${D}{8}|[Ee][A-Za-z]${D}{7})${NO_WORD_AFTER}`,
    null,
    /护照|出入境|签证|passport/iu,
  ),
  // Sixteen digits may be followed by an amount: the longest that is a card number counts.
  ...[3, 2, 1, 0].map(card),
  rule(
    'bank-card',
    `(?=${D})(?<=(?:银行卡|储蓄卡|信用卡|借记卡|工资卡|收款卡|卡号|卡|账号|帐号|账户|帐户|户头|存折|打款|汇款|转账|转帐|转到|工商|农商|农信|信用社|[工建农中交招邮]行|银行)${LINK})` +
      `${NO_WORD_BEFORE}${D}(?:${WIDE_SEP}?${D}){11,22}${NO_WORD_AFTER}`,
    lengthIn(12, 23),
    /卡|账|帐|户头|存折|款|转|行|信用社|农商|工商/u,
  ),
  rule(
    'bank-card',
    `${NO_WORD_BEFORE}62${D}(?:${WIDE_SEP}?${D}){12,16}(?=${LINK}[^\\n,。;\\[\\]]{0,6}(?:银行|[工建农中交招]行|开户))`,
    lengthIn(15, 19),
    /行|开户/u,
  ),
  rule(
    'mobile',
    `${NO_DIGIT_BEFORE}(?:${CHINA}|0)?[(（]?${MOBILE_START}` +
      `(?:${D}${SEP}${D}{4}${SEP}${D}{4}|${D}{2}${SEP}${D}{3}${SEP}${D}{4}|${D}${SEP}${D}{3}${SEP}${D}{5})${NO_DIGIT_AFTER}`,
  ),
  // Groups of other sizes, wider or bracketed partings, digit by digit: the digits must be eleven.
  rule(
    'mobile',
    `${NO_DIGIT_BEFORE}(?:${CHINA}|0)?[(（]?${MOBILE_START}${D}{1,3}[)）]?(?:${WIDE_SEP}?${D}{2,5}){2,4}${NO_DIGIT_AFTER}`,
    (digits) => /^(?:0|(?:00)?86)?1[3-9]\d{9}$/.test(digits),
  ),
  rule('mobile', `(?<![0-9][ -]?)1([ -])[3-9](?:\\1${D}){9}(?![ -]?[0-9])`),
  // Area code and number; service numbers (12309, 12345, 110, 400-…) have no area code and stay.
  rule(
    'landline',
    `${NO_DIGIT_BEFORE}(?:${CHINA}[(（]?0?|[(（]?0)(?:10|2${D}|[3-9]${D}{2})[)）]?${WIDE_SEP}?` +
      `${D}{3,4}${SEP}${D}{4}(?:(?:转|轉|-)${D}{1,5})?${NO_DIGIT_AFTER}`,
  ),
  rule(
    'landline',
    `(?:\\+|${NO_DIGIT_BEFORE}00)(?!86)[1-9]${D}{0,2}[ -]?(?:[(（]${D}{1,4}[)）])?(?:[ -]?${D}){6,11}${NO_DIGIT_AFTER}`,
  ),
  // Without an area code only where it is said to be somebody's number.
  rule(
    'landline',
    `(?=${D})(?<=(?:我的?|本人|家庭|家里|家中|住宅|联系|聯繫|宅|个人|他的?|她的?|其)(?:电话|電話|座机|号码|固话|方式)${LINK})` +
      `${NO_WORD_BEFORE}[2-8]${D}{2,3}${SEP}${D}{4}${NO_WORD_AFTER}`,
    (digits) => !/^(?:400|800)/.test(digits),
    /电话|電話|座机|号码|固话|方式/u,
  ),
  rule(
    'qq',
    `(?=${D})(?<=(?:[Qq]{2}|扣扣|企鹅|球球|[Qq]群|[Qq]{2}群|秋秋)(?:邮箱)?(?:加|群)?${LINK})${NO_WORD_BEFORE}[1-9]${D}{4,11}${NO_WORD_AFTER}`,
    null,
    /[qQ]|扣扣|企鹅|球球|秋秋/u,
  ),
];

const EMAIL = rule(
  'email',
  '[\\w.+\\-]{1,64} ?(?:@|[(\\[（【]at[)\\]）】]|#(?=(?:qq|163|126|gmail|sina|139|foxmail|outlook)[.。])) ?[A-Za-z0-9\\-]{1,63}(?:[.。][A-Za-z0-9\\-]{1,63}){1,4}',
);
const WECHAT = rule(
  'wechat',
  `(?=[A-Za-z0-9])(?<=(?:微信|威信|薇信|微❤|维信|[Ww]e[Cc]hat|(?<![A-Za-z])(?:[Vv][Xx]|[Ww][Xx])|[+加][Vv]|[Vv]信)(?:加|搜|联系|添加)?${LINK})` +
    `(?<![A-Za-z0-9_])(?:[A-Za-z][A-Za-z0-9_\\-]{5,19}|${D}{6,12})(?![A-Za-z0-9_@])`,
);
const NUMERAL = '[〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖O○]';
/** A mobile number written out, so that programs do not see it. */
const WRITTEN = rule(
  'mobile',
  `(?<!${NUMERAL})[一幺壹][三四五六七八九叁肆伍陆柒捌玖]${NUMERAL}{9}(?!${NUMERAL})`,
);
/** Whose plate it is can be told by few; those of the police and of embassies are public. */
const PLATE = rule(
  'plate',
  `[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·•.]?` +
    `(?:[DFdf][A-HJ-NP-Za-hj-np-z0-9]${D}{4}|${D}{5}[DFdf]|[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学港澳领试超])(?![A-Za-z0-9警\\-])`,
  (digits) => digits.replace(/X/g, '').length >= 2,
);

/** Where numbers of persons stand: offsets in UTF-16 units, in order, never overlapping. */
export function numbersIn(text: string): Replacement[] {
  const { digits, at } = countDigits(text);
  const rules: Rule[] = [];
  if (at) rules.push(EMAIL);
  if (digits >= 5) rules.push(...RULES);
  if (digits >= 2) rules.push(PLATE);
  if (WECHAT_WORDS.test(text)) rules.push(WECHAT);
  if (MANY_NUMERALS.test(text)) rules.push(WRITTEN);
  if (rules.length === 0) return [];
  const found: (Replacement & { rank: number })[] = [];
  rules.forEach((each, rank) => {
    if (each.when && !each.when.test(text)) return;
    for (const place of placesOf(each, text)) found.push({ ...place, rank });
  });
  return merge(found);
}

const MANY_NUMERALS = /[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{11}/u;
const WECHAT_WORDS = /信|微|[Vv][Xx]|[Ww][Xx]|hat|[+加][Vv]/u;

/** Digits in the text, and whether something in it may join the parts of an address. */
function countDigits(text: string): { digits: number; at: boolean } {
  let digits = 0;
  let at = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > 64 || unit < 35) continue;
    if (unit >= 48 && unit <= 57) digits += 1;
    else if (unit === 64 || unit === 35) at = true;
  }
  return { digits, at: at || (text.includes('.') && /at[)\]）】]/u.test(text)) };
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

/** Overlapping places become one, to their ends: a part of a number is still a trace of it. */
export function merge(found: (Replacement & { rank: number })[]): Replacement[] {
  found.sort((a, b) => a.start - b.start || a.rank - b.rank);
  const merged: typeof found = [];
  for (const place of found) {
    const last = merged.at(-1);
    if (!last || place.start >= last.end) {
      merged.push(place);
      continue;
    }
    last.end = Math.max(last.end, place.end);
    if (place.rank < last.rank) Object.assign(last, { type: place.type, rank: place.rank });
  }
  return merged.map(({ start, end, type }) => ({ start, end, type }));
}

/** Digits (and X) only. */
function bareDigits(text: string): string {
  return text.toUpperCase().replace(/[^0-9X]/g, '');
}

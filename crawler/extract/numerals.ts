const DIGITS: Record<string, number> = {
  〇: 0,
  零: 0,
  '○': 0,
  O: 0,
  一: 1,
  二: 2,
  两: 2,
  兩: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
};

/**
 * A Chinese number below a thousand (二十三, 廿三, 十, 一百一十五) or written digit by digit (二〇二六, also 二0二六) as a
 * number; null when it is neither.
 */
export function numeral(text: string): number | null {
  const [hundreds, rest] = /^(?:([一二三四五六七八九])百零?)?(.*)$/u.exec(text)?.slice(1) ?? [];
  if (hundreds !== undefined && rest === '') return (DIGITS[hundreds] ?? 0) * 100;
  const below = belowHundred(rest ?? '');
  return below === null ? null : (hundreds === undefined ? 0 : (DIGITS[hundreds] ?? 0) * 100) + below;
}

function belowHundred(text: string): number | null {
  const plain = text.replace('廿', '二十').replace('卅', '三十');
  const ten = plain.indexOf('十');
  if (ten !== -1) {
    const tens = ten === 0 ? 1 : DIGITS[plain.slice(0, ten)];
    const ones = ten === plain.length - 1 ? 0 : DIGITS[plain.slice(ten + 1)];
    return tens === undefined || ones === undefined ? null : tens * 10 + ones;
  }
  let value = 0;
  for (const char of plain) {
    const digit = DIGITS[char] ?? (/\d/.test(char) ? Number(char) : undefined);
    if (digit === undefined) return null;
    value = value * 10 + digit;
  }
  return plain === '' ? null : value;
}

const COUNTED =
  /[〇零○O\d一二三四五六七八九十廿卅百]{0,6}[〇零○一二三四五六七八九十廿卅百][〇零○O\d一二三四五六七八九十廿卅百]{0,6}(?=[年月日号號时時点點分秒])/gu;

/** A line in which the numbers of years, months, days and clocks stand in digits: 十一月三日上午八时 as 11月3日上午8时. */
export function withDigits(line: string): string {
  return line.replace(COUNTED, (word) => String(numeral(word) ?? word));
}

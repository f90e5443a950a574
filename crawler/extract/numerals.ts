const DIGITS: Record<string, number> = {
  〇: 0,
  零: 0,
  '○': 0,
  O: 0,
  Ｏ: 0,
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

/** One character of a Chinese number below a hundred, as a regular-expression class. */
export const numeralPattern = '[〇零一二三四五六七八九十廿卅]';

/** A Chinese number below 100 (二十三, 廿三, 十) or written digit by digit (二〇二六) as a number; null when it is neither. */
export function numeral(text: string): number | null {
  const plain = text.replace('廿', '二十').replace('卅', '三十');
  const ten = plain.indexOf('十');
  if (ten !== -1) {
    const tens = ten === 0 ? 1 : DIGITS[plain.slice(0, ten)];
    const ones = ten === plain.length - 1 ? 0 : DIGITS[plain.slice(ten + 1)];
    return tens === undefined || ones === undefined ? null : tens * 10 + ones;
  }
  let value = 0;
  for (const char of plain) {
    const digit = DIGITS[char];
    if (digit === undefined) return null;
    value = value * 10 + digit;
  }
  return plain === '' ? null : value;
}

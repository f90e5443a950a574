const DIGITS = '零一二三四五六七八九';
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** What numbers of articles are written with. */
export const NUMERAL = '[零〇一二两三四五六七八九十百千\\d０-９]{1,9}';

/** A whole number below 10,000 as laws and people write it: 一百二十, 一百零五, 120, １２０. @returns NaN for what is none */
export function chineseNumber(written: string): number {
  const plain = written
    .replace(/[０-９]/gu, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replaceAll('〇', '零')
    .replaceAll('两', '二');
  if (/^\d+$/u.test(plain)) return Number(plain);
  // Said digit by digit: 二六四.
  if (/^[零一二三四五六七八九]{2,}$/u.test(plain))
    return Number([...plain].map((digit) => DIGITS.indexOf(digit)).join(''));
  let whole = 0;
  let digit = 0;
  for (const sign of plain) {
    const unit = UNITS[sign];
    const value = DIGITS.indexOf(sign);
    if (unit !== undefined) {
      whole += (digit || (sign === '十' && whole % 100 === 0 ? 1 : 0)) * unit;
      digit = 0;
    } else if (value >= 0) digit = value;
    else return Number.NaN;
  }
  return whole + digit;
}

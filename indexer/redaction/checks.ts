/**
 * Eighteen characters that are a region, a date and an order. The check digit is not asked for: people mistype it, and
 * a wrong number still points at somebody.
 */
export function isIdCard(digits: string): boolean {
  const year = Number(digits.slice(6, 10));
  return isRegion(digits) && year >= 1900 && year <= 2100 && isMonthDay(digits.slice(10, 14));
}

/** The first two digits of GB/T 2260: 11–15, 21–23, 31–37, 41–46, 50–54, 61–65, 71, 81–83, 91. */
export function isRegion(digits: string): boolean {
  return /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/.test(digits);
}

export function isMonthDay(monthDay: string): boolean {
  const month = Number(monthDay.slice(0, 2));
  const day = Number(monthDay.slice(2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/**
 * ISO/IEC 7812-1, annex B. Bank cards in China have 16 to 19 digits. Order numbers mostly begin with a year, and no
 * network's cards do.
 */
export function isCard(digits: string): boolean {
  if (!/^[3-69]/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    const doubled = digit * 2;
    sum += place % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

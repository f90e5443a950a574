/** Units in which a status may be long: 140 Chinese characters. */
export const LONGEST = 140;
/** An address is shortened by the platform, and counts as ten characters. */
const LINK_UNITS = 10;
const LINK = /https?:\/\/[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/g;

export const linksOf = (text: string): string[] => text.match(LINK) ?? [];

/** Length as the platform counts it: two half-width characters are one. */
export function unitsOf(text: string): number {
  const rest = text.replaceAll(LINK, '');
  const half = [...rest].reduce(
    (sum, character) => sum + ((character.codePointAt(0) ?? 0) < 0x100 ? 1 : 2),
    0,
  );
  return Math.ceil(half / 2) + linksOf(text).length * LINK_UNITS;
}

/** `#话题#`, which an ordinary app may not write. */
export const hasTopic = (text: string): boolean => /#[^#\s][^#]*#/.test(text);

/** The text as it stands at the platform. @param short address → its short form */
export function shortened(text: string, short: (link: string) => string): string {
  return text.replaceAll(LINK, (link) => short(link));
}

/** What is left of a text when two are compared: letters and numbers, without addresses. */
export function essence(text: string): string {
  return text.replaceAll(LINK, '').replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The number of a status as it stands in its address: seven decimal digits, from the right, are four of base 62. */
export function base62(id: bigint): string {
  let rest = String(id);
  let out = '';
  while (rest !== '') {
    let part = BigInt(rest.slice(-7));
    rest = rest.slice(0, -7);
    let digits = '';
    for (; part > 0n; part /= 62n) digits = (DIGITS[Number(part % 62n)] ?? '') + digits;
    out = (rest === '' ? digits : digits.padStart(4, '0')) + out;
  }
  return out;
}

/** The way back from `base62`; null for what is none. */
export function fromBase62(text: string): bigint | null {
  if (!/^[0-9a-zA-Z]{1,12}$/.test(text)) return null;
  let out = '';
  for (let rest = text; rest !== ''; rest = rest.slice(0, -4)) {
    const part = [...rest.slice(-4)].reduce((sum, digit) => sum * 62 + DIGITS.indexOf(digit), 0);
    out = (rest.length <= 4 ? String(part) : String(part).padStart(7, '0')) + out;
  }
  return BigInt(out);
}

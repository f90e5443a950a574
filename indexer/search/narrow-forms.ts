/**
 * Letters and signs in their wide forms, and the half-width ones of Japanese: the engine takes the whole block (FF00 to FFEF)
 * for Korean and reads its Korean dictionary for the first of them, which holds 110 MB for good. Wide punctuation and digits,
 * which it knows as what they are, stay.
 */
const WIDE = /[\uFF00-\uFFEF]/gu;
const KNOWN = /[\p{P}\p{N}]/u;

/** A wide tilde closes half of all cheerful sentences; the wave dash looks the same and is a sign of punctuation. */
const WAVE = '\u301C';

const narrow = new Map(
  Array.from({ length: 0xf0 }, (_, at) => String.fromCharCode(0xff00 + at)).map((sign) => [
    sign,
    narrowed(sign),
  ]),
);

function narrowed(sign: string): string {
  if (sign === '\uFF5E') return WAVE;
  if (KNOWN.test(sign)) return sign;
  const plain = sign.normalize('NFKC');
  // What has no other form, and what becomes Korean, is no word.
  return plain === sign || plain.length !== 1 || /\p{Script=Hangul}/u.test(plain) ? ' ' : plain;
}

/** The text with such characters in their plain forms, one for one: places in it stay what they are. */
export function narrowForms(text: string): string {
  return text.replace(WIDE, (sign) => narrow.get(sign) ?? sign);
}

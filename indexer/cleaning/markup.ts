/** Named references that pages of text are full of; the rest of HTML's list stays as it is. */
const NAMED: Record<string, string> = {
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  laquo: '«',
  raquo: '»',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  middot: '·',
  bull: '•',
  times: '×',
  deg: '°',
  copy: '©',
  reg: '®',
  yen: '¥',
  permil: '‰',
  zwnj: '',
  zwj: '',
  shy: '',
};

/** `&#x10FFFF;`, `&thinsp;`: no reference that is decoded is longer. */
const LONGEST = 10;

/**
 * Decodes character references, those of references too (`&amp;nbsp;`), until none is left. One walk: what a reference
 * stands for is put back and can be the end of another one, which is looked for within the last few units only.
 */
export function decodeReferences(text: string): string {
  if (!text.includes('&') || !text.includes(';')) return text;
  const units: string[] = [];
  for (const unit of text) {
    units.push(unit);
    while (units.at(-1) === ';') {
      const start = units.lastIndexOf('&');
      if (start < 0 || units.length - start > LONGEST) break;
      const decoded = decode(units.slice(start + 1, -1).join(''));
      if (decoded === null) break;
      units.length = start;
      if (decoded !== '') units.push(decoded);
    }
  }
  return units.join('');
}

function decode(reference: string): string | null {
  const named = Object.hasOwn(NAMED, reference) ? NAMED[reference] : undefined;
  if (named !== undefined) return named;
  const digits = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/iu.exec(reference);
  if (!digits) return null;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '' : String.fromCodePoint(code);
}

/** Tags that end a line, and those within one; others are left, since people write `<` too. */
const LINE_TAG =
  /<\/?(?:p|br|div|li|ul|ol|tr|td|table|tbody|h[1-6]|section|article|blockquote)(?:\s[^<>]{0,500})?\/?>/giu;
const INLINE_TAG =
  /<\/?(?:span|a|b|i|u|em|strong|font|img|small|sub|sup|mark|strike|o:p)(?:\s[^<>]{0,500})?\/?>/giu;

/** Takes tags out that a page showed as text. */
export function stripTags(text: string): string {
  return text.includes('<') ? text.replace(LINE_TAG, '\n').replace(INLINE_TAG, '') : text;
}

const ELLIPSIS = '…';
const characters = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/**
 * The longest beginning of a text with which a message is no larger than it may be; cut between characters as people see
 * them, with an ellipsis.
 * @param measure bytes of the whole message with this text in it
 */
export function fit(text: string, most: number, measure: (text: string) => number): string {
  if (measure(text) <= most) return text;
  const ends = [...characters.segment(text)].map(({ index }) => index);
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(0, ends[middle]) + ELLIPSIS) <= most) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : text.slice(0, ends[low]) + ELLIPSIS;
}

/** A text of no more than so many bytes in UTF-8. */
export function fitBytes(text: string, most: number): string {
  return fit(text, most, (part) => Buffer.byteLength(part));
}

/** Characters that mean something to robots that read Markdown: as their full-width twins they are only read. */
const SPEAKING = /[<>[\]()*_`#@|\\~]/g;
const TO_FULL_WIDTH = 0xfee0;

/** Words of others, so that they can neither call people nor make links. */
export function plain(text: string): string {
  return text.replaceAll(SPEAKING, (sign) =>
    String.fromCodePoint((sign.codePointAt(0) ?? 0) + TO_FULL_WIDTH),
  );
}

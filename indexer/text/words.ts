/** What a piece of text is told by its first unit. */
const NEITHER = 0;
const WORD = 1;
const CLAUSE_END = 2;
/** An emoji or a rare character, or the first half of one. */
const PICTURE = 3;

let KINDS: Uint8Array | null = null;

/** Within brackets: longer is a remark and not an emoticon. */
const LONGEST_EMOTICON = 8;

/**
 * The words among the pieces of a text, in order, and an empty word where a clause ends. `[泪]` is one word and so is an
 * emoji, each of a row by itself; a number stays whole; of punctuation nothing else is left, and nothing of masks.
 * @param masks what stands for redacted data, with its brackets
 */
export function wordsOf(pieces: readonly string[], masks: ReadonlySet<string>): string[] {
  KINDS ??= makeKinds();
  const kinds = KINDS;
  const words: string[] = [];
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at] as string;
    const kind = kinds[piece.charCodeAt(0)];
    if (kind === WORD) words.push(piece);
    else if (kind === CLAUSE_END) {
      const after = pieces[at + 1];
      const last = words.length - 1;
      if (after !== undefined && at > 0 && isWithinNumber(pieces[at - 1] as string, piece, after)) {
        words[last] = `${words[last] as string}${piece}${after}`;
        at += 1;
      } else if (last >= 0 && words[last] !== '') words.push('');
    } else if (piece === '[') {
      const length = emoticonAt(pieces, at);
      if (length === 0) continue;
      const emoticon = pieces.slice(at, at + length).join('');
      if (!masks.has(emoticon)) words.push(emoticon);
      at += length - 1;
    } else if (kind === PICTURE) pushPictures(piece, words);
  }
  return words;
}

/** How many pieces from here on are `[…]`; 0 where none begins. */
function emoticonAt(pieces: readonly string[], start: number): number {
  let length = 0;
  for (let at = start + 1; at < pieces.length; at += 1) {
    const piece = pieces[at] as string;
    if (piece === ']') return length === 0 ? 0 : at - start + 1;
    length += piece.length;
    if (length > LONGEST_EMOTICON || /[\s[]/u.test(piece)) return 0;
  }
  return 0;
}

function pushPictures(piece: string, words: string[]): void {
  for (const character of piece)
    if (/[\p{Extended_Pictographic}\p{L}]/u.test(character)) words.push(character);
}

/** `3.5`, `6:31`; of commas those before three digits. */
function isWithinNumber(before: string, sign: string, after: string): boolean {
  if (!isDigit(after, 0) || !isDigit(before, before.length - 1)) return false;
  return sign === ',' ? after.length === 3 : sign === '.' || sign === ':';
}

const isDigit = (piece: string, at: number) => piece.charCodeAt(at) >= 0x30 && piece.charCodeAt(at) <= 0x39;

function makeKinds(): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit += 1) {
    const character = String.fromCharCode(unit);
    if ((unit >= 0xd800 && unit <= 0xdbff) || (unit > 0xff && /\p{Extended_Pictographic}/u.test(character)))
      kinds[unit] = PICTURE;
    else if (/[\p{L}\p{N}]/u.test(character)) kinds[unit] = WORD;
    else if (/[\uff0c\u3002\uff01\uff1f\uff1b\uff1a,.!?;:\u2026\n]/u.test(character))
      kinds[unit] = CLAUSE_END;
    else kinds[unit] = NEITHER;
  }
  return kinds;
}

/** A stretch of text; `hit` where it matches what was searched. */
export type Segment = { text: string; hit: boolean };

/** Private-use characters that `clean` removes from every post: they cannot occur in a text by themselves. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

/** How much of a text a list shows, in the engine's words and in characters. */
const CROP_WORDS = 60;
const CROP_CHARACTERS = 110;

/** What the engine is asked for, so that `segments` can read it. */
export const marked = {
  attributesToHighlight: ['title', 'text'],
  attributesToCrop: ['text'],
  cropLength: CROP_WORDS,
  cropMarker: '…',
  highlightPreTag: OPEN,
  highlightPostTag: CLOSE,
};

/** Reads what the engine has marked. */
export function segments(text: string): Segment[] {
  const parts: Segment[] = [];
  let hit = false;
  for (const piece of text.split(/([\uE000\uE001])/u)) {
    if (piece === OPEN) hit = true;
    else if (piece === CLOSE) hit = false;
    else if (piece !== '') parts.push({ text: piece, hit });
  }
  return parts;
}

/** Marks these words in a text. @param crop only the part with most of them, as long as a list shows */
export function markWords(text: string, words: readonly string[], crop: boolean): Segment[] {
  const wanted = words.filter((word) => word !== '').toSorted((a, b) => b.length - a.length);
  if (wanted.length === 0) return cut(text, 0, crop);
  const any = new RegExp(
    wanted.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join('|'),
    'giu',
  );
  const found = [...text.matchAll(any)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
  }));
  const start = crop ? bestStart(found) : 0;
  const end = crop ? start + CROP_CHARACTERS : text.length;
  const parts: Segment[] = [];
  const push = (from: number, to: number, hit: boolean) => {
    if (to > from) parts.push({ text: text.slice(from, to), hit });
  };
  if (start > 0) parts.push({ text: '…', hit: false });
  let done = start;
  for (const { from, to } of found) {
    if (from < done || to > end) continue;
    push(done, from, false);
    push(from, to, true);
    done = to;
  }
  push(done, Math.min(end, text.length), false);
  if (end < text.length) parts.push({ text: '…', hit: false });
  return parts;
}

function cut(text: string, start: number, crop: boolean): Segment[] {
  const shown = crop ? text.slice(start, start + CROP_CHARACTERS) : text;
  return [{ text: shown.length < text.length ? `${shown}…` : shown, hit: false }];
}

/** A little before the match from which on most others are near. */
function bestStart(found: readonly { from: number; to: number }[]): number {
  let [best, most] = [0, 0];
  for (const { from } of found) {
    const near = found.filter((other) => other.from >= from && other.to <= from + CROP_CHARACTERS).length;
    if (near > most) [best, most] = [from, near];
  }
  return Math.max(0, best - 10);
}

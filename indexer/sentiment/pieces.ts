import { PIECE } from './features.ts';

/** A part of a text and the range of its words. */
export type Piece = { text: string; from: number; to: number };

/** Of a long article the title and the first paragraphs tell what it feels like; the rest tells the same or nothing. */
const MOST_PIECES = 5;

const SENTENCE_END = /[\u3002!?\uff01\uff1f;\uff1b\n\u2026]/u;

/**
 * A text in pieces of at most PIECE units, cut after a sentence where one ends in the second half; the first five of them.
 * Short texts, which most are, are one piece.
 */
export function piecesOf(analysed: string, words: readonly string[]): Piece[] {
  const text = analysed.trimStart();
  if (text.length <= PIECE) return [{ text, from: 0, to: words.length }];
  const pieces: Piece[] = [];
  let start = 0;
  let word = 0;
  while (start < text.length && pieces.length < MOST_PIECES) {
    const end = endOfPiece(text, start);
    const piece = text.slice(start, end);
    const to = wordsUpTo(piece, words, word);
    pieces.push({ text: piece, from: word, to });
    start = end;
    word = to;
  }
  return pieces;
}

function endOfPiece(text: string, start: number): number {
  const limit = start + PIECE;
  if (limit >= text.length) return text.length;
  for (let at = limit; at > start + PIECE / 2; at -= 1) {
    if (SENTENCE_END.test(text.charAt(at - 1))) return at;
  }
  return limit;
}

/** The end of the words that lie in the piece, the first of which is `first`. */
function wordsUpTo(piece: string, words: readonly string[], first: number): number {
  let at = 0;
  let word = first;
  for (; word < words.length; word += 1) {
    const found = words[word] === '' ? at : piece.indexOf(words[word] as string, at);
    if (found < 0) break;
    at = found + (words[word] as string).length;
  }
  return word;
}

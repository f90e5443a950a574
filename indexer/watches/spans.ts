import { standsInMask } from './masks.ts';
import { isLatin } from './terms.ts';
import type { Gap, Term } from './query.ts';

/** Ends of a term's piece, by its place in the term, ascending: one past its last unit. */
export type Ends = (piece: number) => readonly number[];

/** Where a term stands: starts and ends, the ends ascending. */
export type Spans = { starts: number[]; ends: number[] };

/** Where the title ends and the text begins in an analysed text (steps/simplify.ts). */
export function titleEnd(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}

/**
 * Every place of a term in the text, for each end the earliest start: of places with one end that one is near whatever any of
 * them is near. Takes time linear in the places of its pieces.
 */
export function spansOf(term: Term, text: string, endsOf: Ends): Spans {
  const [first = '', ...others] = term.pieces;
  let spans = beginning(term, first, text, endsOf(0));
  others.forEach((piece, at) => {
    spans = follow(spans, piece, term.gaps[at] as Gap, text, endsOf(at + 1));
  });
  return ending(term, spans, text);
}

/** Places of the first piece where what the term asks for stands before it, in the part that it is about. */
function beginning(term: Term, piece: string, text: string, found: readonly number[]): Spans {
  const spans: Spans = { starts: [], ends: [] };
  const from = term.part === 'text' ? titleEnd(text) : 0;
  const { least, open } = term.before;
  const whole = !open && least === 0 && isLatin(piece[0]);
  for (const end of found) {
    const start = end - piece.length;
    if (start - least < from || standsInMask(text, start, end)) continue;
    if (whole && isLatin(text[start - 1])) continue;
    if (!allWord(text, start - least, start)) continue;
    spans.starts.push(start - least);
    spans.ends.push(end);
  }
  return spans;
}

/** Goes on to the next piece, as far from the last one as the gap allows. */
function follow(before: Spans, piece: string, gap: Gap, text: string, found: readonly number[]): Spans {
  const spans: Spans = { starts: [], ends: [] };
  // The first end before the piece that is not too far away: both lists ascend.
  let at = 0;
  for (const end of found) {
    const start = end - piece.length;
    while (at < before.ends.length && (before.ends[at] as number) < start - gap.max) at += 1;
    let earliest = -1;
    for (
      let one = at;
      one < before.ends.length && (before.ends[one] as number) <= start - gap.min;
      one += 1
    ) {
      if (fits(text, before.ends[one] as number, start, gap)) {
        if (earliest < 0 || (before.starts[one] as number) < (before.starts[earliest] as number)) {
          earliest = one;
        }
      }
    }
    if (earliest < 0) continue;
    spans.starts.push(before.starts[earliest] as number);
    spans.ends.push(end);
  }
  return spans;
}

function ending(term: Term, found: Spans, text: string): Spans {
  const spans: Spans = { starts: [], ends: [] };
  const to = term.part === 'title' ? titleEnd(text) : text.length;
  const { least, open } = term.after;
  const whole = !open && least === 0 && isLatin(term.pieces.at(-1)?.at(-1));
  found.ends.forEach((end, at) => {
    if (end + least > to) return;
    if (whole && isLatin(text[end])) return;
    if (!allWord(text, end, end + least)) return;
    spans.starts.push(found.starts[at] as number);
    spans.ends.push(end + least);
  });
  return spans;
}

function fits(text: string, from: number, to: number, gap: Gap): boolean {
  return gap.of === 'word' ? allWord(text, from, to) : to === from || text[from] === ' ';
}

function allWord(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (!isWordUnit(text, at)) return false;
  return true;
}

/** Half of a character outside the basic plane counts as a letter: most of them are ideographs. */
function isWordUnit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit >= 0x4e00 && unit <= 0x9fff) return true;
  if (unit < 0x80) return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39);
  return (unit >= 0xd800 && unit <= 0xdfff) || /[\p{L}\p{N}]/u.test(text[at] ?? '');
}

/**
 * Whether one place of each can be chosen so that no more than `within` units lie between the end of the first of them and
 * the start of the last. Places may overlap.
 */
export function near(lists: readonly Spans[], within: number): boolean {
  if (lists.some(({ ends }) => ends.length === 0)) return false;
  // With the place that ends first given, the others end no earlier, and each is to start as early as it can.
  const earliest = lists.map(({ starts, ends }) => {
    const least = new Array<number>(ends.length + 1).fill(Infinity);
    for (let at = ends.length - 1; at >= 0; at -= 1) {
      least[at] = Math.min(least[at + 1] as number, starts[at] as number);
    }
    return least;
  });
  const at = lists.map(() => 0);
  for (const end of lists.flatMap(({ ends }) => ends).toSorted((a, b) => a - b)) {
    const together = lists.every(({ ends }, list) => {
      while ((ends[at[list] as number] ?? Infinity) < end) at[list] = (at[list] as number) + 1;
      return (earliest[list]?.[at[list] as number] as number) <= end + within;
    });
    if (together) return true;
  }
  return false;
}

/** Places of several terms as one list. */
export function merged(lists: readonly Spans[]): Spans {
  if (lists.length === 1) return lists[0] as Spans;
  const all = lists
    .flatMap(({ starts, ends }) => ends.map((end, at): [number, number] => [starts[at] as number, end]))
    .toSorted((a, b) => a[1] - b[1]);
  return { starts: all.map(([start]) => start), ends: all.map(([, end]) => end) };
}

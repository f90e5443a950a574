import type { TextField } from '../../config/query-words.ts';
import { messages } from '../messages.ts';
import { fold } from '../text/fold.ts';
import { Fault } from './lexer.ts';
import { MOST_WILDCARDS, STAR, type Gap, type Term } from './query.ts';

const words = messages.watchQuery;

type Place = { start: number; end: number };

const CLOSED = { least: 0, open: false };

/** A word with its wildcards: `*` up to eight letters or digits, `?` one. @throws Fault */
export function wordTerm(text: string, place: Place, part: TextField | null): Term {
  const pieces: string[] = [];
  const gaps: Gap[] = [];
  let before: Term['before'] = CLOSED;
  let after: Term['after'] = CLOSED;
  let wildcards = 0;
  const runs = text.split(/([*?＊？]+)/u);
  runs.forEach((run, at) => {
    if (at % 2 === 0) {
      if (run !== '') pieces.push(fold(run));
      return;
    }
    wildcards += run.length;
    const single = [...run].filter((sign) => sign === '?' || sign === '？').length;
    const star = single < run.length;
    if (pieces.length === 0) before = { least: single, open: star };
    else if (runs[at + 1] === '') after = { least: single, open: star };
    else gaps.push({ min: single, max: single + (star ? STAR : 0), of: 'word' });
  });
  if (wildcards > MOST_WILDCARDS)
    throw new Fault(place.start, place.end, words.tooManyWildcards(MOST_WILDCARDS));
  return checked({ pieces, gaps, before, after, part, written: text, ...offsets(place) }, wildcards > 0);
}

/** Words as they stand; where the phrase has a space, Chinese text may have none. @throws Fault */
export function phraseTerm(text: string, place: Place, part: TextField | null): Term {
  const pieces = fold(text)
    .split(/\s+/u)
    .filter((piece) => piece !== '');
  const gaps = pieces.slice(1).map((piece, at): Gap => {
    const needed = isLatin(pieces[at]?.at(-1)) && isLatin(piece[0]);
    return { min: needed ? 1 : 0, max: 1, of: 'space' };
  });
  return checked(
    { pieces, gaps, before: CLOSED, after: CLOSED, part, written: text, ...offsets(place) },
    false,
  );
}

function offsets({ start, end }: Place): Place {
  return { start, end };
}

function checked(term: Term, wild: boolean): Term {
  if (term.pieces.some((piece) => /[\p{L}\p{N}\p{S}]/u.test(piece))) return term;
  throw new Fault(term.start, term.end, wild ? words.onlyWildcards : words.nothingToFind);
}

/** A letter or digit of a script that writes spaces between words: a word ends where they end. */
export function isLatin(unit: string | undefined): boolean {
  return unit !== undefined && /[a-z0-9\u00df-\u024f]/u.test(unit);
}

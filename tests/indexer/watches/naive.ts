import type { Query, Term } from '../../../indexer/watches/query.ts';
import type { Subject } from '../../../indexer/watches/watch-set.ts';

/** A query asked of a post by trying every stretch of its text: slow, and plain enough to be believed. */
export function naively(query: Query, subject: Subject): boolean {
  switch (query.is) {
    case 'all':
      return query.of.every((each) => naively(each, subject));
    case 'any':
      return query.of.some((each) => naively(each, subject));
    case 'not':
      return !naively(query.of, subject);
    case 'term':
      return stretches(query.term, subject.analysed).length > 0;
    case 'near': {
      const [first = [], ...others] = query.of.map((terms) =>
        terms.flatMap((term) => stretches(term, subject.analysed)),
      );
      let chosen = first.map((stretch) => [stretch]);
      for (const list of others) chosen = chosen.flatMap((some) => list.map((one) => [...some, one]));
      return chosen.some(
        (some) =>
          Math.max(...some.map(([start]) => start)) - Math.min(...some.map(([, end]) => end)) <= query.within,
      );
    }
    case 'value': {
      const { field, value } = query;
      if (field === 'outlet') return subject.outlet.includes(value);
      if (field === 'place') return (subject.place ?? '').startsWith(value);
      if (field === 'source-kind') return subject.sourceKind === value;
      return subject[field] === value;
    }
  }
}

type Stretch = [start: number, end: number];

function stretches(term: Term, text: string): Stretch[] {
  const word = String.raw`[\p{L}\p{N}]`;
  const escaped = term.pieces.map((piece) => piece.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`));
  const between = term.gaps.map(({ min, max, of }) => `${of === 'word' ? word : ' '}{${min},${max}}`);
  const inner = escaped.map((piece, at) => piece + (between[at] ?? '')).join('');
  const whole = new RegExp(`^${word}{${term.before.least}}${inner}${word}{${term.after.least}}$`, 'u');
  const latin = /[a-z0-9]/u;
  const found: Stretch[] = [];
  for (let start = 0; start < text.length; start += 1) {
    for (let end = start + 1; end <= text.length; end += 1) {
      const stretch = text.slice(start, end);
      if (!whole.test(stretch)) continue;
      const title = text.indexOf('\n');
      if (term.part === 'title' && end > title) continue;
      if (term.part === 'text' && start <= title) continue;
      const runsOn = (closed: boolean, inside: string, outside: string | undefined) =>
        closed && latin.test(inside) && latin.test(outside ?? '');
      const { before, after } = term;
      if (runsOn(!before.open && before.least === 0, stretch[0] ?? '', text[start - 1])) continue;
      if (runsOn(!after.open && after.least === 0, stretch.at(-1) ?? '', text[end])) continue;
      found.push([start, end]);
    }
  }
  return found;
}

import { personalData } from '../../../indexer/redaction/find.ts';
import type { RedactionType, Replacement } from '../../../indexer/redaction/types.ts';
import type { Named } from './name-training.ts';

/** What was looked for and what was found: `right` of `found` are right, `hit` of `there` were found. */
export type Count = { there: number; hit: number; found: number; right: number };
export type Miss = { text: string; missed: string[]; wrong: string[] };

export const none = (): Count => ({ there: 0, hit: 0, found: 0, right: 0 });
export const recall = ({ hit, there }: Count): number => (there === 0 ? 1 : hit / there);
export const precision = ({ right, found }: Count): number => (found === 0 ? 1 : right / found);

export function add(to: Count, more: Count): Count {
  return {
    ...{ there: to.there + more.there, hit: to.hit + more.hit },
    ...{ found: to.found + more.found, right: to.right + more.right },
  };
}

/**
 * Names in a text. A name counts as found when all of it is masked, to the unit: no character more or less. A masked place
 * counts as right when it is such a name.
 */
export function measureNames({ text, names }: Named, find = namesOf): { count: Count; miss: Miss } {
  const found = find(text);
  const same = ([start, end]: Place, [from, to]: Place) => start === from && end === to;
  const missed = names.filter((name) => !found.some((one) => same(one, name)));
  const wrong = found.filter((one) => !names.some((name) => same(one, name)));
  const slice = ([start, end]: Place) => text.slice(start, end);
  return {
    count: {
      ...{ there: names.length, hit: names.length - missed.length },
      ...{ found: found.length, right: found.length - wrong.length },
    },
    miss: { text, missed: missed.map(slice), wrong: wrong.map(slice) },
  };
}

type Place = readonly [start: number, end: number];

function namesOf(text: string): Place[] {
  return personalData(text)
    .filter(({ type }) => type === 'name')
    .map(({ start, end }) => [start, end]);
}

export type Span = readonly [start: number, end: number, kind: string];

/**
 * Spans of some kinds in a text. One counts as found when every unit of it lies in places of the right types; a place of
 * any of the types `looked` counts as right when it touches such a span.
 */
export function measureSpans(
  text: string,
  spans: readonly Span[],
  types: Readonly<Record<string, readonly RedactionType[]>>,
  looked: readonly RedactionType[],
  found: readonly Replacement[] = personalData(text),
): Count {
  const wanted = spans.filter(([, , kind]) => types[kind] !== undefined);
  const covers = ([start, end, kind]: Span) => {
    let done = start;
    for (const place of found)
      if (place.start <= done && place.end > done && types[kind]!.includes(place.type)) done = place.end;
    return done >= end;
  };
  const places = found.filter(({ type }) => looked.includes(type));
  const touches = ({ start, end }: Replacement) => wanted.some(([from, to]) => from < end && start < to);
  return {
    ...{ there: wanted.length, hit: wanted.filter(covers).length },
    ...{ found: places.length, right: places.filter(touches).length },
  };
}

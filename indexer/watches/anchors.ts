import type { Query, Term } from './query.ts';

/** Something that has to be there for a query to match. */
export type Anchor = { is: 'piece'; piece: string } | { is: 'value'; field: 'line' | 'place'; value: string };

/**
 * What has to be there, one of them at least, for the query to match: of all such choices the one that is likely to be met
 * least often. What many watches ask for is taken for what many posts have; of equals, the longer words are rarer.
 * @param used piece → how many terms of all watches have it
 */
export function anchorsOf(query: Query, used: ReadonlyMap<string, number>): readonly Anchor[] {
  return best(query, used)?.anchors ?? [];
}

/** `weight`: how often it is likely to be met, beside others of the same set. */
type Choice = { anchors: readonly Anchor[]; weight: number };

/** Null: it can match without anything being there. */
function best(query: Query, used: ReadonlyMap<string, number>): Choice | null {
  switch (query.is) {
    case 'term':
      return ofTerm(query.term, used);
    case 'near':
      return rarest(query.of.map((terms) => together(terms.map((term) => ofTerm(term, used)))));
    case 'value':
      return query.field === 'line' || query.field === 'place'
        ? { anchors: [{ is: 'value', field: query.field, value: query.value }], weight: VALUE }
        : null;
    case 'all':
      return rarest(query.of.map((each) => best(each, used)));
    case 'any':
      return together(query.of.map((each) => best(each, used)));
    case 'not':
      return null;
  }
}

/** A line or a place is that of many posts: a word is better. */
const VALUE = 1e9;

function ofTerm(term: Term, used: ReadonlyMap<string, number>): Choice {
  const choices = term.pieces.map((piece): Choice => {
    // Ten times rarer with each character, up to where it makes no difference any more.
    const weight = (used.get(piece) ?? 1) * 10 ** -Math.min(piece.length, 6) * 1e6;
    return { anchors: [{ is: 'piece', piece }], weight };
  });
  return rarest(choices) as Choice;
}

function rarest(choices: readonly (Choice | null)[]): Choice | null {
  let found: Choice | null = null;
  for (const choice of choices)
    if (choice && (found === null || choice.weight < found.weight)) found = choice;
  return found;
}

/** All of them are needed where any of them may be the one. */
function together(choices: readonly (Choice | null)[]): Choice | null {
  const anchors: Anchor[] = [];
  let weight = 0;
  for (const choice of choices) {
    if (!choice) return null;
    anchors.push(...choice.anchors);
    weight += choice.weight;
  }
  return { anchors, weight };
}

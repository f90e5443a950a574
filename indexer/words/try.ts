import { Knowledge } from '../knowledge.ts';
import { throughSteps } from '../steps/index.ts';
import type { Working } from '../steps/types.ts';

/** What the steps make of a sentence. */
export type Tried = { words: string[] } & Pick<
  Working,
  'sentiment' | 'place' | 'line' | 'voice' | 'relevance'
>;

const MOST = 2_000;

/**
 * A sentence through the steps, as things stand and as they would stand with another list. Nothing is kept.
 * @param list `dictionary` or `classes`: the two that the steps work with
 */
export function tryList(
  known: Knowledge,
  list: 'dictionary' | 'classes',
  body: string | null,
  sentence: string,
): { before: Tried; after: Tried } {
  const then = new Knowledge('tried', { ...known.edits, [list]: body }, known);
  return { before: read(sentence, known), after: read(sentence, then) };
}

function read(sentence: string, knowledge: Knowledge): Tried {
  const draft = {
    ...{ kind: 'post' as const, url: null, externalId: 'tried', parentUrl: null, title: null },
    ...{ text: sentence.slice(0, MOST), publishedAt: null, outlet: null },
    counts: { likes: null, comments: null, shares: null },
  };
  const { words, sentiment, place, line, voice, relevance } = throughSteps(draft, {
    ...{ now: Date.now(), officeId: 0, above: [0], officePlace: null, sourcePlace: null, sourceKind: null },
    knowledge,
  });
  return { words: words.filter((word) => word !== ''), sentiment, place, line, voice, relevance };
}

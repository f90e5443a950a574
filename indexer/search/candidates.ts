import type { SearchRow } from '../../store/search-outbox.ts';
import type { PostsIndex } from './engine.ts';
import { narrowForms } from './narrow-forms.ts';
import { folded, wordsOf } from './ranking.ts';
import { statementOf } from './typed.ts';

/** Words of a question that are asked of the engine: the rarest of so many tell posts apart. */
const MOST_WORDS = 24;
/** Posts that are ranked, at most, and of one word. */
const ENOUGH = 400;
const OF_ONE_WORD = 100;
/** Words of which posts are fetched. */
const RAREST = 8;
/** With fewer posts by rare words, the question as a whole is asked too: all its words are common ones. */
const FEW = 200;

type MultiSearch = { results: { hits: SearchRow[]; estimatedTotalHits: number }[] };
type Part = { q: string; limit: number; matchingStrategy?: 'last' | 'frequency' | 'all' };

/** What is searched within; told with every question to the engine. */
export type Frame = { filter: string[] };

/**
 * Posts that may answer a question, unordered: those of its rarest words, and where these are few or all words are common,
 * those that hold most of the question. The engine by itself drops words only from the end, or always keeps the rarest, and
 * so misses what a question says in other words.
 */
export async function candidatesFor(posts: PostsIndex, question: string, frame: Frame): Promise<SearchRow[]> {
  const words = [...new Set(wordsOf(narrowForms(folded(statementOf(question)))))].slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const known = await howRare(posts, words, frame);
  const asked: Part[] = [];
  let promised = 0;
  for (const { word, found } of known.slice(0, RAREST)) {
    if (promised >= ENOUGH) break;
    const limit = Math.min(OF_ONE_WORD, ENOUGH - promised);
    asked.push({ q: quoted(word), limit });
    promised += Math.min(found, limit);
  }
  const common = known.filter(({ found }) => found > OF_ONE_WORD).map(({ word }) => word);
  if (common.length > 1 && (promised < FEW || common.length === known.length)) {
    // Whole, and without each of its two rarest words: one of them may not stand in the answer.
    for (const left of [null, ...common.slice(0, 2)]) {
      const rest = common.filter((word) => word !== left).map(quoted);
      asked.push({ q: rest.join(' '), limit: OF_ONE_WORD, matchingStrategy: 'frequency' });
    }
  }
  const { results } = await multi(posts, asked, frame);
  const found = new Map<number, SearchRow>();
  for (const { hits } of results) for (const hit of hits) found.set(hit.id, hit);
  return [...found.values()];
}

/** The words that stand in any post, the rarest first. */
async function howRare(
  posts: PostsIndex,
  words: readonly string[],
  frame: Frame,
): Promise<{ word: string; found: number }[]> {
  const asked = words.map((word) => ({ q: quoted(word), limit: 0 }));
  const { results } = await multi(posts, asked, frame);
  return words
    .map((word, n) => ({ word, found: results[n]?.estimatedTotalHits ?? 0 }))
    .filter(({ found }) => found > 0)
    .toSorted((a, b) => a.found - b.found);
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', ' ')}"`;
}

/** Many searches in one request, through the client that the index was opened with: the same key, the same scope. */
async function multi(posts: PostsIndex, parts: readonly Part[], { filter }: Frame): Promise<MultiSearch> {
  const queries = parts.map((part) => ({
    ...{ indexUid: posts.uid, matchingStrategy: 'all', filter, locales: ['cmn'] },
    ...part,
  }));
  return posts.httpRequest.post<MultiSearch>({ path: 'multi-search', body: { queries } });
}

import { MeilisearchError, type SearchParams } from 'meilisearch';
import { RetryLater } from '../../config/errors.ts';
import type { Offices } from '../../store/scope.ts';
import { messages } from '../messages.ts';
import type { PostsIndex } from './engine.ts';
import { frameOf } from './filters.ts';
import { marked, segments } from './marks.ts';
import { areaFacet, plainHit, type SearchQuery, type SearchResult } from './result.ts';
import { engineText, readTyped, statementOf, type Typed } from './typed.ts';
import { wordsOf } from './ranking.ts';
import { bestFitting, resultOf, widened } from './widen.ts';

export type { Segment } from './marks.ts';

/** With fewer posts that hold every word, those are shown as well that hold most. */
const FEW = 3;
/** As many as the engine pages through. */
const REACH = 10_000;

/**
 * Searches posts. Short queries find posts that hold every word; questions, and words that hardly any post holds
 * together, find those that fit best, and the result says so.
 * @param posts what may be searched at all (`searchWithin`)
 * @param offices of that, what the question is about
 * @throws RetryLater `search-down` when the engine does not answer
 */
export async function searchPosts(
  posts: PostsIndex,
  offices: Offices,
  query: SearchQuery,
): Promise<SearchResult> {
  return asked(async () => {
    const typed = readTyped(query.text);
    if (query.exact) return holdingAll(posts, offices, query, stated(typed));
    if (typed.question) {
      const found = await widened(posts, typed, frameOf(offices, query, typed), query);
      if (found) return { ...found, widened: { why: 'question', strict: 0 } };
    }
    const strict = await holdingAll(posts, offices, query, typed);
    if (strict.total >= FEW || !isWide(typed)) return strict;
    const found = await widened(posts, typed, frameOf(offices, query, typed), query);
    if (!found || found.total <= strict.total) return strict;
    return { ...found, widened: { why: 'few', strict: strict.total } };
  });
}

/** A question without its question words, which no post need hold. */
function stated(typed: Typed): Typed {
  return typed.question ? { ...typed, words: [statementOf(typed.words.join(' '))] } : typed;
}

/** More than one word, and nothing that asks for exactness. */
function isWide({ words, phrases, inTitle }: Typed): boolean {
  return phrases.length === 0 && !inTitle && (words.length > 1 || (words[0]?.length ?? 0) > 4);
}

async function holdingAll(
  posts: PostsIndex,
  offices: Offices,
  query: SearchQuery,
  typed: Typed,
): Promise<SearchResult> {
  const text = engineText(typed);
  const area = areaFacet(query.place);
  const found = await posts.search(text, {
    filter: frameOf(offices, query, typed),
    sort: sortOf(query, text),
    page: query.page,
    hitsPerPage: query.perPage,
    facets: ['sentiment', 'sourceKind', 'kind', 'sourceId', 'line', 'voice', 'watches', area],
    ...marked,
    ...(typed.inTitle && { attributesToSearchOn: ['title'] }),
    // Every word must be there: a count that includes posts with half of the words says nothing to its reader.
    matchingStrategy: 'all',
    locales: ['cmn'],
  } satisfies SearchParams);
  const facets = found.facetDistribution ?? {};
  const total = totalOf(facets['kind']);
  return {
    hits: found.hits.map((hit) => ({
      ...plainHit(hit),
      title: hit.title === null ? null : segments(hit._formatted?.title ?? hit.title),
      text: segments(hit._formatted?.text ?? hit.text),
    })),
    total,
    pages: Math.ceil(Math.min(total, REACH) / query.perPage),
    facets: {
      ...{ sentiment: facets['sentiment'] ?? {}, sourceKind: facets['sourceKind'] ?? {} },
      ...{ kind: facets['kind'] ?? {}, sourceId: facets['sourceId'] ?? {}, line: facets['line'] ?? {} },
      ...{ voice: facets['voice'] ?? {}, watches: facets['watches'] ?? {}, area: facets[area] ?? {} },
    },
    widened: null,
  };
}

function sortOf({ sort }: SearchQuery, text: string): string[] {
  if (sort === 'heat') return ['heat:desc', 'at:desc'];
  return sort === 'time' || text.trim() === '' ? ['at:desc'] : [];
}

/** How many posts hold every word, and nothing else about them; exact. */
export async function countFound(posts: PostsIndex, offices: Offices, query: SearchQuery): Promise<number> {
  const typed = stated(readTyped(query.text));
  const found = await asked(() =>
    posts.search(engineText(typed), {
      filter: frameOf(offices, query, typed),
      limit: 0,
      facets: ['kind'],
      ...(typed.inTitle && { attributesToSearchOn: ['title'] }),
      matchingStrategy: 'all',
      locales: ['cmn'],
    }),
  );
  return totalOf(found.facetDistribution?.['kind']);
}

/** Every post has one kind: their sum is exact, where the engine's own count ends at what can be paged through. */
function totalOf(kinds: Record<string, number> = {}): number {
  return Object.values(kinds).reduce((sum, n) => sum + n, 0);
}

/** The newest post, by when it was stored, that a search finds in the engine; 0 when it finds none. */
export async function newestFound(posts: PostsIndex, offices: Offices, query: SearchQuery): Promise<number> {
  const typed = stated(readTyped(query.text));
  const found = await asked(() =>
    posts.search(engineText(typed), {
      filter: frameOf(offices, query, typed),
      sort: ['id:desc'],
      limit: 1,
      attributesToRetrieve: ['id'],
      ...(typed.inTitle && { attributesToSearchOn: ['title'] }),
      matchingStrategy: 'all',
      locales: ['cmn'],
    }),
  );
  return found.hits[0]?.id ?? 0;
}

/** Posts that say something like this one, the likest first; itself and its copies left out. */
export async function similarPosts(
  posts: PostsIndex,
  offices: Offices,
  like: { id: number; copyOf: number | null; title: string | null; text: string },
  query: SearchQuery,
): Promise<SearchResult> {
  const text = `${like.title ?? ''} ${like.text}`.slice(0, LIKE_CHARACTERS);
  const filter = frameOf(offices, { ...query, text: '' }, readTyped(''));
  const ranked = await asked(() => bestFitting(posts, text, filter, MOST_LIKE));
  const same = new Set([like.id, like.copyOf ?? like.id]);
  const others = ranked.filter(({ row }) => !same.has(row.id) && !same.has(row.copyOf ?? row.id));
  const least = (ranked[0]?.score ?? 0) * LEAST_LIKE;
  const rows = others.filter(({ score }) => score >= least).map(({ row }) => row);
  return { ...resultOf(rows, weighty(text, rows), query), widened: null };
}

/** The beginning says what a post is about. */
const LIKE_CHARACTERS = 300;
const MOST_LIKE = 51;
/** Of the score that a post has with itself, or the likest with it. */
const LEAST_LIKE = 0.15;

/** Words that a post shares with some of the others and not with all: what makes them alike. */
function weighty(text: string, rows: readonly { text: string }[]): string[] {
  const words = [...new Set(wordsOf(text))].filter((word) => word.length > 1);
  return words.filter((word) => {
    const holding = rows.filter((row) => row.text.includes(word)).length;
    return holding > 0 && holding * 2 <= rows.length + 1;
  });
}

/** @throws RetryLater `search-down` when the engine does not answer */
async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    // A fault of this program must not pass for an engine that is down.
    if (!(cause instanceof MeilisearchError)) throw cause;
    throw new RetryLater('search-down', messages.searchDown, { cause });
  }
}

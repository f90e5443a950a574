import { MeilisearchError, type SearchParams } from 'meilisearch';
import { RetryLater } from '../../config/errors.ts';
import type { Offices } from '../../store/scope.ts';
import { messages } from '../messages.ts';
import type { PostsIndex } from './engine.ts';
import { frameOf } from './filters.ts';
import { marked, segments } from './marks.ts';
import { areaFacet, plainHit, type SearchQuery, type SearchResult } from './result.ts';
import { engineText, readTyped, type Typed } from './typed.ts';
import { widened } from './widen.ts';

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
  const typed = readTyped(query.text);
  try {
    if (typed.question) {
      const found = await widened(posts, typed, frameOf(offices, query, typed), query);
      if (found) return { ...found, widened: { why: 'question', strict: 0 } };
    }
    const strict = await holdingAll(posts, offices, query, typed);
    if (strict.total >= FEW || query.page > 1 || !isWide(typed)) return strict;
    const found = await widened(posts, typed, frameOf(offices, query, typed), query);
    if (!found || found.total <= strict.total) return strict;
    return { ...found, widened: { why: 'few', strict: strict.total } };
  } catch (cause) {
    // A fault of this program must not pass for an engine that is down.
    if (!(cause instanceof MeilisearchError)) throw cause;
    throw new RetryLater('search-down', messages.searchDown, { cause });
  }
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
  // Every post has one kind: their sum is exact, where the engine's own count ends at what can be paged through.
  const total = Object.values(facets['kind'] ?? {}).reduce((sum, n) => sum + n, 0);
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

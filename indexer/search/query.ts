import { RetryLater } from '../../config/errors.ts';
import type { PostKind } from '../../store/drafts.ts';
import type { Sentiment } from '../../store/posts.ts';
import { messages } from '../messages.ts';
import type { Offices } from '../../store/scope.ts';
import type { PostsIndex } from './engine.ts';

export type SearchQuery = {
  /** What the person typed; empty finds everything. */
  text: string;
  from?: Date | undefined;
  to?: Date | undefined;
  sourceIds?: number[] | undefined;
  sentiments?: Sentiment[] | undefined;
  kinds?: PostKind[] | undefined;
  /** Also posts that repeat an earlier one. */
  withCopies?: boolean | undefined;
  sort: 'relevance' | 'time';
  /** From 1. */
  page: number;
  perPage: number;
};

/** A stretch of text; `hit` where it matches what was searched. */
export type Segment = { text: string; hit: boolean };

export type SearchHit = {
  id: number;
  sourceId: number;
  kind: PostKind;
  title: Segment[] | null;
  /** The part of the text around the first match. */
  text: Segment[];
  outlet: string | null;
  at: Date;
  sentiment: Sentiment;
};

export type SearchResult = {
  hits: SearchHit[];
  /** Exact up to 10,000, the most that the engine counts. */
  total: number;
  pages: number;
  /** Value → number of matching posts, within the other filters. */
  facets: {
    sentiment: Record<string, number>;
    sourceId: Record<string, number>;
    kind: Record<string, number>;
  };
};

/** Private-use characters that `clean` removes from every post: they cannot occur in a text by themselves. */
const OPEN = '\uE000';
const CLOSE = '\uE001';

/** Meilisearch refuses longer queries' words silently; ours are cut here. */
const MAX_QUERY = 200;

/**
 * Searches posts.
 * @param posts what may be searched at all (`searchWithin`)
 * @param offices of that, what the question is about
 * @throws RetryLater `search-down` when the engine does not answer
 */
export async function searchPosts(
  posts: PostsIndex,
  offices: Offices,
  query: SearchQuery,
): Promise<SearchResult> {
  const found = await posts
    .search(query.text.toWellFormed().slice(0, MAX_QUERY), {
      filter: filters(offices, query),
      sort: query.sort === 'time' || query.text.trim() === '' ? ['at:desc'] : [],
      page: query.page,
      hitsPerPage: query.perPage,
      facets: ['sentiment', 'sourceId', 'kind'],
      attributesToHighlight: ['title', 'text'],
      attributesToCrop: ['text'],
      cropLength: 60,
      cropMarker: '…',
      highlightPreTag: OPEN,
      highlightPostTag: CLOSE,
      // Every word must be there: a count that includes posts with half of the words says nothing to its reader.
      matchingStrategy: 'all',
      locales: ['cmn'],
    })
    .catch((cause: unknown) => {
      throw new RetryLater('search-down', messages.searchDown, { cause });
    });
  return {
    hits: found.hits.map((hit) => ({
      id: hit.id,
      sourceId: hit.sourceId,
      kind: hit.kind,
      title: hit.title === null ? null : segments(hit._formatted?.title ?? hit.title),
      text: segments(hit._formatted?.text ?? hit.text),
      outlet: hit.outlet,
      at: new Date(hit.at * 1000),
      sentiment: hit.sentiment,
    })),
    total: found.totalHits,
    pages: found.totalPages,
    facets: {
      sentiment: found.facetDistribution?.['sentiment'] ?? {},
      sourceId: found.facetDistribution?.['sourceId'] ?? {},
      kind: found.facetDistribution?.['kind'] ?? {},
    },
  };
}

function filters(offices: Offices, query: SearchQuery): string[] {
  const parts: string[] = [];
  if (offices) parts.push(`officeId IN [${offices.join(', ')}]`);
  if (query.from) parts.push(`at >= ${Math.floor(query.from.getTime() / 1000)}`);
  if (query.to) parts.push(`at < ${Math.ceil(query.to.getTime() / 1000)}`);
  if (query.sourceIds?.length) parts.push(`sourceId IN [${query.sourceIds.join(', ')}]`);
  if (query.sentiments?.length) parts.push(`sentiment IN [${query.sentiments.join(', ')}]`);
  if (query.kinds?.length) parts.push(`kind IN [${query.kinds.join(', ')}]`);
  if (!query.withCopies) parts.push('copyOf IS NULL');
  return parts;
}

function segments(marked: string): Segment[] {
  const parts: Segment[] = [];
  let hit = false;
  for (const piece of marked.split(/([\uE000\uE001])/u)) {
    if (piece === OPEN) hit = true;
    else if (piece === CLOSE) hit = false;
    else if (piece !== '') parts.push({ text: piece, hit });
  }
  return parts;
}

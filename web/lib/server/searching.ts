import { countFound, newestFound, searchPosts, similarPosts } from '../../../indexer/search/query.ts';
import type { SearchQuery, SearchResult } from '../../../indexer/search/result.ts';
import { readTyped } from '../../../indexer/search/typed.ts';
import { sharedPosts } from '../../../store/hand-overs.ts';
import type { Store } from '../../../store/pool.ts';
import { postById } from '../../../store/posts.ts';
import type { Offices, Scope } from '../../../store/scope.ts';
import { sourceNames } from '../../../store/sources.ts';
import { timesOf, type Search } from '../search-params.ts';
import { hub } from './hub.ts';

/** Whose search it is: what is in reach, and of that, which offices it is about. */
export type Searcher = Readonly<{
  db: Store;
  scope: Scope;
  /** The offices that were chosen; null: all in reach. */
  offices: Offices;
  /** No office was chosen: what others have shared is found as well. */
  all: boolean;
}>;

export type Paging = { page: number; perPage: number; exact?: boolean; afterId?: number };

export type Found = SearchResult & {
  /** Advertisements and what has nothing to do with the work, left out of the result. */
  rest: number;
};

/**
 * The search of a page, a feed or an export, through the search engine's own gate.
 * @throws RetryLater `search-down`
 */
export async function searchAs(searcher: Searcher, search: Search, paging: Paging): Promise<Found> {
  const posts = await postsOf(searcher);
  const offices = searcher.all ? null : searcher.offices;
  const query = await queryOf(searcher, search, paging);
  if (search.like !== null) {
    const like = await postById(searcher.db, search.like);
    if (like) return { ...(await similarPosts(posts, offices, like, query)), rest: 0 };
  }
  const [found, rest] = await Promise.all([
    searchPosts(posts, offices, query),
    query.relevance === undefined ? null : countFound(posts, offices, { ...query, ...UNRELATED }),
  ]);
  return { ...found, rest: rest ?? 0 };
}

const UNRELATED = { relevance: ['advertisement', 'off-topic'] as const };

/** How many new posts a search has found since one of them was the newest, and which is now. */
export async function freshOf(
  searcher: Searcher,
  search: Search,
  afterId: number,
): Promise<{ fresh: number; newest: number }> {
  const posts = await postsOf(searcher);
  const offices = searcher.all ? null : searcher.offices;
  const query = await queryOf(searcher, search, { page: 1, perPage: 1, afterId });
  const [fresh, newest] = await Promise.all([
    countFound(posts, offices, query),
    newestFound(posts, offices, query),
  ]);
  return { fresh, newest: Math.max(newest, afterId) };
}

async function postsOf({ db, scope, all }: Searcher) {
  return hub().searchable(scope, all ? await sharedPosts(db) : []);
}

async function queryOf(searcher: Searcher, search: Search, paging: Paging): Promise<SearchQuery> {
  const { text, sourceIds, sourceKinds, sentiments, kinds, lines, voices, watches, withCopies, sort } =
    search;
  return {
    ...{ text, sourceIds, sourceKinds, sentiments, kinds, lines, voices, watches, withCopies, sort },
    ...timesOf(search, new Date()),
    ...paging,
    ...(search.place !== null && { place: search.place }),
    ...(!search.withRest && { relevance: ['relevant'] }),
    sitesSources: await namedBy(searcher, readTyped(text).sites),
  };
}

/** Sources whose names hold what `site:` asks for. */
async function namedBy({ db, offices }: Searcher, sites: readonly string[]): Promise<number[]> {
  if (sites.length === 0) return [];
  const sources = await sourceNames(db, offices);
  return sources
    .filter(({ name }) => sites.some((site) => name.toLowerCase().includes(site)))
    .map(({ id }) => id);
}

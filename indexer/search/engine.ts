import { Meilisearch, type Index, type Settings } from 'meilisearch';
import type { SearchRow } from '../../store/search-outbox.ts';

export type PostsIndex = Index<SearchRow>;
export type SearchEngine = { client: Meilisearch; posts: PostsIndex };

export const POSTS_INDEX = 'posts';

/**
 * Chinese is segmented by the engine when the attribute's locale says so; without it, short texts are guessed to be
 * Japanese. `at` is in Unix seconds.
 */
export const searchSettings: Settings = {
  searchableAttributes: ['title', 'text', 'outlet'],
  filterableAttributes: ['id', 'officeId', 'sourceId', 'kind', 'sentiment', 'at', 'copyOf'],
  sortableAttributes: ['at'],
  // "Newest first" means just that: the order asked for comes before every shade of relevance.
  rankingRules: ['sort', 'words', 'typo', 'proximity', 'attribute', 'exactness'],
  displayedAttributes: ['*'],
  localizedAttributes: [{ attributePatterns: ['*'], locales: ['cmn'] }],
  // One wrong character changes a Chinese word altogether: a "typo" there is another word.
  typoTolerance: { enabled: false },
  pagination: { maxTotalHits: 10_000 },
  faceting: { maxValuesPerFacet: 500 },
};

/** @param timeoutMs for one request; a rebuild's waits are longer and say so themselves */
export function openSearch(url: string, key: string, timeoutMs = 10_000): SearchEngine {
  const client = new Meilisearch({ host: url, apiKey: key, timeout: timeoutMs });
  return { client, posts: client.index<SearchRow>(POSTS_INDEX) };
}

/** One unpaired surrogate makes the engine refuse the whole batch; `clean` has seen to it, older rows may not have. */
export function wellFormed(post: SearchRow): SearchRow {
  return {
    ...post,
    title: post.title?.toWellFormed() ?? null,
    text: post.text.toWellFormed(),
    outlet: post.outlet?.toWellFormed() ?? null,
  };
}

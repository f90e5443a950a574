import { divisions, levelOf } from '../../config/divisions.ts';
import type { PostKind } from '../../store/drafts.ts';
import type { Relevance, Sentiment, Voice } from '../../store/posts.ts';
import type { SearchRow } from '../../store/search-outbox.ts';
import type { Segment } from './marks.ts';

export const searchSorts = ['time', 'relevance', 'heat'] as const;
export type SearchSort = (typeof searchSorts)[number];

export type SearchFilters = {
  from?: Date | undefined;
  to?: Date | undefined;
  sourceIds?: readonly number[] | undefined;
  sourceKinds?: readonly string[] | undefined;
  sentiments?: readonly Sentiment[] | undefined;
  kinds?: readonly PostKind[] | undefined;
  lines?: readonly string[] | undefined;
  voices?: readonly Voice[] | undefined;
  watches?: readonly number[] | undefined;
  /** GB/T 2260 code of a province, city or county: posts of it and of what lies in it. */
  place?: string | undefined;
  relevance?: readonly Relevance[] | undefined;
  /** Also posts that repeat an earlier one. */
  withCopies?: boolean | undefined;
  /** Only posts that were stored after this one. */
  afterId?: number | undefined;
};

export type SearchQuery = SearchFilters & {
  /** What the person typed; empty finds everything. */
  text: string;
  /** Ids of the sources whose names hold what `site:` asks for. */
  sitesSources?: readonly number[] | undefined;
  /** Only posts that hold every word, also of a question: for what tells of new posts. */
  exact?: boolean | undefined;
  sort: SearchSort;
  /** From 1. */
  page: number;
  perPage: number;
};

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
  place: string | null;
  line: string | null;
  voice: Voice | null;
  copies: number;
};

export type FacetName =
  'sentiment' | 'sourceKind' | 'kind' | 'sourceId' | 'line' | 'voice' | 'watches' | 'area';

export type SearchResult = {
  hits: SearchHit[];
  /** Exact, also beyond what can be paged through. */
  total: number;
  pages: number;
  /** Value → number of matching posts, within the other filters. `area`: what lies in the chosen place, or provinces. */
  facets: Record<FacetName, Record<string, number>>;
  /**
   * Null: every word is in every hit. Else hits are what fits best, since it was a question, or since so few posts
   * (`strict`) hold every word.
   */
  widened: { why: 'question' | 'few'; strict: number } | null;
};

export function plainHit(row: SearchRow): Omit<SearchHit, 'title' | 'text'> {
  const { id, sourceId, kind, outlet, at, sentiment, place, line, voice, copies } = row;
  return { id, sourceId, kind, outlet, at: new Date(at * 1000), sentiment, place, line, voice, copies };
}

/** What is counted by place: provinces, the cities of the chosen province, the counties of the chosen city. */
export function areaFacet(place: string | undefined): 'province' | 'city' | 'place' {
  if (place === undefined) return 'province';
  // Municipalities have districts and no cities.
  return levelOf(place) === 0 && divisions.has(`${place.slice(0, 2)}0100`) ? 'city' : 'place';
}

import type { SearchRow } from '../../store/search-outbox.ts';
import { candidatesFor } from './candidates.ts';
import type { PostsIndex } from './engine.ts';
import { markWords } from './marks.ts';
import { folded, scores, wordsOf } from './ranking.ts';
import { areaFacet, plainHit, type SearchQuery, type SearchResult } from './result.ts';
import { statementOf, type Typed } from './typed.ts';

/** Posts that fit less than this part of the best one are not shown. */
const LEAST_SHARE = 0.3;
const MOST = 100;

/** What fits a question best: up to 100 posts, ordered as the query says. Null: nothing shares a word with it. */
export async function widened(
  posts: PostsIndex,
  typed: Typed,
  filter: string[],
  query: SearchQuery,
): Promise<Omit<SearchResult, 'widened'> | null> {
  const question = typed.words.join(' ');
  const unwanted = typed.without.map(folded);
  const ranked = (await bestFitting(posts, question, filter, MOST)).filter(
    ({ row }) => !unwanted.some((word) => folded(`${row.title ?? ''} ${row.text}`).includes(word)),
  );
  const best = ranked[0]?.score ?? 0;
  const rows = ranked.filter(({ score }) => score >= best * LEAST_SHARE).map(({ row }) => row);
  if (rows.length === 0) return null;
  return resultOf(rows, wordsOf(statementOf(question)), query);
}

export type Ranked = { row: SearchRow; score: number };

/** Posts in the order of how well they fit a text, the best first. */
export async function bestFitting(
  posts: PostsIndex,
  text: string,
  filter: string[],
  most: number,
): Promise<Ranked[]> {
  const rows = await candidatesFor(posts, text, { filter });
  const fits = scores(
    statementOf(text),
    rows.map(({ title, text: body }) => (title === null ? body : `${title}\n${body}`)),
  );
  return rows
    .map((row, n): Ranked => ({ row, score: fits[n] ?? 0 }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || b.row.at - a.row.at)
    .slice(0, most);
}

/** A page of rows that are all known, with their counts. */
export function resultOf(
  rows: readonly SearchRow[],
  words: readonly string[],
  query: SearchQuery,
): Omit<SearchResult, 'widened'> {
  const { sort, page, perPage, place } = query;
  const ordered =
    sort === 'relevance'
      ? rows
      : rows.toSorted((a, b) => (sort === 'heat' && b.heat - a.heat) || b.at - a.at);
  const area = areaFacet(place);
  const count = (valuesOf: (row: SearchRow) => (string | number | null)[]) => {
    const counts: Record<string, number> = {};
    for (const row of rows) {
      for (const value of valuesOf(row)) if (value !== null) counts[value] = (counts[value] ?? 0) + 1;
    }
    return counts;
  };
  // A single character of the question stands everywhere.
  const shown = words.filter((word) => word.length > 1);
  return {
    hits: ordered.slice((page - 1) * perPage, page * perPage).map((row) => ({
      ...plainHit(row),
      title: row.title === null ? null : markWords(row.title, shown, false),
      text: markWords(row.text, shown, true),
    })),
    total: rows.length,
    pages: Math.ceil(rows.length / perPage),
    facets: {
      sentiment: count((row) => [row.sentiment]),
      sourceKind: count((row) => [row.sourceKind]),
      kind: count((row) => [row.kind]),
      sourceId: count((row) => [row.sourceId]),
      line: count((row) => [row.line]),
      voice: count((row) => [row.voice]),
      watches: count((row) => row.watches),
      area: count((row) => [row[area]]),
    },
  };
}

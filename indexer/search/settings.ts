import type { Settings } from 'meilisearch';
import { stopWords, synonyms } from '../../config/search-words.ts';
import type { PostsIndex } from './engine.ts';

/** What people may change of a search: groups of words that mean the same, and words that are not looked for. */
export type SearchWords = { synonyms: readonly (readonly string[])[]; stopWords: readonly string[] };

export const shippedSearchWords: SearchWords = { synonyms, stopWords };

/**
 * Chinese is segmented by the engine when the attribute's locale says so; without it, short texts are guessed to be
 * Japanese. `at` is in Unix seconds.
 */
export function settingsWith(words: SearchWords): Settings {
  return {
    searchableAttributes: ['title', 'text', 'outlet'],
    filterableAttributes: [
      ...['id', 'officeId', 'sourceId', 'sourceKind', 'kind', 'sentiment', 'at', 'copyOf', 'sites', 'outlet'],
      ...['place', 'city', 'province', 'line', 'voice', 'relevance', 'watches'],
    ],
    sortableAttributes: ['at', 'heat', 'id'],
    // "Newest first" means just that: the order asked for comes before every shade of relevance.
    rankingRules: ['sort', 'words', 'proximity', 'attribute', 'exactness'],
    displayedAttributes: ['*'],
    localizedAttributes: [{ attributePatterns: ['*'], locales: ['cmn'] }],
    // One wrong character changes a Chinese word altogether: a "typo" there is another word.
    typoTolerance: { enabled: false },
    pagination: { maxTotalHits: 10_000 },
    faceting: { maxValuesPerFacet: 500 },
    // Nobody types to find a value among the facets: its index would only be kept for nothing.
    facetSearch: false,
    synonyms: everyWordOf(words.synonyms),
    stopWords: [...words.stopWords].toSorted(),
  };
}

/** The settings with the words that ship with the program. */
export const searchSettings: Settings = settingsWith(shippedSearchWords);

/** The engine goes one way, from a word to others: each word of a group leads to all the others. */
function everyWordOf(groups: SearchWords['synonyms']): Record<string, string[]> {
  const others: Record<string, string[]> = {};
  for (const group of groups) {
    for (const word of group) {
      const more = group.filter((other) => other !== word);
      others[word] = [...new Set([...(others[word] ?? []), ...more])].toSorted();
    }
  }
  return others;
}

/** For how long the engine may work a change of settings in; a million posts take minutes. */
const WAIT = { timeout: 3_600_000, interval: 100 };

/**
 * Tells the engine the settings that it does not have yet. Some of them make it index every post again, so that it is told
 * nothing when there is nothing to tell.
 * @returns the names of what was changed
 */
export async function applySettings(posts: PostsIndex, wanted: Settings): Promise<string[]> {
  const changed = changedSettings(await posts.getSettings(), wanted);
  const names = Object.keys(changed);
  if (names.length === 0) return [];
  const task = await posts.updateSettings(changed).waitTask(WAIT);
  if (task.status !== 'succeeded') throw new Error(`search engine: ${task.error?.message ?? task.status}`);
  return names;
}

/** Of the wanted settings, those that the engine has otherwise; what it has beside (its defaults) does not count. */
export function changedSettings(now: Settings, wanted: Settings): Settings {
  const changed = Object.entries(wanted).filter(
    ([name, value]) => !holds(now[name as keyof Settings], value, name),
  );
  return Object.fromEntries(changed);
}

/** Order means something to ranking and to what is searched first; elsewhere the engine sorts as it likes. */
const ORDERED = new Set(['searchableAttributes', 'rankingRules']);

/** Whether a setting of the engine says all that is wanted of it. */
function holds(now: unknown, wanted: unknown, name: string): boolean {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(now) || now.length !== wanted.length) return false;
    const [a, b] = [now, wanted].map((list) => list.map((each) => JSON.stringify(each)));
    if (!ORDERED.has(name)) for (const list of [a, b]) list?.sort();
    return JSON.stringify(a) === JSON.stringify(b);
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof now !== 'object' || now === null) return false;
    const has = now as Record<string, unknown>;
    // A synonym that is wanted no longer must go.
    if (name === 'synonyms' && Object.keys(has).length !== Object.keys(wanted).length) return false;
    return Object.entries(wanted).every(([key, value]) => holds(has[key], value, key));
  }
  return now === wanted;
}

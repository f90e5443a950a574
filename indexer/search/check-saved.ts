import type { Logger } from 'pino';
import { RetryLater } from '../../config/errors.ts';
import { sharedPosts } from '../../store/hand-overs.ts';
import type { Pool, Queryable } from '../../store/pool.ts';
import { grantsOf } from '../../store/people.ts';
import { searchesToCheck, setFresh, type SavedSearch } from '../../store/saved-searches.ts';
import { EVERY_OFFICE, officesOf, scoped, scopeOf, within, type Scope } from '../../store/scope.ts';
import { sourceNames } from '../../store/sources.ts';
import type { PostsIndex } from './engine.ts';
import { countFound } from './query.ts';
import { readTyped } from './typed.ts';

/** Read from the database at once. */
const PAGE = 100;

/** A run ends before the next one is due. */
const LONGEST_RUN_MS = 240_000;

/**
 * Looks which saved searches have found posts since their people last looked, each within what its person may read now:
 * the longest unlooked-for first, so that a run goes on where the last one came to its end. When the engine does not answer,
 * the counts stay as they are, with the time that they are of; so does that of a search that cannot be looked at.
 * @param searchable what may be searched within a scope
 * @param longestMs after this nothing more is begun
 * @returns how many were looked at
 */
export async function checkSavedSearches(
  pool: Pool,
  searchable: (scope: Scope, shared: readonly number[]) => Promise<PostsIndex>,
  log: Logger,
  now: Date,
  longestMs = LONGEST_RUN_MS,
): Promise<number> {
  const store = scoped(pool, EVERY_OFFICE);
  const began = await databaseTime(store);
  const until = performance.now() + longestMs;
  const failed: number[] = [];
  let checked = 0;
  for (;;) {
    const page = await searchesToCheck(store, PAGE, began, failed);
    for (const saved of page) {
      if (performance.now() > until) return checked;
      try {
        await setFresh(store, saved, await freshOf(pool, searchable, saved, now));
        checked += 1;
      } catch (error) {
        if (error instanceof RetryLater) {
          log.warn({ err: error }, 'search engine did not answer, saved searches are looked at later');
          return checked;
        }
        log.error({ err: error, savedSearchId: saved.id }, 'a saved search could not be looked at');
        failed.push(saved.id);
      }
    }
    if (page.length < PAGE) return checked;
  }
}

/** By the clock that says when a search was looked at. */
async function databaseTime(db: Queryable): Promise<Date> {
  const found = await db.query<{ now: Date }>('select clock_timestamp() as now');
  return (found.rows[0] as { now: Date }).now;
}

async function freshOf(
  pool: Pool,
  searchable: (scope: Scope, shared: readonly number[]) => Promise<PostsIndex>,
  { personId, asks, seenPost }: SavedSearch,
  now: Date,
): Promise<number> {
  const all = scoped(pool, EVERY_OFFICE);
  const scope = await scopeOf(all, await grantsOf(all, personId), 'post-read');
  // Somebody who may read posts no longer finds none.
  if (!scope || (asks.office !== null && !scope.every && !scope.offices.includes(asks.office))) return 0;
  const db = scoped(pool, scope);
  const whole = asks.office === null;
  const below = whole || asks.only ? null : await within(db, scope, asks.office as number);
  const offices = whole ? null : asks.only ? [asks.office as number] : below;
  const posts = await searchable(scope, whole ? await sharedPosts(db) : []);
  const { sites } = readTyped(asks.text);
  const sources = sites.length > 0 ? await sourceNames(db, whole ? officesOf(scope) : offices) : [];
  const { hours, from, to, withRest, office: _, only: __, ...rest } = asks;
  return countFound(posts, offices, {
    ...rest,
    ...{ sort: 'time', page: 1, perPage: 1, afterId: seenPost },
    ...(rest.place === null ? { place: undefined } : { place: rest.place }),
    ...(!withRest && { relevance: ['relevant'] }),
    from: hours === null ? dateOf(from) : new Date(now.getTime() - hours * 3_600_000),
    to: hours === null ? dateOf(to) : undefined,
    sitesSources: sources
      .filter(({ name }) => sites.some((site) => name.toLowerCase().includes(site)))
      .map(({ id }) => id),
  });
}

function dateOf(time: string | null): Date | undefined {
  return time === null ? undefined : new Date(time);
}

import type { Logger } from 'pino';
import { RetryLater } from '../../config/errors.ts';
import { sharedPosts } from '../../store/hand-overs.ts';
import type { Pool } from '../../store/pool.ts';
import { grantsOf } from '../../store/people.ts';
import { searchesToCheck, setFresh, type SavedSearch } from '../../store/saved-searches.ts';
import { EVERY_OFFICE, officesOf, scoped, scopeOf, within, type Scope } from '../../store/scope.ts';
import { sourceNames } from '../../store/sources.ts';
import type { PostsIndex } from './engine.ts';
import { countFound } from './query.ts';
import { readTyped } from './typed.ts';

/** In one go; what is left over comes first in the next. */
const MOST = 500;

/**
 * Looks which saved searches have found posts since their people last looked, each within what its person may read now.
 * When the engine does not answer, the counts stay as they are, with the time that they are of.
 * @param searchable what may be searched within a scope
 * @returns how many were looked at
 */
export async function checkSavedSearches(
  pool: Pool,
  searchable: (scope: Scope, shared: readonly number[]) => Promise<PostsIndex>,
  log: Logger,
  now: Date,
): Promise<number> {
  const store = scoped(pool, EVERY_OFFICE);
  let checked = 0;
  for (const saved of await searchesToCheck(store, MOST)) {
    try {
      await setFresh(store, saved, await freshOf(pool, searchable, saved, now));
      checked += 1;
    } catch (error) {
      if (!(error instanceof RetryLater)) throw error;
      log.warn({ err: error }, 'search engine did not answer, saved searches are looked at later');
      return checked;
    }
  }
  return checked;
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

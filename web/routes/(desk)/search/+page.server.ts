import { RetryLater } from '../../../../config/errors.ts';
import { searchPosts, type SearchResult } from '../../../../indexer/search/query.ts';
import { sourceStates } from '../../../../store/sources.ts';
import { readSearch, timesOf, type Search } from '../../../lib/search-params.ts';
import { hub } from '../../../lib/server/hub.ts';
import { signedIn } from '../../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

const PER_PAGE = 20;

export const load: PageServerLoad = async ({ locals, url }) => {
  const { officeId } = signedIn(locals);
  const search = readSearch(url.searchParams);
  const [sources, found] = await Promise.all([sourceStates(hub().store, officeId), find(officeId, search)]);
  const names = sources.map(({ id, name }) => ({ id, name }));
  return { search, sources: names, ...found };
};

/** The result, or in words why there is none: an engine that is down is not "nothing found". */
async function find(
  officeId: number,
  search: Search,
): Promise<{ result: SearchResult | null; down: string | null; badRange: boolean }> {
  const times = timesOf(search, new Date());
  if (times.from && times.to && times.from >= times.to) return { result: null, down: null, badRange: true };
  try {
    const { text, sourceIds, sentiments, kinds, withCopies, sort, page } = search;
    const query = { text, ...times, sourceIds, sentiments, kinds, withCopies, sort, page, perPage: PER_PAGE };
    return { result: await searchPosts(hub().search, officeId, query), down: null, badRange: false };
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    hub().log.warn({ err: error }, 'search engine did not answer');
    return { result: null, down: error.message, badRange: false };
  }
}

import { RetryLater } from '../../../../config/errors.ts';
import { searchPosts } from '../../../../indexer/search/query.ts';
import type { SearchResult } from '../../../../indexer/search/result.ts';
import { sharedPosts } from '../../../../store/hand-overs.ts';
import { waitingCount } from '../../../../store/search-outbox.ts';
import type { Offices } from '../../../../store/scope.ts';
import { sourceNames } from '../../../../store/sources.ts';
import { readSearch, timesOf, type Search } from '../../../lib/search-params.ts';
import { hub } from '../../../lib/server/hub.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import { reading, type Desk } from '../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

const PER_PAGE = 20;

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const search = readSearch(url.searchParams);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  const [sources, found, waiting] = await Promise.all([
    sourceNames(desk.db, offices),
    find(desk, offices, search),
    waitingCount(desk.db),
  ]);
  return { search, sources, waiting, view, cleared: clearedDays(search), ...found };
};

/** After how many days raw text goes, when the time asked for lies before that; else null. */
function clearedDays(search: Search): number | null {
  const { rawTextDays } = hub().runtime.hub.retention;
  const { to } = timesOf(search, new Date());
  return to && to.getTime() < Date.now() - rawTextDays * 86_400_000 ? rawTextDays : null;
}

/** The result, or in words why there is none: an engine that is down is not "nothing found". */
async function find(
  desk: Desk,
  offices: Offices,
  search: Search,
): Promise<{ result: SearchResult | null; down: string | null; badRange: boolean }> {
  const times = timesOf(search, new Date());
  if (times.from && times.to && times.from >= times.to) return { result: null, down: null, badRange: true };
  try {
    const { text, sourceIds, sentiments, kinds, withCopies, sort, page } = search;
    // What was shared belongs to no office of the scope: it is found where none is named.
    const all = offices === desk.offices;
    const shared = all ? await sharedPosts(desk.db) : [];
    const posts = await hub().searchable(desk.scope, shared);
    const query = { text, ...times, sourceIds, sentiments, kinds, withCopies, sort, page, perPage: PER_PAGE };
    return { result: await searchPosts(posts, all ? null : offices, query), down: null, badRange: false };
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    hub().log.warn({ err: error }, 'search engine did not answer');
    return { result: null, down: error.message, badRange: false };
  }
}

import { fail } from '@sveltejs/kit';
import { divisionPath, divisions } from '../../../../config/divisions.ts';
import { RetryLater } from '../../../../config/errors.ts';
import type { SearchResult } from '../../../../indexer/search/result.ts';
import { saveSearch, savedSearches } from '../../../../store/saved-searches.ts';
import { waitingCount } from '../../../../store/search-outbox.ts';
import { sourceNames } from '../../../../store/sources.ts';
import { watchNames } from '../../../../store/watches.ts';
import { searchMessages } from '../../../lib/messages/search.ts';
import { asksOf, readSearch, searchParams, timesOf, type Search } from '../../../lib/search-params.ts';
import { acting, may, reading } from '../../../lib/server/desk.ts';
import { field, orFail } from '../../../lib/server/form.ts';
import { hub } from '../../../lib/server/hub.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import { freshOf, searchAs, type Found, type Searcher } from '../../../lib/server/searching.ts';
import type { Actions, PageServerLoad } from './$types';

const PER_PAGE = 20;
const LONGEST_NAME = 60;

export const load: PageServerLoad = async ({ locals, url }) => {
  const desk = reading(locals);
  const search = readSearch(url.searchParams);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  const searcher: Searcher = { ...desk, offices, all: offices === desk.offices };
  const maySave = may(desk.person, 'search-save');
  const [sources, found, waiting, saved] = await Promise.all([
    sourceNames(desk.db, offices),
    find(searcher, search),
    waitingCount(desk.db),
    maySave ? savedSearches(desk.db, desk.person.id) : [],
  ]);
  const watches = [...Object.keys(found.result?.facets.watches ?? {}).map(Number), ...search.watches];
  return {
    ...{ search, sources, waiting, view, cleared: clearedDays(search), ...found },
    names: {
      watches: await watchNames(desk.db, watches),
      areas: areaNames(found.result, search.place),
    },
    path:
      search.place === null ? [] : divisionPath(search.place).map((code) => ({ code, name: nameOf(code) })),
    may: { save: maySave, export: may(desk.person, 'post-export') },
    saved: saved.map(({ id, name, query }) => ({ id, name, query })),
  };
};

function nameOf(code: string): string {
  return divisions.get(code) ?? code;
}

/** Names of the places that the result counts, and no others: there are thousands. */
function areaNames(result: SearchResult | null, place: string | null): Map<string, string> {
  const codes = Object.keys(result?.facets.area ?? {}).filter((code) => code !== place);
  return new Map(codes.map((code) => [code, nameOf(code)]));
}

/** After how many days raw text goes, when the time asked for lies before that; else null. */
function clearedDays(search: Search): number | null {
  const { rawTextDays } = hub().runtime.hub.retention;
  const { to } = timesOf(search, new Date());
  return to && to.getTime() < Date.now() - rawTextDays * 86_400_000 ? rawTextDays : null;
}

/** The result, or in words why there is none: an engine that is down is not "nothing found". */
async function find(
  searcher: Searcher,
  search: Search,
): Promise<{ result: Found | null; down: string | null; badRange: boolean }> {
  const times = timesOf(search, new Date());
  if (times.from && times.to && times.from >= times.to) return { result: null, down: null, badRange: true };
  try {
    const result = await searchAs(searcher, search, { page: search.page, perPage: PER_PAGE });
    return { result, down: null, badRange: false };
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    hub().log.warn({ err: error }, 'search engine did not answer');
    return { result: null, down: error.message, badRange: false };
  }
}

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const name = field(sent, 'name').trim();
    if (name === '' || name.length > LONGEST_NAME)
      return fail(400, { message: searchMessages.saved.nameWrong });
    const params = new URLSearchParams(field(sent, 'query'));
    const search = { ...readSearch(params), page: 1, like: null };
    const { offices } = await chosenOffice(desk, params);
    const searcher: Searcher = { ...desk, offices, all: offices === desk.offices };
    return orFail(async () => {
      const seenPost = await newestOr(searcher, search, 0);
      const query = searchParams(search);
      const alert = field(sent, 'alert') === 'on';
      await saveSearch(desk.db, desk.actor, { name, query, asks: asksOf(search), alert, seenPost });
      return { done: searchMessages.saved.done };
    });
  },
};

/** The newest post that a search finds; when the engine does not answer, everything will be new. */
async function newestOr(searcher: Searcher, search: Search, otherwise: number): Promise<number> {
  try {
    return (await freshOf(searcher, search, 0)).newest;
  } catch (error) {
    if (!(error instanceof RetryLater)) throw error;
    return otherwise;
  }
}

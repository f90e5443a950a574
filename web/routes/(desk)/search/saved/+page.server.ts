import { fail, redirect } from '@sveltejs/kit';
import { RetryLater } from '../../../../../config/errors.ts';
import {
  closeFeed,
  dropSearch,
  markSeen,
  openFeed,
  savedSearch,
  savedSearches,
  setAlert,
} from '../../../../../store/saved-searches.ts';
import { searchMessages } from '../../../../lib/messages/search.ts';
import { readSearch } from '../../../../lib/search-params.ts';
import { acting, reading } from '../../../../lib/server/desk.ts';
import { field } from '../../../../lib/server/form.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import { freshOf } from '../../../../lib/server/searching.ts';
import type { Actions, PageServerLoad } from './$types';

const words = searchMessages.saved;

export const load: PageServerLoad = async ({ locals }) => {
  const desk = reading(locals);
  const saved = await savedSearches(desk.db, desk.person.id);
  return {
    saved: saved.map(({ id, name, query, alert, fresh, checkedAt, feedMadeAt, feedReadAt }) => {
      return { id, name, query, alert, fresh, checkedAt, feedMadeAt, feedReadAt };
    }),
  };
};

function idOf(sent: FormData): number {
  const id = field(sent, 'id');
  return /^[1-9]\d{0,8}$/.test(id) ? Number(id) : 0;
}

export const actions: Actions = {
  /** Opens a search; what it has found by now is not new any more. */
  look: async ({ locals, request }) => {
    const desk = acting(locals);
    const id = idOf(await request.formData());
    const saved = await savedSearch(desk.db, desk.person.id, id);
    if (!saved) return fail(409, { message: words.gone });
    const params = new URLSearchParams(saved.query);
    try {
      const { offices } = await chosenOffice(desk, params);
      const searcher = { ...desk, offices, all: offices === desk.offices };
      const { newest } = await freshOf(searcher, readSearch(params), saved.seenPost);
      await markSeen(desk.db, desk.person.id, id, newest);
    } catch (error) {
      // The page itself says that the engine is down; nothing is marked as seen then.
      if (!(error instanceof RetryLater)) throw error;
    }
    redirect(303, `/search?${saved.query}`);
  },

  alert: async ({ locals, request }) => {
    const desk = acting(locals);
    const sent = await request.formData();
    const changed = await setAlert(desk.db, desk.actor, idOf(sent), field(sent, 'alert') === 'on');
    return changed ? { done: words.alertChanged } : fail(409, { message: words.gone });
  },

  drop: async ({ locals, request }) => {
    const desk = acting(locals);
    const dropped = await dropSearch(desk.db, desk.actor, idOf(await request.formData()));
    return dropped ? { done: words.dropped } : fail(409, { message: words.gone });
  },

  open: async ({ locals, request }) => {
    const desk = acting(locals);
    const id = idOf(await request.formData());
    const token = await openFeed(desk.db, desk.actor, id);
    if (token === null) return fail(409, { message: words.gone });
    return { address: `${hub().runtime.address}/api/feed/${token}`, id };
  },

  close: async ({ locals, request }) => {
    const desk = acting(locals);
    const closed = await closeFeed(desk.db, desk.actor, idOf(await request.formData()));
    return closed ? { done: searchMessages.feed.closed } : fail(409, { message: words.gone });
  },
};

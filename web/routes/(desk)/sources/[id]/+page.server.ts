import { error } from '@sveltejs/kit';
import { reasons } from '../../../../../crawler/messages.ts';
import { sourceStates } from '../../../../../store/source-list.ts';
import { statesOf } from '../../../../../store/source-states.ts';
import { recentVisits, type VisitRow } from '../../../../../store/visits.ts';
import { messages } from '../../../../lib/messages.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { mayIn, reading } from '../../../../lib/server/desk.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { sourceAccount } from '../../../../lib/server/source-account.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
  depends('live:sources');
  const { db, offices, person, scope } = reading(locals);
  const id = readId(params.id);
  const [[source], visits, states, account] = await Promise.all([
    sourceStates(db, offices, id),
    recentVisits(db, id),
    statesOf(db, id),
    sourceAccount(db, id, hub().runtime.address),
  ]);
  if (!source) error(404, messages.errors.notFound);
  const may = (action: Parameters<typeof mayIn>[1]) => mayIn(person, action, source.officeId);
  return {
    source,
    visits: visits.map(inWords),
    states,
    account,
    manyOffices: scope.every || scope.offices.length > 1,
    /** What has just been done, where the page was reached by doing it. */
    done: (['running', 'waiting'] as const).find((word) => url.searchParams.has(word)) ?? null,
    may: {
      write: may('source-write'),
      approve: may('source-approve'),
      stop: may('source-stop'),
      upload: may('source-upload'),
    },
  };
};

/** The visit with its reason codes put into the crawler's own sentences. */
function inWords({ failures, ...visit }: VisitRow) {
  const sentences: Record<string, string> = reasons;
  return {
    ...visit,
    failures: Object.entries(failures).map(([code, n]) => ({ reason: sentences[code] ?? code, n })),
  };
}

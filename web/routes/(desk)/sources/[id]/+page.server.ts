import { error } from '@sveltejs/kit';
import { reasons } from '../../../../../crawler/messages.ts';
import { sourceStates } from '../../../../../store/sources.ts';
import { recentVisits, type VisitRow } from '../../../../../store/visits.ts';
import { messages } from '../../../../lib/messages.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { signedIn } from '../../../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:sources');
  const { officeId } = signedIn(locals);
  const id = readId(params.id);
  const [states, visits] = await Promise.all([
    sourceStates(hub().store, officeId),
    recentVisits(hub().store, officeId, id),
  ]);
  const source = states.find((state) => state.id === id);
  if (!source) error(404, messages.errors.notFound);
  return { source, visits: visits.map(inWords) };
};

/** The visit with its reason codes put into the crawler's own sentences. */
function inWords({ failures, ...visit }: VisitRow) {
  const sentences: Record<string, string> = reasons;
  return {
    ...visit,
    failures: Object.entries(failures).map(([code, n]) => ({ reason: sentences[code] ?? code, n })),
  };
}

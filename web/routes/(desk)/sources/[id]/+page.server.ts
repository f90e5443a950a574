import { error } from '@sveltejs/kit';
import { reasons } from '../../../../../crawler/messages.ts';
import { sourceStates } from '../../../../../store/source-list.ts';
import { recentVisits, type VisitRow } from '../../../../../store/visits.ts';
import { messages } from '../../../../lib/messages.ts';
import { readId } from '../../../../lib/server/read-id.ts';
import { reading } from '../../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
  depends('live:sources');
  const { db, offices } = reading(locals);
  const id = readId(params.id);
  const [[source], visits] = await Promise.all([sourceStates(db, offices, id), recentVisits(db, id)]);
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

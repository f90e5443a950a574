import { sourceStates } from '../../../../store/sources.ts';
import { hub } from '../../../lib/server/hub.ts';
import { signedIn } from '../../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:sources');
  return { sources: await sourceStates(hub().store, signedIn(locals).officeId) };
};

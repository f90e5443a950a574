import { sourceStates } from '../../../../store/sources.ts';
import { reading } from '../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends('live:sources');
  const { db, offices } = reading(locals);
  return { sources: await sourceStates(db, offices) };
};

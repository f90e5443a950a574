import { sourceStates } from '../../../../store/source-list.ts';
import { reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:sources');
  const desk = reading(locals);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  return { view, sources: await sourceStates(desk.db, offices) };
};

import { waitingReviews } from '../../../../../store/review-queue.ts';
import { reading } from '../../../../lib/server/desk.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:releases');
  const desk = reading(locals);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  return { view, ...(await waitingReviews(desk.db, offices, desk.person, new Date())) };
};

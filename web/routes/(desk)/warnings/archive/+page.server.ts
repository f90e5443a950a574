import { closedWarnings } from '../../../../../store/warnings.ts';
import { reading } from '../../../../lib/server/desk.ts';
import { chosenOffice } from '../../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

const LONGEST = 100;

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:warnings');
  const desk = reading(locals);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  const text = (url.searchParams.get('q') ?? '').trim().slice(0, LONGEST);
  const page = Math.min(1_000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1));
  return { view, text, page, ...(await closedWarnings(desk.db, offices, { text, page })) };
};

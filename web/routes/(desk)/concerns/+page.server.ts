import { CONCERNS_A_PAGE, listConcerns } from '../../../../store/trending.ts';
import { readList, sinceOf } from '../../../lib/concerns.ts';
import { sightOf, withDays } from '../../../lib/server/concerns.ts';
import { reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:concerns', 'live:sources');
  const desk = reading(locals);
  const { db } = desk;
  const now = new Date();
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  const { page, period, ...asked } = readList(url.searchParams);
  const [{ concerns, total }, sight] = await Promise.all([
    listConcerns(db, offices, { ...asked, since: sinceOf(period, now) }, page),
    sightOf(db, offices),
  ]);
  return {
    ...{ view, sight, total, page },
    filter: { ...asked, period },
    office: view?.office.id ?? desk.office,
    pages: Math.max(1, Math.ceil(total / CONCERNS_A_PAGE)),
    concerns: await withDays(db, offices, concerns, now),
  };
};

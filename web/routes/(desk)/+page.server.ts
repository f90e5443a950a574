import { readPeriod } from '../../lib/overview.ts';
import { chosenOffice } from '../../lib/server/office-view.ts';
import { overview } from '../../lib/server/overview.ts';
import { reading } from '../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:posts', 'live:sources');
  const period = readPeriod(url.searchParams.get('period'));
  const desk = reading(locals);
  return overview(desk.db, await chosenOffice(desk, url.searchParams), period, new Date());
};

import { redirect } from '@sveltejs/kit';
import { homeOf } from '../../lib/home.ts';
import { readPeriod } from '../../lib/overview.ts';
import { chosenOffice } from '../../lib/server/office-view.ts';
import { stirring } from '../../lib/server/concerns.ts';
import { warningStrip } from '../../lib/server/open-warnings.ts';
import { overview } from '../../lib/server/overview.ts';
import { may, reading } from '../../lib/server/desk.ts';
import { signedIn } from '../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:posts', 'live:sources', 'live:concerns', 'live:warnings');
  const person = signedIn(locals);
  const home = homeOf((action) => may(person, action));
  if (home !== '/') redirect(303, home);
  const period = readPeriod(url.searchParams.get('period'));
  const desk = reading(locals);
  const now = new Date();
  const chosen = await chosenOffice(desk, url.searchParams);
  const [seen, stirs, warnings] = await Promise.all([
    overview(desk.db, chosen, period, now),
    stirring(desk.db, chosen.offices, now),
    warningStrip(desk.db, chosen.offices, now),
  ]);
  return { ...seen, stirs, warnings };
};

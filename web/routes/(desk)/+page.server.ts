import { readPeriod } from '../../lib/overview.ts';
import { overview } from '../../lib/server/overview.ts';
import { reading } from '../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:posts', 'live:sources');
  const period = readPeriod(url.searchParams.get('period'));
  const { db, offices } = reading(locals);
  return overview(db, offices, period, new Date());
};

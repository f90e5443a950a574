import { readPeriod } from '../../lib/overview.ts';
import { hub } from '../../lib/server/hub.ts';
import { overview } from '../../lib/server/overview.ts';
import { signedIn } from '../../lib/server/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:posts', 'live:sources');
  const period = readPeriod(url.searchParams.get('period'));
  return overview(hub().store, signedIn(locals).officeId, period, new Date());
};

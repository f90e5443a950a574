import { heldDeliveries } from '../../../../store/held-deliveries.ts';
import { listReleases } from '../../../../store/releases.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:releases', 'live:warnings');
  const desk = reading(locals);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  return {
    view,
    releases: await listReleases(desk.db, offices),
    held: may(desk.person, 'warning-read') ? await heldDeliveries(desk.db, offices) : [],
    mayRelease: may(desk.person, 'release-schedule'),
    mayWrite: may(desk.person, 'release-write'),
  };
};

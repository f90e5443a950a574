import { heldDeliveries } from '../../../../store/held-deliveries.ts';
import { listOrders } from '../../../../store/supervision.ts';
import { may, reading } from '../../../lib/server/desk.ts';
import { chosenOffice } from '../../../lib/server/office-view.ts';
import { warningBoard } from '../../../lib/server/warning-board.ts';
import { readFilter } from '../../../lib/warning-board.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:warnings', 'live:sources', 'live:releases');
  const desk = reading(locals);
  const { offices, view } = await chosenOffice(desk, url.searchParams);
  const filter = readFilter(url.searchParams.get('state'));
  const [board, held, orders] = await Promise.all([
    warningBoard(desk.db, offices, filter, new Date()),
    heldDeliveries(desk.db, offices),
    listOrders(desk.db, desk.own, 'received'),
  ]);
  return {
    ...{ ...board, view, filter, held },
    ownOffice: desk.office,
    orders: orders.filter(({ state }) => state === 'open'),
    mayRelease: may(desk.person, 'release-schedule'),
    mayRules: may(desk.person, 'warning-rule-read'),
  };
};

import { deliveryLog, DELIVERIES_LISTED } from '../../../../../store/notice-deliveries.ts';
import { reading } from '../../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:notices');
  const { db, own } = reading(locals);
  const trouble = url.searchParams.get('only') === 'trouble';
  const deliveries = await deliveryLog(db, own, trouble);
  return { trouble, deliveries, most: deliveries.length === DELIVERIES_LISTED ? DELIVERIES_LISTED : null };
};

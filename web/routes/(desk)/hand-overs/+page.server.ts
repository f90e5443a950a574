import { listHandOvers } from '../../../../store/hand-overs.ts';
import { reading } from '../../../lib/server/desk.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
  depends('live:hand-overs');
  const { db, own } = reading(locals);
  const box = url.searchParams.get('box') === 'sent' ? 'sent' : 'received';
  return { box, handOvers: await listHandOvers(db, own, box) } as const;
};

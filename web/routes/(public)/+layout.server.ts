import { PUBLIC_CACHE, site } from '../../lib/server/site.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ setHeaders }) => {
  setHeaders({ 'cache-control': PUBLIC_CACHE });
  return { site: site() };
};

import { siteTags } from '../../../publisher/site/meta.ts';
import { feedAddress, feedKinds, feedTypes } from '../../../publisher/site/site.ts';
import { PUBLIC_CACHE, site } from '../../lib/server/site.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ setHeaders, route }) => {
  // A receipt is for whoever has its number, and for no cache in between.
  const own = route.id === '/(public)/objection/[receipt]';
  setHeaders({ 'cache-control': own ? 'private, no-store' : PUBLIC_CACHE });
  const { name, office, address } = site();
  return {
    site: { name, office, address },
    siteTags: siteTags(site()),
    feeds: feedKinds.map((kind) => ({
      kind,
      type: feedTypes[kind],
      address: feedAddress(site(), kind, null),
    })),
  };
};

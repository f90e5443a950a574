import { breadcrumbs, structuredData, webSite } from '../../../../publisher/site/structured.ts';
import { listAddress } from '../../../../publisher/site/site.ts';
import { siteMessages as words } from '../../../lib/messages/site.ts';
import { site } from '../../../lib/server/site.ts';
import { askedOffice, columnsShown, listPage } from '../../../lib/server/site-pages.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url }) => {
  const { office, offices } = await askedOffice(url);
  const [columns, list] = await Promise.all([columnsShown(office), listPage(url, null, office)]);
  const own = site();
  return {
    ...{ office, offices, columns, list },
    address: listAddress(own, { column: null, office: office?.code ?? null, page: list.page }),
    data: structuredData(
      webSite(own),
      breadcrumbs([{ name: words.title, address: listAddress(own, { column: null }) }]),
    ),
  };
};

import { columnTags } from '../../../../../../publisher/site/meta.ts';
import { feedAddress, feedKinds, feedTypes, listAddress } from '../../../../../../publisher/site/site.ts';
import { breadcrumbs, structuredData } from '../../../../../../publisher/site/structured.ts';
import { siteMessages as words } from '../../../../../lib/messages/site.ts';
import { site } from '../../../../../lib/server/site.ts';
import { askedOffice, columnByKey, columnsShown, listPage } from '../../../../../lib/server/site-pages.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ url, params }) => {
  const { office, offices } = await askedOffice(url);
  const column = await columnByKey(params.key, office);
  const { key, name } = column;
  const [columns, list] = await Promise.all([columnsShown(office), listPage(url, key, office)]);
  const own = site();
  return {
    ...{ office, offices, column, columns, list },
    address: listAddress(own, { column: key, office: office?.code ?? null, page: list.page }),
    tags: columnTags(column),
    columnFeeds: feedKinds.map((kind) => ({
      ...{ kind, type: feedTypes[kind], address: feedAddress(own, kind, key) },
    })),
    data: structuredData(
      breadcrumbs([
        { name: words.title, address: listAddress(own, { column: null }) },
        { name, address: listAddress(own, { column: key }) },
      ]),
    ),
  };
};

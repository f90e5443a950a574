import { SITEMAP_SIZE, sitemapIndex } from '../../../../publisher/site/sitemaps.ts';
import { sitemapParts } from '../../../../store/site-articles.ts';
import { publicDb } from '../../../lib/server/desk.ts';
import { site } from '../../../lib/server/site.ts';
import { siteDocument } from '../../../lib/server/site-pages.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ request }) => {
  const parts = await sitemapParts(publicDb(), SITEMAP_SIZE);
  const file = (name: string) => `${site().address}/sitemaps/${name}`;
  const body = sitemapIndex([
    { address: file('pages.xml'), changedAt: null },
    ...parts.map(({ part, changedAt }) => ({ address: file(`articles-${part}.xml`), changedAt })),
  ]);
  return siteDocument(request, body, 'application/xml', null);
};

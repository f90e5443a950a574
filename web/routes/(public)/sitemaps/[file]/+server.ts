import { error } from '@sveltejs/kit';
import { articleAddress, listAddress } from '../../../../../publisher/site/site.ts';
import {
  NEWS_DAYS,
  NEWS_MOST,
  newsSitemap,
  sitemap,
  SITEMAP_SIZE,
} from '../../../../../publisher/site/sitemaps.ts';
import { articlesSince, sitemapPart } from '../../../../../store/site-articles.ts';
import { messages } from '../../../../lib/messages.ts';
import { publicDb } from '../../../../lib/server/desk.ts';
import { site } from '../../../../lib/server/site.ts';
import { columnsShown, siteDocument } from '../../../../lib/server/site-pages.ts';
import type { RequestHandler } from './$types';

/** `pages.xml`: lists and what stands for long; `news.xml`: what is new; `articles-7.xml`: everything, part by part. */
export const GET: RequestHandler = async ({ params, request }) => {
  const body = await written(params.file);
  if (body === null) error(404, messages.errors.notFound);
  return siteDocument(request, body, 'application/xml', null);
};

async function written(file: string): Promise<string | null> {
  const own = site();
  if (file === 'news.xml') {
    const since = new Date(Date.now() - NEWS_DAYS * 86_400_000);
    return newsSitemap(own, await articlesSince(publicDb(), since, NEWS_MOST));
  }
  if (file === 'pages.xml') {
    const columns = await columnsShown(null);
    const addresses = [
      listAddress(own, { column: null }),
      ...columns.map(({ key }) => listAddress(own, { column: key })),
      ...['/privacy', '/objection'].map((path) => own.address + path),
    ];
    return sitemap(addresses.map((address) => ({ address, changedAt: null })));
  }
  const part = /^articles-([1-9]\d{0,4})\.xml$/.exec(file)?.[1];
  if (part === undefined) return null;
  const articles = await sitemapPart(publicDb(), Number(part), SITEMAP_SIZE);
  if (articles.length === 0) return null;
  return sitemap(articles.map(({ slug, changedAt }) => ({ address: articleAddress(own, slug), changedAt })));
}

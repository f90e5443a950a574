import { error } from '@sveltejs/kit';
import { mediaFile, publicMediaAddress } from '../../../../../config/media.ts';
import {
  articleGraph,
  articleTags,
  beginningOf,
  columnTags,
  type ArticleHead,
} from '../../../../../publisher/site/meta.ts';
import { articleAddress, listAddress } from '../../../../../publisher/site/site.ts';
import { breadcrumbs, newsArticle, structuredData } from '../../../../../publisher/site/structured.ts';
import { mediaByIds } from '../../../../../store/media.ts';
import {
  relatedArticles,
  siteArticle,
  siteNeighbours,
  withdrawnArticle,
  type SiteArticle,
} from '../../../../../store/site-articles.ts';
import { fullTime } from '../../../../lib/format.ts';
import { siteMessages as words } from '../../../../lib/messages/site.ts';
import { messages } from '../../../../lib/messages.ts';
import { hubDb, publicDb } from '../../../../lib/server/desk.ts';
import { site } from '../../../../lib/server/site.ts';
import { columnOf, imageAddress } from '../../../../lib/server/site-pages.ts';
import { isReading, siteViews } from '../../../../lib/server/site-views.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, request }) => {
  const slug = params.slug.slice(0, 200);
  const article = await siteArticle(publicDb(), slug);
  if (!article) return noArticle(slug);
  const db = publicDb();
  const [placed, neighbours, related, attachments] = await Promise.all([
    columnOf(article),
    siteNeighbours(db, article),
    relatedArticles(db, article),
    attachmentsOf(article),
  ]);
  const beside = new Set([neighbours.earlier?.slug, neighbours.later?.slug]);
  const own = site();
  const column = placed && {
    ...{ key: placed.column.key, name: placed.column.name, office: placed.office },
    address: listAddress(own, { column: placed.column.key, office: placed.office }),
  };
  const image = article.image && {
    address: own.address + imageAddress(article.image),
    alt: article.image.alt,
  };
  const address = articleAddress(own, slug);
  const source = article.source ?? article.officeName;
  const head: ArticleHead = {
    ...{ title: article.title, description: article.summary || beginningOf(article.html) },
    ...{ publishedAt: article.publishedAt, updatedAt: article.updatedAt, keywords: article.keywords },
    ...{ source, author: article.author, image, address, section: column?.name ?? null },
  };
  const crumbs = [
    { name: words.title, address: listAddress(own, { column: null }) },
    ...(column ? [{ name: column.name, address: column.address }] : []),
    { name: article.title, address },
  ];
  if (isReading(request)) siteViews().count(article.deliveryId);
  return {
    ...{ article, column, neighbours, attachments, address, source, description: head.description },
    related: related.filter((each) => !beside.has(each.slug)),
    tags: [...(placed ? columnTags(placed.column) : []), ...articleTags(head), ...articleGraph(own, head)],
    data: structuredData(newsArticle({ ...head, office: article.officeName }), breadcrumbs(crumbs)),
  };
};

/** @throws 410 where something stood that was withdrawn, else 404 */
async function noArticle(slug: string): Promise<never> {
  const gone = await withdrawnArticle(hubDb(), slug);
  if (!gone) error(404, messages.errors.notFound);
  error(410, words.gone(fullTime(gone.withdrawnAt), gone.note ?? words.withdrawn));
}

async function attachmentsOf({ mediaIds }: SiteArticle) {
  const files = await mediaByIds(publicDb(), mediaIds);
  return mediaIds
    .flatMap((id) => files.get(id) ?? [])
    .filter(({ kind }) => kind === 'attachment')
    .map((file) => ({
      ...{ name: file.name, bytes: file.bytes, type: file.mime },
      address: publicMediaAddress(mediaFile(file)),
    }));
}

import { error } from '@sveltejs/kit';
import { createHash } from 'node:crypto';
import type { SiteColumn } from '../../../config/site-columns.ts';
import { feed, lastChange } from '../../../publisher/site/feeds.ts';
import { feedTypes, type FeedKind } from '../../../publisher/site/site.ts';
import { mediaFile, publicMediaAddress } from '../../../config/media.ts';
import {
  filledColumns,
  siteArticleCount,
  siteArticles,
  siteEntries,
  siteOffices,
  type SiteArticle,
  type SiteImage,
  type SiteLine,
  type SiteOffice,
} from '../../../store/site-articles.ts';
import { siteColumn, siteColumns } from '../../../store/site-columns.ts';
import { siteMessages as words } from '../messages/site.ts';
import { messages } from '../messages.ts';
import { officeDb, publicDb } from './desk.ts';
import { hub } from './hub.ts';
import { PUBLIC_CACHE, site } from './site.ts';

/** Articles on a page of a list. */
const PAGE = 20;
/** Articles in a feed. */
const FEED = 50;
/** Further pages are found by column and by feed; counting off so many rows for a program that asks is not free. */
const MOST_PAGES = 500;

/** The only office whose articles are asked for (`?office=` its code); null: all. @throws 404 */
export async function askedOffice(url: URL): Promise<{ office: SiteOffice | null; offices: SiteOffice[] }> {
  const offices = await siteOffices(publicDb());
  const code = url.searchParams.get('office');
  if (code === null) return { office: null, offices };
  const office = offices.find((each) => each.code === code);
  if (!office) error(404, messages.errors.notFound);
  return { office, offices };
}

/** Whose columns a page shows: an office's own, or those of the hub's office. */
const columnsOffice = (office: SiteOffice | null): number => office?.id ?? hub().runtime.officeId;

/** The columns that lead somewhere: offered, and with something in them. */
export async function columnsShown(office: SiteOffice | null): Promise<SiteColumn[]> {
  const of = columnsOffice(office);
  const [columns, filled] = await Promise.all([
    siteColumns(officeDb(of), of),
    filledColumns(publicDb(), office?.id ?? null),
  ]);
  return columns.filter(({ key }) => filled.includes(key));
}

/** @throws 404 where there is no such column */
export async function columnByKey(key: string, office: SiteOffice | null): Promise<SiteColumn> {
  const of = columnsOffice(office);
  const column = await siteColumn(officeDb(of), of, key);
  if (!column) error(404, messages.errors.notFound);
  return column;
}

/**
 * The column of an article, as the hub's office calls it; where that office has none by this key, as the article's own office
 * does. `office`: code of the only office that knows it; null: it is everybody's.
 */
export async function columnOf(
  article: Pick<SiteArticle, 'columnKey' | 'officeId' | 'officeCode'>,
): Promise<{ column: SiteColumn; office: string | null } | null> {
  const own = hub().runtime.officeId;
  const common = await siteColumn(officeDb(own), own, article.columnKey);
  if (common) return { column: common, office: null };
  const column = await siteColumn(officeDb(article.officeId), article.officeId, article.columnKey);
  return column && { column, office: article.officeCode };
}

export type SiteListPage = { articles: SiteLine[]; page: number; pages: number };

/** The page of a list that an address asks for. @throws 404 where there is none */
export async function listPage(
  url: URL,
  column: string | null,
  office: SiteOffice | null,
): Promise<SiteListPage> {
  const asked = url.searchParams.get('page') ?? '1';
  const page = /^[1-9]\d{0,3}$/.test(asked) ? Number(asked) : 0;
  const of = { column, officeId: office?.id ?? null };
  const count = await siteArticleCount(publicDb(), of);
  const pages = Math.min(MOST_PAGES, Math.max(1, Math.ceil(count / PAGE)));
  if (page === 0 || page > pages) error(404, messages.errors.notFound);
  const articles = await siteArticles(publicDb(), of, { limit: PAGE, offset: (page - 1) * PAGE });
  return { articles, page, pages };
}

/** Address of a picture, without host. */
export const imageAddress = (image: SiteImage): string => publicMediaAddress(mediaFile(image));

/** A feed of everything, or of one column. @throws 404 */
export async function feedOf(kind: FeedKind, request: Request, key: string | null): Promise<Response> {
  const column = key === null ? null : await columnByKey(key, null);
  const entries = await siteEntries(publicDb(), { column: key, officeId: null }, FEED);
  const own = site();
  const of = column
    ? { key, name: column.name, description: column.description || column.name }
    : { key, name: own.name, description: words.description(own.name) };
  const body = feed(
    kind,
    own,
    of,
    entries.map((entry) => ({ ...entry, image: entry.image && imageAddress(entry.image) })),
  );
  return siteDocument(request, body, feedTypes[kind], lastChange(entries));
}

/**
 * A document for programs that ask often: kept for a while, and answered with 304 where it is still the same (RFC 9110, 13.2.2:
 * If-None-Match first, by which the kit answers; else If-Modified-Since).
 * @param changedAt when anything in it last changed; null: that cannot be told
 */
export function siteDocument(request: Request, body: string, type: string, changedAt: Date | null): Response {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = {
    ...{ 'cache-control': PUBLIC_CACHE, etag },
    ...(changedAt && { 'last-modified': changedAt.toUTCString() }),
  };
  const known = request.headers.has('if-none-match')
    ? NaN
    : Date.parse(request.headers.get('if-modified-since') ?? '');
  // Both are of whole seconds: what changed within the same one is told by the tag.
  const same = changedAt !== null && known >= Math.floor(changedAt.getTime() / 1_000) * 1_000;
  if (same) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'content-type': `${type}; charset=utf-8` } });
}

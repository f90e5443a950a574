import { beijing } from './meta.ts';
import { articleAddress, type Site } from './site.ts';
import { escapeXml } from './xml.ts';

/** Addresses in one file: sitemaps.org allows 50,000 and 50 MB, and a file is held in memory while it is written. */
export const SITEMAP_SIZE = 10_000;
/** A news sitemap is of the last two days, and holds no more than this (Google's rules, which others follow). */
export const NEWS_DAYS = 2;
export const NEWS_MOST = 1_000;

/** `changedAt` null: not known. */
export type SitemapEntry = { address: string; changedAt: Date | null };

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9';

function place({ address, changedAt }: SitemapEntry, more = ''): string {
  const lastmod = changedAt === null ? '' : `<lastmod>${beijing(changedAt)}</lastmod>`;
  return `<loc>${escapeXml(address)}</loc>${lastmod}${more}`;
}

/** Which files there are. */
export function sitemapIndex(files: readonly SitemapEntry[]): string {
  const lines = files.map((file) => `<sitemap>${place(file)}</sitemap>\n`);
  return `${HEAD}<sitemapindex xmlns="${NAMESPACE}">\n${lines.join('')}</sitemapindex>\n`;
}

export function sitemap(entries: readonly SitemapEntry[]): string {
  const lines = entries.map((entry) => `<url>${place(entry)}</url>\n`);
  return `${HEAD}<urlset xmlns="${NAMESPACE}">\n${lines.join('')}</urlset>\n`;
}

/** What is new, for the news pages of search engines. */
export function newsSitemap(
  site: Site,
  articles: readonly { slug: string; title: string; publishedAt: Date }[],
): string {
  const lines = articles.map(({ slug, title, publishedAt }) => {
    const news =
      `<news:news><news:publication><news:name>${escapeXml(site.name)}</news:name><news:language>zh-cn</news:language></news:publication>` +
      `<news:publication_date>${beijing(publishedAt)}</news:publication_date><news:title>${escapeXml(title)}</news:title></news:news>`;
    return `<url>${place({ address: articleAddress(site, slug), changedAt: null }, news)}</url>\n`;
  });
  const namespaces = `xmlns="${NAMESPACE}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"`;
  return `${HEAD}<urlset ${namespaces}>\n${lines.join('')}</urlset>\n`;
}

/**
 * What programs that collect pages may ask for (RFC 9309): the public pages and what they are drawn with, not the desk.
 * The longest rule counts.
 */
export function robots({ address }: Site): string {
  const open = ['/news', '/media/', '/privacy$', '/objection$', '/sitemap', '/_app/', '/favicon.svg'];
  return [
    'User-agent: *',
    ...open.map((path) => `Allow: ${path}`),
    'Disallow: /',
    '',
    `Sitemap: ${address}/sitemap.xml`,
    `Sitemap: ${address}/sitemaps/news.xml`,
    '',
  ].join('\n');
}

import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { siteOf } from '../extract/link-targets.ts';
import { couldBeArticle } from '../extract/links.ts';
import { readSitemap, type SitemapEntry } from '../extract/sitemap.ts';
import { decodeBody } from '../fetch/encoding.ts';
import type { VisitTools } from './contract.ts';

/** Files that one visit reads, an index among them; the newest first. */
const MOST_FILES = 8;
const MOST_LINKS = 5_000;
/** Larger than sitemaps.org allows. */
const MOST_BYTES = 60_000_000;

const DAY = 86_400_000;
/** How far back the first visit looks. */
const FIRST_DAYS = 30;

export type SitemapLinks = {
  /** Pages that changed since the last visit, the newest first. */
  links: string[];
  /** Whether there is a sitemap with any page at all: nothing new is then not the same as nothing. */
  any: boolean;
};

/**
 * Pages of the site that its sitemaps name, changed since the last visit. They are looked for where the settings say, else
 * where robots.txt says, else at the usual place. A sitemap that cannot be had is reported.
 */
export async function sitemapLinks(
  start: string,
  address: string | null,
  tools: VisitTools,
): Promise<SitemapLinks> {
  const named = address === null ? (await tools.fetcher.robotsOf(start)).sitemaps : [address];
  // At the usual place there may be none: that is no failure.
  const guessed = named.length === 0;
  const queue = guessed ? [new URL('/sitemap.xml', start).href] : [...named];
  // Many sitemaps only name the day.
  const since = tools.since === null ? tools.now - FIRST_DAYS * DAY : tools.since - DAY;
  const isNew = ({ changedAt }: SitemapEntry) => changedAt === null || changedAt >= since;
  const pages: SitemapEntry[] = [];
  const seen = new Set<string>();
  for (let next = queue.shift(); next !== undefined && seen.size < MOST_FILES; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    try {
      const file = readSitemap(await textOf(next, tools), tools.now);
      pages.push(...file.pages);
      const newer = file.sitemaps.filter(isNew).sort(newestFirst);
      queue.push(...newer.flatMap(({ url }) => canonicalUrl(url, start) ?? []));
    } catch (error) {
      if (!(error instanceof NotGot)) throw error;
      if (!guessed || error.passing) tools.missed(next, error);
    }
  }
  const site = siteOf(new URL(start).hostname);
  const links = pages
    .filter(isNew)
    .sort(newestFirst)
    .flatMap(({ url }) => canonicalUrl(url, start) ?? [])
    .filter((url) => siteOf(new URL(url).hostname) === site && couldBeArticle(new URL(url)));
  return { links: [...new Set(links)].slice(0, MOST_LINKS), any: pages.length > 0 };
}

const newestFirst = (a: SitemapEntry, b: SitemapEntry): number => (b.changedAt ?? 0) - (a.changedAt ?? 0);

/** A sitemap's text; a packed one is unpacked, whatever its name and type say. */
async function textOf(address: string, { fetcher }: VisitTools): Promise<string> {
  const file = await fetcher.get(address);
  if (file === null) throw new NotGot('no-text');
  const packed = file.bytes[0] === 0x1f && file.bytes[1] === 0x8b;
  if (!packed) return decodeBody(file.bytes, file.contentType).text;
  try {
    const bytes = await promisify(gunzip)(file.bytes, { maxOutputLength: MOST_BYTES });
    return decodeBody(bytes, 'text/xml').text;
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new NotGot(tooLarge ? 'too-large' : 'truncated-content', { cause });
  }
}

import { Parser } from 'htmlparser2';
import { readDate } from './dates.ts';

/** An address in a sitemap; `changedAt` in Unix ms, null when it does not say. */
export type SitemapEntry = { url: string; changedAt: number | null };

/** A sitemap names pages, the index of several names other sitemaps. */
export type Sitemap = { pages: SitemapEntry[]; sitemaps: SitemapEntry[] };

/** sitemaps.org allows no more in one file. */
const MOST_ENTRIES = 50_000;
/** Real ones are six deep; the parser's work grows with the square of the depth. */
const DEEPEST = 50;

/**
 * Reads a sitemap, an index of sitemaps, a news sitemap (whose dates of publication count), or a plain list of addresses.
 * Never throws; what is no sitemap has no entries.
 */
export function readSitemap(text: string, now: number): Sitemap {
  const found: Sitemap = { pages: [], sitemaps: [] };
  if (!text.includes('<')) {
    const lines = text.split(/\r?\n/u).map((line) => line.trim());
    const urls = lines.filter((line) => /^https?:\/\/\S+$/u.test(line)).slice(0, MOST_ENTRIES);
    found.pages.push(...urls.map((url) => ({ url, changedAt: null })));
    return found;
  }
  let entry: Record<string, string> | null = null;
  let field: string | null = null;
  let depth = 0;
  const parser: Parser = new Parser(
    {
      onopentagname(tag) {
        depth += 1;
        if (depth > DEEPEST) parser.pause();
        const name = localName(tag);
        if (name === 'url' || name === 'sitemap') entry = {};
        // A picture's or a video's address is none of a page.
        field = /^(?:loc|lastmod|(?:\w+:)?publication_date)$/iu.test(tag) ? name : null;
      },
      ontext(piece) {
        if (entry && field) entry[field] = (entry[field] ?? '') + piece;
      },
      onclosetag(tag, implied) {
        depth -= 1;
        field = null;
        const name = localName(tag);
        if ((name !== 'url' && name !== 'sitemap') || !entry) return;
        const kept = name === 'url' ? found.pages : found.sitemaps;
        const url = entry['loc']?.trim() ?? '';
        // Where the file breaks off, so may the address.
        if (!implied && url !== '' && kept.length < MOST_ENTRIES) {
          const date = (entry['publication_date'] ?? entry['lastmod'] ?? '').trim();
          kept.push({ url, changedAt: date === '' ? null : readDate(date.slice(0, 60), now) });
        }
        entry = null;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(text);
  if (depth <= DEEPEST) parser.end();
  return found;
}

const localName = (tag: string): string => tag.slice(tag.indexOf(':') + 1).toLowerCase();

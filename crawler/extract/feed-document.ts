import { parseFeed } from 'feedsmith';
import { NotGot } from '../errors.ts';

/** One entry of a feed, whatever its format; HTML where the format allows it. */
export type FeedEntry = {
  id: string | null;
  link: string | null;
  title: string | null;
  content: string | null;
  date: string | null;
};

/**
 * Reads the entries of a feed document in any of the four formats.
 * @throws NotGot `not-a-feed`
 */
export function feedEntries(text: string): FeedEntry[] {
  const parsed = parse(text.trimStart());
  switch (parsed.format) {
    case 'rss':
      return (parsed.feed.items ?? []).map((item) => ({
        id: item.guid?.value ?? null,
        link: item.link ?? null,
        title: item.title ?? null,
        content: item.content?.encoded ?? item.description ?? null,
        date: item.pubDate ?? item.dc?.dates?.[0] ?? null,
      }));
    case 'rdf':
      return (parsed.feed.items ?? []).map((item) => ({
        id: item.rdf?.about ?? null,
        link: item.link ?? null,
        title: item.title ?? null,
        content: item.content?.encoded ?? item.description ?? null,
        date: item.dc?.dates?.[0] ?? null,
      }));
    case 'atom':
      return (parsed.feed.entries ?? []).map((entry) => ({
        id: entry.id ?? null,
        link: (entry.links ?? []).find((link) => (link.rel ?? 'alternate') === 'alternate')?.href ?? null,
        title: entry.title?.value ?? null,
        content: entry.content?.value ?? entry.summary?.value ?? null,
        date: entry.published ?? entry.updated ?? null,
      }));
    case 'json':
      return (parsed.feed.items ?? []).map((item) => ({
        id: item.id ?? null,
        link: item.url ?? item.external_url ?? null,
        title: item.title ?? null,
        content: item.content_html ?? item.content_text ?? item.summary ?? null,
        date: item.date_published ?? item.date_modified ?? null,
      }));
  }
}

function parse(text: string) {
  try {
    // Dates stay as they are written: reading them, with the zone that Chinese sites leave out, is `readDate`'s.
    return parseFeed(text);
  } catch (cause) {
    throw new NotGot('not-a-feed', { cause });
  }
}

import { parseFeed } from 'feedsmith';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readDate } from '../extract/dates.ts';
import { plainText } from '../extract/plain-text.ts';
import type { VisitKind } from './contract.ts';

/** One entry of a feed, whatever its format; HTML where the format allows it. */
export type FeedEntry = {
  id: string | null;
  link: string | null;
  title: string | null;
  content: string | null;
  date: string | null;
};

/** RSS 2.0, RSS 1.0, Atom and JSON Feed. */
export const visitFeed: VisitKind<'feed'> = async (source, tools) => {
  const page = await tools.fetcher.getText(source.url, tools.conditional);
  if (page === null) return { unchanged: true };
  const entries = feedEntries(page.text);
  const drafts: Draft[] = [];
  for (const entry of entries) {
    try {
      drafts.push(draftOf(entry, page.url, source.outlet ?? source.name, tools.now));
    } catch (error) {
      tools.missed(
        entry.link ?? source.url,
        error instanceof NotGot ? error : new NotGot('item-broken', { cause: error }),
      );
    }
  }
  await tools.emit(drafts);
  return {
    unchanged: false,
    expected: entries.length,
    got: drafts.length,
    conditional: { etag: page.etag, lastModified: page.lastModified },
  };
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

function draftOf(entry: FeedEntry, base: string, outlet: string, now: number): Draft {
  // A link may be relative to the feed; an id only serves as an address when it is a whole one.
  const url = entry.link ? canonicalUrl(entry.link, base) : canonicalUrl(entry.id ?? '');
  if (url === null) throw new NotGot('no-address');
  const text = plainText(entry.content ?? '');
  const title = entry.title === null ? null : plainText(entry.title) || null;
  if (text === '' && title === null) throw new NotGot('no-text');
  return {
    kind: 'article',
    url,
    externalId: entry.id,
    parentUrl: null,
    title,
    text: text === '' ? (title ?? '') : text,
    publishedAt: entry.date === null ? null : readDate(entry.date, now),
    outlet,
    counts: { likes: null, comments: null, shares: null },
  };
}

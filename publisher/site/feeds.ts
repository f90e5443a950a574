import { generateAtomFeed, generateJsonFeed, generateRssFeed } from 'feedsmith';
import { articleAddress, feedAddress, listAddress, type FeedKind, type Site } from './site.ts';
import { wellFormed } from './xml.ts';

/** An article as feeds carry it, with its whole text. */
export type FeedEntry = {
  slug: string;
  title: string;
  summary: string;
  html: string;
  publishedAt: Date;
  updatedAt: Date | null;
  officeName: string;
  keywords: readonly string[];
  /** Address without host. */
  image: string | null;
};
/** What a feed is of. `key` null: everything that the site publishes. */
export type FeedOf = { key: string | null; name: string; description: string };

/**
 * A list of articles, the newest first, as RSS 2.0, Atom (RFC 4287) or JSON Feed 1.1. All three say the same: permanent
 * addresses as ids, whole texts with whole addresses, and when something was corrected.
 */
export function feed(kind: FeedKind, site: Site, of: FeedOf, entries: readonly FeedEntry[]): string {
  const whole = entries.map((entry) => ({
    ...entry,
    title: wellFormed(entry.title),
    summary: wellFormed(entry.summary),
    html: wellFormed(withHost(site, entry.html)),
    keywords: entry.keywords.map(wellFormed),
    officeName: wellFormed(entry.officeName),
    image: entry.image === null ? null : site.address + entry.image,
    link: articleAddress(site, entry.slug),
  }));
  const head = {
    title: wellFormed(of.key === null ? site.name : `${of.name} - ${site.name}`),
    description: wellFormed(of.description),
    home: listAddress(site, { column: of.key }),
    self: feedAddress(site, kind, of.key),
    changedAt: lastChange(entries),
  };
  switch (kind) {
    case 'rss.xml':
      return rss(head, whole);
    case 'atom.xml':
      return atom(site, head, whole);
    case 'feed.json':
      return json(site, head, whole);
  }
}

type Head = { title: string; description: string; home: string; self: string; changedAt: Date | null };
type Whole = FeedEntry & { link: string };

/** When anything in a list last changed; null: nothing is in it. */
export function lastChange(entries: readonly Pick<FeedEntry, 'publishedAt' | 'updatedAt'>[]): Date | null {
  const times = entries.map(({ publishedAt, updatedAt }) => (updatedAt ?? publishedAt).getTime());
  return times.length === 0 ? null : new Date(Math.max(...times));
}

function rss({ title, description, home, self, changedAt }: Head, entries: readonly Whole[]): string {
  return generateRssFeed({
    ...{ title, link: home, description, language: 'zh-CN', ttl: 5 },
    ...(changedAt && { lastBuildDate: changedAt }),
    atom: { links: [{ href: self, rel: 'self', type: 'application/rss+xml' }] },
    items: entries.map(({ title: name, link, publishedAt, summary, html, keywords, officeName }) => ({
      ...{ title: name, link, guid: { value: link, isPermaLink: true }, pubDate: publishedAt },
      ...(summary !== '' && { description: summary }),
      categories: keywords.map((keyword) => ({ name: keyword })),
      dc: { creators: [officeName] },
      content: { encoded: html },
    })),
  });
}

function atom(site: Site, { title, description, home, self, changedAt }: Head, entries: readonly Whole[]) {
  return generateAtomFeed({
    ...{ id: self, title: { value: title }, subtitle: { value: description } },
    // Required also of a feed with nothing in it (RFC 4287, 4.1.1): it has not changed since time began.
    updated: changedAt ?? new Date(0),
    authors: [{ name: site.office }],
    links: [
      { href: self, rel: 'self', type: 'application/atom+xml' },
      { href: home, rel: 'alternate', type: 'text/html' },
    ],
    entries: entries.map((entry) => ({
      ...{ id: entry.link, title: { value: entry.title } },
      ...{ published: entry.publishedAt, updated: entry.updatedAt ?? entry.publishedAt },
      authors: [{ name: entry.officeName }],
      categories: entry.keywords.map((term) => ({ term })),
      links: [{ href: entry.link, rel: 'alternate', type: 'text/html' }],
      ...(entry.summary !== '' && { summary: { value: entry.summary } }),
      content: { value: entry.html, type: 'html' },
    })),
  });
}

function json(site: Site, { title, description, home, self }: Head, entries: readonly Whole[]): string {
  const made = generateJsonFeed({
    ...{ title, home_page_url: home, feed_url: self, description, language: 'zh-CN' },
    authors: [{ name: site.office, url: home }],
    items: entries.map((entry) => ({
      ...{ id: entry.link, url: entry.link, title: entry.title, content_html: entry.html },
      ...(entry.summary !== '' && { summary: entry.summary }),
      ...(entry.image !== null && { image: entry.image }),
      date_published: entry.publishedAt,
      ...(entry.updatedAt && { date_modified: entry.updatedAt }),
      tags: [...entry.keywords],
      authors: [{ name: entry.officeName }],
    })),
  });
  return JSON.stringify(made);
}

/**
 * Readers of feeds have no page that an address without host could belong to. In what `siteHtml` renders a quote within
 * words is always escaped, so that these attributes can be told by their first letters.
 */
export function withHost({ address }: Site, html: string): string {
  return html.replaceAll(/ (src|href)="\/(?!\/)/g, ` $1="${address}/`);
}

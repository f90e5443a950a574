/** The public website, as it calls itself. */
export type Site = {
  name: string;
  /** The hub's own office: whose website it is. */
  office: string;
  /** Scheme and host, without a slash at the end. */
  address: string;
  /** 政府网站标识码; null: it has none. */
  idCode: string | null;
};

export const newsAddress = ({ address }: Site): string => `${address}/news`;
export const articleAddress = (site: Site, slug: string): string => `${newsAddress(site)}/${slug}`;

/** @param office code of the only office whose articles are shown; null: of all */
export function listAddress(
  site: Site,
  { column, office = null, page = 1 }: { column: string | null; office?: string | null; page?: number },
): string {
  const path = column === null ? newsAddress(site) : `${newsAddress(site)}/columns/${column}`;
  const query = new URLSearchParams([
    ...(office === null ? [] : [['office', office]]),
    ...(page === 1 ? [] : [['page', String(page)]]),
  ]).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Feeds of a list by their names in addresses. */
export const feedKinds = ['rss.xml', 'atom.xml', 'feed.json'] as const;
export type FeedKind = (typeof feedKinds)[number];
export const feedTypes: Readonly<Record<FeedKind, string>> = {
  'rss.xml': 'application/rss+xml',
  'atom.xml': 'application/atom+xml',
  'feed.json': 'application/feed+json',
};

export function feedAddress(site: Site, kind: FeedKind, column: string | null): string {
  return `${listAddress(site, { column })}/${kind}`;
}

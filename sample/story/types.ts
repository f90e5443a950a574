/** The six sample sites, each of a different make. */
export const siteKeys = ['news', 'forum', 'weibo', 'rss', 'atom', 'jsonfeed'] as const;
export type SiteKey = (typeof siteKeys)[number];

export type ItemKind = 'article' | 'post' | 'thread' | 'reply';
export type Storyline = 'everyday' | 'praised' | 'burst' | 'slow' | 'noise';
export type Tone = 'negative' | 'neutral' | 'positive';

/** One thing that somebody published on a sample site. It never changes once it has appeared. */
export interface Item {
  /** `<site>-<number>` for what stands alone; replies add `-<n>` to what they answer. */
  readonly id: string;
  readonly site: SiteKey;
  readonly kind: ItemKind;
  /** For a reply: the thread, or the news article, that it stands under. */
  readonly threadId?: string;
  readonly title?: string;
  /** Paragraphs, one per line. */
  readonly text: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly storyline: Storyline;
  /** Ground truth for tests; no page shows it. */
  readonly tone: Tone;
  readonly likes: number;
  readonly comments: number;
  readonly shares: number;
  /** Id of the item that this one repeats. */
  readonly reprintOf?: string;
}

export interface WorldOptions {
  seed: number;
  /** Unix milliseconds: "now" of the first start. Later starts pass the same number and get the same story. */
  anchor: number;
}

export interface World {
  readonly seed: number;
  readonly anchor: number;
  /** The earliest moment of the story: 60 days before the anchor. */
  readonly start: number;
  /**
   * What the site holds at `until`, oldest first; the same array until something appears. Items are only ever added,
   * except for the lively extra after the anchor, which leaves the sites after two days so that memory stays bounded.
   */
  items(site: SiteKey, until: number): readonly Item[];
  /** One item by its id, or undefined when it is unknown or has not appeared by `until`. */
  find(id: string, until: number): Item | undefined;
  /** Replies under a thread or an article, oldest first. */
  replies(threadId: string, until: number): readonly Item[];
}

/** The number in an item's id, as the sites put it into addresses. */
export function numberOf(item: Pick<Item, 'id'>): string {
  return item.id.slice(item.id.indexOf('-') + 1);
}

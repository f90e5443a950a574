/**
 * What a crawler hands to the indexer: one item as it stood on the source, before any step has touched it.
 *
 * A draft never carries anything about its author. The crawler drops names, handles, avatars, profile links and
 * address-derived places while it reads the page, so that no later part can store what it never received.
 */
export type Draft = {
  kind: PostKind;
  /** Absolute http(s) address a person can open; for a comment without its own address, that of its page. */
  url: string;
  /** The item's id within its source, where the source has one; else null and the address identifies it. */
  externalId: string | null;
  /** Address of the article or thread that a comment answers; null for articles and posts. */
  parentUrl: string | null;
  title: string | null;
  /** Plain text, paragraphs parted by `\n`. */
  text: string;
  /** Unix milliseconds (UTC) as the source states it; null when it states none that can be read. */
  publishedAt: number | null;
  /** The institution that published it (newspaper, site, forum), never a person. */
  outlet: string | null;
  /** Interaction as counted by the source; null where it shows none (unknown is not zero). */
  counts: {
    likes: number | null;
    comments: number | null;
    shares: number | null;
    /** How many there were of it, where the source has counted them (an aggregate of a hotline). */
    times?: number | null;
  };
};

/** What came in a file or was sent, and may stand nowhere that a person could open: its id tells it apart. */
export type SentDraft = Omit<Draft, 'url' | 'externalId'> & { url: string | null; externalId: string };

export type AnyDraft = Draft | SentDraft;

/** What a draft is told apart by within its source: its own id where it has one, else its canonical address. */
export function keyOf(draft: AnyDraft): string {
  return draft.externalId ?? (draft.url as string);
}

export type PostKind = 'article' | 'post' | 'comment';

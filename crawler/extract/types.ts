/** One comment or reply under an article or in a thread. Nothing about who wrote it. */
export type ExtractedComment = {
  text: string;
  /** Unix milliseconds (UTC), or null when the page shows no readable time. */
  publishedAt: number | null;
  likes: number | null;
};

/** What one page says, null where the page does not say it. */
export type Extracted = {
  title: string | null;
  /** Plain text of the main content, paragraphs parted by `\n`. */
  text: string | null;
  /** Unix milliseconds (UTC), or null when the page shows no readable time. */
  publishedAt: number | null;
  /** The publishing institution as the page names it. */
  outlet: string | null;
  /** The page's own canonical address when it is absolute or can be made so; else null. */
  canonicalUrl: string | null;
  comments: ExtractedComment[];
};

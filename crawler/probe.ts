import { NotGot } from './errors.ts';
import { extractPage } from './extract/article.ts';
import { articleLinks, nextPage } from './extract/links.ts';
import { plainText } from './extract/plain-text.ts';
import type { Extracted } from './extract/types.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import { feedEntries, type FeedEntry } from './extract/feed-document.ts';

/** What an address turned out to be, and what a visit would get from it. Times as ISO 8601 in UTC. */
export type Probe =
  | { url: string; is: 'feed'; entries: FeedEntry[] }
  | {
      url: string;
      is: 'page';
      article: Omit<Extracted, 'publishedAt'> & { publishedAt: string | null };
      links: { url: string; title: string }[];
      next: string | null;
    };

/** Reads one address without knowing what it is. @throws NotGot with the reason */
export async function probeAddress(address: string, fetcher: Fetcher, now: number): Promise<Probe> {
  const page = await fetcher.getText(address);
  if (page === null) throw new NotGot('no-text');
  const { url, text } = page;
  const entries = asFeed(text);
  if (entries) {
    const shown = entries.map((entry) => ({
      ...entry,
      content: entry.content === null ? null : plainText(entry.content),
    }));
    return { url, is: 'feed', entries: shown };
  }
  const article = extractPage(text, url, now);
  const publishedAt = article.publishedAt === null ? null : new Date(article.publishedAt).toISOString();
  return {
    url,
    is: 'page',
    article: { ...article, publishedAt },
    links: articleLinks(text, url),
    next: nextPage(text, url),
  };
}

function asFeed(text: string): FeedEntry[] | null {
  try {
    return feedEntries(text);
  } catch {
    return null;
  }
}

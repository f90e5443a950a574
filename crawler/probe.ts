import { NotGot } from './errors.ts';
import { extractFrom } from './extract/article.ts';
import { feedEntries, type FeedEntry } from './extract/feed-document.ts';
import { jsonShape, type JsonShape } from './extract/json-shape.ts';
import { articleLinks, nextPage } from './extract/links.ts';
import { readPage } from './extract/page.ts';
import { pageSigns, type PageSigns } from './extract/page-signs.ts';
import { plainText } from './extract/plain-text.ts';
import type { Extracted } from './extract/types.ts';
import type { Fetcher } from './fetch/fetcher.ts';

/** What an address turned out to be, and what a visit would get from it. Times as ISO 8601 in UTC. */
export type Probe =
  | { url: string; is: 'feed'; title: string | null; entries: FeedEntry[] }
  /** `shape` is a guess; null when nothing in the answer looks like a list of items. */
  | { url: string; is: 'json'; shape: JsonShape | null }
  | {
      url: string;
      is: 'page';
      article: Omit<Extracted, 'publishedAt'> & { publishedAt: string | null };
      links: { url: string; title: string }[];
      next: string | null;
      signs: PageSigns;
    };

/** Reads one address without knowing what it is. @throws NotGot with the reason */
export async function probeAddress(
  address: string,
  fetcher: Pick<Fetcher, 'getText'>,
  now: number,
): Promise<Probe> {
  const page = await fetcher.getText(address);
  if (page === null) throw new NotGot('no-text');
  const { url, text } = page;
  const entries = asFeed(text);
  if (entries) {
    const shown = entries.map((entry) => ({
      ...entry,
      content: entry.content === null ? null : plainText(entry.content),
    }));
    return { url, is: 'feed', title: feedTitle(text), entries: shown };
  }
  const body = asJson(text);
  if (body !== undefined) return { url, is: 'json', shape: jsonShape(body, now) };
  const read = readPage(text, url);
  // Before the article is looked for, which takes parts out of the page.
  const signs = pageSigns(read);
  const article = extractFrom(read, now);
  const publishedAt = article.publishedAt === null ? null : new Date(article.publishedAt).toISOString();
  return {
    url,
    is: 'page',
    article: { ...article, publishedAt },
    links: articleLinks(text, url),
    next: nextPage(text, url),
    signs,
  };
}

function asFeed(text: string): FeedEntry[] | null {
  try {
    return feedEntries(text);
  } catch {
    return null;
  }
}

/** What the feed calls itself: the first title of the document, or the name in a JSON Feed. */
function feedTitle(text: string): string | null {
  const head = text.slice(0, 20_000);
  const json = asJson(text) as { title?: unknown } | undefined;
  if (typeof json?.title === 'string') return json.title.trim() || null;
  const [, title = ''] = /<(?:\w+:)?title(?:\s[^>]*)?>([\s\S]{0,1000}?)<\/(?:\w+:)?title>/i.exec(head) ?? [];
  return plainText(title.replace(/^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/, '$1')) || null;
}

/** Undefined when the text is no object or list in JSON. */
function asJson(text: string): unknown {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

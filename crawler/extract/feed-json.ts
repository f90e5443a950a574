import { NotGot } from '../errors.ts';
import type { FeedEntry } from './feed-document.ts';
import { escapeHtml } from './xml.ts';

type Members = Record<string, unknown>;

/**
 * Reads the entries of a JSON Feed (1 and 1.1). A value of the wrong type counts as absent.
 * @throws NotGot `not-a-feed`
 */
export function jsonFeedEntries(text: string): FeedEntry[] {
  const feed = parse(text);
  // Other interfaces answer with items as well: only the version says what this is.
  if (!string(feed['version'])?.includes('jsonfeed.org/version/') || !Array.isArray(feed['items']))
    throw new NotGot('not-a-feed');
  return feed['items'].map((one: unknown) => {
    const item = isMembers(one) ? one : {};
    const html = string(item['content_html']);
    const plain = string(item['content_text']);
    const summary = string(item['summary']);
    const title = string(item['title']);
    return {
      id: string(item['id']),
      link: string(item['url']) ?? string(item['external_url']),
      title: asHtml(title),
      content: html ?? asHtml(plain ?? summary),
      whole: html !== null || plain !== null,
      date: string(item['date_published']) ?? string(item['date_modified']),
    };
  });
}

function parse(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return isMembers(value) ? value : {};
  } catch {
    // The parser's own message quotes the document: it goes no further.
    throw new NotGot('not-a-feed');
  }
}

const asHtml = (text: string | null): string | null => (text === null ? null : escapeHtml(text));

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** A text that says something, null for anything else. The first version of the format let an id be a number. */
function string(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return null;
  // JSON can write characters that no text has and no database takes.
  return value.replaceAll('\0', '').toWellFormed().trim() || null;
}

import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readDate } from '../extract/dates.ts';
import { feedEntries, type FeedEntry } from '../extract/feed-document.ts';
import { plainText } from '../extract/plain-text.ts';
import type { VisitKind } from './contract.ts';

/** RSS 2.0, RSS 1.0, Atom and JSON Feed. */
export const visitFeed: VisitKind<'feed'> = async (source, tools) => {
  const page = await tools.fetcher.getText(source.url, tools.conditional);
  if (page === null) return { unchanged: true };
  const entries = feedEntries(page.text, page.url);
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

import type { FeedSource } from '../../config/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import { NotGot } from '../errors.ts';
import { withoutCredits } from '../extract/boilerplate.ts';
import { canonicalUrl } from '../extract/canonical.ts';
import { readDate } from '../extract/dates.ts';
import { feedEntries, type FeedEntry } from '../extract/feed-document.ts';
import { plainText } from '../extract/plain-text.ts';
import { fullerText, isSummary } from '../extract/summary.ts';
import type { VisitKind, VisitTools } from './contract.ts';
import { readLinked, type LinkedPage } from './linked.ts';
import { readWhole } from './whole-page.ts';

/** Full texts that one visit fetches at the most; a feed rarely lists more than fifty entries. */
const MOST_TEXTS = 200;

/** RSS, Atom and JSON Feed; where an entry is only a summary, the article behind its link is read. */
export const visitFeed: VisitKind<'feed'> = async (source, tools) => {
  const outlet = source.outlet ?? source.name;
  const { fullText } = source.settings as FeedSource['settings'];
  const page = await tools.fetcher.getText(source.url, tools.conditional);
  const entries = page === null ? [] : feedEntries(page.text, page.url);
  const items: Item[] = [];
  for (const entry of entries) {
    try {
      const draft = draftOf(entry, page?.url ?? source.url, outlet, tools.now);
      // Without a word of its own, an entry is as good as what its link leads to.
      if (draft.text === '' && fullText === 'never') throw new NotGot('no-text');
      items.push({ draft, summary: isSummary(draft.text, draft.title, entry.whole) });
    } catch (error) {
      tools.missed(
        entry.link ?? source.url,
        error instanceof NotGot ? error : new NotGot('item-broken', { cause: error }),
      );
    }
  }
  const unknown = await tools.unknown(items.map(({ draft }) => keyOf(draft)));
  const fresh = items.filter(({ draft }) => unknown.has(keyOf(draft)));
  const short = new Map(
    fresh.flatMap(({ draft, summary }) =>
      fullText === 'always' || (fullText === 'auto' && summary) ? [[draft.url, draft]] : [],
    ),
  );
  await tools.emit(fresh.flatMap(({ draft }) => (short.get(draft.url) === draft ? [] : [draft])));
  const linked = await readLinked(
    {
      wanted: [...short.keys()].slice(0, MOST_TEXTS),
      most: MOST_TEXTS,
      read: (url) => readArticle(url, short.get(url) ?? null, outlet, tools),
      // An early word is worth more than a whole text: the summary is stored at once.
      instead: (url) => {
        const draft = short.get(url);
        return draft === undefined || draft.text === '' ? [] : [draft];
      },
    },
    tools,
  );
  const rest = [...short.values()].slice(MOST_TEXTS);
  await tools.emit(rest);
  for (const { url } of rest) tools.missed(url, new NotGot('summary-only'), true);
  if (page === null && linked.failed === 0) return { unchanged: true };
  return {
    unchanged: false,
    expected: entries.length,
    got: items.length - linked.notGot,
    conditional: page === null ? tools.conditional : { etag: page.etag, lastModified: page.lastModified },
  };
};

type Item = { draft: Draft; /** There is more of it behind its link. */ summary: boolean };

const keyOf = (draft: Draft): string => draft.externalId ?? draft.url;

/**
 * The article behind an entry, with its comments. Without an entry (it was read before, and is for its comments now) only
 * those: the article stands under the entry's own id.
 * @throws NotGot
 */
async function readArticle(
  url: string,
  entry: Draft | null,
  outlet: string,
  tools: VisitTools,
): Promise<LinkedPage> {
  const page = await readWhole(url, outlet, {}, tools);
  const [article, ...comments] = page.drafts;
  if (entry === null || article === undefined) return { ...page, drafts: comments };
  const whole = {
    ...article,
    externalId: entry.externalId,
    title: entry.title ?? article.title,
    text: fullerText(entry.text, article.text),
    publishedAt: entry.publishedAt ?? article.publishedAt,
  };
  return { ...page, drafts: [whole, ...comments], publishedAt: whole.publishedAt };
}

function draftOf(entry: FeedEntry, base: string, outlet: string, now: number): Draft {
  // A link may be relative to the feed; an id only serves as an address when it is a whole one.
  const url = entry.link ? canonicalUrl(entry.link, base) : canonicalUrl(entry.id ?? '');
  if (url === null) throw new NotGot('no-address');
  const text = withoutCredits(plainText(entry.content ?? ''));
  const title = entry.title === null ? null : plainText(entry.title) || null;
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

import { generateRssFeed } from 'feedsmith';
import { RetryLater } from '../../../../../config/errors.ts';
import type { SearchHit } from '../../../../../indexer/search/result.ts';
import { officeById } from '../../../../../store/offices.ts';
import type { SavedSearch } from '../../../../../store/saved-searches.ts';
import { within } from '../../../../../store/scope.ts';
import { searchMessages } from '../../../../lib/messages/search.ts';
import { messages } from '../../../../lib/messages.ts';
import { readSearch } from '../../../../lib/search-params.ts';
import { openFeed, publicDb, type Reading } from '../../../../lib/server/desk.ts';
import { hub } from '../../../../lib/server/hub.ts';
import { searchAs, type Searcher } from '../../../../lib/server/searching.ts';
import type { RequestHandler } from './$types';

const ITEMS = 30;
const words = searchMessages.feed;
/** Readers come by themselves, so that the address is all that they have; nothing on the way may keep what it gives. */
const HEADERS = {
  'cache-control': 'private, no-store',
  'x-robots-tag': 'noindex',
  'referrer-policy': 'no-referrer',
};

/** The newest posts of a saved search, within what its person may read at this moment. */
export const GET: RequestHandler = async ({ params }) => {
  const feed = await openFeed(params.token);
  const searcher = feed && (await searcherOf(feed.saved, feed.reading));
  if (!searcher) return new Response(words.gone, { status: 410, headers: HEADERS });
  try {
    const search = { ...readSearch(new URLSearchParams(feed.saved.query)), sort: 'time' as const };
    const { hits } = await searchAs(searcher, search, {
      page: 1,
      perPage: ITEMS,
      exact: search.like === null,
    });
    const office = await officeById(publicDb(), feed.saved.officeId);
    return new Response(rss(feed.saved.name, office?.name ?? '', hits), {
      headers: { ...HEADERS, 'content-type': 'application/rss+xml; charset=utf-8' },
    });
  } catch (error) {
    // An empty feed would say that there is nothing.
    if (!(error instanceof RetryLater)) throw error;
    return new Response(`${error.message}\n`, { status: 503, headers: { ...HEADERS, 'retry-after': '300' } });
  }
};

/** Null: the office that was chosen is out of reach. */
async function searcherOf({ query }: SavedSearch, desk: Reading): Promise<Searcher | null> {
  const { office, only } = readSearch(new URLSearchParams(query));
  if (office === null) return { ...desk, all: true };
  if (!desk.scope.every && !desk.scope.offices.includes(office)) return null;
  return { ...desk, offices: only ? [office] : await within(desk.db, desk.scope, office), all: false };
}

function rss(name: string, office: string, hits: readonly SearchHit[]): string {
  const { address } = hub().runtime;
  return generateRssFeed({
    title: words.title(name, office),
    link: `${address}/search/saved`,
    description: words.description,
    language: 'zh-CN',
    ttl: 10,
    items: hits.map(({ id, title, text, at }) => {
      const link = `${address}/posts/${id}`;
      const plain = (parts: readonly { text: string }[]) => parts.map((part) => part.text).join('');
      return {
        title: title === null ? messages.search.untitled : plain(title),
        ...{ link, guid: { value: link, isPermaLink: true }, pubDate: at, description: plain(text) },
      };
    }),
  });
}

import type { SourceKind } from '../config/sources.ts';
import { asNotGot, NotGot, type ReasonCode } from './errors.ts';
import { sourceName } from './extract/page-signs.ts';
import type { JsonShape } from './extract/json-shape.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import { probeAddress, type Probe } from './probe.ts';

/** What an address is, as far as adding a source goes. */
export type Found = 'feed' | 'list' | 'article' | 'api' | 'json' | 'script' | 'login' | 'nothing';

/** A source that could be made of the address, the best first. */
export type Choice = { kind: SourceKind | 'browser'; url: string; name: string; settings: unknown };

export type Recognised = {
  /** Where the address led. */
  url: string;
  is: Found;
  title: string | null;
  choices: Choice[];
  /** Links to articles on the page. */
  links: number;
  /** Feeds that the page names and that could not be read. */
  deadFeeds: { url: string; reason: ReasonCode }[];
};

/** So many links to articles make a list; fewer stand under every article. */
const LEAST_LINKS = 5;
/** Characters of a text that stands for itself. */
const LEAST_TEXT = 120;
const MOST_FEEDS = 4;

/**
 * Says what an address is and which sources could be made of it: the feed that it is, feeds that the page names (each
 * read before it is offered), the list that it shows, the interface that answers there.
 * @throws NotGot when the address itself cannot be had
 */
export async function recognise(
  address: string,
  tools: { fetcher: Fetcher; now: number; tell?: (step: 'page' | 'feeds') => void },
): Promise<Recognised> {
  tools.tell?.('page');
  const probe = await probeAddress(address, tools.fetcher, tools.now);
  const host = new URL(probe.url).hostname;
  const nothing = { url: probe.url, choices: [], links: 0, deadFeeds: [] };
  if (probe.is === 'feed') {
    const name = sourceName(probe.title, null, host);
    const choices = [{ kind: 'feed' as const, url: probe.url, name, settings: {} }];
    return { ...nothing, is: 'feed', title: probe.title, choices };
  }
  if (probe.is === 'json') {
    if (!probe.shape) return { ...nothing, is: 'json', title: null };
    const choices = [apiChoice(probe.url, probe.shape)];
    return { ...nothing, is: 'api', title: host, choices };
  }
  return ofPage(probe, tools);
}

async function ofPage(
  probe: Probe & { is: 'page' },
  tools: { fetcher: Fetcher; now: number; tell?: (step: 'page' | 'feeds') => void },
): Promise<Recognised> {
  const { url, signs, links, article } = probe;
  const name = sourceName(signs.title, signs.siteName, new URL(url).hostname);
  const feeds = signs.feeds.slice(0, MOST_FEEDS);
  if (feeds.length > 0) tools.tell?.('feeds');
  const choices: Choice[] = [];
  const deadFeeds: Recognised['deadFeeds'] = [];
  for (const feed of feeds) {
    try {
      const read = await probeAddress(feed.url, tools.fetcher, tools.now);
      if (read.is !== 'feed' || read.entries.length === 0) throw new NotGot('not-a-feed');
      const own = sourceName(read.title ?? feed.title, null, new URL(read.url).hostname);
      choices.push({ kind: 'feed', url: read.url, name: own, settings: {} });
    } catch (error) {
      deadFeeds.push({ url: feed.url, reason: asNotGot(error).code });
    }
  }
  const isList = links.length >= LEAST_LINKS;
  const long = (article.text?.length ?? 0) >= LEAST_TEXT;
  // An article with many others beside it is still one when it fills the page.
  const isArticle = long && article.publishedAt !== null && !(isList && probe.next !== null);
  const is: Found = signs.login
    ? 'login'
    : isArticle
      ? 'article'
      : isList
        ? 'list'
        : signs.needsScript
          ? 'script'
          : long
            ? 'article'
            : 'nothing';
  if (isList && !signs.login) choices.push({ kind: 'site', url, name, settings: {} });
  if (is === 'script') choices.push({ kind: 'browser', url, name, settings: {} });
  return { url, is, title: signs.title ?? article.title, choices, links: links.length, deadFeeds };
}

function apiChoice(url: string, shape: JsonShape): Choice {
  const settings = {
    items: shape.items,
    fields: { ...shape.fields, ...(shape.url !== null && { url: shape.url }) },
    // Somebody has to put the right one in its place: an interface does not say where its pages are.
    ...(shape.url === null && { urlTemplate: `${new URL(url).origin}/{id}` }),
    ...(shape.next !== null && { next: shape.next }),
  };
  return { kind: 'api', url, name: sourceName(null, null, new URL(url).hostname), settings };
}

import type { Page } from './page.ts';
import { attribute, isElement, squeeze, textOf, walk } from './dom.ts';
import { sizeOf } from './page.ts';

/** What a page shows of itself beside its text: what it is to be read by. */
export type PageSigns = {
  /** Feeds that the page names, in its order, each address once; absolute, not yet looked at. */
  feeds: { url: string; title: string }[];
  /** The page asks for a password and says next to nothing else. */
  login: boolean;
  /** There is next to no text, and scripts that would make some. */
  needsScript: boolean;
  /** What the site calls itself; null when it does not say. */
  siteName: string | null;
  /** The title of the window. */
  title: string | null;
};

const FEED_TYPE = /^(?:application|text)\/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)/i;
/** Links in the page's body that lead to a feed without saying so in the head. */
const FEED_PATH = /(?:\/(?:rss|feed|atom)(?:\/|\.xml|\.json)?|\/(?:index|feed)\.(?:rss|atom|rdf)|\.rss)$/i;
const FEED_WORD = /^(?:rss|atom|订阅|rss订阅|feed)$/i;
const MOST_FEEDS = 8;

/** Characters of text (see Block.size) below which a page has nothing to read. */
const LITTLE_TEXT = 120;
const LOGIN_TEXT = 400;

/** Containers into which the usual frameworks draw. */
const APP_ROOT = /^(?:app|root|__next|__nuxt|main-app|ice-container)$/i;

/** Reads the signs of a page. Never throws; linear in the page. */
export function pageSigns(page: Page): PageSigns {
  const feeds = new Map<string, string>();
  let scripts = 0;
  let passwords = 0;
  let appRoot = false;
  walk(page.root, (node) => {
    if (!isElement(node)) return true;
    if (node.name === 'script' && !/json/i.test(attribute(node, 'type'))) scripts += 1;
    else if (node.name === 'input' && /^password$/i.test(attribute(node, 'type'))) passwords += 1;
    else if (node.name === 'div' && APP_ROOT.test(attribute(node, 'id'))) appRoot = true;
    else if (node.name === 'link' || node.name === 'a') addFeed(feeds, node, page.url);
    return true;
  });
  const size = page.blocks.reduce((sum, block) => sum + block.size, 0);
  return {
    feeds: [...feeds].map(([url, title]) => ({ url, title })),
    login: passwords > 0 && size < LOGIN_TEXT,
    needsScript: scripts > 0 && size < (appRoot ? 2 * LITTLE_TEXT : LITTLE_TEXT),
    siteName: page.metas.get('og:site_name') ?? page.metas.get('application-name') ?? null,
    title: page.headTitle || null,
  };
}

function addFeed(feeds: Map<string, string>, node: Parameters<typeof attribute>[0], base: string): void {
  if (feeds.size >= MOST_FEEDS) return;
  const url = URL.parse(attribute(node, 'href'), base);
  if (!url || !/^https?:$/.test(url.protocol)) return;
  url.hash = '';
  const named =
    node.name === 'link'
      ? /(?:^|\s)alternate(?:\s|$)/i.test(attribute(node, 'rel')) && FEED_TYPE.test(attribute(node, 'type'))
      : FEED_PATH.test(url.pathname) || FEED_WORD.test(textOf(node, 20));
  if (!named || feeds.has(url.href)) return;
  feeds.set(url.href, squeeze(attribute(node, 'title')));
}

/** What every site calls its first page. */
const NO_NAME = /^(?:首页|主页|网站首页|欢迎.{0,12}|home(?:page)?|index|welcome.{0,20})$/iu;
const PARTS = /\s*(?:[|｜_—–]|\s-\s|--|·|»|>>)\s*/u;

/**
 * A short name for a source: what its page calls itself, without the slogans behind it.
 * @param most UTF-16 units
 */
export function sourceName(title: string | null, siteName: string | null, host: string, most = 40): string {
  const parts = squeeze(title ?? '')
    .split(PARTS)
    .filter((part) => part !== '' && !NO_NAME.test(part));
  const first = parts[0] ?? '';
  const site = squeeze(siteName ?? '');
  const name = first === '' ? site || host : site === '' || first.includes(site) ? first : `${site} ${first}`;
  return sizeOf(name) > 0 ? name.slice(0, most).trim() : host;
}

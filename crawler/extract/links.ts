import { selectAll } from 'css-select';
import { compiled } from './compiled.ts';
import type { Document, Element } from 'domhandler';
import { attribute, isElement, parsePage, textOf, walk } from './dom.ts';
import { isForumAddress } from './forum.ts';
import { ofScript } from './further-pages.ts';
import { baseOf, linkTarget, siteOf } from './link-targets.ts';
import { numberInSeries } from './page-series.ts';

/** A link to an article as a list page shows it. `url` is absolute, http(s), without fragment. */
export type ArticleLink = { url: string; title: string };

/** Longer ones are made to trap programs. */
const LONGEST_ADDRESS = 2_000;

type Anchor = { url: URL; title: string; element: Element; inChrome: boolean };

const CHROME_TAGS = new Set(['nav', 'footer', 'header', 'aside']);
const CHROME_NAME =
  /(?:^|[^a-z])(?:nav|menu|foot|footer|header|breadcrumb|crumb|pager|page|pagination|friend|tags?|login|share)(?:[^a-z]|$)/i;
const FILE =
  /\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|apk|exe|jpe?g|png|gif|webp|svg|mp[34]|avi|wmv|flv|css|js|xml|ico)$/i;
const NOT_ARTICLE =
  /\/(?:tags?|topics?|category|categories|author|authors|user|users|u|search|login|register|about|contact|rss|feed|page|index|list|channel|node_\d+|help|sitemap)(?:[/_.-][^/]*)?\/?$/i;
/** Pages about a person, which are never asked for, and ways to the end of a thread. */
const PERSON =
  /\/(?:users?|u|members?|profiles?|authors?|uid)\/[^/]+\/?$|\/(?:space-(?:uid|username)-|members?(?:list)?[/.]|profile[/.]|(?:user|space|home)\w*\.(?:php|asp|aspx|jsp)\b)|[?&](?:mod=space|goto=(?:lastpost|newpost))/i;
/** A line that is nothing but a time: of the last answer, mostly. */
const TIME = /^[\d\s:：\-/.年月日时分秒前昨今天小个周星期一二三四五六日]+$/u;
/** In a forum, a topic is what a thread is. */
const TOPIC = /\/topics?[/_.-]\d+(?:[/_.-][^/]*)?\/?$/i;
const PAGING =
  /^(?:[<>«»‹›.\s]*|\d{1,4}|首页|尾页|末页|第一页|最后一页|[上下][一1]?[页頁]|更多.{0,4}|more|next|prev(?:ious)?|返回.{0,4}|详情|详细|全文|查看.{0,4}|阅读全文|转到.{0,8}|最[后新][回发].{0,4})[<>«»‹›.\s]*$/i;

/** Text of a link, or its title attribute where the text is cut short or an image stands for it. */
function titleOf(element: Element): string {
  const text = textOf(element, 300);
  const full = attribute(element, 'title');
  return full.length > text.length && (text === '' || /(?:…|\.\.\.?)$/.test(text) || full.startsWith(text))
    ? full
    : text;
}

function anchorsOf(root: Document, base: string): Anchor[] {
  const anchors: Anchor[] = [];
  let chrome = 0;
  const isChrome = (element: Element): boolean =>
    element.name !== 'body' &&
    element.name !== 'html' &&
    (CHROME_TAGS.has(element.name) ||
      CHROME_NAME.test(`${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''}`));
  walk(
    root,
    (node) => {
      if (!isElement(node)) return;
      if (isChrome(node)) chrome++;
      if (node.name !== 'a') return;
      const url = linkTarget(node, base);
      if (url && url.href.length <= LONGEST_ADDRESS)
        anchors.push({ url, title: titleOf(node), element: node, inChrome: chrome > 0 });
    },
    (node) => {
      if (isElement(node) && isChrome(node)) chrome--;
    },
  );
  return anchors;
}

/** An address with its numbers levelled, by which the items of one list resemble each other. */
function shapeOf({ host, pathname, searchParams }: URL): string {
  const path = pathname.replace(/[0-9a-f]{16,}/gi, 'H').replace(/\d+/g, '0');
  const cut = path.replace(/\/$/, '').lastIndexOf('/') + 1;
  const last = path.slice(cut);
  // Words that name one article: a file, or three and more joined by hyphens.
  const named = /\.s?html?$/i.test(last) || /[-_][a-z]+[-_]/i.test(last);
  return `${host}${path.slice(0, cut)}${named ? '*' : last}?${[...searchParams.keys()].join('&')}`;
}

/** Whether an address by itself may be an article's: no file, no front page, no channel, no search. */
export function couldBeArticle({ pathname, search }: URL): boolean {
  if (FILE.test(pathname) || PERSON.test(pathname + search) || (pathname === '/' && search === ''))
    return false;
  return !NOT_ARTICLE.test(pathname) || /\d{5,}/.test(pathname) || TOPIC.test(pathname);
}

function looksLikeArticle(anchor: Anchor, page: URL | null, least: number): boolean {
  const { url, title } = anchor;
  if (title.length < least || PAGING.test(title) || TIME.test(title) || anchor.inChrome) return false;
  if (page && (siteOf(url.hostname) !== siteOf(page.hostname) || url.href === page.href)) return false;
  return couldBeArticle(url);
}

/** Points for being an article: digits in the path, a long title, company of the same shape. */
function rate(anchor: Anchor, company: number): number {
  const { pathname, search } = anchor.url;
  let points = 0;
  if (/\d{4}[-/]?\d{2}(?:[-/]?\d{2})?/.test(pathname)) points += 2;
  if (/\d{2,}/.test(pathname) || /[?&]\w*id=\w*\d/i.test(search)) points += 1;
  if (/\d{4,}/.test(pathname + search)) points += 1;
  if (/\.s?html?$|\.jsp$|\.aspx?$|\.php$/.test(pathname)) points += 1;
  if (pathname.split('/').length > 3) points += 1;
  if (/[-_][a-z]+[-_][a-z]+[-_]/.test(pathname)) points += 1;
  if (anchor.title.length >= 8) points += 1;
  if (anchor.title.length >= 14) points += 1;
  if (company >= 3) points += 1;
  // A long list of one shape is a list of articles even where its numbers are small.
  if (company >= 8) points += 1;
  return points;
}

/**
 * Links to articles on a list page, in page order, each address once. With a selector: those anchors, or the anchors
 * inside what it matches. Without: told from navigation, paging, tags and downloads by the shape of the path, the
 * title's length and the repetition of a list, on the same site only. Never throws for a valid selector.
 */
export function articleLinks(html: string, url: string, selector?: string): ArticleLink[] {
  const root = parsePage(html);
  const page = URL.parse(url);
  const anchors = anchorsOf(root, baseOf(root, url));
  let chosen: Anchor[];
  if (selector !== undefined) {
    const matches = new Set<unknown>(selectAll(compiled(selector), root));
    const inside = (element: Element): boolean => {
      for (let node: unknown = element; isElement(node); node = node.parent)
        if (matches.has(node)) return true;
      return false;
    };
    chosen = anchors.filter((anchor) => inside(anchor.element));
  } else {
    // "求助" is a title in a forum and a channel anywhere else.
    const least = page && isForumAddress(page) ? 2 : 5;
    const likely = anchors.filter((anchor) => looksLikeArticle(anchor, page, least));
    const company = new Map<string, number>();
    for (const { url: address } of likely)
      company.set(shapeOf(address), (company.get(shapeOf(address)) ?? 0) + 1);
    chosen = likely.filter((anchor) => rate(anchor, company.get(shapeOf(anchor.url)) ?? 0) >= 4);
  }
  const links = new Map<string, ArticleLink>();
  for (const { url: address, title } of chosen) {
    const known = links.get(address.href);
    // The same article is often linked twice, by its picture and by its headline.
    if (!known) links.set(address.href, { url: address.href, title });
    else if (known.title.length < title.length && PAGING.test(title) === false) known.title = title;
  }
  return [...links.values()].map((link) => ({
    url: link.url.toWellFormed(),
    title: link.title.toWellFormed(),
  }));
}

/** The first address off this page that a selector's matches lead to; null when there is none. */
export function linkBy(root: Document, url: string, selector: string): string | null {
  const matches = selectAll(compiled(selector), root);
  if (matches.length === 0) return null;
  const base = baseOf(root, url);
  const self = URL.parse(url);
  if (self) self.hash = '';
  for (const element of matches) {
    const target = isElement(element) ? linkTarget(element, base) : null;
    if (target && target.href !== self?.href) return target.href;
  }
  return null;
}

/**
 * The address of the next page of a list or of a long article; null when there is none. With a selector: the first
 * address it matches. Without: `rel=next`, then 下一页 and its relatives, the pager's script, the number after the
 * current one.
 */
export function nextPage(html: string, url: string, selector?: string): string | null {
  const root = parsePage(html);
  if (selector !== undefined) return linkBy(root, url, selector);
  const base = baseOf(root, url);
  const self = URL.parse(url);
  if (self) self.hash = '';
  const usable = (address: URL | null): string | null =>
    address && address.href !== self?.href ? address.href : null;
  const candidates: { rank: number; url: string }[] = [];
  const numbers: { page: number; url: string }[] = [];
  let current: number | null = null;
  walk(root, (node) => {
    if (!isElement(node)) return;
    if (node.name === 'script') {
      const found = self ? usable(ofScript(node, self, base)) : null;
      if (found) candidates.push({ rank: 2, url: found });
      return;
    }
    const isLink = node.name === 'a' || node.name === 'link';
    if (isLink && /(?:^|\s)next(?:\s|$)/i.test(attribute(node, 'rel'))) {
      const found = usable(linkTarget(node, base));
      if (found) candidates.push({ rank: 0, url: found });
    }
    const small =
      node.name === 'a' ||
      node.name === 'span' ||
      node.name === 'strong' ||
      node.name === 'em' ||
      node.name === 'li' ||
      node.name === 'b';
    if (!small || node.children.length > 3) return;
    const text = textOf(node, 60);
    const found = node.name === 'a' ? usable(linkTarget(node, base)) : null;
    if (
      found &&
      /^[\s[(]*(?:下[一1]?[页頁]|后一页|下一頁|next(?: page)?|older(?: posts)?|[较更]早的?(?:文章|帖子|内容)?)[\s\])›»>→]*$/i.test(
        text,
      )
    )
      candidates.push({ rank: 1, url: found });
    else if (found && /^(?:›|»|>|>>|→)$/.test(text)) candidates.push({ rank: 2, url: found });
    else if (/^\[?\d{1,4}\]?$/.test(text)) {
      const page = Number(text.replace(/\D/g, ''));
      const marked = /(?:^|[^a-z])(?:active|current|cur|on|selected|now|thispage)(?:[^a-z]|$)/i.test(
        attribute(node, 'class'),
      );
      if (found && !marked) numbers.push({ page, url: found });
      // A link to this very page, or none at all, is the current one.
      else if (node.name !== 'li') current ??= page;
      else if (marked) current ??= page;
    }
  });
  const following = numbers.find(({ page, url: next }) =>
    current === null
      ? page === 2 && self !== null && numberInSeries(new URL(next), self) !== null
      : page === current + 1,
  );
  if (following) candidates.push({ rank: 3, url: following.url });
  return candidates.sort((a, b) => a.rank - b.rank)[0]?.url ?? null;
}

import { compile, selectAll, selectOne } from 'css-select';
import type { Document, Element } from 'domhandler';
import { removeElement } from 'domutils';
import { extractFrom } from './article.ts';
import { withoutCredits } from './boilerplate.ts';
import { canonicalUrl } from './canonical.ts';
import { compiled } from './compiled.ts';
import { readDate } from './dates.ts';
import { attribute, isElement, linesOf, textOf, walk } from './dom.ts';
import { pageOf, parseText, type Page } from './page.ts';
import type { Extracted, ExtractedComment } from './types.ts';

/** CSS selectors for one source's pages; a field without one is found automatically. */
export type ArticleSelectors = {
  title?: string | undefined;
  text?: string | undefined;
  publishedAt?: string | undefined;
  outlet?: string | undefined;
  /** Everything that matches is cut out of the page first. */
  remove?: string | undefined;
  /** `item` is matched in the page, the others inside each item. */
  comment?:
    { item: string; text: string; publishedAt?: string | undefined; likes?: string | undefined } | undefined;
};

/** True when the text is a CSS selector that this hub can run. */
export function isValidSelector(selector: string): boolean {
  if (selector.trim() === '') return false;
  try {
    compile(selector);
    return true;
  } catch {
    return false;
  }
}

// A thread with more comments than this brings nothing new.
const MOST_COMMENTS = 2000;

/** Matches that lie in no other match: their text would come twice. */
function outermost(elements: Element[]): Element[] {
  const set = new Set<unknown>(elements);
  return elements.filter((element) => {
    for (let node: unknown = element.parent; isElement(node); node = node.parent)
      if (set.has(node)) return false;
    return true;
  });
}

const all = (selector: string, root: Document | Element): Element[] =>
  selectAll(compiled(selector), root).filter(isElement);

function first(selector: string, root: Document | Element): Element | null {
  const found: unknown = selectOne(compiled(selector), root);
  return isElement(found) ? found : null;
}

/** Time of the first match: its machine-readable attributes first, then its text. */
function dateAt(selector: string, root: Document | Element, now: number): number | null {
  const element = first(selector, root);
  if (!element) return null;
  for (const name of ['datetime', 'content', 'data-time', 'data-timestamp', 'title']) {
    const at = readDate(attribute(element, name), now);
    if (at !== null) return at;
  }
  return readDate(textOf(element), now);
}

function count(selector: string | undefined, item: Element): number | null {
  const element = selector === undefined ? null : first(selector, item);
  if (!element) return null;
  const found = /(\d+(?:\.\d+)?)\s?([万萬wk千]?)/i.exec(textOf(element).replace(/(\d),(?=\d{3})/g, '$1'));
  if (!found) return null;
  const unit = /[万萬w]/i.test(found[2] ?? '') ? 10_000 : found[2] ? 1000 : 1;
  return Math.round(Number(found[1]) * unit);
}

function commentsBy(
  selectors: NonNullable<ArticleSelectors['comment']>,
  root: Document,
  now: number,
): ExtractedComment[] {
  return all(selectors.item, root)
    .slice(0, MOST_COMMENTS)
    .flatMap((item) => {
      const text = first(selectors.text, item);
      const words = text ? linesOf(text) : '';
      if (words === '') return [];
      const publishedAt =
        selectors.publishedAt === undefined ? null : dateAt(selectors.publishedAt, item, now);
      return [{ text: words, publishedAt, likes: count(selectors.likes, item) }];
    });
}

/** A page's tree, and what reading all of it gives: worked out when it is first asked for. */
export type SelectedPage = { root: Document; url: string; html: string; whole(): Page };

export function selectedPage(html: string, url: string, prepare?: (root: Document) => void): SelectedPage {
  const root = parseText(html);
  prepare?.(root);
  let page: Page | null = null;
  return { root, url, html, whole: () => (page ??= pageOf(root, url)) };
}

/** What a page with comments has: parts that are named after them, or a line of a few words that speaks of them. */
const COMMENTS = new RegExp(
  [
    '(?:class|id|name)\\s*=\\s*["\']?[^"\'>]{0,60}(?:comment|repl[yi]|review|discuss|pinglun|gentie|liuyan|floor)',
    '>[^<>]{0,12}(?:[评評][论論]|跟[帖贴貼]|回[复復帖應应]|留言|[网網]友|[楼樓]|comments?|repl(?:y|ies))[^<>]{0,12}<',
  ].join('|'),
  'i',
);

/**
 * Like extractPage, with the fields that have a selector taken from it. A selector that matches nothing gives null, so
 * that a changed page is noticed; only title and publishedAt then fall back to the automatic reading. Throws on a
 * selector that isValidSelector refuses.
 */
export function extractBySelectors(
  html: string,
  url: string,
  now: number,
  selectors: ArticleSelectors,
): Extracted {
  const page = selectedPage(html, url, (root) => cutOut(root, selectors));
  return extractSelected(page, now, selectors);
}

/** What the head names as the page's own address. */
function canonicalIn(root: Document, url: string): string | null {
  let href: string | null = null;
  walk(root, (node) => {
    if (!isElement(node)) return true;
    if (node.name === 'body' || href !== null) return null;
    if (node.name === 'link' && attribute(node, 'rel').toLowerCase() === 'canonical')
      href = attribute(node, 'href');
    return true;
  });
  return href === null ? null : canonicalUrl(href, url);
}

/** Takes out of a page what it is to be read without. */
export function cutOut(root: Document, { remove }: ArticleSelectors): void {
  if (remove !== undefined) for (const element of all(remove, root)) removeElement(element);
}

/**
 * Like extractBySelectors, from a page that has lost what is to be removed. Where selectors give everything, the whole of
 * the page is not looked at: it is most of the work.
 */
export function extractSelected(
  { root, url, html, whole }: SelectedPage,
  now: number,
  selectors: ArticleSelectors,
): Extracted {
  let read: Extracted | null = null;
  const automatic = () => (read ??= extractFrom(whole(), now));
  const lines = (selector: string): string | null => {
    const text = outermost(all(selector, root))
      .map(linesOf)
      .filter((part) => part !== '')
      .join('\n');
    return withoutCredits(text) || null;
  };
  const one = (selector: string): string | null => {
    const element = first(selector, root);
    if (!element) return null;
    return (element.name === 'meta' ? attribute(element, 'content') : textOf(element)) || null;
  };
  const comments = () => {
    if (selectors.comment !== undefined) return commentsBy(selectors.comment, root, now);
    return COMMENTS.test(html) ? automatic().comments : [];
  };
  return {
    title: (selectors.title === undefined ? null : one(selectors.title)) ?? automatic().title,
    text: selectors.text === undefined ? automatic().text : lines(selectors.text),
    publishedAt:
      (selectors.publishedAt === undefined ? null : dateAt(selectors.publishedAt, root, now)) ??
      automatic().publishedAt,
    outlet: selectors.outlet === undefined ? automatic().outlet : one(selectors.outlet),
    canonicalUrl: canonicalIn(root, url),
    comments: comments(),
  };
}

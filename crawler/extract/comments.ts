import type { Element } from 'domhandler';
import { readComment } from './comment-item.ts';
import { findDate } from './dates.ts';
import { isElement, walk } from './dom.ts';
import type { Page, Range } from './page.ts';
import { repeatedGroups, type Group } from './repeats.ts';
import type { ExtractedComment } from './types.ts';

/** The comments of a page and where they stand, so that the main text can leave them out. */
export type FoundComments = {
  comments: ExtractedComment[];
  ranges: Range[];
  /** True when the first item may be a thread's opening post: nothing calls the list comments or replies. */
  thread: boolean;
  /** What the items look like, by which those of the next pages are known however few they are. */
  looks: ReadonlySet<string>;
};

const NAMED =
  /comment|reply|replies|pinglun|cmt|discuss|gentie|tie-|post(?:list|item|_|-|\b)|floor|feedback|guestbook|liuyan|message|response|bbs|thread/i;
const COMMENT_NAMED = /comment|repl|pinglun|cmt|gentie|feedback|response/i;
// A page with more comments than this is a dump; the rest brings nothing new and costs time.
const MOST_ITEMS = 2000;
// Elements looked at as possible items: far more than a real page repeats, few enough to stay quick on a hostile one.
const MOST_JUDGED = 5000;

const names = (element: Element): string =>
  `${element.attribs['class'] ?? ''} ${element.attribs['id'] ?? ''}`;

const nearNames = (element: Element): string =>
  isElement(element.parent) && element.parent.name !== 'body'
    ? `${names(element)} ${names(element.parent)}`
    : names(element);

/** A form to write a comment is named like a comment but is none. */
function isForm(element: Element): boolean {
  let form = false;
  let nodes = 0;
  walk(element, (node) => {
    if (++nodes > 300) return null;
    if (isElement(node) && (node.name === 'textarea' || node.name === 'form')) form = true;
    return form ? null : true;
  });
  return form;
}

type Shape = { dated: boolean; worded: boolean; named: boolean; headline: boolean };

/** What an item shows: a time, words, a short line that can be a name, a linked line that can be a headline. */
function shape(page: Page, range: Range, now: number): Shape {
  const found: Shape = { dated: false, worded: false, named: false, headline: false };
  for (let i = range.from; i < Math.min(range.to, range.from + 60); i++) {
    const block = page.blocks[i];
    if (!block) continue;
    const date = block.size < 40 ? findDate(block.text, now) : null;
    if (date !== null) {
      found.dated = true;
      // "网友 11-20 08:05": what is left of the line is a name.
      if (block.linkSize > 0 || block.text.length - date.length > 2) found.named = true;
      continue;
    }
    const linked = block.linkSize > block.size * 0.6;
    if (linked && block.size >= 9 && !/^re\s?[:：]/iu.test(block.text)) found.headline = true;
    else if (block.size <= 14 && block.points === 0) found.named = true;
    if (!linked && block.size >= 1) found.worded = true;
  }
  for (const time of page.times) if (time.at >= range.from && time.at < range.to) found.dated = true;
  return found;
}

function accepted(page: Page, group: Group, now: number, forum: boolean): boolean {
  const first = group.items[0];
  if (!first || ['td', 'th', 'p', 'span', 'h2', 'h3', 'blockquote', 'form'].includes(first.element.name))
    return false;
  const named = NAMED.test(nearNames(first.element));
  if (!named && group.items.length < (forum ? 2 : 3)) return false;
  if (group.items.length < 2 && !COMMENT_NAMED.test(names(first.element))) return false;
  if (group.items.length < 3 && isForm(first.element)) return false;
  // Comments follow one another; quoted posts stand between the paragraphs of an article.
  const apart = group.items.filter(
    ({ range }, i) => i > 0 && range.from - (group.items[i - 1]?.range.to ?? 0) > 1,
  );
  if (apart.length > group.items.length * 0.4) return false;
  const sample = group.items.slice(0, 30);
  // Whole sections of a page repeat too: a comment is short enough to be read at once.
  if (sample.some(({ range }) => range.to - range.from > 200)) return false;
  const shapes: Shape[] = [];
  let others = 0;
  for (const { range } of sample) {
    const found = shape(page, range, now);
    shapes.push(found);
    // Menus and lists of links are most of what repeats: they are known by their first items.
    if (!(found.dated && found.worded) && (sample.length - ++others) / sample.length < 0.7) return false;
  }
  const share = (test: (s: Shape) => boolean): number => shapes.filter(test).length / shapes.length;
  if (share((s) => s.headline) > 0.4) return false;
  return named || share((s) => s.named) >= 0.6;
}

/**
 * Finds comments or replies: repeated siblings that each show a time and words of their own, and, where no class name
 * helps, a short line that can be a name. In a forum, two are enough. Who wrote them is left out of everything returned.
 */
export function findComments(page: Page, now: number, forum = false): FoundComments {
  const items = new Map<Element, Range>();
  let thread = true;
  let budget = MOST_JUDGED;
  for (const group of repeatedGroups(page, 1)) {
    if (items.size > MOST_ITEMS || budget <= 0) break;
    budget -= Math.min(group.items.length, 30);
    if (!accepted(page, group, now, forum)) continue;
    for (const { element, range } of group.items) items.set(element, range);
    if (group.items.some(({ element }) => COMMENT_NAMED.test(nearNames(element)))) thread = false;
  }
  const { comments, ranges, looks } = readItems(items, now);
  return { comments, ranges, thread: thread && comments.length > 0, looks };
}

/** The comments or floors of a later page, known by their look on the first one. */
export function commentsLike(page: Page, now: number, looks: ReadonlySet<string>): ExtractedComment[] {
  const items = new Map<Element, Range>();
  for (const [element, range] of page.ranges) {
    if (items.size >= MOST_ITEMS || !looks.has(lookOf(element)) || isForm(element)) continue;
    // The rows of a table without names all look alike.
    const { dated, worded } = shape(page, range, now);
    if (dated && worded) items.set(element, range);
  }
  return readItems(items, now).comments;
}

const OPENING =
  /(?:^|[^a-z])(?:post|floor|topic|thread|main-?post|first-?post|louzhu)(?:[-_]?(?:content|body|box|main|item|detail|\d+))?(?:[^a-z]|$)/iu;

/**
 * The post that opens a thread, where it does not look like the answers or has none: the smallest box that is named like
 * one and shows a time and words, above the answers. Null when nothing is.
 */
export function findOpening(page: Page, now: number, before: number): ExtractedComment | null {
  let best: { element: Element; range: Range } | null = null;
  let judged = 0;
  for (const [element, range] of page.ranges) {
    const size = range.to - range.from;
    if (range.to > before || size > 200 || (best && size > best.range.to - best.range.from)) continue;
    if (!OPENING.test(names(element)) || ++judged > MOST_JUDGED || isForm(element)) continue;
    const { dated, worded } = shape(page, range, now);
    if (dated && worded) best = { element, range };
  }
  return best && readComment(best.element, new Map(), now);
}

function readItems(
  items: ReadonlyMap<Element, Range>,
  now: number,
): Pick<FoundComments, 'comments' | 'ranges' | 'looks'> {
  // What holds items is a list, not an item, unless it has words of its own besides them: a comment with its replies.
  const ordered = [...items].slice(0, MOST_ITEMS).sort((a, b) => a[1].from - b[1].from || b[1].to - a[1].to);
  const comments: ExtractedComment[] = [];
  const ranges: Range[] = [];
  const looks = new Set<string>();
  for (const [element, range] of ordered) {
    const comment = readComment(element, items, now);
    if (comment === null) continue;
    comments.push(comment);
    ranges.push(range);
    looks.add(lookOf(element));
  }
  return { comments, ranges, looks };
}

/** Tag and first class of an item and of what holds it. Numbers in names differ from item to item and page to page. */
function lookOf(element: Element): string {
  const one = (each: Element) =>
    `${each.name}.${(each.attribs['class'] ?? '').trim().split(/\s/)[0]?.replace(/\d+/g, '') ?? ''}`;
  return isElement(element.parent) ? `${one(element.parent)}>${one(element)}` : one(element);
}

const COMMENT_AREA =
  /<textarea\b|(?:id|class)\s*=\s*["']?[^"'>]{0,60}(?:comment[-_]?(?:list|area|box|form|wrap|s\b)|pinglun|gentie|liuyan|disqus_thread|sohucs)/iu;

/** Whether one can comment on a page, or comments may come to it: there is a place for them. */
export const takesComments = (html: string): boolean => COMMENT_AREA.test(html);

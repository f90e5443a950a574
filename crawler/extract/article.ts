import type { Extracted } from './types.ts';
import { canonicalUrl } from './canonical.ts';
import { isChromeLine } from './comment-item.ts';
import { findComments, findOpening } from './comments.ts';
import { isForum } from './forum.ts';
import { locateMain, mainText } from './main-text.ts';
import { outletOf } from './outlet.ts';
import { readPage, type Page } from './page.ts';
import { publishedAt } from './published-at.ts';
import { structured } from './structured.ts';
import { headlineAnchor, pageTitle } from './title.ts';

// Less text than this outside of a thread's floors is the page's machinery, not an article.
const LEAST_TEXT = 40;

/** What a page says, and how it says it. */
export type Reading = {
  extracted: Extracted;
  /** A thread of a forum: its text is the first floor, its comments are the others. */
  thread: boolean;
  /** What its floors or comments look like; see commentsLike. */
  looks: ReadonlySet<string>;
};

/** Reads what a page says, without selectors; see extractPage. */
export const extractFrom = (page: Page, now: number): Extracted => readingOf(page, now).extracted;

/** Like extractPage, from a page that is read already. */
export function readingOf(page: Page, now: number): Reading {
  const forum = isForum(page);
  const { comments, ranges, thread, looks } = findComments(page, now, forum);
  const located = locateMain(page, headlineAnchor(page), ranges);
  const title = pageTitle(page, located.range);
  // What stands before the headline is not the text, however much it looks like one.
  if (title !== null && title.at >= located.range.from) located.range.from = title.at + 1;
  const extracted: Extracted = {
    title: title?.text ?? null,
    text: mainText(page, located, title?.text ?? null),
    publishedAt: publishedAt(page, located.range, title?.at ?? -1, now),
    outlet: outletOf(page, located.range, title),
    canonicalUrl: page.canonicalHref === null ? null : canonicalUrl(page.canonicalHref, page.url),
    comments,
  };
  if ((extracted.text?.length ?? 0) < LEAST_TEXT) {
    const told = structured(page);
    if (told?.text && told.text.length > (extracted.text?.length ?? 0))
      Object.assign(extracted, { text: told.text, title: told.title ?? extracted.title });
  }
  const [opening, ...replies] = comments;
  const worded = (extracted.text?.length ?? 0) >= LEAST_TEXT;
  // In a forum, what stands below the floors is the site's machinery; above them it may be the opening post.
  const above = located.range.from < (ranges[0]?.from ?? 0);
  if (!thread || !opening || (worded && (!forum || above))) {
    if (!forum) return { extracted, thread: false, looks };
    return { extracted: opened(page, extracted, now, ranges[0]?.from), thread: true, looks };
  }
  // A thread: the first floor is what the others answer to.
  const first = {
    ...extracted,
    text: opening.text,
    publishedAt: opening.publishedAt ?? extracted.publishedAt,
    comments: replies,
  };
  return { extracted: first, thread: true, looks };
}

/** A thread whose opening post stands by itself: read as a post is, without who wrote it. */
function opened(page: Page, extracted: Extracted, now: number, before = page.blocks.length): Extracted {
  const opening = findOpening(page, now, before);
  const found = extracted.text?.split('\n').filter((line) => !isChromeLine(line)) ?? [];
  const text = found.join('\n') || null;
  // Less than half of what stands there, and no part of it, is a box of something else.
  const isPart = opening !== null && (text ?? '').includes(opening.text.split('\n')[0] ?? '');
  if (opening === null || (!isPart && opening.text.length < (text?.length ?? 0) / 2))
    return { ...extracted, text };
  return { ...extracted, text: opening.text, publishedAt: opening.publishedAt ?? extracted.publishedAt };
}

/**
 * What an article, post or thread says, found without selectors: see Extracted for the fields, each null where the page
 * does not say it. `url` is the page's address (for relative links and a date in the path), `now` Unix ms (for
 * relative dates). Never throws, takes time linear in the input.
 */
export function extractPage(html: string, url: string, now: number): Extracted {
  return extractFrom(readPage(html, url), now);
}

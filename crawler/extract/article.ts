import type { Extracted } from './types.ts';
import { canonicalUrl } from './canonical.ts';
import { findComments } from './comments.ts';
import { mainText } from './main-text.ts';
import { outletOf } from './outlet.ts';
import { readPage, type Page } from './page.ts';
import { publishedAt } from './published-at.ts';
import { pageTitle } from './title.ts';

/** Reads what a page says, without selectors; see extractPage. */
export function extractFrom(page: Page, now: number): Extracted {
  const title = pageTitle(page);
  const { comments, ranges } = findComments(page, now);
  const main = mainText(page, title, ranges);
  return {
    title,
    text: main.text,
    publishedAt: publishedAt(page, now),
    outlet: outletOf(page),
    canonicalUrl: page.canonicalHref === null ? null : canonicalUrl(page.canonicalHref, page.url),
    comments,
  };
}

/**
 * What an article, post or thread says, found without selectors: see Extracted for the fields, each null where the page
 * does not say it. `url` is the page's address (for relative links and a date in the path), `now` Unix ms (for
 * relative dates). Never throws, takes time linear in the input.
 */
export function extractPage(html: string, url: string, now: number): Extracted {
  return extractFrom(readPage(html, url), now);
}

import { readingOf, type Reading } from './article.ts';
import { commentsLike, takesComments } from './comments.ts';
import { furtherPages, type FurtherPages } from './further-pages.ts';
import { linkBy } from './links.ts';
import { cutOut, extractSelected, selectedPage, type ArticleSelectors } from './selectors.ts';
import type { ExtractedComment } from './types.ts';

/** How one page of an article or a thread is to be read. Plain data: it may go to another thread. */
export type PageQuestion = {
  /** Where the page was found. */
  url: string;
  /** Unix ms. */
  now: number;
  /** Selectors of the source's settings; null: everything is found automatically. */
  article: (ArticleSelectors & { next?: string | undefined }) | null;
  /** For a page that continues another: the first of its series, its number in it, and what floors look like. */
  later: { start: string; number: number; looks: ReadonlySet<string> } | null;
};

/** What one page says. Plain data. */
export type PageAnswer = {
  reading: Reading;
  /** On a later page: its comments or floors, known by the look of those on the first. */
  alike: ExtractedComment[] | null;
  further: FurtherPages;
  /** Comments can be written here, whether or not there are any. */
  takesComments: boolean;
};

/** Reads one page with all that a visit asks of it. Never throws for valid selectors. */
export function readOnePage(html: string, { url, now, article, later }: PageQuestion): PageAnswer {
  let further: FurtherPages = { next: [], comments: null };
  const page = selectedPage(html, url, (root) => {
    // Looked for before anything is removed: pagers are what is removed most often.
    further =
      article?.next === undefined
        ? furtherPages(root, url, later?.start ?? url, later?.number ?? 1)
        : { next: [linkBy(root, url, article.next)].filter((each) => each !== null), comments: null };
    if (article) cutOut(root, article);
  });
  const reading: Reading = article
    ? { extracted: extractSelected(page, now, article), thread: false, looks: new Set() }
    : readingOf(page.whole(), now);
  const alike =
    later && later.looks.size > 0 && !article?.comment ? commentsLike(page.whole(), now, later.looks) : null;
  return { reading, alike, further, takesComments: takesComments(html) };
}

import type { Page } from './page.ts';
import { readDate } from './dates.ts';

/** When the page was published, Unix ms; null when it does not say. */
export function publishedAt(page: Page, now: number): number | null {
  for (const name of ['article:published_time', 'publishdate', 'pubdate', 'datepublished']) {
    const at = readDate(page.metas.get(name) ?? '', now);
    if (at !== null) return at;
  }
  return null;
}

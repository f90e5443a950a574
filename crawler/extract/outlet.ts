import type { Page } from './page.ts';

/** The institution that published the page, as it names it; null when it does not. */
export function outletOf(page: Page): string | null {
  return page.metas.get('og:site_name') ?? null;
}

import type { Page } from './page.ts';

const SEPARATOR = /\s*(?:[|｜_＿»>]|\s[-–—·]\s|-{1,2}|--|—{1,2})\s*/;

/** The `<title>` without the names of site and channel that follow it. */
function shortened(headTitle: string): string {
  const parts = headTitle.split(SEPARATOR).filter((part) => part !== '');
  return parts[0] ?? headTitle;
}

/** The page's headline; null when it has none. */
export function pageTitle(page: Page): string | null {
  const head = page.headTitle;
  const og = page.metas.get('og:title') ?? '';
  const heading = page.headings
    .filter((h) => h.text.length >= 4 && (head.includes(h.text) || og.includes(h.text)))
    .sort((a, b) => b.text.length - a.text.length)[0];
  if (heading) return heading.text;
  const h1 = page.headings.filter((h) => h.level === 1 && h.text.length >= 4);
  if (og !== '') return shortened(og);
  if (head !== '') return shortened(head);
  return h1[0]?.text ?? null;
}

import { isNoTitle } from '../cleaning/damage.ts';
import { readable } from '../cleaning/readable.ts';
import type { Step } from './types.ts';

/** Longer texts are books, not commentary; the engines and the pages stay within bounds. Counted in UTF-16 units. */
export const MAX_TEXT = 200_000;
const MAX_TITLE = 500;

/** Title and text as a person would read them: without what sites, apps and accidents have put into them. */
export const clean: Step = (post) => ({
  ...post,
  title: titleOf(post.draft.title),
  text: readable(post.draft.text, MAX_TEXT),
});

function titleOf(given: string | null): string | null {
  if (given === null) return null;
  const title = readable(given, MAX_TITLE).replaceAll('\n', ' ');
  return title === '' || isNoTitle(title) ? null : title;
}

import { fold } from '../text/fold.ts';
import type { Step } from './types.ts';

/** Longer texts repeat themselves; their beginning is what is analysed. In UTF-16 units. */
const ANALYSED = 20_000;

/** Addresses of pages say nothing in words. Of bounded length, so that it stays linear. */
const ADDRESS = /https?:\/\/[a-z0-9\-._~:/?#@!$&'*+,;=%]{1,2000}/gu;

/** The form in which the later steps read the words; title and text stay as they were written. */
export const simplify: Step = (post) => ({ ...post, analysed: analysed(post.title, post.text) });

/** Title and text, parted by a line break, folded (`fold`), without addresses of pages: at most 20,000 units. */
export function analysed(title: string | null, text: string): string {
  const folded = fold(beginning(`${title ?? ''}\n${text}`));
  const bare = folded.includes('://') ? folded.replace(ADDRESS, ' ') : folded;
  // Folding can make several units of one: "\u3314".
  return beginning(bare);
}

/** Cut to the limit, never inside a character. */
function beginning(text: string): string {
  if (text.length <= ANALYSED) return text;
  return text.slice(0, (text.codePointAt(ANALYSED - 1) as number) > 0xffff ? ANALYSED - 1 : ANALYSED);
}

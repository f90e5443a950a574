import type { Step } from './types.ts';

/** Longer texts repeat themselves; their beginning is what is analysed. In UTF-16 units. */
const ANALYSED = 20_000;

/** The form in which the later steps read the words; title and text stay as they were written. */
export const simplify: Step = (post) => ({
  ...post,
  analysed: `${post.title ?? ''}\n${post.text}`
    .slice(0, ANALYSED)
    .toWellFormed()
    .normalize('NFKC')
    .toLowerCase(),
});

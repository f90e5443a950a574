import type { Step } from './types.ts';

/**
 * Characters that no reader sees or that break an engine: controls but tab and newline (NUL stops PostgreSQL), zero-width
 * and directional marks, private use (search marks its hits with them), byte order marks, non-characters.
 */
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\uffff]/gu;

/** Longer texts are books, not commentary; the engines and the pages stay within bounds. Counted in UTF-16 units. */
export const MAX_TEXT = 200_000;
const MAX_TITLE = 500;

/** Text as a person sees it: well-formed, no unseen characters, spaces folded, empty lines gone. */
export const clean: Step = (post) => ({
  ...post,
  title: post.draft.title === null ? null : tidy(post.draft.title, MAX_TITLE).replaceAll('\n', ' ') || null,
  text: tidy(post.draft.text, MAX_TEXT),
});

/** Cleans one string and cuts it to `max` UTF-16 units, never inside a character. */
export function tidy(text: string, max: number): string {
  return text
    .slice(0, max)
    .toWellFormed()
    .replace(UNSEEN, '')
    .split(/[\n\u2028\u2029]/u)
    .map((line) => line.replace(/\s+/gu, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

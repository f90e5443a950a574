import { fold } from '../text/fold.ts';

/**
 * The folded form in which patterns look at a text, unit for unit beside the text itself; where folding moves the units,
 * the text in lower case, or as it is.
 */
export function besides(text: string): string {
  const folded = fold(text);
  if (folded.length === text.length) return folded;
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

/** Replaces in the text what a global `pattern` finds in its folded form. */
export function replaceFolded(text: string, pattern: RegExp, replacement: string): string {
  let result = '';
  let done = 0;
  for (const match of besides(text).matchAll(pattern)) {
    result += text.slice(done, match.index) + replacement;
    done = match.index + match[0].length;
  }
  return done === 0 && result === '' ? text : result + text.slice(done);
}

import { foldInPlace } from '../text/fold.ts';

/** Replaces in the text what a global `pattern` finds in its folded form. */
export function replaceFolded(text: string, pattern: RegExp, replacement: string): string {
  let result = '';
  let done = 0;
  for (const match of foldInPlace(text).matchAll(pattern)) {
    result += text.slice(done, match.index) + replacement;
    done = match.index + match[0].length;
  }
  return done === 0 && result === '' ? text : result + text.slice(done);
}

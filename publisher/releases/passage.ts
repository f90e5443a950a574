/**
 * Finds a passage again in a text that may have moved since: where it began, else the place nearest to that.
 * @param start where it began when it was quoted; null: the first place counts
 * @returns null: the words are not there any more
 */
export function findPassage(
  text: string,
  quote: string,
  start: number | null,
): { start: number; end: number } | null {
  if (quote === '') return null;
  const wanted = start ?? 0;
  let best: number | null = null;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) {
    if (best === null || Math.abs(at - wanted) < Math.abs(best - wanted)) best = at;
    if (at >= wanted) break;
  }
  return best === null ? null : { start: best, end: best + quote.length };
}

/** A selection of a page as the plain text of a part has it: lines parted by a single break, nothing around them. */
export function passageOf(selected: string): string {
  return selected
    .split(/\s*\n\s*/u)
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n');
}

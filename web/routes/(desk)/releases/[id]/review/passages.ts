import type { CommentPart } from '../../../../../../config/review-rules.ts';

/** Words that somebody has selected: in which part, and where about they begin in it. */
export type Picked = { part: CommentPart; quote: string; start: number };

/** Longer selections are whole sections, not passages. */
const LONGEST = 400;

/** What is selected within a part of the text now; null: nothing that could be quoted. */
export function pickPassage(root: HTMLElement): Picked | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const part = partAround(range.commonAncestorContainer);
  if (!part || !root.contains(part)) return null;
  const quote = selection.toString().trim();
  if (quote === '' || quote.length > LONGEST) return null;
  const before = document.createRange();
  before.setStart(part, 0);
  before.setEnd(range.startContainer, range.startOffset);
  return { part: part.dataset['part'] as CommentPart, quote, start: before.toString().length };
}

function partAround(node: Node): HTMLElement | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest<HTMLElement>('[data-part]') ?? null;
}

type Marked = { part: string; quote: string | null; place: { start: number } | null };

/**
 * Marks the passages of comments without changing the page, where the browser can do that.
 * @returns what takes the marks away
 */
export function markPassages(root: HTMLElement, comments: readonly Marked[]): () => void {
  if (!('highlights' in CSS)) return () => {};
  const ranges = comments.flatMap(({ part, quote, place }) => {
    const inside = root.querySelector<HTMLElement>(`[data-part="${part}"]`);
    const range = inside && quote !== null && place ? rangeOf(inside, quote, place.start) : null;
    return range ? [range] : [];
  });
  CSS.highlights.set(NAME, new Highlight(...ranges));
  return () => CSS.highlights.delete(NAME);
}
const NAME = 'release-comments';

/** The words of a passage in a part as it is drawn: breaks between lines are no characters there. */
function rangeOf(part: HTMLElement, quote: string, near: number): Range | null {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const nodes: { node: Text; from: number }[] = [];
  let text = '';
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    nodes.push({ node, from: text.length });
    text += node.data;
  }
  const wanted = quote.replaceAll('\n', '');
  let best = -1;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    if (best === -1 || Math.abs(at - near) < Math.abs(best - near)) best = at;
  }
  if (best === -1 || wanted === '') return null;
  const range = document.createRange();
  const spot = (offset: number, end: boolean) => {
    const found = nodes.findLast(({ from }) => (end ? from < offset : from <= offset));
    return found ? ([found.node, offset - found.from] as const) : null;
  };
  const [begin, stop] = [spot(best, false), spot(best + wanted.length, true)];
  if (!begin || !stop) return null;
  range.setStart(...begin);
  range.setEnd(...stop);
  return range;
}

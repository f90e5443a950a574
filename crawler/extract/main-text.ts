import type { Element } from 'domhandler';
import {
  isChrome,
  isClosingLine,
  isCommentSection,
  isLeadLine,
  isSourceLine,
  isStop,
  namedNoise,
  withoutCredits,
} from './boilerplate.ts';
import { isElement } from './dom.ts';
import type { Block, Page, Range } from './page.ts';
import { teasers } from './repeats.ts';

// How it works: every line is given a worth, the element with the greatest sum holds the text, and in it the run of
// lines with the greatest sum is the text. Names, repetition and the place of the headline correct the worth. The
// numbers were tuned on ../shared/data/extraction. Halving or doubling the half-life, the worth of a point, of a link or
// of an unpointed line moves bench/extraction by less than .001; the share of prose below which a name counts as noise
// matters most (.2 instead of .4: English -.009).

const TEXT_TAGS = new Set(['p', 'li', 'td', 'th', 'dd', 'dt', 'h2', 'h3', 'h4', 'h5', 'pre', 'blockquote']);

/** Worth of a block as a part of the main text: positive for prose, negative for links, about zero for what is unsure. */
function worth(block: Block): number {
  const plain = block.size - block.linkSize;
  const linkShare = block.size === 0 ? 1 : block.linkSize / block.size;
  if (isChrome(block.text)) return -Math.min(block.size, 20);
  if (linkShare > 0.5) return -6 - Math.min(block.linkSize, 40) * 0.5;
  // The line of date and source is dotted like prose.
  if (isSourceLine(block.text)) return -1;
  if (block.points > 0 && plain >= 10)
    return Math.min(plain, 300) * (1 - linkShare) + 4 * Math.min(block.points, 10);
  if (plain >= 40) return plain * 0.5;
  // Short lines without links: cells, items, subheadings. They neither make a text nor break one.
  return block.linkSize === 0 && TEXT_TAGS.has(block.holder.name) ? -0.2 : -1;
}

/** Running sums, so that the sum over any element is one subtraction. */
function sums(values: readonly number[]): Float64Array {
  const total = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) total[i + 1] = (total[i] ?? 0) + (values[i] ?? 0);
  return total;
}

const over = (total: Float64Array, { from, to }: Range): number => (total[to] ?? 0) - (total[from] ?? 0);

function findContainer(page: Page, total: Float64Array): Range {
  let best: Range = { from: 0, to: page.blocks.length };
  let bestSum = over(total, best);
  for (const range of page.ranges.values()) {
    const sum = over(total, range);
    // At equal worth the inner one, which comes later in document order.
    if (sum >= bestSum) {
      best = range;
      bestSum = sum;
    }
  }
  return best;
}

/** The run of blocks with the greatest sum (Kadane): cuts off what leads up to the text and what follows it. */
function bestRun(values: readonly number[], within: Range): Range {
  let best: Range = { from: within.from, to: within.from };
  let bestSum = 0;
  let from = within.from;
  let sum = 0;
  for (let i = within.from; i < within.to; i++) {
    if (sum <= 0) {
      sum = 0;
      from = i;
    }
    sum += values[i] ?? 0;
    if (sum > bestSum) {
      bestSum = sum;
      best = { from, to: i + 1 };
    }
  }
  return best;
}

/** The place of the main text and which blocks in it are none of it. */
export type Located = { range: Range; noise: Uint8Array };

// Links between headline and prose: the further down in a page, the less likely it is the text the headline announces.
const JUNK_HALF_LIFE = 40;

function judge(
  page: Page,
  anchor: number,
  excluded: readonly Range[],
): { judged: number[]; noise: Uint8Array } {
  const { blocks } = page;
  const values = blocks.map(worth);
  const raw = sums(values.map((value) => Math.max(value, 0)));
  const whole = raw[blocks.length] ?? 0;
  const noise = new Uint8Array(blocks.length);
  for (const [element, range] of page.ranges) {
    // A name such as "has-sidebar" on the element that holds the headline or most of the prose says nothing.
    const holdsHeadline = anchor >= range.from && anchor < range.to && over(raw, range) > whole * 0.1;
    if (holdsHeadline || !namedNoise(element)) continue;
    if (over(raw, range) < whole * 0.4 || isCommentSection(element)) noise.fill(1, range.from, range.to);
  }
  for (const range of [...teasers(page), ...excluded]) noise.fill(1, range.from, range.to);
  let junk = 0;
  const judged = values.map((value, i) => {
    if (i < anchor) return Math.min(value, -1);
    if (value < -5) junk++;
    if (noise[i] === 1) return -Math.min(Math.abs(value), 10) - 1;
    return value > 0 ? value / (1 + junk / JUNK_HALF_LIFE) : value;
  });
  return { judged, noise };
}

/** The element whose direct paragraphs or lines make up most of a run. */
function bearer(page: Page, run: Range, judged: readonly number[]): Element | null {
  const weights = new Map<Element, number>();
  for (let i = run.from; i < run.to; i++) {
    const holder = page.blocks[i]?.holder;
    const value = judged[i] ?? 0;
    if (!holder || value <= 0) continue;
    const owner =
      TEXT_TAGS.has(holder.name) && isElement(holder.parent) && holder.name !== 'td' ? holder.parent : holder;
    weights.set(owner, (weights.get(owner) ?? 0) + value);
  }
  return [...weights].reduce<[Element | null, number]>((a, b) => (b[1] > a[1] ? b : a), [null, 0])[0];
}

// One advertisement or related link may stand between two lines of a text, a list of them ends it.
const TOLERATED = 2;

/** A run with the short lines before and after it that stand in the same element: bylines, items, cells. */
function widened(
  page: Page,
  run: Range,
  judged: readonly number[],
  noise: Uint8Array,
  anchor: number,
): Range {
  const owner = bearer(page, run, judged);
  const within = owner ? page.ranges.get(owner) : undefined;
  if (!within) return run;
  const reach = (start: number, step: 1 | -1, end: number): number => {
    let last = start;
    let skipped = 0;
    for (let i = start + step; i !== end && skipped <= TOLERATED; i += step) {
      if (noise[i] === 1 || (judged[i] ?? 0) < -1) skipped++;
      else {
        last = i;
        skipped = 0;
      }
    }
    return last;
  };
  const to = run.to < within.to ? reach(run.to - 1, 1, within.to) + 1 : run.to;
  const first = Math.max(within.from, anchor + 1);
  const from = run.from > first ? reach(run.from, -1, first - 1) : run.from;
  return { from, to };
}

/**
 * Finds where the main text stands. `anchor` is the block of the headline, -1 when unknown: the text follows it.
 * `excluded` ranges, such as comments, are none of it.
 */
export function locateMain(page: Page, anchor: number, excluded: readonly Range[] = []): Located {
  const { judged, noise } = judge(page, anchor, excluded);
  const run = bestRun(judged, findContainer(page, sums(judged)));
  return { range: widened(page, run, judged, noise, anchor), noise };
}

// A head of more lines than this is no head.
const LONGEST_LEAD = 7;

/** How many lines at the start are headline, byline, date and source, with the short words between them. */
function leadLength(lines: readonly string[], title: string | null): number {
  let length = 0;
  for (let i = 0; i < Math.min(lines.length, LONGEST_LEAD); i++) {
    const line = lines[i] ?? '';
    if (isLeadLine(line, title)) length = i + 1;
    else if (line.length > 20 || /[。！？]/.test(line)) break;
  }
  return length;
}

/**
 * The main text as paragraphs parted by `\n`, without the headline repeated and without the page's machinery; null when
 * nothing is left.
 */
export function mainText(page: Page, { range, noise }: Located, title: string | null): string | null {
  const lines: string[] = [];
  let left = 0;
  for (let i = range.from; i < range.to; i++) if (noise[i] !== 1) left += page.blocks[i]?.size ?? 0;
  const most = left * 0.4;
  for (let i = range.from; i < range.to; i++) {
    const block = page.blocks[i];
    if (!block || noise[i] === 1) continue;
    left -= block.size;
    if (left < most && isStop(block.text)) break;
    if (block.linkSize > block.size * 0.6 && block.points < 3) continue;
    if (isChrome(block.text)) continue;
    const line = withoutCredits(block.text);
    if (line !== '') lines.push(line);
  }
  lines.splice(0, leadLength(lines, title));
  while (lines.length > 0 && isClosingLine(lines.at(-1) ?? '')) lines.pop();
  const text = lines.join('\n');
  return text === '' ? null : text;
}

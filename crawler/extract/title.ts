import type { Element } from 'domhandler';
import { isElement, isText } from './dom.ts';
import type { Block, Page, Range } from './page.ts';

/** The headline and the number of the block that shows it (-1 when only the head tells it). */
export type Title = { text: string; at: number };

const TITLE_NAME =
  /(?:^|[^a-z])(?:title|headline|tit|subject|bt|biaoti|article-?title|entry-?title)(?:[^a-z]|$)/i;
const SEPARATOR =
  /\s*[|｜_＿»]+\s*|\s+[-–—·>:]+\s+|-{2,}|——|(?<=[\u3400-\u9fff）”」！？])\s*[-–—]\s*(?=[\u3400-\u9fff])/;

const MARK = /[\s\p{P}\p{S}]/u;
/** 1 for a mark, 2 for what is none, 0 for what nobody asked for yet; by UTF-16 unit. */
const marks = new Uint8Array(0x10000);

function isMark(code: number): boolean {
  if (marks[code] === 0) marks[code] = MARK.test(String.fromCharCode(code)) ? 1 : 2;
  return marks[code] === 1;
}

/** Letters and digits only: headlines are repeated with other spaces and punctuation. */
export function bare(text: string): string {
  let plain = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Pictures and rare characters take two units, which only the pattern reads together.
    if (code >= 0xd800 && code < 0xe000) return text.replace(/[\s\p{P}\p{S}]/gu, '').toLowerCase();
    if (!isMark(code)) continue;
    plain += text.slice(from, i);
    from = i + 1;
  }
  return (from === 0 ? text : plain + text.slice(from)).toLowerCase();
}

/** The part of a `<title>` that is the headline: the first that is long enough to be one, else the longest. */
function headlineOf(headTitle: string): string {
  const parts = headTitle.split(SEPARATOR).filter((part) => part !== '');
  return (
    parts.find((part) => bare(part).length >= 9) ??
    parts.reduce((best, part) => (part.length > best.length ? part : best), parts[0] ?? headTitle)
  );
}

function tagPoints(block: Block): number {
  let points = 0;
  let node: unknown = block.holder;
  for (let up = 0; up < 3 && isElement(node); up++) {
    if (/^h[1-4]$/.test(node.name)) points = Math.max(points, 34 - 7 * Number(node.name[1]));
    if (TITLE_NAME.test(`${node.attribs['class'] ?? ''} ${node.attribs['id'] ?? ''}`))
      points = Math.max(points, 12 - 2 * up);
    node = node.parent;
  }
  return points;
}

/** Bold or large throughout, as headlines were before style sheets. */
function emphasised(block: Block): boolean {
  let node: Element = block.holder;
  for (let down = 0; down < 4; down++) {
    const inner = node.children.filter((child) => !isText(child) || child.data.trim() !== '');
    const [only] = inner;
    if (inner.length !== 1 || !isElement(only)) return false;
    if (/^(?:b|strong|big)$/.test(only.name) || (only.name === 'font' && Number(only.attribs['size']) >= 4))
      return true;
    node = only;
  }
  return false;
}

/** How much a block looks like the headline of the text that starts at block `start`. */
function headlinePoints(block: Block, at: number, start: number, known: string): number {
  const plain = bare(block.text);
  if (plain.length < 4 || block.size > 80 || (block.text.endsWith('。') && plain.length > 20)) return 0;
  // A link that looks like the headline is another article's teaser, or the channel in the path on top.
  if (block.linkSize > block.size * 0.5 && plain.length < 12) return 0;
  const told = known.includes(plain) ? 40 + Math.min(plain.length, 30) * 1.5 : 0;
  const distance = at > start ? (at - start) * 4 : Math.min((start - at) * 0.8, 30);
  return told + (tagPoints(block) || (emphasised(block) ? 12 : 0)) - distance;
}

/** The first block that repeats the headline told in the head, -1 when none does. The main text follows it. */
export function headlineAnchor(page: Page): number {
  const known = bare(`${page.headTitle} ${page.metas.get('og:title') ?? ''}`);
  if (known.length < 6) return -1;
  const least = Math.max(6, bare(headlineOf(page.metas.get('og:title') ?? page.headTitle)).length * 0.8);
  const found: { at: number; points: number }[] = [];
  page.blocks.forEach((block, at) => {
    if (block.size > 80) return;
    const plain = bare(block.text);
    // A part of the headline also names sections and recipe cards.
    if (plain.length < least || !known.includes(plain)) return;
    const points =
      Math.min(plain.length, 40) + tagPoints(block) / 2 - (block.linkSize > block.size * 0.6 ? 25 : 0);
    if (points >= 12) found.push({ at, points });
  });
  // Below the text headlines come again, in comment forms and recipe cards: the first good one counts.
  const most = found.reduce((best, one) => Math.max(best, one.points), 0);
  return found.find((one) => one.points > most * 0.6)?.at ?? -1;
}

// Characters; what is shorter names a site or a section more often than an article.
const SHORTEST_TOLD = 9;

// Prose before a headline: a summary at the most.
const LONGEST_LEAD = 80;

/** The page's headline, next to its main text `main`; null when it has none. */
export function pageTitle(page: Page, main: Range): Title | null {
  const og = page.metas.get('og:title') ?? page.metas.get('twitter:title') ?? '';
  const known = bare(`${page.headTitle} ${og}`);
  let best: Title | null = null;
  let passed = 0;
  // A head that says nothing (通告, the site's name) leaves the finding to the page: less proof is asked.
  const told = headlineOf(og !== '' ? og : page.headTitle);
  const poor = bare(told).length < SHORTEST_TOLD;
  let bestPoints = poor ? 8 : 14;
  for (let at = Math.max(0, main.from - 60); at < Math.min(page.blocks.length, main.from + 13); at++) {
    const block = page.blocks[at];
    if (!block) continue;
    // Behind a paragraph comes no headline any more, but the signature of the house that the head names too.
    if (at >= main.from && passed > LONGEST_LEAD) break;
    if (at >= main.from) passed += block.points > 0 ? block.size : 0;
    const points = headlinePoints(block, at, main.from, known);
    if (points > bestPoints) {
      bestPoints = points;
      best = { text: block.text, at };
    }
  }
  const heading = best && page.headings.find((h) => h.at === best?.at);
  if (best && heading && heading.text.length < 120) best = { text: heading.text, at: best.at };
  if (best && (bestPoints >= 45 || bare(told).length < 4)) return best;
  // A head of a word or two names the site; what is set in bold on top of the text names the article.
  if (best && poor && bare(best.text).length > bare(told).length) return best;
  // Without support from the head a heading must do better than the head itself.
  if (best && bestPoints >= 20 && tagPoints(page.blocks[best.at] as Block) >= 20) return best;
  return told === '' ? best : { text: told, at: best?.at ?? -1 };
}

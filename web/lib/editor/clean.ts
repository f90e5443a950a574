import { mayLead } from '../../../config/release-document.ts';
import { listsOfWord } from './word-lists.ts';

/** What was left behind, so that it can be said. */
export type Left = {
  /** Pictures by an address elsewhere or on somebody's own machine. */
  images: number;
  /** Video, audio, frames. */
  embeds: number;
  /** Links to where no link may lead; their words stayed. */
  links: number;
};

/** Pictures that count readers, or hold a place: not worth a word. */
const TRACKER_PIXELS = 3;

/**
 * HTML from Word, WeChat or another page, as the editor's schema can read it: no styles, no classes of theirs, no pictures by
 * foreign addresses; lists of Word become lists, bold and italic by style become marks. Runs in the browser.
 * @param imported pictures by `medium:⟨id⟩` are the hub's own: an import has put them there
 */
export function cleanHtml(html: string, imported = false): { html: string; left: Left } {
  const left: Left = { images: 0, embeds: 0, links: 0 };
  // Word wraps its bullets into conditional comments, which a parser takes for nothing. Style sheets go before anything
  // parses them: the page's policy forbids them, and says so.
  const bare = html.replace(/<!\[(?:if|endif)[^>]*>/gi, '').replace(/<style\b[^>]*>[^]*?<\/style\s*>/gi, '');
  const page = new DOMParser().parseFromString(bare, 'text/html');
  const { body } = page;
  // What the editor itself copied needs nothing of this.
  if (body.querySelector('[data-pm-slice]')) return { html, left };

  removeComments(body);
  for (const element of body.querySelectorAll(NEVER)) element.remove();
  for (const element of body.querySelectorAll(EMBEDS)) {
    left.embeds += 1;
    element.remove();
  }
  const figures = new Map<HTMLElement, number>();
  for (const image of body.querySelectorAll('img, v\\:imagedata, svg, canvas')) {
    const id = imported ? idOf(image) : null;
    if (id !== null) figures.set(figureFor(image), id);
    else if (!imported && !isTracker(image)) left.images += 1;
    image.remove();
  }
  listsOfWord(body);
  for (const element of body.querySelectorAll<HTMLElement>('[style]')) markByStyle(element);
  for (const link of body.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? '';
    if (mayLead(href)) continue;
    // An anchor within the page of origin (Word's bookmarks and footnotes) is no loss.
    if (href !== '' && !href.startsWith('#')) left.links += 1;
    unwrap(link);
  }
  for (const [from, to] of HEADINGS) {
    for (const heading of body.querySelectorAll(from)) rename(heading, to);
  }
  for (const element of body.querySelectorAll('*')) bareAttributes(element);
  for (const [figure, mediaId] of figures) {
    figure.dataset['medium'] = 'image';
    figure.dataset['attrs'] = JSON.stringify({ mediaId, alt: '', caption: '' });
  }
  tidyParagraphs(body);
  return { html: body.innerHTML, left };
}

const NEVER = 'script, style, link, meta, title, xml, template, noscript, button, input, select, o\\:p';
const EMBEDS = 'iframe, object, embed, video, audio, mpvoice, mp-common-videosnap, mp-common-profile';
/** A release has one title; its own headings are of levels 2 to 4. */
const HEADINGS = [
  ['h5, h6', 'h4'],
  ['h1', 'h2'],
] as const;
const KEPT = new Set(['href', 'colspan', 'rowspan', 'start', 'align']);

function removeComments(root: Node): void {
  const walker = root.ownerDocument?.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (walker?.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
}

function idOf(image: Element): number | null {
  const found = /^medium:(\d+)$/.exec(image.getAttribute('src') ?? '');
  return found ? Number(found[1]) : null;
}

/** A block of its own behind the paragraph in which the picture stood. */
function figureFor(image: Element): HTMLElement {
  const figure = image.ownerDocument.createElement('figure');
  let before = image.closest('p, h1, h2, h3, h4, h5, h6') ?? image;
  // Several pictures of one paragraph keep their order.
  while (before.nextElementSibling?.tagName === 'FIGURE') before = before.nextElementSibling;
  before.after(figure);
  return figure;
}

function isTracker(image: Element): boolean {
  const sizes = ['width', 'height'].map((name) => Number.parseInt(image.getAttribute(name) ?? '', 10));
  return sizes.some((size) => size <= TRACKER_PIXELS);
}

/** Editors of WeChat and of office programs say with styles what HTML has elements for. */
function markByStyle(element: HTMLElement): void {
  const { style } = element;
  const bold = style.fontWeight === 'bold' || Number(style.fontWeight) >= 600;
  if (!isHeading(element) && bold) wrapInside(element, 'strong');
  if (style.fontStyle === 'italic') wrapInside(element, 'em');
  if (/underline/.test(style.textDecorationLine || style.textDecoration) && element.tagName !== 'A') {
    wrapInside(element, 'u');
  }
  if (style.textAlign === 'center' || style.textAlign === 'right')
    element.setAttribute('align', style.textAlign);
}

const isHeading = (element: Element) => /^H[1-6]$/.test(element.tagName);

/** Marks hold words: where there are blocks inside, each of them is marked by itself. */
function wrapInside(element: Element, tag: 'strong' | 'em' | 'u'): void {
  if (element.querySelector(BLOCKS) || element.textContent?.trim() === '') return;
  const wrapper = element.ownerDocument.createElement(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}

const BLOCKS = 'p, div, section, table, ul, ol, li, blockquote, h1, h2, h3, h4, h5, h6, figure, hr';

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function rename(element: Element, tag: string): void {
  const other = element.ownerDocument.createElement(tag);
  for (const { name, value } of element.attributes) other.setAttribute(name, value);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

function bareAttributes(element: Element): void {
  for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
}

/** The pages set their own indents and distances: those that were typed go. */
function tidyParagraphs(body: HTMLElement): void {
  for (const block of body.querySelectorAll('p, h2, h3, h4, section, div')) {
    const first = firstText(block);
    if (first) first.data = first.data.replace(/^[\s\u00a0\u3000]+/u, '');
    const empty = block.textContent?.replace(/[\s\u00a0\u3000\u200b]/gu, '') === '';
    if (empty && !block.querySelector('table, hr, figure') && !block.closest('td, th, li')) block.remove();
  }
}

function firstText(block: Element): Text | null {
  const walker = block.ownerDocument.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  return walker.nextNode() as Text | null;
}

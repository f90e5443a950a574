import { Element, type Document } from 'domhandler';
import { attribute, BLOCK, hidden, isElement, isText, parsePage, SILENT, squeeze, walk } from './dom.ts';
import type { Group } from './repeats.ts';

/** One line of visible text as a reader sees it: what stands between two line breaks or block borders. */
export type Block = {
  text: string;
  /** Amount of text in Chinese characters; a letter counts as a third of one, as English words carry about that. */
  size: number;
  /** The part of `size` that is inside links. */
  linkSize: number;
  /** Marks that end or part sentences. Navigation has next to none. */
  points: number;
  /** The innermost block element around the line. */
  holder: Element;
};

/** Half-open range of block numbers. */
export type Range = { from: number; to: number };

/** Everything about a page that the readers of title, text, date and comments share, gathered in one walk. */
export type Page = {
  url: string;
  root: Document;
  blocks: Block[];
  /** Which blocks lie inside an element, for block elements and for others that span several lines. In document order. */
  ranges: Map<Element, Range>;
  /** First content of each `<meta>`, by lower-case name, property or itemprop. */
  metas: Map<string, string>;
  headTitle: string;
  canonicalHref: string | null;
  ldJson: string[];
  /** h1 to h3 with the number of their first block. */
  headings: { level: number; text: string; at: number }[];
  /** `<time>` and itemprop dates with the number of the block they stand in. */
  times: { value: string; at: number; published: boolean }[];
  comments: string[];
  /** Siblings that look alike; null as long as nobody asked. */
  groups: Group[] | null;
};

const INLINE = new Set('a b i u em strong br img big small sup sub code abbr wbr input label'.split(' '));

// Characters; the longest teaser inside one link stays well below.
const LONGEST_LINK = 500;

/** Text size in Chinese characters; see Block.size. */
export function sizeOf(text: string): number {
  let size = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x2e80) size += 1;
    else if (code > 0x20) size += 0.34;
  }
  return size;
}

const CHINESE_POINTS = '，。；！？、：”」';
const WESTERN_POINTS = '.,;!?';
// A western mark parts sentences only before one of these; within numbers and names it does not.
const AFTER_POINT = /[\s"'”’]/;

/** How many marks of a line end or part sentences; see Block.points. */
function pointsOf(text: string): number {
  let points = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Neither letters, digits nor Chinese characters.
    if (code < 0x21 || (code > 0x3f && code < 0x201d) || (code > 0x300d && code < 0xff01)) continue;
    const mark = text[i] as string;
    if (CHINESE_POINTS.includes(mark)) points++;
    else if (
      WESTERN_POINTS.includes(mark) &&
      (i + 1 === text.length || AFTER_POINT.test(text[i + 1] as string))
    )
      points++;
  }
  return points;
}

/** What an element of the head, or of the body by mistake, tells about the page. */
function readHead(element: Element, page: Page): void {
  switch (element.name) {
    case 'meta': {
      const content = attribute(element, 'content');
      if (content === '') return;
      for (const key of ['property', 'name', 'itemprop', 'http-equiv']) {
        const meta = attribute(element, key).toLowerCase();
        if (meta !== '' && !page.metas.has(meta)) page.metas.set(meta, squeeze(content));
      }
      return;
    }
    case 'link':
      if (/(?:^|\s)canonical(?:\s|$)/i.test(attribute(element, 'rel')))
        page.canonicalHref ??= attribute(element, 'href') || null;
      return;
    case 'script': {
      const first = element.children[0];
      if (isText(first) && /ld\+json/i.test(attribute(element, 'type'))) page.ldJson.push(first.data);
      return;
    }
    case 'title':
      if (page.headTitle === '') {
        const first = element.children[0];
        page.headTitle = isText(first) ? squeeze(first.data) : '';
      }
  }
}

function readTime(element: Element, page: Page): void {
  const { itemprop, pubdate } = element.attribs;
  const published = pubdate !== undefined || itemprop?.toLowerCase().includes('datepublished') === true;
  if (element.name !== 'time' && !published) return;
  const value =
    attribute(element, 'datetime') || attribute(element, 'content') || attribute(element, 'title');
  if (value !== '') page.times.push({ value, at: page.blocks.length, published });
}

/**
 * Reads HTML into a Page. Never throws; a page without text has no blocks. Linear in the length of the input.
 * `prepare` may change the tree before it is read.
 */
export function readPage(html: string, url: string, prepare?: (root: Document) => void): Page {
  const root = parseText(html);
  prepare?.(root);
  return pageOf(root, url);
}

/** The tree of a text from anywhere. */
export const parseText = (html: string): Document => parsePage(html.toWellFormed().replaceAll('\0', ''));

/** Reads a tree into a Page; see readPage. */
export function pageOf(root: Document, url: string): Page {
  const page: Page = {
    url,
    root,
    blocks: [],
    ranges: new Map(),
    metas: new Map(),
    headTitle: '',
    canonicalHref: null,
    ldJson: [],
    headings: [],
    times: [],
    comments: [],
    groups: null,
  };
  gather(page);
  return page;
}

/** Fills a page from its tree. */
function gather(page: Page): void {
  const { root, blocks, ranges } = page;
  // Text outside of everything, as in a fragment or a plain text, is held by an imagined body.
  const holders: Element[] = [new Element('body', {})];
  const links: { element: Element; from: number; size: number }[] = [];
  let buffer = '';
  let linked = '';
  /** Whether `buffer` holds anything to see: asked at every end of an element, so that it is looked up once a piece. */
  let said = false;
  let pre = 0;

  const flush = (): void => {
    if (buffer === '') return;
    const text = squeeze(buffer);
    const holder = holders.at(-1);
    if (text !== '' && holder) {
      const size = sizeOf(text);
      // A written-out address is text that happens to be a link.
      if (linked !== '' && /^\s*(?:https?:\/\/|www\.)\S+\s*$/.test(linked)) linked = '';
      blocks.push({
        text,
        size,
        linkSize: Math.min(size, sizeOf(linked)),
        points: pointsOf(text),
        holder,
      });
    }
    buffer = '';
    linked = '';
    said = false;
  };
  const say = (piece: string): void => {
    buffer += piece;
    said ||= squeeze(piece) !== '';
  };

  walk(
    root,
    (node) => {
      if (isText(node)) {
        if (pre > 0 && node.data.includes('\n')) {
          const lines = node.data.split('\n');
          lines.forEach((line, i) => {
            say(line);
            if (links.length > 0) linked += line;
            if (i < lines.length - 1) flush();
          });
          return true;
        }
        say(node.data);
        const link = links.at(-1);
        if (link) {
          linked += node.data;
          link.size += node.data.length;
        }
        return true;
      }
      if (!isElement(node)) {
        if (node.type === 'comment' && node.data.length < 2000) page.comments.push(node.data);
        return true;
      }
      readHead(node, page);
      if (node.name === 'head' || SILENT.has(node.name)) return node.name === 'head';
      if (node.name === 'title' || hidden(node)) return false;
      readTime(node, page);
      if (node.name === 'br') flush();
      if (BLOCK.has(node.name)) {
        flush();
        holders.push(node);
        if (node.name === 'pre') pre++;
      }
      if (!INLINE.has(node.name)) ranges.set(node, { from: blocks.length, to: -1 });
      if (node.name === 'a' && node.attribs['href'] !== undefined)
        links.push({ element: node, from: blocks.length, size: 0 });
      return true;
    },
    (node) => {
      if (!isElement(node)) return;
      const link = links.at(-1);
      if (link?.element === node) {
        links.pop();
        // A link around paragraphs of prose is one that somebody forgot to close.
        if (link.size > LONGEST_LINK) {
          linked = '';
          for (let i = link.from; i < blocks.length; i++) (blocks[i] as Block).linkSize = 0;
        }
      }
      const isBlock = holders.at(-1) === node;
      if (isBlock) {
        flush();
        holders.pop();
        if (node.name === 'pre') pre--;
      }
      const range = ranges.get(node);
      if (!range) return;
      range.to = isBlock || !said ? blocks.length : blocks.length + 1;
      if (range.to <= range.from || (!isBlock && range.to - range.from < 2)) ranges.delete(node);
      else if (node.name.length === 2 && /^h[1-3]$/.test(node.name)) {
        const text = blocks
          .slice(range.from, range.to)
          .map((block) => block.text)
          .join(' ');
        page.headings.push({ level: Number(node.name[1]), text, at: range.from });
      }
    },
  );
  flush();
}

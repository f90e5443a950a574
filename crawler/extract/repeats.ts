import type { Element } from 'domhandler';
import type { Page, Range } from './page.ts';
import { isElement } from './dom.ts';

/** Siblings that look alike: the items of one list. */
export type Group = { parent: Element; items: { element: Element; range: Range }[] };

/** Lists of at least `least` sibling elements with the same tag and first class, in document order. */
export function repeatedGroups(page: Page, least: number): Group[] {
  page.groups ??= allGroups(page);
  return page.groups.filter((group) => group.items.length >= least);
}

function allGroups(page: Page): Group[] {
  const groups = new Map<Element, Map<string, Group>>();
  for (const [element, range] of page.ranges) {
    const { parent } = element;
    if (!isElement(parent)) continue;
    const signature = signatureOf(element);
    let inParent = groups.get(parent);
    if (!inParent) groups.set(parent, (inParent = new Map<string, Group>()));
    const group = inParent.get(signature);
    if (group) group.items.push({ element, range });
    else inParent.set(signature, { parent, items: [{ element, range }] });
  }
  return [...groups.values()].flatMap((inParent) => [...inParent.values()]);
}

function signatureOf(element: Element): string {
  const names = element.attribs['class'];
  if (names === undefined) return element.name;
  // Numbers in class names (item-17) differ between siblings.
  return `${element.name}.${names.trim().split(/\s/, 1)[0]?.replace(/\d+/g, '') ?? ''}`;
}

// A teaser is a linked headline with a sentence or two; a longer item is a section of a text.
const TEASER_SIZE = 170;

/** Ranges of list items that announce other articles: a linked headline and a short text, again and again. */
export function teasers(page: Page): Range[] {
  return repeatedGroups(page, 3).flatMap(({ items }) => {
    const found = items.filter(({ range }) => {
      if (range.to - range.from < 2 || range.to - range.from > 8) return false;
      let plain = 0;
      let linked = false;
      for (let i = range.from; i < range.to; i++) {
        const block = page.blocks[i];
        if (!block) continue;
        plain += block.size - block.linkSize;
        if (block.linkSize > block.size * 0.6 && block.linkSize >= 4) linked = true;
      }
      return linked && plain < TEASER_SIZE;
    });
    return found.length >= items.length * 0.7 ? found.map((item) => item.range) : [];
  });
}

import type { JSONContent } from '@tiptap/core';
import {
  documentSchema,
  mayLead,
  type Block,
  type Cell,
  type Inline,
  type ReleaseDocument,
  type Row,
} from '../../../config/release-document.ts';

/**
 * A stored document as the editor can hold it. Its rules on what stands within what are narrower than those of
 * config/release-document.ts: what would not fit is wrapped or filled, so that not a word is lost when a text is opened.
 */
export function toEditor(document: ReleaseDocument): JSONContent {
  return { type: 'doc', content: filled(blocks(document.content)) };
}

const paragraph = { type: 'paragraph' } as const;
const filled = (content: JSONContent[]): JSONContent[] => (content.length > 0 ? content : [paragraph]);

/** Items that stand outside of a list get one of their own, together with their neighbours. */
function blocks(content: readonly Block[]): JSONContent[] {
  const made: JSONContent[] = [];
  let stray: Block[] = [];
  const gather = () => {
    if (stray.length > 0) made.push({ type: 'bulletList', content: items(stray) });
    stray = [];
  };
  for (const each of content) {
    if (each.type === 'listItem') stray.push(each);
    else {
      gather();
      made.push(...block(each));
    }
  }
  gather();
  return made;
}

/** None where nothing would be left but an empty frame. */
function block(given: Block): JSONContent[] {
  switch (given.type) {
    case 'paragraph':
    case 'heading':
      return [{ ...given, content: (given.content ?? []).map(inline) }];
    case 'blockquote':
      return [{ type: 'blockquote', content: filled(blocks(given.content)) }];
    case 'bulletList':
    case 'orderedList':
      return given.content.length === 0 ? [] : [{ ...given, content: items(given.content) }];
    case 'listItem':
      return blocks([given]);
    case 'table': {
      const rows = given.content.filter((row) => row.content.length > 0);
      return rows.length === 0 ? [] : [{ type: 'table', content: rows.map(row) }];
    }
    case 'horizontalRule':
    case 'image':
    case 'video':
    case 'audio':
      return [given];
  }
}

/** An item begins with a paragraph, and holds what stood in the list without one. */
function items(content: readonly Block[]): JSONContent[] {
  return content.map((each) => {
    const inner = blocks(each.type === 'listItem' ? each.content : [each]);
    return { type: 'listItem', content: inner[0]?.type === 'paragraph' ? inner : [paragraph, ...inner] };
  });
}

const row = ({ content }: Row): JSONContent => ({ type: 'tableRow', content: content.map(cell) });
const cell = (given: Cell): JSONContent => ({ ...given, content: filled(blocks(given.content)) });

/** Each mark once, and no link that leads nowhere. */
function inline(given: Inline): JSONContent {
  if (given.type === 'hardBreak' || !given.marks) return given;
  const marks = given.marks.filter(
    (mark, place, all) =>
      all.findIndex(({ type }) => type === mark.type) === place &&
      (mark.type !== 'link' || mayLead(mark.attrs.href)),
  );
  return { ...given, marks };
}

/**
 * What the editor holds, as it is stored: without the empty paragraph that it keeps at the end for the caret, and without
 * attributes that say nothing.
 * @throws ZodError when it holds more than a document may: a text, a link or a picture's caption that is too long
 */
export function fromEditor(held: JSONContent): ReleaseDocument {
  const content = [...(held.content ?? [])];
  while (isEmptyParagraph(content.at(-1))) content.pop();
  return documentSchema.parse({ type: 'doc', content: content.map(bare) });
}

function isEmptyParagraph(node: JSONContent | undefined): boolean {
  return node?.type === 'paragraph' && (node.content ?? []).length === 0;
}

/** The node with those attributes only that differ from what is meant without them. */
function bare(node: JSONContent): JSONContent {
  const { attrs, content, ...rest } = node;
  const kept = Object.entries(attrs ?? {}).filter(([key, value]) => !saysNothing(key, value));
  return {
    ...rest,
    ...(kept.length > 0 && { attrs: Object.fromEntries(kept) }),
    ...(content && { content: content.map(bare) }),
  };
}

function saysNothing(key: string, value: unknown): boolean {
  if (key === 'colspan' || key === 'rowspan' || key === 'start') return value === 1;
  return value === null || (key === 'textAlign' && value === 'left');
}

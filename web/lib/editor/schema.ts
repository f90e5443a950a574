import { Extension, Mark, Node, type Extensions } from '@tiptap/core';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import StarterKit from '@tiptap/starter-kit';
import { mayLead } from '../../../config/release-document.ts';

/** Nodes and marks of the editor: those of config/release-document.ts and no other, so that no other can be typed or pasted. */
export function schemaExtensions(): Extensions {
  return [
    StarterKit.configure({
      ...{ code: false, codeBlock: false, strike: false, link: false },
      heading: { levels: [2, 3, 4] },
      dropcursor: { color: 'var(--brand)', width: 2 },
      undoRedo: { depth: 500 },
    }),
    Link,
    Alignment,
    PlainTable,
    TableRow,
    TableCell.extend({ addAttributes: spanAttributes }),
    TableHeader.extend({ addAttributes: spanAttributes }),
    medium('image', { alt: '', caption: '' }),
    medium('video', { title: '', captionsId: null }),
    medium('audio', { title: '', transcript: '' }),
  ];
}

/** A link knows where it leads and nothing else; how it opens is the page's matter. */
const Link = Mark.create({
  name: 'link',
  priority: 1000,
  inclusive: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [
    { tag: 'a[href]', getAttrs: (element) => mayLead(element.getAttribute('href') ?? '') && null },
  ],
  renderHTML: ({ HTMLAttributes }) => ['a', HTMLAttributes, 0],
});

/** Left is how a text stands without being told. A class, not a style: the content policy of the site allows no styles. */
const Alignment = Extension.create({
  name: 'alignment',
  addGlobalAttributes: () => [
    {
      types: ['paragraph', 'heading'],
      attributes: {
        textAlign: {
          default: null,
          parseHTML: (element) => alignmentOf(element),
          renderHTML: ({ textAlign }: Record<string, unknown>) =>
            textAlign === 'center' || textAlign === 'right' ? { class: textAlign } : {},
        },
      },
    },
  ],
});

function alignmentOf(element: HTMLElement): 'center' | 'right' | null {
  const said = element.style.textAlign || element.getAttribute('align') || element.className;
  return said === 'center' || said === 'right' ? said : null;
}

/** Without the widths of columns, which no channel takes over. */
const PlainTable = Table.extend({
  renderHTML: () => ['table', ['tbody', 0]],
}).configure({ resizable: false, View: null });

function spanAttributes() {
  const span = (name: 'colspan' | 'rowspan', most: number) => ({
    default: 1,
    parseHTML: (element: HTMLElement) =>
      Math.min(Math.max(Number.parseInt(element.getAttribute(name) ?? '', 10) || 1, 1), most),
  });
  // As far as config/release-document.ts has them.
  return { colspan: span('colspan', 20), rowspan: span('rowspan', 200) };
}

/**
 * A picture, video or audio: a block of its own that is read from nothing but what the editor itself wrote, so that a page
 * from elsewhere brings no picture along by its address.
 */
function medium(name: 'image' | 'video' | 'audio', texts: Record<string, string | null>): Node {
  const attributes = { mediaId: null, ...texts };
  return Node.create({
    name,
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () =>
      Object.fromEntries(
        Object.entries(attributes).map(([key, value]) => [key, { default: value, rendered: false }]),
      ),
    parseHTML: () => [
      { tag: `figure[data-medium="${name}"]`, getAttrs: (element) => attributesOf(element, attributes) },
    ],
    renderHTML: ({ node }) => ['figure', { 'data-medium': name, 'data-attrs': JSON.stringify(node.attrs) }],
  });
}

/** What the editor wrote into its own copy; false: it was not the editor. */
function attributesOf(element: HTMLElement, known: Record<string, string | null>) {
  try {
    const read: unknown = JSON.parse(element.dataset['attrs'] ?? '');
    if (typeof read !== 'object' || read === null || !('mediaId' in read)) return false;
    if (!Number.isSafeInteger(read.mediaId) || Number(read.mediaId) < 1) return false;
    return Object.fromEntries(Object.entries(read).filter(([key]) => key in known));
  } catch {
    return false;
  }
}

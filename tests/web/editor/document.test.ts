import { getSchema } from '@tiptap/core';
import { Node } from '@tiptap/pm/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentSchema, type ReleaseDocument } from '../../../config/release-document.ts';
import { plainText } from '../../../publisher/releases/plain.ts';
import { fromEditor, toEditor } from '../../../web/lib/editor/document.ts';
import { schemaExtensions } from '../../../web/lib/editor/schema.ts';
import { anyDocument } from '../../support/documents.ts';

const schema = getSchema(schemaExtensions());
const held = (document: ReleaseDocument) => Node.fromJSON(schema, toEditor(document));

test('the editor knows the nodes and marks of a release and no others', () => {
  expect(Object.keys(schema.nodes).sort()).toEqual(
    [
      ...['audio', 'blockquote', 'bulletList', 'doc', 'hardBreak', 'heading', 'horizontalRule', 'image'],
      ...['listItem', 'orderedList', 'paragraph', 'table', 'tableCell', 'tableHeader', 'tableRow', 'text'],
      'video',
    ].sort(),
  );
  expect(Object.keys(schema.marks).sort()).toEqual(['bold', 'italic', 'link', 'underline']);
});

test('whatever a release holds can be opened, and not a word of it is lost', () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      const node = held(document);
      node.check();
      expect(plainText(fromEditor(node.toJSON()))).toBe(plainText(document));
    }),
    { numRuns: 300 },
  );
});

test('whatever the editor holds is accepted where releases are read, and stays the same when it is opened again', () => {
  fc.assert(
    fc.property(anyDocument, (document) => {
      const once = fromEditor(held(document).toJSON());
      expect(documentSchema.safeParse(once).success).toBe(true);
      expect(fromEditor(held(once).toJSON())).toEqual(once);
    }),
    { numRuns: 300 },
  );
});

test('an empty release opens as one empty paragraph and is still empty', () => {
  const node = held({ type: 'doc', content: [] });
  expect(node.childCount).toBe(1);
  expect(fromEditor(node.toJSON())).toEqual({ type: 'doc', content: [] });
});

test('a picture keeps its alternative text and its caption, a cell how far it reaches', () => {
  const document: ReleaseDocument = {
    type: 'doc',
    content: [
      { type: 'image', attrs: { mediaId: 7, alt: '云州检察开放日现场', caption: '' } },
      {
        type: 'table',
        content: [
          {
            type: 'tableRow',
            content: [{ type: 'tableHeader', attrs: { colspan: 2 }, content: [{ type: 'paragraph' }] }],
          },
        ],
      },
    ],
  };
  expect(fromEditor(held(document).toJSON())).toEqual(document);
});

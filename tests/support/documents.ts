import fc from 'fast-check';
import type { Block, Inline, Mark, ReleaseDocument } from '../../config/release-document.ts';

/** Words as somebody might write them who wants to break out of a page. */
const nasty = fc.constantFrom(
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</p></td></table><iframe src=//x.example>',
  '&lt;b&gt; &amp; &#60;',
  ']]><!--',
  '云州市人民检察院',
);
const text = fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), nasty);
const words = fc.oneof(fc.constant(''), text);
const href = fc.oneof(
  fc.constantFrom('https://x.example/?a=1&b="2"', '/news/1', 'mailto:a@x.example', 'tel:12309'),
  fc.constantFrom('javascript:alert(1)', 'data:text/html,x', '//x.example', '/\\x.example', ' javascript:1'),
  fc.string({ maxLength: 20 }),
);
const mark: fc.Arbitrary<Mark> = fc.oneof(
  fc.constantFrom<Mark>({ type: 'bold' }, { type: 'italic' }, { type: 'underline' }),
  href.map((given): Mark => ({ type: 'link', attrs: { href: given } })),
);
const inline: fc.Arbitrary<Inline> = fc.oneof(
  fc.record({
    type: fc.constant('text' as const),
    text,
    marks: fc.array(mark, { maxLength: 3 }),
  }),
  fc.constant<Inline>({ type: 'hardBreak' }),
);
const inlines = fc.array(inline, { maxLength: 4 });
const textAlign = fc.constantFrom('left' as const, 'center' as const, 'right' as const, null);
const mediaId = fc.integer({ min: 1, max: 9_999 });

const { block } = fc.letrec<{ block: Block; blocks: Block[] }>((tie) => {
  const blocks = fc.array(tie('block'), { maxLength: 3, depthIdentifier: 'document' });
  const items = fc.array(
    blocks.map((content): Block => ({ type: 'listItem', content })),
    { maxLength: 3 },
  );
  const cell = fc.record({
    type: fc.constantFrom('tableCell' as const, 'tableHeader' as const),
    attrs: fc.record({ colspan: fc.integer({ min: 1, max: 3 }), rowspan: fc.integer({ min: 1, max: 3 }) }),
    content: blocks,
  });
  const row = fc.record({
    type: fc.constant('tableRow' as const),
    content: fc.array(cell, { maxLength: 3 }),
  });
  return {
    blocks,
    block: fc.oneof(
      { depthIdentifier: 'document', maxDepth: 3, withCrossShrink: true },
      fc.record({
        type: fc.constant('paragraph' as const),
        attrs: fc.record({ textAlign }),
        content: inlines,
      }),
      fc.record({
        type: fc.constant('heading' as const),
        attrs: fc.record({ level: fc.constantFrom(2 as const, 3 as const, 4 as const), textAlign }),
        content: inlines,
      }),
      fc.constant<Block>({ type: 'horizontalRule' }),
      fc.record({
        type: fc.constant('image' as const),
        attrs: fc.record({ mediaId, alt: words, caption: words }),
      }),
      fc.record({
        type: fc.constant('video' as const),
        attrs: fc.record({ mediaId, title: words, captionsId: fc.option(mediaId) }),
      }),
      fc.record({
        type: fc.constant('audio' as const),
        attrs: fc.record({ mediaId, title: words, transcript: words }),
      }),
      blocks.map((content): Block => ({ type: 'blockquote', content })),
      items.map((content): Block => ({ type: 'bulletList', content })),
      fc
        .tuple(items, fc.integer({ min: 0, max: 99 }))
        .map(([content, start]): Block => ({ type: 'orderedList', attrs: { start }, content })),
      fc.array(row, { maxLength: 3 }).map((content): Block => ({ type: 'table', content })),
    ),
  };
});

/** Documents with every kind of block, with words and links that somebody might try. */
export const anyDocument: fc.Arbitrary<ReleaseDocument> = fc
  .array(block, { maxLength: 5 })
  .map((content) => ({ type: 'doc', content }));

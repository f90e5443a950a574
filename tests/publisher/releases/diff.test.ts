import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../config/release-content.ts';
import type { Block, ReleaseDocument } from '../../../config/release-document.ts';
import {
  diffContents,
  diffLines,
  diffWords,
  type LineDiff,
  type Piece,
} from '../../../publisher/releases/diff.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { anyDocument } from '../../support/documents.ts';

const before = (pieces: readonly Piece[]) =>
  pieces
    .filter(({ kind }) => kind !== 'added')
    .map(({ text }) => text)
    .join('');
const after = (pieces: readonly Piece[]) =>
  pieces
    .filter(({ kind }) => kind !== 'removed')
    .map(({ text }) => text)
    .join('');
const of = (text: string) => contentOf({ document: documentOfText(text) });
/** `+` and `-` for what came and went, within a changed line in brackets. */
const shown = (lines: readonly LineDiff[] | null) =>
  lines?.map((line) =>
    line.kind === 'changed'
      ? `~ ${line.pieces.map(({ kind, text }) => (kind === 'same' ? text : `[${kind === 'added' ? '+' : '-'}${text}]`)).join('')}`
      : `${{ same: '=', added: '+', removed: '-' }[line.kind]} ${line.text}`,
  );

test('words that went and words that came are the two texts again, whatever they are', () => {
  const text = fc.string({ unit: fc.constantFrom('检', '察', '院', ' ', 'a', '，', '😀') });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const pieces = diffWords(a, b);
      expect([before(pieces), after(pieces)]).toEqual([a, b]);
    }),
  );
});

test('lines that went and lines that came are the two texts again, in their order', () => {
  const line = fc.record({
    block: fc.constantFrom<Block['type']>('paragraph', 'heading'),
    text: fc.constantFrom('检察开放日', '检察开放日活动', '欢迎参加', '欢迎大家参加', '一'),
  });
  fc.assert(
    fc.property(fc.array(line), fc.array(line), (a, b) => {
      const found = diffLines(a, b);
      const texts = (kinds: LineDiff['kind'][], side: (pieces: readonly Piece[]) => string) =>
        found.flatMap((each) =>
          each.kind === 'changed' ? [side(each.pieces)] : kinds.includes(each.kind) ? [each.text] : [],
        );
      expect(texts(['same', 'added'], after)).toEqual(b.map(({ text }) => text));
      // Whatever is paired, nothing of the earlier text is lost.
      expect(texts(['same', 'removed'], before)).toEqual(a.map(({ text }) => text));
    }),
  );
});

describe('a reader sees', () => {
  test('the words that were changed within a paragraph, and paragraphs that are new or gone', () => {
    const lines = diffContents(
      of('云州市检察院举行开放日活动。\n第二段不变。\n这一段会被删去。'),
      of('云州市人民检察院举行开放日活动。\n第二段不变。\n最后加上完全不同的话。'),
    ).document;
    expect(shown(lines)?.slice(0, 2)).toEqual([
      expect.stringMatching(/^~ 云州市.*\[\+.*人民.*\].*举行开放日活动。$/u),
      '= 第二段不变。',
    ]);
    expect(shown(lines)?.slice(2).toSorted()).toEqual(['+ 最后加上完全不同的话。', '- 这一段会被删去。']);
  });

  test('how much came and went, and that nothing else did', () => {
    const diff = diffContents(of('一二三'), of('一二三'));
    expect(diff).toEqual({
      ...{ title: null, summary: null, document: null, wechat: null, details: [] },
      ...{ added: 0, removed: 0, formatOnly: false },
    });
    expect(diffContents(of('甲'), of('甲\n乙丙'))).toMatchObject({ added: 2, removed: 0 });
  });

  test('that only the formatting is another', () => {
    const bold: ReleaseDocument = {
      type: 'doc',
      content: [{ type: 'paragraph', content: [{ type: 'text', text: '甲', marks: [{ type: 'bold' }] }] }],
    };
    expect(diffContents(of('甲'), contentOf({ document: bold }))).toMatchObject({
      document: null,
      formatOnly: true,
    });
  });

  test('that a paragraph became a heading', () => {
    const heading: ReleaseDocument = {
      type: 'doc',
      content: [{ type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: '活动安排' }] }],
    };
    expect(diffContents(of('活动安排'), contentOf({ document: heading })).document).toEqual([
      { kind: 'changed', block: 'heading', was: 'paragraph', pieces: [{ kind: 'same', text: '活动安排' }] },
    ]);
  });

  test('settings by their path, and the own text of a channel by its lines', () => {
    const own = contentOf({
      type: 'open-day',
      document: documentOfText('母稿'),
      details: { keywords: ['开放日'], wechat: { on: true, document: documentOfText('母稿\n给微信的话') } },
    });
    const diff = diffContents(of('母稿'), own);
    expect(diff.details).toEqual([
      { field: 'type', before: 'notice', after: 'open-day' },
      { field: 'keywords', before: [], after: ['开放日'] },
      { field: 'wechat.on', before: false, after: true },
      { field: 'wechat.document', before: false, after: true },
    ]);
    expect(shown(diff.wechat)).toEqual(['= 母稿', '+ 给微信的话']);
  });
});

test('any two documents can be compared, and none with itself differs', () => {
  fc.assert(
    fc.property(anyDocument, anyDocument, (a, b) => {
      expect(diffContents(contentOf({ document: a }), contentOf({ document: a })).document).toBeNull();
      expect(() => diffContents(contentOf({ document: a }), contentOf({ document: b }))).not.toThrow();
    }),
  );
});

test('two long texts that have nothing in common are told as such, and not compared for ever', () => {
  const long = (seed: string) => Array.from({ length: 4_000 }, (_, n) => `${seed}${n}`).join('\n');
  const lines = diffContents(of(long('甲')), of(long('乙'))).document ?? [];
  expect(lines).toHaveLength(8_000);
  const words = diffWords('甲乙'.repeat(10_000), '丙 丁 '.repeat(6_000));
  expect(words.map(({ kind }) => kind)).toEqual(['removed', 'added']);
});

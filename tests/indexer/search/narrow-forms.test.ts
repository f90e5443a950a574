import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wellFormed } from '../../../indexer/search/engine.ts';
import { narrowForms } from '../../../indexer/search/narrow-forms.ts';
import { readTyped } from '../../../indexer/search/typed.ts';

describe('what the engine would take for Korean', () => {
  test.each([
    ['Ａｂ公司＋￥１００', 'Ab公司+¥１００'],
    ['捂盖子～', '捂盖子〜'],
    ['甲｜乙＝丙', '甲|乙=丙'],
    ['ｱｲｳ', 'アイウ'],
    ['ﾱﾲ', '  '],
  ])('%s is given to it as %s', (text, plain) => {
    expect(narrowForms(text)).toBe(plain);
  });

  test.each([
    '严查到底！依法公开（试行），好吗？',
    '【云州】：甲、乙；丙。',
    '２０２６年',
    '한국어',
    '🙂 abc',
  ])('and %s stays', (text) => expect(narrowForms(text)).toBe(text));

  test('keeps every place in a text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => narrowForms(text).length === text.length));
    const all = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).join('');
    expect(narrowForms(all)).toHaveLength(all.length);
    expect(narrowForms(all)).not.toMatch(/(?![\p{P}\p{N}])[\uFF00-\uFFEF]/u);
  });

  test('is the same in a post and in what is searched', () => {
    const post = { title: 'ＡＢＣ', text: 'ｘ～\ud800', outlet: null } as Parameters<typeof wellFormed>[0];
    expect(wellFormed(post)).toEqual({ title: 'ABC', text: 'x〜\ufffd', outlet: null });
    expect(readTyped('ＡＢＣ').words).toEqual(['ABC']);
  });
});

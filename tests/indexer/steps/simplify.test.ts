import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analysed, simplify } from '../../../indexer/steps/simplify.ts';
import { fold, foldInPlace } from '../../../indexer/text/fold.ts';
import { context, working } from '../working.ts';

describe('the form in which texts are compared', () => {
  test.each([
    ['traditional characters become simplified ones', '檢察機關依法提起公訴', '检察机关依法提起公诉'],
    ['those of Hong Kong and Taiwan too', '裡面說什麼，為眾人衞生', '里面说什么,为众人卫生'],
    ['two that fell together', '發現頭髮，乾杯幹部，後來皇后', '发现头发,干杯干部,后来皇后'],
    ['wide letters and signs become narrow ones', 'ＡＢＣ１２３，！？：（）', 'abc123,!?:()'],
    ['capitals become small', 'DNA鉴定 WeChat', 'dna鉴定 wechat'],
    ['one sign for several', '㎡ № ㊙ ⅷ', 'm2 no 秘 viii'],
    ['parts of a character come together', 'cafe\u0301', 'café'],
    ['characters of other planes stay', '😀𠮷🎉', '😀𠮷🎉'],
    ['letters of mathematics', '𝐀𝒃', 'ab'],
    ['what is folded already stays', '检察院通报。', '检察院通报。'],
  ])('%s', (_, text, expected) => {
    expect(fold(text)).toBe(expected);
  });
});

describe('a character that both scripts have is read by the script of the text', () => {
  test.each([
    ['跟著檢察長學習', '跟着检察长学习'],
    ['這本著作很著名', '这本著作很著名'],
    ['著名学者的著作', '著名学者的著作'],
    ['據瞭解，餐具不乾淨', '据了解,餐具不干净'],
    ['乾隆年間的瞭望臺', '乾隆年间的瞭望台'],
    ['乾隆年间的瞭望台', '乾隆年间的瞭望台'],
  ])('%s', (text, expected) => {
    expect(fold(text)).toBe(expected);
  });
});

test('every character of GB 2312 stays, but for eight that simplified texts hardly use', () => {
  const decoder = new TextDecoder('gbk');
  const changed: string[] = [];
  for (let row = 0xb0; row <= 0xf7; row += 1) {
    for (let cell = 0xa1; cell <= 0xfe; cell += 1) {
      const character = decoder.decode(Uint8Array.of(row, cell));
      // Five cells at the end of level one are empty: other characters, or private use.
      if (/^\p{Script=Han}$/u.test(character) && fold(character) !== character) changed.push(character);
    }
  }
  expect(changed.sort().join('')).toBe([...'於夥徵摺菸麴麽後'].sort().join(''));
});

test('folding once is enough', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(fold(fold(text))).toBe(fold(text));
    }),
  );
});

test('folded in place, every unit stays where it is', () => {
  expect(foldInPlace('檢察……㎡：Ａ')).toBe('检察……㎡:a');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      expect(foldInPlace(text)).toHaveLength(text.length);
    }),
  );
});

describe('what the later steps read', () => {
  test('is title and text, parted by a line break', () => {
    const post = working({ title: '關於校園餐', text: '家長反映' });
    expect(simplify(post, context).analysed).toBe('关于校园餐\n家长反映');
  });

  test('while title and text stay as they were written', () => {
    const post = working({ title: '關於校園餐', text: '家長反映' });
    expect(simplify(post, context)).toMatchObject({ title: '關於校園餐', text: '家長反映' });
  });

  test('leaves out addresses of pages', () => {
    expect(analysed(null, '详见https://www.example.com/a?b=1#c，请看')).toBe('\n详见 请看');
    expect(analysed(null, '详见 HTTPS://WWW.EXAMPLE.COM/a （附件）')).toBe('\n详见   (附件)');
  });

  test('keeps masks as they are', () => {
    expect(analysed(null, '電話[手机号]')).toBe('\n电话[手机号]');
  });

  test('is no longer than 20,000 units, never cut inside a character', () => {
    expect(analysed(null, '检'.repeat(30_000))).toHaveLength(20_000);
    expect(analysed(null, `${'检'.repeat(19_998)}😀`)).toHaveLength(19_999);
    expect(analysed(null, `${'检'.repeat(19_997)}😀`).isWellFormed()).toBe(true);
    expect(analysed(null, '㌔'.repeat(19_000))).toHaveLength(20_000);
  });
});

import { describe, expect, test } from 'vitest';
import { segment } from '../../../indexer/steps/segment.ts';
import { simplify } from '../../../indexer/steps/simplify.ts';
import { makeSegmenter } from '../../../indexer/text/segmenter.ts';
import { context, working } from '../working.ts';

const words = (text: string, title: string | null = null) =>
  segment(simplify(working({ title, text }), context), context).words;

describe('texts are cut into words', () => {
  test.each([
    ['of the language', '群众反映食堂饭菜变质', ['群众', '反映', '食堂', '饭菜', '变质']],
    ['of this field', '附条件不起诉和认罪认罚从宽', ['附条件不起诉', '和', '认罪认罚从宽']],
    ['of the law', '涉嫌非法拘禁罪', ['涉嫌', '非法拘禁罪']],
    ['of the net', '微博热搜', ['微博', '热搜']],
    ['in traditional script', '檢察機關提起公益訴訟', ['检察机关', '提起', '公益诉讼']],
    ['with letters and digits', '12309热线和DNA鉴定', ['12309', '热线', '和', 'dna', '鉴定']],
    ['with Latin letters of the dictionary', '一件T恤', ['一件', 't恤']],
  ])('%s', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test('of the title too, which is a clause of its own', () => {
    expect(words('食堂', '校园餐')).toEqual(['校园餐', '', '食堂']);
  });
});

describe('an empty word stands where a clause ends', () => {
  test.each([
    ['once, however many signs there are', '好！！！……真的', ['好', '', '真的']],
    ['not before the first word', '……好', ['好']],
    ['at narrow and wide signs', '好,好，好;好；好', ['好', '', '好', '', '好', '', '好', '', '好']],
    ['not at brackets, quotation marks or dashes', '“好”（好）——好', ['好', '好', '好']],
    ['not within numbers', '3.5万元，6:31分，1,200件', ['3.5', '万元', '', '6:31', '分', '', '1,200', '件']],
    ['between two numbers', '6:31，8:05', ['6:31', '', '8:05']],
    ['but after them', '共3件。5人', ['共', '3', '件', '', '5', '人']],
  ])('%s', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });
});

describe('feelings are words', () => {
  test.each([
    ['[泪]', '好[泪]好', ['好', '[泪]', '好']],
    ['several in a row', '[怒][怒]', ['[怒]', '[怒]']],
    ['emoji, each by itself', '好😡😡', ['好', '😡', '😡']],
    ['with a selector behind it', '好❤️', ['好', '❤']],
  ])('%s', (_, text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  test('remarks in brackets are none', () => {
    expect(words('[本报云州今日消息电]')).not.toContain('[本报云州今日消息电]');
    expect(words('[好 的]')).toEqual(['好', '的']);
    expect(words('[]好[')).toEqual(['好']);
  });
});

test('masks are no words', () => {
  expect(words('电话[手机号]，邮箱[邮箱]，找[QQ号]')).toEqual(['电话', '', '邮箱', '', '找']);
  expect(words('共[数字缺失]件')).toEqual(['共', '件']);
});

test('of long texts the beginning is cut', () => {
  expect(words('案件。'.repeat(4000)).filter((word) => word === '案件')).toHaveLength(1333);
});

test('where the beginning ends inside a character the words are still well-formed', () => {
  expect(words(`${'检'.repeat(3_998)}𠮷𠮷`).every((word) => word.isWellFormed())).toBe(true);
});

test('a text of signs has no words', () => {
  expect(words('！！！（）——')).toEqual([]);
});

describe('the dictionary of the hub', () => {
  const cut = (text: string, entries: Parameters<typeof makeSegmenter>[0]) =>
    makeSegmenter(entries).cut(text);

  test('makes words that no other has', () => {
    expect(cut('云州快检平台', [])).not.toContain('云州快检');
    expect(cut('云州快检平台', [{ word: '云州快检' }])).toEqual(['云州快检', '平台']);
  });

  test('takes them as texts are compared: wide, traditional and capital letters', () => {
    expect(cut('云州快检平台', [{ word: '雲州快檢' }])).toEqual(['云州快检', '平台']);
    expect(cut('abc平台', [{ word: 'ＡＢＣ平台' }])).toEqual(['abc平台']);
  });

  test('weighs a word as it is told', () => {
    const words = (frequency: number) => cut('研究生命', [{ word: '研究生', frequency }]);
    expect(words(1)).not.toContain('研究生');
    expect(words(100_000_000)).toContain('研究生');
  });

  test('takes spaces out of a word, and a word of nothing else breaks nothing', () => {
    expect(cut('云州快检平台', [{ word: '云州 快检' }, { word: ' ' }])).toEqual(['云州快检', '平台']);
  });
});

test('the pieces together are the text', () => {
  const text = '检察院[泪] 通报：https://a.example/1 😀，第3.5%。\n';
  expect(context.knowledge.segmenter.cut(text).join('')).toBe(text);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { engineText, LONGEST_SEARCH, readTyped, statementOf } from '../../../indexer/search/typed.ts';

describe('what is typed', () => {
  test.each([
    ['公益诉讼 河道', { words: ['公益诉讼', '河道'] }],
    ['"公开听证" 云州', { phrases: ['公开听证'], words: ['云州'] }],
    ['“公开听证”云州', { phrases: ['公开听证'], words: ['云州'] }],
    ['讨薪 -招聘 －广告', { words: ['讨薪'], without: ['招聘', '广告'] }],
    ['讨薪 -"招聘 启事"', { words: ['讨薪'], without: ['招聘 启事'] }],
    ['site:News.example.cn 讨薪', { words: ['讨薪'], sites: ['news.example.cn'] }],
    ['来源：云州日报 听证', { words: ['听证'], sites: ['云州日报'] }],
    ['标题:听证', { words: ['听证'], inTitle: true }],
    ['title: 听证', { words: ['听证'], inTitle: true }],
    ['2026-11-22', { words: ['2026-11-22'] }],
    ['http://a.example/1', { words: ['http://a.example/1'] }],
  ])('%s is taken apart', (text, parts) => {
    expect(readTyped(text)).toMatchObject(parts);
  });

  test.each([
    '"',
    '""',
    '-',
    '--',
    'site:',
    '来源：',
    '标题:',
    '"没有完',
    '-"',
    '\ud800',
    '\0',
    '   ',
    '（）',
  ])('a wrong form is no error: %j', (text) => {
    expect(() => engineText(readTyped(text))).not.toThrow();
  });

  test.each([
    ['工资被拖欠找哪个部门', true],
    ['为什么还没有答复？', true],
    ['云州市人民检察院对河道污染提出检察建议', true],
    ['谁负责', false],
    ['公益诉讼 河道 整改', false],
    ['"工资被拖欠找哪个部门"', false],
    ['标题:工资被拖欠找哪个部门', false],
  ])('%s is a question: %s', (text, question) => {
    expect(readTyped(text).question).toBe(question);
  });

  test('a question without its question words keeps the rest', () => {
    expect(statementOf('请问工资被拖欠找哪个部门').split(/\s+/)).toEqual(['工资被拖欠找', '部门']);
    expect(statementOf('为什么')).toBe('为什么');
  });

  test('the engine gets no sign that it would read as its own, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const typed = readTyped(text);
        const written = engineText(typed);
        expect(written.isWellFormed()).toBe(true);
        expect((written.match(/"/g) ?? []).length % 2).toBe(0);
        expect(typed.words.join('').length).toBeLessThanOrEqual(LONGEST_SEARCH);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messages } from '../../../indexer/messages.ts';
import { parseQuery } from '../../../indexer/watches/parser.ts';
import {
  MOST_APART,
  MOST_CHARACTERS,
  MOST_DEPTH,
  MOST_TERMS,
  type Query,
} from '../../../indexer/watches/query.ts';
import { fault, names, query } from './support.ts';

const words = messages.watchQuery;

/** A query as brackets, so that it can be read at a glance. */
function shown(found: Query): string {
  switch (found.is) {
    case 'all':
      return `(${found.of.map(shown).join(' & ')})`;
    case 'any':
      return `(${found.of.map(shown).join(' | ')})`;
    case 'not':
      return `-${shown(found.of)}`;
    case 'term':
      return (found.term.part ? `${found.term.part}:` : '') + found.term.pieces.join('_');
    case 'near':
      return `near${found.within}(${found.of.map((terms) => terms.map(({ pieces }) => pieces.join('_')).join('|')).join(' ')})`;
    case 'value':
      return `${found.field}=${found.value}`;
  }
}
const read = (text: string) => shown(query(text));

describe('operators, and what Chinese keyboards and habits make of them', () => {
  test.each([
    ['食堂 变质', '(食堂 & 变质)'],
    ['食堂　变质', '(食堂 & 变质)'],
    ['食堂 AND 变质', '(食堂 & 变质)'],
    ['食堂 and 变质', '(食堂 & 变质)'],
    ['食堂 且 变质', '(食堂 & 变质)'],
    ['食堂+变质', '(食堂 & 变质)'],
    ['+食堂 +变质', '(食堂 & 变质)'],
    ['食堂&&变质', '(食堂 & 变质)'],
    ['食堂 OR 餐厅', '(食堂 | 餐厅)'],
    ['食堂|餐厅', '(食堂 | 餐厅)'],
    ['食堂｜餐厅', '(食堂 | 餐厅)'],
    ['食堂 || 餐厅', '(食堂 | 餐厅)'],
    ['食堂 或 餐厅', '(食堂 | 餐厅)'],
    ['食堂 並且 变质', '(食堂 & 变质)'],
    ['食堂 NOT 招聘', '(食堂 & -招聘)'],
    ['食堂 -招聘', '(食堂 & -招聘)'],
    ['食堂 －招聘', '(食堂 & -招聘)'],
    ['食堂 !招聘', '(食堂 & -招聘)'],
    ['食堂 不含 招聘', '(食堂 & -招聘)'],
    ['食堂 变质 OR 餐厅 发霉', '((食堂 & 变质) | (餐厅 & 发霉))'],
    ['食堂 (变质 OR 发霉)', '(食堂 & (变质 | 发霉))'],
    ['（食堂｜餐厅）（变质｜发霉）', '((食堂 | 餐厅) & (变质 | 发霉))'],
    ['食堂 -(招聘|招标)', '(食堂 & -(招聘 | 招标))'],
    ['食堂 NEAR/5 变质', 'near5(食堂 变质)'],
    ['食堂 near/5 (变质|发霉)', 'near5(食堂 变质|发霉)'],
    ['食堂 邻近/5 变质', 'near5(食堂 变质)'],
    ['食堂 NEAR 变质', 'near10(食堂 变质)'],
    ['食堂 NEAR/3 变质 NEAR/3 家长', 'near3(食堂 变质 家长)'],
    ['食堂 NEAR/3 变质 家长', '(near3(食堂 变质) & 家长)'],
    ['"食堂 变质"~10', 'near10(食堂 变质)'],
    ['“食堂 变质”～１０', 'near10(食堂 变质)'],
    ['“公益诉讼”', '公益诉讼'],
    ['「公益诉讼」', '公益诉讼'],
    ['"AND"', 'and'],
  ])('%s → %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('words are folded as texts are', () => {
  test.each([
    ['檢察院', '检察院'],
    ['ＡＢＣ１２', 'abc12'],
    ['COVID-19', 'covid-19'],
    ['e-mail', 'e-mail'],
  ])('%s → %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('fields', () => {
  test.each([
    ['title:检察院', 'title:检察院'],
    ['标题：检察院', 'title:检察院'],
    ['標題：檢察院', 'title:检察院'],
    ['ＴＩＴＬＥ：檢察院', 'title:检察院'],
    ['正文:(食堂 变质)', '(text:食堂 & text:变质)'],
    ['检察院 情感:负面', '(检察院 & sentiment=negative)'],
    ['检察院 sentiment:(负面|中性)', '(检察院 & (sentiment=negative | sentiment=neutral))'],
    ['检察院 声音:投诉', '(检察院 & voice=complaint)'],
    ['检察院 体裁:评论', '(检察院 & kind=comment)'],
    ['检察院 信源:微博', '(检察院 & source-kind=weibo)'],
    ['检察院 媒体:云州日报', '(检察院 & outlet=云州日报)'],
    ['地区:云州市', 'place=9901'],
    ['place:990000', 'place=99'],
    ['place:9901', 'place=9901'],
    ['条线:公益诉讼', 'line=public-interest'],
    ['12:30 检察院', '(12:30 & 检察院)'],
    ['https://a.example', 'https://a.example'],
  ])('%s → %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('what is wrong is said at its column', () => {
  test.each([
    ['', 1, words.empty],
    ['　 ', 1, words.empty],
    ['(食堂', 1, words.openBracket],
    ['食堂 (变质 (发霉)', 4, words.openBracket],
    ['食堂）', 3, words.looseClose],
    ['食堂 ()', 5, words.emptyBracket],
    ['食堂 "变质', 4, words.openQuote],
    ['食堂 OR', 4, words.missingAfter('OR')],
    ['OR 食堂', 1, words.missingWord('OR')],
    ['食堂 AND OR 变质', 8, words.missingWord('OR')],
    ['食堂 -', 4, words.missingAfter('-')],
    ['标题:', 1, words.missingAfter('标题:')],
    ['食堂、餐厅', 3, words.comma('、')],
    ['食堂，餐厅', 3, words.comma('，')],
    ['食堂~3', 3, words.looseTilde],
    ['：食堂', 1, words.looseColon],
    ['食堂 作者:某某', 4, words.unknownField('作者')],
    ['标题:(食堂 正文:变质)', 8, words.fieldInField('标题')],
    ['食堂 情感:愤怒', 7, words.unknownValue('情感', '愤怒', ['负面', '中性', '正面'])],
    ['食堂 地区:无此地', 7, words.unknownValue('地区', '无此地', [])],
    ['食堂 条线:无此线', 7, words.unknownValue('条线', '无此线', ['公益诉讼'])],
    ['食堂 地区:东城', 7, words.severalPlaces('地区', '东城')],
    ['食堂 NEAR/x 变质', 4, words.badDistance(MOST_APART)],
    ['"食堂 变质"~', 8, words.badDistance(MOST_APART)],
    ['"食堂 变质"~9999', 8, words.badDistance(MOST_APART)],
    ['a NEAR/3 b NEAR/4 c', 12, words.mixedDistance],
    ['a NEAR/3 (b c)', 3, words.nearWhat],
    ['"食堂"~5', 1, words.apartOne],
    ['食堂 *', 4, words.onlyWildcards],
    ['食*堂*有*问*题*了*吗', 1, words.tooManyWildcards(5)],
    ['食堂 "。"', 4, words.nothingToFind],
    ['-食堂', 1, words.onlyNot],
    ['食堂 OR -餐厅', 7, words.onlyNot],
    ['情感:负面', 4, words.onlyValues],
  ])('%s: column %i', (text, column, message) => {
    expect(fault(text)).toMatchObject({ column, message });
  });

  test('one character, one bracket or one word too many', () => {
    const most = '食'.repeat(MOST_CHARACTERS);
    expect(fault(`${most}堂`)).toMatchObject({ column: 1, message: words.tooLong(MOST_CHARACTERS) });
    expect(() => query(most)).not.toThrow();
    const deep = `${'('.repeat(MOST_DEPTH)}食堂${')'.repeat(MOST_DEPTH)}`;
    expect(fault(`(${deep})`)).toMatchObject({ column: MOST_DEPTH + 1, message: words.tooDeep(MOST_DEPTH) });
    expect(() => query(deep)).not.toThrow();
    const many = Array.from({ length: MOST_TERMS + 1 }, (_, n) => `词${n}`).join('|');
    expect(fault(many)).toMatchObject({ message: words.tooMany(MOST_TERMS) });
    expect(() => query(many.slice(0, many.lastIndexOf('|')))).not.toThrow();
  });

  test('columns are counted in characters as a person counts them', () => {
    // A family of four people is one character and eleven UTF-16 units, a flag is one and four.
    expect(fault('👨‍👩‍👧‍👦 🇨🇳 (食堂').column).toBe(5);
    expect(fault('𠮷野 é ，').column).toBe(6);
  });
});

test('whatever is typed, nothing is thrown', () => {
  const signs = fc.constantFrom(
    ...['(', ')', '"', '~', ':', '|', '&', '+', '-', '!', '*', '?', ' ', ',', '/', '（', '”', '：', '｜'],
    ...['AND', 'OR', 'NOT', 'NEAR/3', 'title:', '情感:负面', '食堂', 'a', '9', '😀', '\ud800', '\0'],
  );
  const typed = fc.oneof(
    fc.array(signs, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(typed, (text) => {
      const parsed = parseQuery(text, names);
      if (!('fault' in parsed)) return;
      const { column, start, end, message } = parsed.fault;
      expect(message).not.toBe('');
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual(text.length + 1);
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3_000 },
  );
});

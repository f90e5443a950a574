import { describe, expect, test } from 'vitest';
import { lawData } from '../../../config/laws.ts';
import { chineseNumber } from '../../../publisher/releases/checks/chinese-number.ts';
import { distanceUpTo } from '../../../publisher/releases/checks/laws.ts';
import { found, told } from '../../support/checks.ts';

describe('numbers of articles', () => {
  test.each([
    ['一', 1],
    ['十', 10],
    ['十二', 12],
    ['二十', 20],
    ['一百零三', 103],
    ['一百〇三', 103],
    ['一百一十', 110],
    ['一百十五', 115],
    ['二百六十四', 264],
    ['一千二百六十', 1260],
    ['两百', 200],
    ['264', 264],
    ['２６４', 264],
    ['二六四', 264],
  ])('%s', (written, number) => {
    expect(chineseNumber(written)).toBe(number);
  });

  test('what is none is none', () => {
    expect(chineseNumber('一百x')).toBeNaN();
  });
});

describe('an article that there is not', () => {
  test.each([
    ['根据《中华人民共和国刑法》第五百条的规定', '第五百条'],
    ['根据《刑法》第500条', '第500条'],
    ['根据刑法第四百五十三条', '第四百五十三条'],
    ['根据《刑事诉讼法》第十五条、第一百七十七条第二款、第三百零九条', '第三百零九条'],
    ['依据《中华人民共和国民法典》第一千二百六十一条', '第一千二百六十一条'],
    ['《未成年人保护法》（2024年修正）第一百三十三条', '第一百三十三条'],
    ['依照民事诉讼法第三百零七条', '第三百零七条'],
    ['《刑法》第零条', '第零条'],
  ])('%s', async (text, article) => {
    const [first, ...more] = await found('laws', text);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ severity: 'block' });
    expect(text.slice(first?.start ?? 0, first?.end ?? 0)).toBe(article);
  });

  test('of a law whose number of articles was not looked up, it is only asked about', async () => {
    const unsure = lawData.laws.find(({ source }) => source === 'memory');
    const [first] = await found('laws', `根据《${unsure?.name}》第九百条`);
    expect(first).toMatchObject({ severity: 'warn' });
    expect(first?.text).toContain('未核对');
  });
});

test.each([
  '根据《中华人民共和国刑法》第二百六十四条、第六十七条第三款之规定',
  '依照刑法第一百三十三条之一第一款第（二）项',
  '《中华人民共和国民法典》第一千二百六十条',
  '《中华人民共和国刑事诉讼法》（以下简称刑诉法）第三百零八条',
  '德国刑法第四百九十九条',
  '军人保险法第五百条',
  '劳动合同法第九十八条',
  '预防未成年人犯罪法第六十八条',
  '根据《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第五百五十条',
  '合同第五百条约定',
  '原《合同法》第五十二条、当时的《物权法》规定',
  '《检察日报》头版，《法治日报》报道，《监狱法》《监察法》《教师法》',
])('nothing is wrong with: %s', async (text) => {
  expect(await found('laws', text)).toEqual([]);
});

describe('laws that are in force no more', () => {
  test.each([
    ['《中华人民共和国合同法》第五十二条', '民法典'],
    ['根据物权法第三十四条', '民法典'],
    ['《人民检察院刑事诉讼规则（试行）》规定', '人民检察院刑事诉讼规则'],
    ['《信访条例》', '信访工作条例'],
  ])('%s', async (text, by) => {
    const [first] = await found('laws', text);
    expect(first).toMatchObject({ severity: 'warn' });
    expect(first?.text).toContain(`《${by}》`);
  });
});

describe('names that are one character off a law', () => {
  test.each([
    ['《中华人民共和国刑事诉松法》', '刑事诉讼法'],
    ['《未成年保护法》', '未成年人保护法'],
    ['《反电信网络诈编法》', '反电信网络诈骗法'],
    ['《中华人民共合国民事诉讼法》', '中华人民共和国民事诉讼法'],
  ])('%s', async (text, near) => {
    const findings = await found('laws', text);
    expect(told(findings)).toEqual([`warn ${text}`]);
    expect(findings[0]?.text).toContain(`《${near}》`);
  });

  test.each([
    '《云州市物业管理条例》',
    '《公益诉讼办案指南》',
    '《海上交通安全法》',
    '《律师法》',
    '《行政许可法》',
  ])('not meant: %s', async (text) => {
    expect(await found('laws', text)).toEqual([]);
  });
});

test('no name stands for two laws, and none is said to be in force and replaced', () => {
  const names = [
    ...lawData.laws.flatMap(({ name, also }) => [name, ...also]),
    ...lawData.superseded.map(({ name }) => name),
    ...lawData.others,
  ];
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

test('edits are counted up to what is asked for', () => {
  expect(distanceUpTo('刑事诉讼法', '刑事诉讼法', 2)).toBe(0);
  expect(distanceUpTo('未成年保护法', '未成年人保护法', 2)).toBe(1);
  expect(distanceUpTo('行政许可法', '行政复议法', 1)).toBe(2);
  expect(distanceUpTo('刑法', '民事诉讼法', 2)).toBe(3);
});

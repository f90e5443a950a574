import { describe, expect, test } from 'vitest';
import { dedupe, sketch } from '../../indexer/steps/dedupe.ts';
import { context, working } from './working.ts';

const fingerprint = (text: string) => sketch(text).fingerprint;

const report =
  '云州市人民检察院昨日召开发布会，通报了今年以来办理校园食品安全公益诉讼案件的情况。会上介绍，检察机关向主管部门发出检察建议，督促全面排查学校食堂的进货渠道。市民代表参加了发布会。';
const print = fingerprint(report);

describe('a reprint has the fingerprint of its original', () => {
  test.each([
    ['word for word', report],
    ['under a changed first line', `云州：检察机关守护校园餐\n${report}`],
    ['with a source line', `${report}\n（来源：云州日报）`],
    ['with an editor’s line', `${report}\n编辑：某某 责任编辑：某某`],
    ['with a cut end', report.slice(0, report.indexOf('市民代表'))],
    ['with other spaces and line breaks', report.replaceAll('，', '， ').replaceAll('。', '。\n')],
    ['with half-width commas', report.replaceAll('，', ',')],
    ['with quotation marks', `“${report}”`],
  ])('%s', (_, text) => {
    expect(fingerprint(text)).toBe(print);
  });
});

test('another report has another', () => {
  expect(fingerprint(report.replaceAll('检察', '监督'))).not.toBe(print);
  expect(fingerprint(report.replaceAll('今年', '去年'))).not.toBe(print);
});

describe('too short to tell', () => {
  test.each([
    '',
    '支持检察院！',
    '支持！支持！支持！支持！支持！支持！支持！',
    '！！！！！！！！！！！！！！！！！！！！',
    '\n\n',
  ])('%j', (text) => {
    expect(fingerprint(text)).toBeNull();
  });
  test('seventeen characters do, eighteen do not', () => {
    expect(fingerprint('一二三四五六七八九十一二三四五六七')).toBeNull();
    expect(fingerprint('一二三四五六七八九十一二三四五六七八')).not.toBeNull();
  });
});

test('a fingerprint fits into eight signed bytes', () => {
  for (let n = 0; n < 200; n += 1) {
    const value = fingerprint(`${report.slice(0, 40)}第${n}号`)!;
    expect(BigInt.asIntN(64, value)).toBe(value);
  }
});

test('the title has no say in it', () => {
  const one = dedupe(working({ title: '甲', text: report }), context);
  const other = dedupe(working({ title: '乙', text: report }), context);
  expect(one.fingerprint).toBe(other.fingerprint);
});

test('sentences are told by their words alone, each once, and shouts are left out', () => {
  const { sentences } = sketch(report);
  expect(sentences).toHaveLength(3);
  expect(sketch(`支持！${report.replaceAll('，', ' ，')}${report}`).sentences).toEqual(sentences);
  for (const each of sentences) expect(each | 0).toBe(each);
});

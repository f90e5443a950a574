import { expect, test } from 'vitest';
import { trial } from '../../hub/trials/similarity.ts';

const report = '青石县检察院通报清水河污染公益诉讼案件，三家企业已完成清淤，居民说水清了。';

test('two texts are given a number, and whether one would be linked to the other', () => {
  expect(trial({ one: report, other: `${report}来源：云州日报` })).toEqual({
    similarity: expect.closeTo(0.95, 1),
    same: true,
  });
  expect(trial({ one: report, other: '校园餐食品安全问题的回应来得太慢，家长们很着急也很无奈。' })).toEqual({
    similarity: expect.closeTo(0, 1),
    same: false,
  });
  expect(trial({ one: '支持', other: '支持' })).toEqual({ similarity: expect.closeTo(1, 5), same: false });
});

test('what is not two texts is refused by name', () => {
  expect(() => trial({ one: report })).toThrow(/other/);
});

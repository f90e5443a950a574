import { expect, test } from 'vitest';
import { similarity } from '../../indexer/dedupe/similarity.ts';

const river = '青石县检察院通报清水河污染公益诉讼案件，三家企业已完成清淤';
const follow = '清水河变清了！青石县三家企业清淤之后居民点赞';
const school = '云州市教育局回应校园餐食品安全问题';

test('the same text is as alike as can be, in whatever order it is asked', () => {
  expect(similarity(river, river)).toBeCloseTo(1, 10);
  expect(similarity(river, follow)).toBeCloseTo(similarity(follow, river), 10);
});

test('a report of the same event is more alike than one of another', () => {
  expect(similarity(river, follow)).toBeGreaterThan(0.15);
  expect(similarity(river, follow)).toBeGreaterThan(3 * similarity(river, school));
});

test('a rare word in common says more than a common one', () => {
  expect(similarity('我们去了缙霭镇', '缙霭镇的人说')).toBeGreaterThan(
    similarity('我们去了那里', '我们的人说'),
  );
});

test('a number or a Latin word in common counts as one, not as its characters', () => {
  expect(similarity('编号 40711 的案件', '40711 号')).toBeGreaterThan(
    similarity('编号 40711 的案件', '40712 号'),
  );
  expect(similarity('案件', '案件 12 34')).toBeGreaterThan(0);
});

test('a long report is like a short one by its beginning', () => {
  const rest = '当天还召开了全县的其他工作会议，研究了明年的安排。'.repeat(40);
  expect(similarity(follow, `${river}${rest}`)).toBeGreaterThan(2 * similarity(follow, `${rest}${river}`));
});

test('what holds nothing to compare is like nothing', () => {
  expect(similarity('', '')).toBe(0);
  expect(similarity('……！！', river)).toBe(0);
});

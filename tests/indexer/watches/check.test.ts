import { describe, expect, test } from 'vitest';
import { watches } from '../../../config/defaults.ts';
import { messages } from '../../../indexer/messages.ts';
import { checkQuery, whyPersonal } from '../../../indexer/watches/check.ts';

const words = messages.watchQuery;
const faultOf = (query: string) => {
  const checked = checkQuery(query);
  return 'fault' in checked ? checked.fault : null;
};

describe('a watch that looks for a person is refused, with words why', () => {
  test.each([
    ['王建国', 1, words.person('王建国')],
    ['检察院 王建国', 5, words.person('王建国')],
    ['检察院 -王建国', 6, words.person('王建国')],
    ['检察院 "王 建国"', 5, words.person('王建国')],
    ['检察院 王*建国', 5, words.person('王建国')],
    ['"王建国 检察院"~10', 1, words.person('王建国')],
    ['检察院 标题:(食堂|李晓红)', 12, words.person('李晓红')],
    ['检察院 检察长王建国', 5, words.person('王建国')],
    ['检察院 李晓红检察官', 5, words.person('李晓红')],
    ['检察院 被告人李晓红', 5, words.person('李晓红')],
    ['检察院 媒体:张伟', 8, words.person('张伟')],
    ['检察院 @云州热心人', 5, words.handle],
    ['检察院 13800138000', 5, words.personal],
    ['检察院 1380013*', 5, words.personal],
    ['检察院 "138 0013 8000"', 5, words.personal],
    ['检察院 11010119900307123X', 5, words.personal],
    ['检察院 someone1@mail.example', 5, words.handle],
  ])('%s', (query, column, message) => {
    expect(faultOf(query)).toMatchObject({ column, message });
  });
});

describe('institutions, kinds of work and issues are not', () => {
  test.each([
    '云州市人民检察院',
    '检察官 (态度|作风)',
    '公益诉讼 | 检察建议',
    '12309 | 12345 | 400-810-0000',
    '高峰 拥堵',
    '未成年人 2026年',
    '白云区 (食堂 NEAR/10 变质)',
    '云州市第三中学 食堂',
    '检察长接待日 | 检察官以案释法',
    '马上就办 | 和平 | 高新区',
  ])('%s', (query) => {
    expect(faultOf(query)).toBeNull();
  });

  test.each(watches.map(({ name, subject, query }) => [name, subject, query]))(
    'the watch that ships as %s',
    (name, subject, query) => {
      expect(faultOf(query)).toBeNull();
      expect([whyPersonal(name), whyPersonal(subject)]).toEqual([null, null]);
    },
  );
});

import { describe, expect, test } from 'vitest';
import { isPersonName } from '../../../indexer/people/names.ts';

describe('is told to be the name of one person', () => {
  test.each([
    ['a surname and one character', '张伟 李娜 蒋薇'],
    ['a surname and two', '王建国 白雅宁 赵志明'],
    ['a surname of two', '欧阳明 诸葛建军 司马慧'],
    ['traditional script', '蕭國強 陳志明 劉曉燕'],
    ['a foreign name', '约翰·史密斯 玛丽亚·洛佩斯'],
    ['a name of a minority', '买买提·艾山 扎西次仁 乌云其木格'],
    ['a masked name', '张某某 李某 王某甲 欧阳某某'],
    ['a form of address', '王女士 李先生 赵大爷'],
    ['with spaces and quotes around', ' “张伟” '],
  ])('%s: %s', (_, terms) => {
    for (const term of terms.startsWith(' ') ? [terms] : terms.split(' '))
      expect([term, isPersonName(term)]).toEqual([term, true]);
  });
});

test.each([
  ['institutions', '云州市检察院 检察院 公安局 云州日报 最高人民检察院'],
  ['kinds of work', '公益诉讼 刑事检察 司法救助 检察建议 公开听证 认罪认罚 法律监督'],
  ['issues', '电信诈骗 金融诈骗 高空抛物 校园欺凌 农民工 欠薪 食品安全 网络暴力 醉驾 强拆'],
  ['words that begin like names', '高铁 安全 方案 时间 许可 温泉 强制 明星 钱财 石油 康复 花园 毛巾'],
  ['words that are names too', '高峰 文明 向阳 和平 高明 白云'],
  ['places', '云州 安宁 海南 江苏 金山 武清 文山 宁德 黄石'],
  ['titles with a dot', '检察·故事'],
  ['a single character and a sentence', '张 张伟说他要去检察院反映问题的时候没有人理会'],
])('%s are no names: %s', (_, terms) => {
  for (const term of terms.split(' ')) expect([term, isPersonName(term)]).toEqual([term, false]);
});

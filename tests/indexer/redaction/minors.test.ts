import { describe, expect, test } from 'vitest';
import { isAboutMinor } from '../../../indexer/redaction/minors.ts';
import { redact } from '../../../indexer/steps/redact.ts';
import { context, now, working } from '../working.ts';

describe('a minor is the subject', () => {
  test.each([
    '14岁男孩杀害同学后被刑拘',
    '云州一名12岁女孩遭继父性侵，检察院批捕',
    '十三岁的少女被人猥亵，家属报案',
    '犯罪嫌疑人李某（16岁）盗窃电动车',
    '张某某，女，13岁，被害人',
    '被害人张某，2014年5月出生',
    '一名未成年女孩被多次殴打',
    '未成年被害人小雨的母亲来到检察院',
    '女童小花被遗弃在医院门口',
    '我女儿今年8岁，在幼儿园被老师体罚',
    '我家孩子在小学被同学霸凌，学校不管',
    '年仅7岁的孩子溺水身亡',
    '女童被碾压致死，车主服刑',
    '男子长期性侵未成年养女被判死刑',
    '9岁女孩被老师砸伤案一审宣判',
    '1２岁男童走失，请大家转发',
    '未滿14歲的被害人，案發時13歲',
  ])('%s', (text) => {
    expect(isAboutMinor(text, now)).toBe(true);
  });
});

describe('minors are spoken of in general', () => {
  test.each([
    '法治副校长走进校园，为孩子们上法治课',
    '检察机关依法惩治侵害未成年人犯罪，起诉三万余人',
    '未成年人保护法第一百零三条规定，不得披露未成年人的姓名',
    '已满十四周岁不满十六周岁的人，犯故意杀人罪的，应当负刑事责任',
    '奸淫不满十四周岁的幼女的，以强奸论，从重处罚',
    '未成年被害人“一站式”取证中心建成',
    '对涉案未成年人依法适用附条件不起诉',
    '女童被性侵案件多发，检察机关提示加强防范',
    '老师讲解如何防止幼童被拐',
    '建议降低刑事责任年龄到12岁',
    '校园欺凌问题引起代表委员关注',
    '35岁男子盗窃被抓',
    '18岁男生抢劫获刑',
    '118岁老人的房产纠纷',
    '张某某，男，1985年3月出生，涉嫌诈骗',
    '被告人系在校大学生，20岁，涉嫌帮信',
    '我孩子上小学了，想问学区怎么划',
  ])('%s', (text) => {
    expect(isAboutMinor(text, now)).toBe(false);
  });
});

test('such a post is withheld; what was masked in it is counted all the same', () => {
  const post = redact(
    working({ title: '女孩被打', text: '云州一名12岁女孩遭同学殴打，联系13800138000。' }),
    context,
  );
  expect(post.withheld).toBe('minor');
  expect(post.redactions).toEqual({ mobile: 1 });
});

test('age is counted from the birth up to the time of reading', () => {
  const text = '被害人张某，2009年1月出生。';
  expect(isAboutMinor(text, Date.UTC(2026, 0, 1))).toBe(true);
  expect(isAboutMinor(text, Date.UTC(2028, 0, 1))).toBe(false);
});

import { describe, expect, test } from 'vitest';
import { personalData } from '../../../indexer/redaction/find.ts';
import { applyMasks } from '../../../indexer/redaction/types.ts';

const masked = (text: string) => applyMasks(text, personalData(text));

describe('the name of a private person is masked as the field writes it', () => {
  test.each([
    ['two characters of given name', '被告人张建国认罪。', '被告人张某某认罪。'],
    ['one character', '犯罪嫌疑人李娜到案。', '犯罪嫌疑人李某到案。'],
    ['a surname of two characters', '上诉人欧阳志远不服一审判决。', '上诉人欧阳某某不服一审判决。'],
    ['traditional script', '犯罪嫌疑人蕭國強因涉嫌詐騙被逮捕。', '犯罪嫌疑人蕭某某因涉嫌詐騙被逮捕。'],
    ['a foreign name', '被告人约翰·史密斯提出上诉。', '被告人约某某提出上诉。'],
    ['a name of a minority, with a dot', '被告人艾力·买买提自愿认罪。', '被告人艾某某自愿认罪。'],
    ['a name of a minority, without one', '犯罪嫌疑人扎西顿珠被抓获。', '犯罪嫌疑人扎某某被抓获。'],
    ['Latin letters', '被告人John Smith当庭翻供。', '被告人J某某当庭翻供。'],
    ['a space inside', '被告人 王 芳，女。', '被告人 王某，女。'],
  ])('%s: %s', (_, text, rest) => {
    expect(masked(text)).toBe(rest);
  });
});

describe('whose name it is is told by what stands around it', () => {
  test.each([
    ['被害人陈晓燕陈述了经过', '被害人陈某某陈述了经过'],
    ['证人：刘洪波', '证人：刘某某'],
    ['法定代理人赵桂花到场', '法定代理人赵某某到场'],
    ['被不起诉人（女）孙丽', '被不起诉人（女）孙某'],
    ['上诉人（原审被告人）周海涛', '上诉人（原审被告人）周某某'],
    ['网友吴晓东称物业乱收费', '网友吴某某称物业乱收费'],
    ['其妻子郑秀兰表示谅解', '其妻子郑某某表示谅解'],
    ['村民冯铁柱家的林地被占', '村民冯某某家的林地被占'],
    ['我叫韩冬，工资被拖欠半年', '我叫韩某，工资被拖欠半年'],
    ['蒋文斌，男，汉族，无业', '蒋某某，男，汉族，无业'],
    ['沈雨桐（女，28岁）报警', '沈某某（女，28岁）报警'],
    ['许志鹏涉嫌诈骗被逮捕', '许某某涉嫌诈骗被逮捕'],
    ['联系人：何美玲 13800138000', '联系人：何某某 [手机号]'],
    ['（记者 罗小川 通讯员 邓洁）讯', '（记者 罗某某 通讯员 邓某）讯'],
    ['董卫东、袁军和于文静结伙盗窃', '董某某、袁某和于某某结伙盗窃'],
    ['张三、李四、王五三人结伙盗窃', '张某、李某、王某三人结伙盗窃'],
    ['董某某指使邹敏到银行取现', '董某某指使邹某到银行取现'],
    ['法学院教授高景云认为判决恰当。', '法学院教授高某某认为判决恰当。'],
    ['律师黄永福为被告人辩护。', '律师黄某某为被告人辩护。'],
    ['辩护人黄永福律师提出了新证据。', '辩护人黄某某律师提出了新证据。'],
    ['班主任贺晓琴老师被家长起诉', '班主任贺某某老师被家长起诉'],
    ['主治医生谭立群出庭作证', '主治医生谭某某出庭作证'],
    ['村委会主任雷铁生侵占补偿款', '村委会主任雷某某侵占补偿款'],
  ])('%s', (text, rest) => {
    expect(masked(text)).toBe(rest);
  });
});

describe('in a text about a case a name is also told where nothing beside it says whose it is', () => {
  test.each([
    [
      '检察机关审查发现，为了帮谭来娣脱罪，宫小满作了伪证。',
      '检察机关审查发现，为了帮谭某某脱罪，宫某某作了伪证。',
    ],
    ['被告人翻供，称自己只是替邱雪峰顶罪。', '被告人翻供，称自己只是替邱某某顶罪。'],
    ['被害人陈林秀英报案。', '被害人陈某某报案。'],
    ['越南籍女子阮氏红梅报案。', '越南籍女子阮氏某某报案。'],
    ['被告人罗桂枝认罪。桂枝哭了。', '被告人罗某某认罪。桂某哭了。'],
    ['经查，潘海洋曾多次盗窃。', '经查，潘某某曾多次盗窃。'],
  ])('%s', (text, rest) => {
    expect(masked(text)).toBe(rest);
  });
  test.each([
    '被告人涉嫌犯罪，从六楼跳下，林木盗伐案件同比下降。',
    '检察机关向法院提起公诉，女子从六楼坠落。',
    '救助金三万元已送到被害人家中。',
  ])('%s', (text) => {
    expect(masked(text)).toBe(text);
  });
});

describe('one person has one mask in a text, two persons have two', () => {
  test('a later mention is masked like the first, also where nothing tells it', () => {
    expect(masked('被告人张伟盗窃一案开庭。张伟辩称不知情，法庭问张伟是否上诉。')).toBe(
      '被告人张某盗窃一案开庭。张某辩称不知情，法庭问张某是否上诉。',
    );
  });
  test('those whose masks would be the same are told apart in their order', () => {
    expect(masked('被告人张伟、张强共谋盗窃，张强望风，张伟入室。')).toBe(
      '被告人张某甲、张某乙共谋盗窃，张某乙望风，张某甲入室。',
    );
  });
  test('who is masked in the text already is another person', () => {
    expect(masked('张某某指使张建国取现。')).toBe('张某某指使张某甲取现。');
    expect(masked('张某甲指使被告人张伟、张强取现，张某在场。')).toBe(
      '张某甲指使被告人张某乙、张某丙取现，张某在场。',
    );
  });
  test('a name that is part of a longer one is not taken for it', () => {
    expect(masked('被告人王建与被告人王建国系兄弟，王建国先到案。')).toBe(
      '被告人王某与被告人王某某系兄弟，王某某先到案。',
    );
  });
  test('what is masked already stays as it is', () => {
    for (const text of ['张某、李某某、王某甲盗窃案', '董某某等5人盗窃工地钢材案', '欧阳某某被判刑'])
      expect(masked(text)).toBe(text);
  });
});

describe('who acts publicly stays', () => {
  test.each([
    '检察长王海波主持会议，王海波强调要依法办案。',
    '云州市副市长赵立明涉嫌受贿被提起公诉。',
    '新闻发言人周晓梅通报案情。',
    '审判长孙卫东宣布开庭。',
    '检察官李文静讯问了犯罪嫌疑人。',
    '李文静检察官介绍了案情。',
    '人大代表刘春燕参加了听证会。',
  ])('%s', (text) => {
    expect(masked(text)).toBe(text);
  });
  test('beside them private persons are masked all the same', () => {
    expect(masked('检察官李文静讯问了犯罪嫌疑人韩冬。')).toBe('检察官李文静讯问了犯罪嫌疑人韩某。');
  });
});

describe('words that look like names are none', () => {
  test.each([
    '被告人高度醉酒，应当从重处罚。',
    '被害人陈述与录像一致，被害人全部损失已挽回。',
    '犯罪嫌疑人满十八周岁，常年在外，单独作案。',
    '被告人于2025年6月到案，经审理查明。',
    '金融诈骗、文物盗窃、石油走私案件下降。',
    '原告方面和被告达成和解，双方表示满意。',
    '白云山、金沙江、张家口、王府井等地。',
    '原告云南某公司诉被告南京某公司，被告武汉某厂未到庭。',
    '从武汉来，但美国也一样，祝大家平安，越来越好。',
    '李宁公司、张仲景大药房、白求恩医院。',
    '网友高度评价，市民普遍满意，村民和干部一起修路。',
    '王女士、李先生、赵大爷和张律师都来了，谢谢。',
    '检察院办案认真，谈第9件案件、查第3起、办第二批案件的进展。',
  ])('%s', (text) => {
    expect(masked(text)).toBe(text);
  });
});

test('a name of two characters that somebody in the state bears too is a private person’s elsewhere', () => {
  expect(masked('被害人的同事李强说，李强那天在上夜班。')).toBe('被害人的同事李某说，李某那天在上夜班。');
  expect(masked('国务院总理李强主持会议，李强强调要办好实事。')).toBe(
    '国务院总理李强主持会议，李强强调要办好实事。',
  );
});

test('a word that looks like a name is weighed behind a role, and left alone elsewhere', () => {
  expect(masked('林木盗伐案件下降，黄金走私案件上升。')).toBe('林木盗伐案件下降，黄金走私案件上升。');
  expect(masked('被告人谢长江认罪。')).toBe('被告人谢某某认罪。');
});

test('names are counted in units of the text that was given, also in full width and in traditional script', () => {
  const text = '電話１３８００１３８０００，被害人劉曉燕報案';
  expect(personalData(text)).toEqual([
    { start: 2, end: 13, type: 'mobile' },
    { start: 17, end: 20, type: 'name', mask: '劉某某' },
  ]);
});

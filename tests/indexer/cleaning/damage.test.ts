import { describe, expect, test } from 'vitest';
import { readable } from '../../../indexer/cleaning/readable.ts';

const cleaned = (text: string) => readable(text, 1000);

describe('names of betting sites that were put into a text go', () => {
  test.each([
    ['several times', '数字检察半岛真人战略正在半岛真人推进。', '数字检察战略正在推进。'],
    [
      'once, in the middle of a sentence',
      '全省检察机关半岛真人深入推进数字检察',
      '全省检察机关深入推进数字检察',
    ],
    ['with what hangs on them', '数字检察工作 半岛体育(中国)官方网站-登录入口', '数字检察工作'],
    [
      'many, also in a text about fraud and gambling',
      '检察机关半岛真人深入推进数字检察，依法惩治电信网络诈骗，打掉半岛真人赌博团伙。半岛真人全省共建模型一百个，半岛真人推广三十个，成案半岛真人六百件。',
      '检察机关深入推进数字检察，依法惩治电信网络诈骗，打掉赌博团伙。全省共建模型一百个，推广三十个，成案六百件。',
    ],
    ['in wide and capital letters', '数字检察ＫＡＩＹＵＮ体育战略 KAIYUN官网', '数字检察战略'],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });

  test.each([
    '警方打掉“亚博体育”网络赌博平台，检察机关依法批捕',
    '网传亚博体育、半岛体育涉嫌开设赌场',
    '他在亚博体育下注输光了积蓄，亚博体育的代理也被批捕，请严查亚博体育赌博',
    '名为“半岛体育”的网站骗走了我的钱',
    '胶东半岛的检察机关开展海洋公益诉讼',
    '他曾经是新葡京的员工',
    '半岛体育的比赛好看。',
  ])('where a text is about them, or only names one, they stay: %s', (text) => {
    expect(cleaned(text)).toBe(text);
  });
});

describe('a number that was eaten is marked and never made up', () => {
  test.each([
    ['累计筛查线件，立案监督38件。', '累计筛查线[数字缺失]件，立案监督38件。'],
    ['受理案件数同比上升%。', '受理案件数同比上升[数字缺失]%。'],
    ['起诉人数同比下降个百分点', '起诉人数同比下降[数字缺失]个百分点'],
    ['建立法律监督模型余个，制发检察建议份', '建立法律监督模型[数字缺失]余个，制发检察建议[数字缺失]份'],
    ['批准逮捕人，提起公诉余名', '批准逮捕[数字缺失]人，提起公诉[数字缺失]余名'],
    ['挽回损失亿元，涉案金额余万元', '挽回损失[数字缺失]亿元，涉案金额[数字缺失]余万元'],
    ['共计挽回经济损失万元', '共计挽回经济损失[数字缺失]万元'],
    ['截至年月，共办理案件', '截至[数字缺失]年月，共办理案件'],
    ['违反《云州市条例》第条规定', '违反《云州市条例》第[数字缺失]条规定'],
  ])('%s', (text, expected) => {
    expect(cleaned(text)).toBe(expected);
    expect(cleaned(cleaned(text))).toBe(expected);
  });

  test.each([
    '累计筛查线索1234件，同比上升15.6%。',
    '累计受理案件三十余件',
    '共计件数统计如下',
    '占比百分之五，上升几个百分点',
    '办理案件事项清单',
    '截至11月，累计起诉一千余人',
    '依照刑法第二百六十四条的规定',
    '办理案件条件成熟',
    '其余件次另行通报，剩余件数不详，业余个人爱好',
    '检察建议份数有所增加，共一百余份',
    '抓获人员五名，批捕人数下降',
    '占%左右',
  ])('where none is missing nothing is marked: %s', (text) => {
    const expected = text === '占%左右' ? '占[数字缺失]%左右' : text;
    expect(cleaned(text)).toBe(expected);
  });
});

describe('other damage', () => {
  test.each([
    [
      'a lost sign between year and month comes back',
      '截至201511月，201512月底',
      '截至2015年11月，2015年12月底',
    ],
    ['numbers that only look like it stay', '共1201511月票，2015115月', '共1201511月票，2015115月'],
    ['readings in brackets go', '檢察機(jī)關(guan)依法履職', '檢察機關依法履職'],
    ['a single one behind a common character too', '檢察機(jī)關依法履職', '檢察機關依法履職'],
    ['toneless ones where there are several', '检(jian)察(cha)机(ji)关(guan)', '检察机关'],
    ['in wide brackets', '檢（jiǎn）察（chá）院', '檢察院'],
    ['a rare character may be explained', '圪垯（gē）村的案件', '圪垯（gē）村的案件'],
    ['letters in brackets are no readings', '机关(app)选项(a)和(b)', '机关(app)选项(a)和(b)'],
    ['quotation marks that were misread', 'â€œ互联网+检察â€\u009d工作â€¦', '“互联网+检察”工作…'],
    ['what cannot be read is a box', '检察锟斤拷锟斤拷机关', '检察□机关'],
    ['lost quotation marks are not made up', '互联网+检察工作研究', '互联网+检察工作研究'],
  ])('%s', (_, text, expected) => {
    expect(cleaned(text)).toBe(expected);
  });
});

import { describe, expect, test } from 'vitest';
import { personalData } from '../../../indexer/redaction/find.ts';
import { applyMasks, type RedactionType } from '../../../indexer/redaction/types.ts';

const masked = (text: string) => applyMasks(text, personalData(text));
const kinds = (text: string) => [...new Set(personalData(text).map(({ type }) => type))];

const CASES: Partial<Record<RedactionType, [text: string, rest: string][]>> = {
  mobile: [
    ['1 3 8 0 0 1 3 8 0 0 0', '[手机号]'],
    ['138 - 0013 - 8000', '[手机号]'],
    ['138 00 13 80 00', '[手机号]'],
    ['(+86)13800138000', '[手机号]'],
    ['（138）0013-8000', '[手机号]'],
    ['手机一三八零零一三八零零零', '手机[手机号]'],
  ],
  landline: [
    ['+852 9123 4567', '[电话号码]'],
    ['0871-63612345转801', '[电话号码]'],
    ['我的电话63612345', '我的电话[电话号码]'],
  ],
  'id-card': [
    ['身份证号530102199913451234', '身份证号[身份证号]'],
    ['身份证：123456789012345678', '身份证：[身份证号]'],
    ['证件号码为5301 0219 9003 0712 30', '证件号码为[身份证号]'],
    ['230103 1980 0827 3629', '[身份证号]'],
  ],
  'bank-card': [
    ['银行卡号6222021234567890123', '银行卡号[银行卡号]'],
    ['打到工商银行 6222 0212 3456 7890 123', '打到工商银行 [银行卡号]'],
    ['账号：530501234567890', '账号：[银行卡号]'],
  ],
  passport: [
    ['护照号E12345678', '护照号[护照号]'],
    ['持护照：EA1234567入境', '持护照：[护照号]入境'],
  ],
  permit: [
    ['回乡证号码H12345678', '回乡证号码[证件号]'],
    ['台胞证12345678', '台胞证[证件号]'],
    ['社保卡号A123456789', '社保卡号[证件号]'],
    ['军官证为军字第1234567号', '军官证为[证件号]'],
    ['学号：20260101234', '学号：[证件号]'],
  ],
  plate: [
    ['车牌云A12345', '车牌[车牌号]'],
    ['云A·D12345', '[车牌号]'],
    ['驾驶云AD12345逃逸', '驾驶[车牌号]逃逸'],
    ['粤B12345F', '[车牌号]'],
    ['京a8k123', '[车牌号]'],
  ],
  wechat: [
    ['微信：zhang_wei88', '微信：[微信号]'],
    ['加V abc12345', '加V [微信号]'],
    ['微信号是wxid_a1b2c3', '微信号是[微信号]'],
  ],
  qq: [
    ['QQ：123456789', 'QQ：[QQ号]'],
    ['QQ群87654321', 'QQ群[QQ号]'],
    ['扣扣 12345678', '扣扣 [QQ号]'],
  ],
  account: [
    ['@小河流水2020 快来看', '[账号] 快来看'],
    ['见weibo.com/u/1234567890主页', '见[账号]'],
  ],
  address: [
    ['家住云州市北城区人民路12号3栋2单元501室', '家住云州市北城区[详细地址]'],
    ['户籍地云州市安宁县青山镇大河村三组', '户籍地云州市安宁县[详细地址]'],
    ['现居住于云南省昆明市盘龙区北京路5号。', '现居住于云南省昆明市盘龙区[详细地址]。'],
    ['阳光花园3栋2单元501室被盗', '[详细地址]被盗'],
  ],
  school: [
    ['就读于云州市第一中学', '就读于云州市[学校]'],
    ['高二(3)班学生报名', '[班级]学生报名'],
    ['李某读高二（3）班', '李某读[班级]'],
    ['她在实验小学上学', '她在[学校]上学'],
  ],
  'birth-date': [
    ['1985年3月12日出生', '1985年出生'],
    ['出生日期：1985-03-12', '出生日期：1985年'],
    ['生于1985年3月', '生于1985年'],
  ],
};

for (const [type, cases] of Object.entries(CASES)) {
  describe(`${type} is masked`, () => {
    test.each(cases)('%s', (text, rest) => {
      expect(masked(text)).toBe(rest);
      expect(kinds(text)).toEqual([type]);
    });
  });
}

describe('what is nobody’s stays', () => {
  test.each([
    ['accounts of institutions', '@云州检察 @平安云州 @云州日报 发布'],
    ['the plate of the police', '警车云A1234警'],
    ['a licence of a site', '粤B2-20090059'],
    ['the address of an institution', '云州市检察院位于人民路88号，12309检察服务中心在1楼'],
    ['where something happened', '在北城区人民路发生一起事故'],
    ['a stay in hospital', '住院治疗三个月，居住环境改善'],
    ['a county as the place of origin', '户籍地云州市安宁县'],
    ['a school as an institution', '检察官走进云州市第一中学开展法治课'],
    ['a date that is no birth', '2025年3月12日开庭，本院建于1985年3月'],
    ['a year of birth', '1985年出生'],
    ['words around WeChat without a number', '请关注微信公众号，微信支付更方便'],
    ['numerals', '二〇二五年十一月二十二日，一二三四五六七八九十，三千五百六十一万二千三百四十五'],
    ['counts', 'QQ音乐、第12345期、阅读12345678'],
  ])('%s: %s', (_, text) => {
    expect(masked(text)).toBe(text);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { divisions, placeName } from '../../../config/divisions.ts';
import { makePlaces } from '../../../indexer/places/places.ts';
import { place } from '../../../indexer/steps/place.ts';
import { segment } from '../../../indexer/steps/segment.ts';
import { simplify } from '../../../indexer/steps/simplify.ts';
import type { StepContext } from '../../../indexer/steps/types.ts';
import { context, working } from '../working.ts';

const placed = (text: string, title: string | null = null, prior: Partial<StepContext> = {}) => {
  const given = { ...context, ...prior };
  const code = place(segment(simplify(working({ title, text }), given), given), given).place;
  return code === null ? null : placeName(code);
};

describe('a post lies in the division that it names', () => {
  test.each([
    ['云南省检察机关通报上半年办案情况', '云南省'],
    ['昆明市检察院召开新闻发布会', '云南省昆明市'],
    ['云南省昆明市五华区检察院依法提起公诉', '云南省昆明市五华区'],
    ['五华区人民检察院举办检察开放日', '云南省昆明市五华区'],
    ['昆明警方通报一起案件', '云南省昆明市'],
    ['北京市朝阳区检察院提起公诉', '北京市朝阳区'],
    ['义乌检方批准逮捕', '浙江省金华市义乌市'],
    ['有人在海淀被骗了', '北京市海淀区'],
    ['海南省文昌市人民检察院', '海南省文昌市'],
    ['湖北仙桃检察机关回应', '湖北省仙桃市'],
    ['东莞检方通报', '广东省东莞市'],
    ['沧县检察院', '河北省沧州市沧县'],
    ['赵县公安局通报', '河北省石家庄市赵县'],
    ['浦东新区检察院', '上海市浦东新区'],
    ['香港特别行政区', '香港特别行政区'],
    ['吉林检察机关', '吉林省'],
    ['吉林市检察院', '吉林省吉林市'],
    ['长沙县检察院', '湖南省长沙市长沙县'],
    ['长沙检方', '湖南省长沙市'],
  ])('%s → %s', (text, name) => expect(placed(text)).toBe(name));
});

describe('autonomous divisions are known by what people call them', () => {
  test.each([
    ['新疆维吾尔自治区', '新疆维吾尔自治区'],
    ['内蒙古和林格尔', '内蒙古自治区呼和浩特市和林格尔县'],
    ['延边检察机关', '吉林省延边朝鲜族自治州'],
    ['湘西州检察院', '湖南省湘西土家族苗族自治州'],
    ['湘西土家族苗族自治州', '湖南省湘西土家族苗族自治州'],
    ['恩施州检察院', '湖北省恩施土家族苗族自治州'],
    ['恩施市检察院', '湖北省恩施土家族苗族自治州恩施市'],
    ['长阳县检察院', '湖北省宜昌市长阳土家族自治县'],
    ['达拉特旗检察院', '内蒙古自治区鄂尔多斯市达拉特旗'],
    ['锡林郭勒盟检察分院', '内蒙古自治区锡林郭勒盟'],
    ['青海海南州', '青海省海南藏族自治州'],
    ['海南检方', '海南省'],
    ['东乡族自治县', '甘肃省临夏回族自治州东乡族自治县'],
  ])('%s → %s', (text, name) => expect(placed(text)).toBe(name));
});

describe('names of old still name the division', () => {
  test.each([
    ['襄樊检察机关', '湖北省襄阳市'],
    ['莱芜检方', '山东省济南市莱芜区'],
    ['双流县检察院', '四川省成都市双流区'],
    ['铜仁地区', '贵州省铜仁市'],
  ])('%s → %s', (text, name) => expect(placed(text)).toBe(name));
});

describe('a name that several divisions bear', () => {
  test.each([
    ['朝阳区发生一起案件', null],
    ['长春朝阳区发生一起案件', '吉林省长春市朝阳区'],
    ['辽宁朝阳警方通报', '辽宁省朝阳市'],
    ['朝阳市检察院通报', '辽宁省朝阳市'],
    ['北京的朋友说，朝阳区检察院回复了', '北京市朝阳区'],
    ['鼓楼区检察院', null],
    ['福州消息：鼓楼区检察院', '福建省福州市鼓楼区'],
    ['和平区检察院的回复', null],
    ['天津市和平区检察院', '天津市和平区'],
  ])('%s → %s', (text, name) => expect(placed(text)).toBe(name));

  test('is told by where the source is, then by where the office is', () => {
    const text = '鼓楼区检察院通报';
    expect(placed(text, null, { sourcePlace: '320100' })).toBe('江苏省南京市鼓楼区');
    expect(placed(text, null, { officePlace: '350100' })).toBe('福建省福州市鼓楼区');
    expect(placed(text, null, { officePlace: '350100', sourcePlace: '320300' })).toBe('江苏省徐州市鼓楼区');
  });

  test('is rather the city above than a guess', () => {
    expect(placed('伊宁检察机关')).toBe('新疆维吾尔自治区伊犁哈萨克自治州');
  });

  test('a county behind a city that no list knows is none that bears its name', () => {
    expect(placed('云州市南湖区检察院')).toBeNull();
    expect(placed('嘉兴市南湖区检察院')).toBe('浙江省嘉兴市南湖区');
    expect(placed('我市南湖区检察院')).toBe('浙江省嘉兴市南湖区');
  });
});

describe('ordinary words name no place', () => {
  test.each([
    '希望和平解决',
    '公安机关已经立案',
    '公安检察机关联合行动',
    '周六安排公开听证',
    '长治久安',
    '朝阳产业税收优惠',
    '资源浪费要管',
    '平安建设考核',
    '大理石台面掉了',
    '网上买的哈密瓜坏了',
    '上班路上看到的，大兴土木',
    '互助友好',
    '黄河南岸有人倾倒垃圾',
    '向阳花开',
    '阿里巴巴客服',
    '东方明珠',
    '超市区域不让进',
    '未开封的药品',
  ])('%s', (text) => expect(placed(text)).toBeNull());

  test.each([
    ['公安县检察院', '湖北省荆州市公安县'],
    ['白银检方通报', '甘肃省白银市'],
    ['朝阳警方通报', null],
    ['云州检察发布案例', null],
    ['大同消息：云州检察发布案例', '山西省大同市云州区'],
    ['天津和平的窗口', '天津市和平区'],
    ['深圳南山检察', '广东省深圳市南山区'],
    ['深圳消息，南山检察院通报', '广东省深圳市南山区'],
    ['青海平安区检察院', '青海省海东市平安区'],
  ])('but with its city or an institution: %s → %s', (text, name) => expect(placed(text)).toBe(name));
});

describe('never from a person', () => {
  test.each([
    'IP属地：广东 支持检察院',
    '检察院处理得公道。IP属地广东',
    '支持 发布于 广东',
    '来自云南的网友说得好',
    '广东网友：支持',
    '犯罪嫌疑人，湖南人，初中文化',
    '被告人系河南籍男子',
    '户籍地四川省成都市的李某某',
    '籍贯：山东省济南市',
    '我老家在云南昆明',
    '一名云南女子被骗',
    '家住的地方不说了，祖籍福建泉州',
    '毕业于云南大学',
    '今天的天气真好 📍昆明',
    '和朋友看展 昆明·翠湖公园',
  ])('%s', (text) => expect(placed(text)).toBeNull());

  test('what the text is about still counts beside it', () => {
    expect(placed('五华区检察院处理得公道 IP属地：广东')).toBe('云南省昆明市五华区');
    expect(placed('湖南人张某某在上海市徐汇区被起诉')).toBe('上海市徐汇区');
  });
});

describe('outlets, firms, streets and dishes are no places', () => {
  test.each([
    '据北京青年报报道，有关部门已介入',
    '北京时间八点',
    '南京路上的店',
    '上海银行的流水',
    '湖南卫视的节目',
    '吃了一碗兰州拉面',
    '买到假的贵州茅台',
  ])('%s', (text) => expect(placed(text)).toBeNull());

  test('but what begins alike counts', () => {
    expect(placed('昆明人民检察')).toBe('云南省昆明市');
    expect(placed('昆明路灯坏了没人管')).toBe('云南省昆明市');
    expect(placed('据北京日报报道，河北邯郸检方介入')).toBe('河北省邯郸市');
  });
});

describe('a text that names several', () => {
  test.each([
    ['从四川到云南', '四川省'],
    ['在内蒙古和河北', '内蒙古自治区'],
    ['北京、上海、广东等地检察机关', null],
    ['杭州市西湖区、余杭区检察院会签意见', '浙江省杭州市'],
    ['一名嫌疑人从贵阳逃到昆明，昆明市检察院批准逮捕', '云南省昆明市'],
    ['云南省检察院通报工作，提到大理一起案件', '云南省'],
    ['河南一起醉驾案，商丘警方通报', '河南省商丘市'],
    ['位于都江堰的工地', '四川省成都市都江堰市'],
  ])('%s → %s', (text, name) => expect(placed(text)).toBe(name));

  test('goes by its title', () => {
    expect(placed('此前四川也有类似的事。', '云南一地欠薪')).toBe('云南省');
  });

  test('goes by its beginning, however long it is', () => {
    const text = `昆明市检察院通报。${'内容很多。'.repeat(500)}四川省检察院${'四川省检察院'.repeat(50)}`;
    expect(placed(text)).toBe('云南省昆明市');
  });
});

describe('where the text names no place', () => {
  test('a source near the office speaks of its own', () => {
    expect(placed('欠薪没人管', null, { sourcePlace: '530100', officePlace: '530102' })).toBe('云南省昆明市');
    expect(placed('欠薪没人管', null, { sourcePlace: '530100' })).toBe('云南省昆明市');
  });
  test('a source from elsewhere speaks of the country', () => {
    expect(placed('欠薪没人管', null, { sourcePlace: '110000', officePlace: '530102' })).toBeNull();
  });
  test('the office tells nothing', () => {
    expect(placed('欠薪没人管', null, { officePlace: '530102' })).toBeNull();
  });
  test('a text that names too many is about none of them, and not about its source', () => {
    expect(placed('北京、上海、广东等地', null, { sourcePlace: '530100' })).toBeNull();
  });
});

test('whatever the text, the place is a division or none', () => {
  const places = makePlaces();
  const pieces = [...divisions.values()].flatMap((name) => [name, name.slice(0, -1), name.slice(1)]);
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 90 });
  fc.assert(
    fc.property(text, (parts) => {
      const { code } = places.find(parts.join(''), [], { sourcePlace: null, officePlace: null });
      expect(code === null || divisions.has(code)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

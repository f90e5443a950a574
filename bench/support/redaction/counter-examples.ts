import divisions from '../../../config/defaults/divisions.json' with { type: 'json' };
import { nameData } from '../../../config/names.ts';
import type { NameMaker } from './made-names.ts';
import type { Lesson } from './name-training.ts';

/** What looks like names and is none: `P` a place, `V` a village, `C` an enterprise called after somebody, `M` a masked name, `S` a surname, `W` a word. */
const FRAMES = [
  'P检察院督促整治非法采砂，P、P两地签署协作意见。',
  'P、P、P等地检察机关开展跨区域协作。',
  'P人民检察院、P公安局联合通报案情，犯罪嫌疑人M已被逮捕。',
  '原告P某公司诉被告P分公司买卖合同纠纷一案，依法由P人民法院管辖。',
  '被告人M，P人，住P，因涉嫌盗窃被P公安局刑事拘留。',
  'V、V两地村民因水源发生纠纷，调解后握手言和。',
  'V和V的农田灌溉设施年久失修，群众来信反映多次。',
  'V污染治理取得成效，V旅游市场整治行动开始。',
  '被害人M家住V，案发当晚在V附近被抢。',
  'C起诉商标侵权，法院判决支持。',
  '市民在C门店购买的食品已经过期，投诉后无人处理。',
  'C发布公告称，公司高管M被立案调查。',
  'C与C商标纠纷案引发关注。',
  '原告C与被告M劳动争议一案，法院依法判决。',
  '我在C上班三年，工资一直拖欠，找劳动局也没用。',
  'S女士、S先生和S大爷都来了，大家都很满意。',
  'S师傅说修好了，S大妈不信，S老师也不信。',
  '老S和小S都是V人，在P打工。',
  'S家两兄弟为了宅基地打了起来，S老太太报了警。',
  'S检察官、S法官和S律师一起参加了听证会。',
  '从P到P的路上，经过V的时候车翻了。',
  '网友：P的天气真好，P的风景也不错。',
  '感谢P检察院，感谢S检察官，为我们追回了血汗钱。',
  'C的老板跑路了，P的分店也关了门。',
  '被告人W，事后逃离现场。',
  '犯罪嫌疑人W作案，手段隐蔽。',
  '被害人W与监控录像相互印证。',
  '原告W，双方达成和解。',
  'W案件同比下降三成，检察机关提示风险。',
  'W、W、W案件数量下降。',
  '记者W地看到，当地环境明显改善。',
  '检察机关W，W工作取得成效。',
  '督促当事人补植复绿、增殖放流，P生态得到修复。',
];
const OF_VILLAGES = [
  '家村',
  '家庄',
  '庄镇',
  '集镇',
  '家河',
  '家沟',
  '楼村',
  '家湾村',
  '店镇',
  '家桥',
  '各庄村',
  '家坪',
];
const OF_ENTERPRISES = [
  '公司',
  '集团',
  '药业',
  '大药房',
  '股份',
  '酒店',
  '牌',
  '商贸',
  '烧饼店',
  '食品',
  '科技',
  '珠宝',
];

/** Texts without a name, each frame filled so many times. */
export function counterExamples(each: number, maker: NameMaker, random: () => number): Lesson[] {
  const words = [
    ...Object.entries(nameData.neverBehindRoles).flatMap(([first, seconds]) =>
      [...seconds].map((second) => first + second),
    ),
    ...nameData.neverNames,
    ...nameData.neverNames,
  ];
  const places = Object.values(divisions);
  const pick = <T>(list: ArrayLike<T>): T => list[Math.floor(random() * list.length)]!;
  const surname = () => (random() < 0.05 ? pick(nameData.compound) : pick(nameData.surnames.slice(0, 300)));
  const place = () => {
    const name = pick(places);
    return random() < 0.5 ? name : name.replace(/(?:省|市|区|县|旗|自治.)$/u, '');
  };
  const fill: Readonly<Record<string, () => string>> = {
    P: place,
    V: () => surname() + pick(OF_VILLAGES),
    C: () => maker.like('王小明') + pick(OF_ENTERPRISES),
    M: () => surname() + pick(['某', '某某', '某甲']),
    S: surname,
    W: () => pick(words),
  };
  return FRAMES.flatMap((frame) =>
    Array.from({ length: each }, () => ({
      text: frame.replace(/[A-Z]/gu, (kind) => fill[kind]!()),
      names: [],
    })),
  );
}

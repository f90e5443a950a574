import { describe, expect, test } from 'vitest';
import { segment } from '../../../indexer/steps/segment.ts';
import { sentiment } from '../../../indexer/steps/sentiment.ts';
import { simplify } from '../../../indexer/steps/simplify.ts';
import { context, working } from '../working.ts';

const felt = (text: string, title: string | null = null) =>
  sentiment(segment(simplify(working({ title, text }), context), context), context);

describe('a complaint, anger or grief is negative', () => {
  test.each([
    '办事拖延，互相推诿，跑断腿也没人管',
    '非常失望',
    '我们并不满意',
    '对处理结果不太满意',
    '没有得到公正处理，心里堵得慌',
    '不公平，令人愤怒',
    '无人问津，石沉大海，令人寒心',
    '[怒][怒]',
    '说好的回复呢[怒]',
    '凭什么重罪轻判',
    '我反映的问题一直没有下文，太敷衍了',
    '材料交了八个月，一个电话都没有，到底管不管？',
    '去了四次都说负责人不在，老百姓的时间不是时间吗',
    '看到孩子的照片，眼泪止不住',
    '这种畜生就该判死刑',
    '现在都不敢让老人接陌生电话了，太可怕',
    '又是这套话术，真把大家当傻子',
    '办事拖延，互相推诿',
    '至今没有回应[怒]',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('negative');
  });
});

describe('a short complaint without strong words is negative', () => {
  test.each([
    '欠大家一个解释。要求公开听证！',
    '街坊们都不支持这个方案',
    '要求重新调查！',
    '交完材料就没了音信',
    '这份答复，我们不认可',
    '凭什么只处理我们',
    '难道要等到出事才管？',
    '怎么就没有一个人给句准话',
    '为什么不公开？',
    '连个说法都不给',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('negative');
  });
});

describe('support without strong words is positive', () => {
  test.each([
    '我们整栋楼都支持这个决定',
    '钱要回来了，踏实了',
    '没有推诿，当场就给办了',
    '没想到真有人管，服气',
    '路修好了，孩子上学方便多了',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('positive');
  });
});

describe('plain irony is negative', () => {
  test.each([
    '呵呵，又是正在研究，真会踢皮球',
    '好一个秉公办理，监控偏偏那天坏了，骗谁呢',
    '投诉电话永远占线，真是“贴心”的服务，无语',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('negative');
  });
});

describe('thanks and praise are positive', () => {
  test.each([
    '感谢检察官，帮我们追回了工资',
    '为检察院点赞',
    '工作人员很耐心，也很专业',
    '[赞][鼓掌]',
    '问题解决了[赞]',
    '我不认识他们。感谢检察院！',
    '手续没有多收费，点赞',
    '普法课生动有趣，孩子很喜欢',
    '这么快就办好了，真是太好了，谢谢',
    '河水变清了，空气也好了，支持公益诉讼！',
    '祝贺！实至名归',
    '致敬奋战在一线的干警，辛苦了',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('positive');
  });
});

describe('a grim subject soberly reported is neutral', () => {
  test.each([
    '云州市人民检察院于11月22日召开新闻发布会，通报前三季度办案数据。',
    '云州市人民检察院以涉嫌故意杀人罪对犯罪嫌疑人吴某提起公诉。',
    '近日，被告人郑某因犯诈骗罪被判处有期徒刑十年，并处罚金二十万元。',
    '法院一审以受贿罪判处冯某无期徒刑，剥夺政治权利终身。',
    '云州高速公路发生一起两车相撞事故，造成4人死亡、2人受伤。',
    '检察机关依法对云州市原副市长韩某决定逮捕，案件正在进一步办理中。',
    '警方通报：一男子持刀伤人，嫌疑人已被控制，伤者送医救治。',
    '被害人系被钝器击打头部致死，检察机关已提前介入侦查。',
    '云州化工厂爆炸事故调查组成立，检察机关同步介入。',
    '二审法院裁定驳回上诉，维持死刑判决，依法报请最高人民法院核准。',
    '检察机关对一起性侵未成年人案件提出抗诉，法院已受理。',
    '公诉机关指控，被告人多次入户盗窃，涉案金额三万余元。',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('neutral');
  });
});

describe('questions and notices are neutral', () => {
  test.each([
    '会议时间改为下午三点，地点不变。',
    '请问申请民事监督需要准备哪些材料？',
    '12309热线工作日几点上班？',
    '公开听证会将于下周三在云州市人民检察院举行。',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('neutral');
  });
});

describe('what nobody can tell is neutral, and said to be unsure', () => {
  test.each(['', '[手机号]', '\u16a0\u16a2'])('"%s"', (text) => {
    const { sentiment: label, sentimentProbability } = felt(text);
    expect(label).toBe('neutral');
    expect(sentimentProbability).toBeLessThan(0.5);
  });
});

describe('the same is felt however it is written', () => {
  test('traditional characters', () => {
    expect(felt('對處理結果非常失望，令人憤怒').sentiment).toBe('negative');
    expect(felt('感謝檢察官，辦事很認真').sentiment).toBe('positive');
  });
  test('with emoticons or without', () => {
    for (const text of ['终于讨回公道，感谢', '太让人气愤了']) {
      expect(felt(`${text}[心][赞]`.replace('[心][赞]', '')).sentiment).toBe(felt(text).sentiment);
    }
    expect(felt('终于讨回公道，感谢[心]').sentiment).toBe('positive');
    expect(felt('太让人气愤了[怒]').sentiment).toBe('negative');
  });
  test('whoever is addressed', () => {
    const [one, other] = ['@云州路人甲 办得好，点赞', '@another_reader 办得好，点赞'].map((text) =>
      felt(text),
    );
    expect(one?.sentiment).toBe('positive');
    expect(other?.sentiment).toBe('positive');
  });
  test('whatever was redacted', () => {
    const [phone, card] = ['我的电话是[手机号]，一直没人回复', '我的电话是[银行卡号]，一直没人回复'].map(
      (text) => felt(text).sentimentProbability,
    );
    expect(phone).toBeCloseTo(card as number, 1);
  });
});

describe('the probability', () => {
  test('is that of the label, and the highest of three', () => {
    for (const text of ['太失望了', '感谢', '会议改期', '有人失望，有人感谢']) {
      const { sentimentProbability } = felt(text);
      expect(sentimentProbability).toBeGreaterThanOrEqual(1 / 3);
      expect(sentimentProbability).toBeLessThanOrEqual(1);
    }
  });
  test('is less where the other side speaks as well', () => {
    expect(felt('很失望，令人愤怒，太敷衍了').sentimentProbability).toBeGreaterThan(
      felt('有点失望，不过还是感谢你们').sentimentProbability,
    );
  });
});

describe('long articles', () => {
  const report = '云州市人民检察院对该案提起公诉，法院将择期开庭审理。经审查，被告人涉嫌受贿罪。'.repeat(60);
  test('are neutral when they report, however long', () => {
    expect(felt(report).sentiment).toBe('neutral');
  });
  test('are judged by their beginning more than by a remark at the end', () => {
    expect(felt(`${report}太失望了！`).sentiment).toBe('neutral');
    expect(felt('太失望了，令人愤怒，推诿拖延，没人管！'.repeat(60)).sentiment).toBe('negative');
  });
});

test('the title speaks as well', () => {
  expect(felt('通报', '令人愤怒').sentiment).toBe('negative');
});

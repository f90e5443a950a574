import { describe, expect, test } from 'vitest';
import { segment } from '../../indexer/steps/segment.ts';
import { simplify } from '../../indexer/steps/simplify.ts';
import { sentiment } from '../../indexer/steps/sentiment.ts';
import { context, working } from './working.ts';

const felt = (text: string, title: string | null = null) =>
  sentiment(segment(simplify(working({ title, text }), context), context), context);

describe('negative', () => {
  test.each([
    '办事拖延，互相推诿',
    '非常失望',
    '大家都不支持',
    '我们并不满意',
    '对处理结果不太满意',
    '没有得到公正处理',
    '不公平，令人愤怒',
    '无人问津，石沉大海，令人寒心',
    '[怒][怒]',
    '说好的回复呢[怒]',
    '至今没有回应[怒]',
    '凭什么重罪轻判',
    '我反映的问题一直没有下文，太敷衍了',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('negative');
  });
});

describe('positive', () => {
  test.each([
    '感谢检察官，帮我们追回了工资',
    '为检察院点赞',
    '工作人员很耐心，也很专业',
    '并不敷衍，很负责',
    '没有敷衍，没有推诿',
    '[赞][鼓掌]',
    '问题解决了[赞]',
    '我不认识他们。感谢检察院！',
    '手续没有多收费，点赞',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('positive');
  });
});

describe('neutral', () => {
  test.each([
    '',
    '云州市人民检察院于11月22日召开新闻发布会，通报前三季度办案数据。',
    '会议时间改为下午三点，地点不变。',
    '有人失望，有人感谢',
    '[手机号]',
  ])('%s', (text) => {
    expect(felt(text).sentiment).toBe('neutral');
  });
});

describe('the probability says how clearly the words speak', () => {
  test('half where none speaks', () => {
    expect(felt('通报数据').sentimentProbability).toBe(0.5);
  });
  test('more with each word of one side', () => {
    const [one, two, three] = ['失望', '失望、寒心', '失望、寒心、愤怒'].map(
      (text) => felt(text).sentimentProbability,
    ) as [number, number, number];
    expect(one).toBeCloseTo(2 / 3);
    expect(two).toBeCloseTo(3 / 4);
    expect(three).toBeCloseTo(4 / 5);
  });
  test('less when the other side speaks as well', () => {
    expect(felt('失望、寒心，感谢').sentimentProbability).toBeCloseTo(3 / 5);
  });
  test('always between nought and one', () => {
    const { sentimentProbability } = felt('愤怒！'.repeat(500));
    expect(sentimentProbability).toBeGreaterThan(0.9);
    expect(sentimentProbability).toBeLessThan(1);
  });
});

test('the title speaks as well', () => {
  expect(felt('通报', '令人愤怒').sentiment).toBe('negative');
});

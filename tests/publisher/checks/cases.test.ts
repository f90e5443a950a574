import { describe, expect, test } from 'vitest';
import type { ReleaseType } from '../../../config/release-types.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { found, told } from '../../support/checks.ts';

const pending = (text: string) => ({
  ...{ type: 'case-information' as const, document: documentOfText(text) },
  details: { caseStage: 'pending' },
});

describe('of a case in hand', () => {
  test.each([
    ['监控显示其进入房间', 'block 监控显示'],
    ['其对犯罪事实供认不讳', 'block 供认'],
    ['罪犯王某被依法逮捕', 'block 罪犯'],
    ['涉案金额三百万元', 'warn 涉案金额'],
    ['王某的行为已构成诈骗罪', 'block 已构成'],
  ])('%s', async (text, expected) => {
    expect(told(await found('pending-case', pending(text)))).toEqual([expected]);
  });

  test('the steps of procedure may be told', async () => {
    const text =
      '日前，云州市人民检察院依法以涉嫌诈骗罪对犯罪嫌疑人王某作出批准逮捕决定。案件正在进一步办理中。';
    expect(await found('pending-case', pending(text))).toEqual([]);
  });

  test('that was concluded, evidence may be told', async () => {
    const content = { ...pending('监控显示其进入房间'), details: { caseStage: 'concluded' } };
    expect(await found('pending-case', content)).toEqual([]);
  });
});

describe('a text that looks like a case in hand', () => {
  test('asks which stage it is at', async () => {
    const text = '犯罪嫌疑人王某某涉嫌诈骗一案，已由云州市人民检察院依法提起公诉。';
    expect(told(await found('pending-case', text))).toEqual(['warn 提起公诉']);
  });

  test.each([
    '被告人王某某被提起公诉后，云州市人民法院判处其有期徒刑三年。',
    '全年提起公诉三百人，批准逮捕一百人。',
    '对犯罪嫌疑人依法批准逮捕四十人。',
    '检察机关对符合条件的案件依法提起公诉。',
  ])('is not: %s', async (text) => {
    expect(await found('pending-case', text)).toEqual([]);
  });
});

describe('each type has what it needs', () => {
  const rules = (type: ReleaseType, text: string, caseStage = 'none') =>
    found('type-rules', { type, document: documentOfText(text), details: { caseStage } });

  test('a title and a text', async () => {
    const findings = await found('type-rules', { title: '', document: documentOfText('') });
    expect(told(findings)).toEqual(['block 标题', 'block 正文']);
  });

  test.each([
    ['legal-document', 'pending', ['block 案件阶段']],
    ['legal-document', 'none', ['block 案件阶段']],
    ['legal-document', 'concluded', []],
    ['case-information', 'none', ['block 案件阶段']],
    ['case-information', 'pending', []],
    ['typical-case', 'pending', ['block 案件阶段']],
    ['law-by-case', 'none', []],
  ] as const)('%s at stage %s', async (type, stage, expected) => {
    expect(told(await rules(type, '正文。', stage))).toEqual(expected);
  });

  test('a consultation says by when and where to', async () => {
    expect(told(await rules('consultation', '欢迎提出意见。'))).toEqual(['warn 截止时间', 'warn 反馈方式']);
    expect(await rules('consultation', '请于12月1日前发送至邮箱。')).toEqual([]);
  });

  test('an open day says when', async () => {
    expect(told(await rules('open-day', '欢迎参加。'))).toEqual(['warn 时间']);
    expect(await rules('open-day', '11月28日上午九时，欢迎参加。')).toEqual([]);
  });
});

describe('what a machine wrote', () => {
  test.each([
    '本文由AI生成，仅供参考。',
    '封面图片由人工智能生成',
    '（图片由AI生成）',
    '本视频使用大模型合成。',
  ])('is labelled: %s', async (text) => {
    expect((await found('ai-label', text))[0]?.severity).toBe('block');
    const labelled = { document: documentOfText(text), details: { aiAssisted: true } };
    expect(await found('ai-label', labelled)).toEqual([]);
  });

  test.each([
    '不法分子利用AI生成虚假视频实施诈骗。',
    '经查，对方发来的图片由AI生成。',
    '警惕人工智能合成的声音。',
  ])('is not what is told of fraud: %s', async (text) => {
    expect(await found('ai-label', text)).toEqual([]);
  });
});

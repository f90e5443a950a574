import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkKeys, NOT_RUN } from '../../../config/release-checks.ts';
import { contentOf } from '../../../config/release-content.ts';
import { blocking, checks, runChecks } from '../../../publisher/releases/checks/index.ts';
import { messages } from '../../../publisher/releases/checks/messages.ts';
import { documentOfText, partsOf } from '../../../publisher/releases/plain.ts';
import { checkTools, everything, found } from '../../support/checks.ts';

test('the list holds each check once, in the order in which they are shown', () => {
  expect(checks.map(({ key }) => key)).toEqual([...checkKeys]);
});

test('an ordinary release has nothing to be said of it', async () => {
  const text = [
    '11月20日，云州市人民检察院举办检察开放日活动，邀请人大代表、政协委员和市民代表走进检察机关。',
    '活动中，来访人员参观了12309检察服务中心，旁听了一起公益诉讼案件的检察听证。',
    '检察官介绍了《中华人民共和国个人信息保护法》第十三条的适用情况，并就《反电信网络诈骗法》答疑。',
    '下一步，该院将持续做实检察为民，以高质量履职服务经济社会发展。咨询电话：0571-87654321。',
  ].join('\n');
  expect(
    await everything({ title: '云州市人民检察院举办检察开放日活动', document: documentOfText(text) }),
  ).toEqual([]);
});

describe('a check that cannot run', () => {
  const run = async () => {
    const failed: string[] = [];
    const tools = { ...checkTools, recent: () => Promise.reject(new Error('the database is away')) };
    const content = contentOf({ title: '诉颂', document: documentOfText('正文在此。') });
    const findings = await runChecks(content, tools, (key) => failed.push(key));
    return { findings, failed };
  };

  test('is reported, blocks, and keeps no other one from running', async () => {
    const { findings, failed } = await run();
    expect(failed).toEqual(['duplicate']);
    expect(findings.map(({ check, severity, finding }) => [check, severity, finding === NOT_RUN])).toEqual([
      ['wrong-words', 'warn', false],
      ['duplicate', 'block', true],
    ]);
  });

  test('cannot be passed with a reason', async () => {
    const { findings } = await run();
    expect(blocking(findings, findings).map(({ check }) => check)).toEqual(['duplicate']);
  });
});

describe('a reason', () => {
  const first = async (text: string) => (await found('wrong-words', text))[0]!;

  test('holds while the sentence stands, wherever it has moved to', async () => {
    const given = await first('原文如此：“帐号”。');
    const moved = await first('新的开头。\n另一段。原文如此：“帐号”。结尾。');
    expect(moved.start).not.toBe(given.start);
    expect(blocking([moved], [given])).toEqual([]);
  });

  test('holds no more when its sentence has changed', async () => {
    const given = await first('原文如此：“帐号”。');
    const changed = await first('请登录帐号。');
    expect(blocking([changed], [given])).toEqual([changed]);
  });

  test('holds for one check alone, and for nothing that blocks', async () => {
    const warning = await first('请登录帐号。');
    expect(blocking([warning], [{ ...warning, check: 'laws' }])).toEqual([warning]);
    const block = { ...warning, severity: 'block' as const };
    expect(blocking([block], [block])).toEqual([block]);
  });

  test('is asked for once where the same sentence stands twice, and for each of two sentences', async () => {
    expect(await found('wrong-words', '请登录帐号。请登录帐号。')).toHaveLength(1);
    expect(await found('wrong-words', '请登录帐号。请注销帐号。')).toHaveLength(2);
  });
});

test('every place is one of its part, whatever is written', async () => {
  const pieces = [
    ...['帐号', '《刑法》第九百条', '被害人王建国', '13800138000', '嫌犯', '😀', '\n', '。', '本文由AI生成'],
    ...['一名13岁女孩被猥亵', '《合同法》', '最高检', '机密★', '国家级品牌', '，', '云洲市人民检察院', '𠮷'],
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(''));
  await fc.assert(
    fc.asyncProperty(texts, texts, texts, async (title, text, weibo) => {
      const details = { weibo: { on: true, text: weibo || null }, caseStage: 'pending' };
      const content = contentOf({ title, document: documentOfText(text), details });
      const parts = partsOf(content);
      for (const { part, start, end, quote } of await everything({
        title,
        document: content.document,
        details,
      })) {
        expect(quote.isWellFormed()).toBe(true);
        if (start === null || end === null) continue;
        expect(0 <= start && start < end && end <= parts[part].length).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('every check says in words what it is called and what it looks for', () => {
  for (const key of checkKeys) {
    expect(messages.names[key].length).toBeGreaterThan(1);
    expect(messages.why[key]).toMatch(/。$/u);
  }
});

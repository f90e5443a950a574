import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../config/release-content.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { found, told } from '../../support/checks.ts';

/** A case that was decided, told in public. */
const ofCase = (text: string, type: 'typical-case' | 'law-by-case' | 'legal-document' = 'typical-case') => ({
  ...{ type, document: documentOfText(text) },
  details: { caseStage: 'concluded' },
});

describe('numbers of persons', () => {
  test.each([
    ['当事人身份证号110101199003077758', '110101199003077758'],
    ['其手机号为13800138000', '13800138000'],
    ['现住云州市河东区建设路12号3栋2单元401室', '建设路12号3栋2单元401室'],
  ])('block in a case: %s', async (text, quote) => {
    expect(told(await found('personal-data', ofCase(text)))).toEqual([`block ${quote}`]);
  });

  test('of an office that wants to be reached stay', async () => {
    for (const line of [
      '联系电话：0571-87654321',
      '监督电话：0571-87654321，邮箱：jcy@example.gov.cn',
      '请拨打12309',
    ])
      expect([line, await found('personal-data', line)]).toEqual([line, []]);
  });

  test('a mobile number to reach the office by is asked about, and of somebody in a case it blocks', async () => {
    expect(told(await found('personal-data', '报名电话：13800138000'))).toEqual(['warn 13800138000']);
    expect(told(await found('personal-data', '被害人的联系电话：13800138000'))).toEqual([
      'block 13800138000',
    ]);
  });

  test('a number in the address of a link is told too', async () => {
    const marks = [{ type: 'link' as const, attrs: { href: 'tel:13800138000' } }];
    const content = contentOf({
      title: '开放日',
      document: {
        type: 'doc',
        content: [{ type: 'paragraph', content: [{ type: 'text', text: '点击报名', marks }] }],
      },
    });
    expect(told(await found('personal-data', content))).toEqual(['warn 13800138000']);
  });

  test('are their accounts too, and those of institutions are none', async () => {
    expect(told(await found('personal-data', '感谢@小明的日常 提供图片'))).toEqual(['warn @小明的日常']);
    expect(await found('personal-data', '视频来源丨@云川视频 来源')).toEqual([]);
  });
});

describe('names', () => {
  test.each([
    ['被害人王建国报案后', 'block 王建国'],
    ['证人李秀英证实了这一点', 'block 李秀英'],
    ['被不起诉人张志强系初犯', 'block 张志强'],
    ['被告人刘志远被判处有期徒刑三年', 'warn 刘志远'],
  ])('%s', async (text, expected) => {
    expect(told(await found('personal-data', ofCase(text)))).toEqual([expected]);
  });

  test('come with what should stand there instead', async () => {
    const [first] = await found('personal-data', ofCase('被害人王建国报案后'));
    expect(first?.text).toContain('王某某');
  });

  test('of a list are all of the same kind', async () => {
    const text = '被害人王建国、李秀英报案后，检察机关依法介入。';
    expect(told(await found('personal-data', ofCase(text)))).toEqual(['block 王建国', 'block 李秀英']);
  });

  test('are told once each, at the place that tells most', async () => {
    const text = '王建国来到检察院。被害人王建国报案后，王建国得到救助。';
    expect(told(await found('personal-data', ofCase(text)))).toEqual(['block 王建国']);
  });

  test('that are masked already are no names', async () => {
    expect(await found('personal-data', ofCase('被告人刘某某、被害人王某（女）、张某甲'))).toEqual([]);
  });

  test('of those who act in a public office stay', async () => {
    expect(await found('personal-data', '云州市人民检察院检察长周明远主持会议。')).toEqual([]);
  });

  test('in a report that is about no case are asked about together', async () => {
    const findings = await found('personal-data', '志愿者王建国说，他和李秀英一起参加了开放日活动。');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.severity).toBe('warn');
  });

  test.each([
    '该厂属于国资控股企业',
    '青年路居民代表说',
    '经释法说理，双方和解',
    '“益心为公”志愿者',
    '依据刑法第五百条',
  ])('are no words: %s', async (text) => {
    expect(await found('personal-data', ofCase(text))).toEqual([]);
  });

  test('that are words as well are asked about behind a role, and nobody is stopped for them', async () => {
    expect(told(await found('personal-data', ofCase('被害人白天外出，家中被盗。')))).toEqual(['warn 白天']);
    expect(await found('personal-data', ofCase('被害人严重受伤，现已康复。未成年人成长不容忽视。'))).toEqual(
      [],
    );
  });

  test('in the title are known by what the text says of them', async () => {
    const content = { ...ofCase('被害人王建国已获得司法救助。'), title: '王建国：感谢检察机关' };
    expect((await found('personal-data', content)).map(({ severity }) => severity)).toEqual(['block']);
  });
});

describe('a case of a minor', () => {
  const told = '被告人张某某多次猥亵一名13岁女孩，被判处有期徒刑。';

  test('blocks, with the sentence that tells of it', async () => {
    const [first] = await found('minors', ofCase(`近日，案件宣判。${told}`));
    expect(first).toMatchObject({ severity: 'block', part: 'document' });
    expect(first?.quote).toContain('13岁女孩');
  });

  test('told to teach the law, with nothing that points at the child, asks for a reason', async () => {
    expect((await found('minors', ofCase(told, 'law-by-case')))[0]?.severity).toBe('warn');
  });

  test('told to teach the law with a name in it blocks', async () => {
    const named = '被告人张志强多次猥亵一名13岁女孩，被判处有期徒刑。';
    expect((await found('minors', ofCase(named, 'law-by-case')))[0]?.severity).toBe('block');
  });

  test('makes everything that points at somebody block', async () => {
    const text = `${told}志愿者李秀英参与帮教。`;
    const findings = await found('personal-data', ofCase(text));
    expect(findings.map(({ severity }) => severity)).toEqual(['block']);
  });

  test.each([
    '检察官走进云州市实验小学，为五百名学生讲授法治课。',
    '依法严惩侵害未成年人犯罪，全年起诉四十二人。',
    '未成年人保护法规定，不得披露未成年人的姓名。',
  ])('is not what is said of the protection of minors: %s', async (text) => {
    expect(await found('minors', text)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { classesList } from '../../../indexer/words/classes.ts';

const problems = (body: string) => classesList.read(body).problems;

test('the list that ships can be read as people edit it', () => {
  const { entries, problems } = classesList.read(classesList.shipped());
  expect(problems).toEqual([]);
  expect(entries.length).toBeGreaterThan(1000);
});

test('words, parts and signs stand below their class', () => {
  const body = '# 说明\n[刑事检察]\n提起公诉 3\n拖欠…工资 -1.5 # 民事\n\n[报道]\n@文章 2';
  expect(classesList.read(body)).toEqual({
    entries: [
      { label: 'criminal', weight: 3, parts: ['提起公诉'] },
      { label: 'criminal', weight: -1.5, parts: ['拖欠', '工资'] },
      { label: 'report', weight: 2, sign: 'article' },
    ],
    problems: [],
  });
});

test('a word is compared as texts are: in simplified characters and lower case', () => {
  expect(classesList.read('[广告]\n加ＱＱ 3\n優惠 1').entries).toMatchObject([
    { parts: ['加qq'] },
    { parts: ['优惠'] },
  ]);
});

describe('what is wrong is said with its line', () => {
  test.each([
    ['提起公诉 3', 1, '前面没有类别'],
    ['[刑侦]', 1, '没有“刑侦”这个类别'],
    ['[刑事检察]\n提起公诉', 2, '格式不对'],
    ['[刑事检察]\n提起 公诉 3', 2, '格式不对'],
    ['[刑事检察]\n提起公诉 三', 2, '格式不对'],
    ['[刑事检察]\n提起公诉 99', 2, '分值须在'],
    ['[刑事检察]\n提起公诉 3\n\n提起公诉 2', 4, '与第 2 行重复'],
    ['[刑事检察]\n@周末 3', 2, '没有“@周末”这个标记'],
    ['[刑事检察]\n拖欠… 3', 2, '省略号前后'],
    [`[刑事检察]\n${'长'.repeat(30)} 3`, 2, '太长'],
    ['[投诉]\n张伟明 3', 2, '像是人名'],
  ])('%j', (body, line, said) => {
    expect(problems(body)).toMatchObject([{ line, message: expect.stringContaining(said) }]);
  });

  test('and the other lines are read all the same', () => {
    expect(classesList.read('[提问]\n请问\n怎么办 2').entries).toHaveLength(1);
  });
});

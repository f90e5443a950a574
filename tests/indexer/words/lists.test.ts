import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf } from '../../../indexer/words/contract.ts';
import { dictionaryList } from '../../../indexer/words/dictionary.ts';
import { stopWordList } from '../../../indexer/words/stop-words.ts';
import { synonymList } from '../../../indexer/words/synonyms.ts';

const lists = { dictionaryList, stopWordList, synonymList };

describe.each(Object.entries(lists))('%s', (_, list) => {
  test('ships without a fault, and reads as it is written', () => {
    const { entries, problems } = list.read(list.shipped());
    expect(problems).toEqual([]);
    expect(entries.length).toBe(linesOf(list.shipped()).length);
    expect(entries.length).toBeGreaterThan(20);
  });

  test('never throws, and names the line of every fault', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, lines) => {
        for (const { line } of list.read([text, ...lines].join('\n')).problems)
          expect(line).toBeGreaterThan(0);
      }),
    );
  });

  test('leaves out remarks and empty lines', () => {
    expect(list.read('# 说明\n\n   \n').entries).toEqual([]);
  });
});

const problemsOf = (list: (typeof lists)[keyof typeof lists], body: string) =>
  list.read(body).problems.map(({ line, message }) => `${line} ${message}`);

test('a word of the dictionary may have a frequency and a mark', () => {
  expect(dictionaryList.read('一站式服务\n检护民生 500\n云州 20 ns # 地名\n听证员 n').entries).toEqual([
    { word: '一站式服务' },
    { word: '检护民生', frequency: 500 },
    { word: '云州', frequency: 20, tag: 'ns' },
    { word: '听证员', tag: 'n' },
  ]);
});

test('what is wrong with a line is said in words, with its number', () => {
  const body = [
    '检护民生',
    '听',
    '检护民生 5',
    '公益，诉讼',
    '王小明',
    '听证会 0',
    '听证员 1 n x',
    '食'.repeat(21),
  ];
  expect(problemsOf(dictionaryList, body.join('\n'))).toEqual([
    '2 “听”太短，一个词至少两个字。',
    '3 “检护民生”与第 1 行重复。',
    '4 “公益，诉讼”中有不能作为词的符号。',
    '5 “王小明”像是人名。词表不收录个人姓名。',
    '6 词频须为 1 至 1000000 之间的整数。',
    '7 格式不对。一行一个词，后面可以写词频（整数）和词性（字母），用空格隔开，例如：公益诉讼 500 n。',
    `8 “${'食'.repeat(21)}”太长，一个词最多 20 个字。`,
  ]);
});

test('words that fold alike are the same word', () => {
  expect(problemsOf(dictionaryList, '公益诉讼\n公益訴訟')).toEqual(['2 “公益訴訟”与第 1 行重复。']);
});

test('synonyms stand in a row with signs between them', () => {
  expect(synonymList.read('醉驾 = 酒驾=醉酒驾驶').entries).toEqual([['醉驾', '酒驾', '醉酒驾驶']]);
  expect(problemsOf(synonymList, '醉驾\n醉驾 = \n醉驾 = 醉驾')).toEqual([
    expect.stringMatching(/^1 格式不对/),
    expect.stringMatching(/^2 格式不对/),
    '3 “醉驾”在同一行写了两次。',
  ]);
});

test('a list with very many faults names the first of them', () => {
  const { problems } = stopWordList.read(Array.from({ length: 500 }, () => '两 词').join('\n'));
  expect(problems.length).toBeLessThanOrEqual(50);
  expect(problems[0]).toEqual({ line: 1, message: '一行只能写一个词。' });
});

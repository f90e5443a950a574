import { describe, expect, test } from 'vitest';
import { markWords } from '../../../indexer/search/marks.ts';
import { scores } from '../../../indexer/search/ranking.ts';

describe('how well texts fit a question', () => {
  const texts = [
    '河水发黑，居民向检察机关反映排污口没有整改。',
    '工地拖欠二十三名工人的工资，检察机关支持起诉。',
    '检察开放日邀请学生参观。',
  ];

  test('the one that shares most of what is rare comes first', () => {
    const [river, wages, open] = scores('排污口整改了没有', texts) as [number, number, number];
    expect(river).toBeGreaterThan(wages);
    expect(river).toBeGreaterThan(open);
  });

  test('a text that shares nothing has nothing', () => {
    expect(scores('量子计算', texts)).toEqual([0, 0, 0]);
    expect(scores('', texts)).toEqual([0, 0, 0]);
    expect(scores('工资', [])).toEqual([]);
  });

  test('full width, traditional case and the like do not matter', () => {
    const [a, b] = scores('ＡＢＣ公司', ['abc公司欠薪', '另一家公司欠薪']) as [number, number];
    expect(a).toBeGreaterThan(b);
  });

  test('being long is no merit', () => {
    const [short, long] = scores('欠薪', ['工地欠薪', `工地欠薪${'，另外说了很多别的话'.repeat(40)}`]) as [
      number,
      number,
    ];
    expect(short).toBeGreaterThan(long);
  });
});

describe('marks', () => {
  const plain = (parts: { text: string }[]) => parts.map(({ text }) => text).join('');

  test('show the words, and the part of a long text where most of them are', () => {
    const long = `${'前面的话。'.repeat(60)}工地拖欠工资，工人讨薪。${'后面的话。'.repeat(60)}`;
    const parts = markWords(long, ['工资', '讨薪'], true);
    expect(parts.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(['工资', '讨薪']);
    expect(plain(parts).length).toBeLessThan(130);
    expect(plain(parts)).toMatch(/^….*…$/su);
  });

  test('take signs as they are', () => {
    expect(markWords('价格 1.5（元）', ['1.5', '（', '.*'], false).filter(({ hit }) => hit)).toHaveLength(2);
    expect(plain(markWords('没有词', [], true))).toBe('没有词');
  });
});

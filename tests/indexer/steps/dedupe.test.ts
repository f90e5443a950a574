import { describe, expect, test } from 'vitest';
import { sketchOf } from '../../../indexer/dedupe/sketch.ts';
import { dedupe } from '../../../indexer/steps/dedupe.ts';
import { simplify } from '../../../indexer/steps/simplify.ts';
import { repeats, storedKeys, wantedKeys, type Sketch } from '../../../store/sketches.ts';
import { context, working } from '../working.ts';

const sketch = (text: string, title: string | null = null): Sketch | null =>
  dedupe(simplify(working({ title, text }), context), context).sketch;

const report =
  '云州市人民检察院昨日召开发布会，通报了今年以来办理校园食品安全公益诉讼案件的情况。会上介绍，检察机关向主管部门发出检察建议，督促全面排查学校食堂的进货渠道。市民代表参加了发布会。';

/** An article of so many sentences, none like another. */
const article = (sentences: number, from = 0) =>
  Array.from({ length: sentences }, (_, n) => sentence(n + from)).join('');
const LETTERS = [...'春夏秋冬东西南北山河湖海金木水火土日月星辰风雨雷电云雪霜露花草树村庄桥路家人牛羊'];
const sentence = (n: number) => {
  let state = n + 1;
  const letters = Array.from({ length: 18 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return LETTERS[(state >>> 8) % LETTERS.length];
  });
  return `${letters.join('')}，第${n}户说。`;
};

const bothWays = (one: Sketch | null, other: Sketch | null) => [
  repeats(one as Sketch, other as Sketch),
  repeats(other as Sketch, one as Sketch),
];

describe('repeats it', () => {
  const long = article(60);
  const third = long.length / 3;
  test.each([
    ['word for word', report, report],
    ['under a changed first line', report, `云州：检察机关守护校园餐\n${report}`],
    ['with a source line', report, `${report}\n（来源：云州日报）`],
    ['with an editor’s line', report, `${report}\n编辑：某某 责任编辑：某某`],
    ['with a cut end', report, report.slice(0, report.indexOf('市民代表'))],
    ['with a cut beginning', report, report.slice(report.indexOf('通报了'))],
    ['with other spaces and line breaks', report, report.replaceAll('，', '， ').replaceAll('。', '。\n')],
    ['in full-width and half-width', report, report.replaceAll('，', ',')],
    ['in quotation marks', report, `“${report}”`],
    ['with another day', report, report.replace('昨日', '11月3日')],
    ['without its first third', long, long.slice(third)],
    ['without its last third', long, long.slice(0, 2 * third)],
    [
      'without its middle, with a source line',
      long,
      `${long.slice(0, third)}${long.slice(2 * third)}来源：云州日报`,
    ],
    ['as its beginning alone', long, long.slice(0, 0.2 * long.length)],
  ])('%s', (_, one, other) => {
    expect(bothWays(sketch(one), sketch(other))).toEqual([true, true]);
  });

  test('under any other title, and whatever the title says in the text of another', () => {
    expect(sketch(report, '甲')).toEqual(sketch(report, '乙'));
    expect(sketch(report, '甲')).toEqual(sketch(report));
  });
});

describe('does not repeat it', () => {
  test.each([
    ['another article', article(40), article(40, 100)],
    ['an article that has a fifth of its sentences', article(40), article(40, 32)],
    ['a set phrase in two reports', `${report}${article(8)}`, `${article(8, 50)}${report}${article(8, 70)}`],
    [
      'a hashtag that many have',
      '#云州市检察院公开听证会#今天去旁听了，讲得清楚明白，长见识了',
      '#云州市检察院公开听证会#为什么不通知我们业主，连个电话都没有',
    ],
    [
      'a sentence that somebody has said before, with more said',
      '街道的树上个月都砍光了，夏天走路没有遮荫。',
      '街道的树上个月都砍光了，夏天走路没有遮荫。我问过社区，说是为了装新的路灯，可是灯也没有装，群众想听一个说法。',
    ],
    [
      'the next of a series',
      '云州市人民检察院第3号公告：关于公开征集公益诉讼线索的事项',
      '云州市人民检察院第4号公告：关于公开征集公益诉讼线索的事项',
    ],
  ])('%s', (_, one, other) => {
    expect(bothWays(sketch(one), sketch(other))).toEqual([false, false]);
  });
});

describe('too short to tell', () => {
  test.each([
    '',
    '支持检察院！',
    '支持！支持！支持！支持！支持！支持！支持！',
    '！！！！！！！！！！！！！！！！！！！！',
    '\n\n',
    '😀'.repeat(30),
    '12345678901234567890',
  ])('%j', (text) => {
    expect(sketch(text)).toBeNull();
  });
  test('seventeen characters are, eighteen are not', () => {
    expect(sketchOf('一二三四五六七八九十一二三四五六七')).toBeNull();
    expect(sketchOf('一二三四五六七八九十一二三四五六七八')).not.toBeNull();
  });
});

describe('a stored post is found', () => {
  const found = (stored: string, asked: string) => {
    const wanted = new Set(wantedKeys(sketch(asked) as Sketch));
    return storedKeys(sketch(stored) as Sketch).some((key) => wanted.has(key));
  };
  test('by two thirds of it and it by three thirds of those, wherever it is cut', () => {
    const missed: string[] = [];
    for (let n = 0; n < 100; n += 1) {
      const whole = article(40, n * 40);
      for (const from of [0, 1 / 6, 1 / 3]) {
        const part = whole.slice(from * whole.length, (from + 2 / 3) * whole.length);
        if (!found(whole, part)) missed.push(`${n}, part from ${from}`);
        if (!found(part, whole)) missed.push(`${n}, whole from ${from}`);
      }
    }
    expect(missed.length).toBeLessThan(6);
  });
  test('under few keys, each once, which the database takes for whole numbers', () => {
    for (const text of [report, article(3), article(200), '一二三四五六七八九十一二三四五六七八']) {
      const keys = storedKeys(sketch(text) as Sketch);
      expect(keys.length).toBeLessThanOrEqual(8);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) expect(key | 0).toBe(key);
    }
  });
});

test('a text that repeats itself is no larger than what it repeats', () => {
  const once = sketch(article(10)) as Sketch;
  const often = sketch(article(10).repeat(40)) as Sketch;
  expect(often.length).toBeLessThanOrEqual(once.length * 3);
  expect(repeats(once, often)).toBe(true);
});

test('a sketch is the same whatever was sketched before', () => {
  const first = sketch(report);
  sketch(article(300));
  expect(sketch(report)).toEqual(first);
});

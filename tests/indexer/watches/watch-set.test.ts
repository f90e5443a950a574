import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../indexer/watches/parser.ts';
import { WatchSet } from '../../../indexer/watches/watch-set.ts';
import { naively } from './naive.ts';
import { matches, names, query, subject } from './support.ts';

describe('words', () => {
  test.each([
    ['食堂 变质', '食堂里的肉变质了', true],
    ['食堂 变质', '食堂很干净', false],
    ['食堂 | 餐厅', '学校餐厅很干净', true],
    ['食堂 -招聘', '食堂招聘厨师', false],
    ['食堂 -招聘', '食堂很干净', true],
    ['食堂 -(招聘|招标)', '食堂招标公告', false],
    ['檢察院', '检察院', true],
    ['检察院', '檢察院門口', true],
    ['ＡＩ', 'ai 生成的', true],
    ['"公益诉讼"', '公益诉讼', true],
    ['"公益 诉讼"', '公益诉讼', true],
    ['"公益诉讼"', '公益与诉讼', false],
    ['"supreme court"', 'The Supreme Court said', true],
    ['"supreme court"', 'supremecourt', false],
  ])('%s in %s: %s', (text, post, expected) => {
    expect(matches(text, post)).toBe(expected);
  });

  test('Latin words and numbers are whole ones, unless a wildcard says otherwise', () => {
    expect(matches('ai', 'he said so')).toBe(false);
    expect(matches('ai', '用ai写的')).toBe(true);
    expect(matches('covid', 'covid19')).toBe(false);
    expect(matches('covid*', 'covid19')).toBe(true);
    expect(matches('*vid', 'covid')).toBe(true);
    expect(matches('12309', '拨打12309热线')).toBe(true);
    expect(matches('12309', '编号5123091')).toBe(false);
  });
});

describe('wildcards', () => {
  test.each([
    ['检*院', '检察院', true],
    ['检*院', '检院', true],
    ['检*院', '检一二三四五六七八院', true],
    ['检*院', '检一二三四五六七八九院', false],
    ['检*院', '检察官，法院', false],
    ['检*院', '检察官\n法院', false],
    ['检?院', '检察院', true],
    ['检?院', '检院', false],
    ['检??院', '检察法院', true],
    ['检？院', '检察院', true],
    ['食堂?', '食堂', false],
    ['食堂?', '食堂的', true],
    ['?食堂', '，食堂', false],
    ['第?检察*部', '第八检察部', true],
    ['第?检察*部', '第八检察业务部', true],
  ])('%s in %s: %s', (text, post, expected) => {
    expect(matches(text, post)).toBe(expected);
  });
});

describe('nearness is counted in characters between the words, in either order', () => {
  test.each([
    ['"食堂 变质"~3', '食堂一二三变质', true],
    ['"食堂 变质"~3', '食堂一二三四变质', false],
    ['"食堂 变质"~3', '变质一二三食堂', true],
    ['食堂 NEAR/0 变质', '食堂变质', true],
    ['食堂 NEAR/0 变质', '食堂的变质', false],
    ['食堂 NEAR/2 (变质|发霉)', '食堂一二发霉，一二三四五变质', true],
    ['(食堂|餐厅) NEAR/2 变质', '食堂一二三四变质餐厅', true],
    ['食堂 NEAR/4 变质 NEAR/4 家长', '食堂变质一家长', true],
    ['食堂 NEAR/2 变质 NEAR/2 家长', '食堂一二变质一家长', false],
    ['食堂 NEAR/3 变质', '食堂一二三四五六，变质一二食堂', true],
    ['检*院 NEAR/2 通报', '检察院今日通报', true],
  ])('%s in %s: %s', (text, post, expected) => {
    expect(matches(text, post)).toBe(expected);
  });
});

describe('fields', () => {
  const post = subject('食堂的肉变质', {
    title: '云州市检察院通报',
    outlet: '云州日报',
    kind: 'comment',
    sourceKind: 'weibo',
    place: '990102',
    line: 'public-interest',
    voice: 'complaint',
    sentiment: 'negative',
  });
  test.each([
    ['标题:通报', true],
    ['标题:变质', false],
    ['正文:变质', true],
    ['正文:通报', false],
    ['标题:(检察院 通报)', true],
    ['标题:("检察院 食堂"~9)', false],
    ['变质 媒体:日报', true],
    ['变质 媒体:晚报', false],
    ['变质 体裁:评论', true],
    ['变质 体裁:文章', false],
    ['变质 信源:微博', true],
    ['变质 信源:微信', false],
    ['变质 声音:投诉', true],
    ['变质 情感:负面', true],
    ['变质 -情感:负面', false],
    ['地区:云州市', true],
    ['place:99', true],
    ['place:990102', true],
    ['place:990103', false],
    ['条线:公益诉讼', true],
    ['条线:公益诉讼 -变质', false],
  ])('%s: %s', (text, expected) => {
    expect(matches(text, post)).toBe(expected);
  });

  test('a post without a title has nothing in it', () => {
    expect(matches('标题:变质', '变质')).toBe(false);
    expect(matches('正文:变质', '变质')).toBe(true);
  });
});

describe('what redaction has put in the place of something is no word of the post', () => {
  test.each([
    ['手机号', '联系[手机号]', false],
    ['手机号', '手机号被泄露，联系[手机号]', true],
    ['手机', '联系[手机号]', false],
    ['身份证', '号码[身份证号]', false],
    ['联系 NEAR/5 手机号', '联系[手机号]', false],
    ['怒', '[怒]', true],
  ])('%s in %s: %s', (text, post, expected) => {
    expect(matches(text, post)).toBe(expected);
  });
});

test('of several watches those match that match by themselves, of the offices that count', () => {
  const set = new WatchSet([
    { id: 3, officeId: 1, query: query('食堂') },
    { id: 1, officeId: 2, query: query('食堂 变质') },
    { id: 2, officeId: 3, query: query('变质') },
    { id: 9, officeId: 1, query: query('招聘') },
  ]);
  const post = subject('食堂的肉变质');
  expect(set.match(post, null)).toEqual([1, 2, 3]);
  expect(set.match(post, [1, 2])).toEqual([1, 3]);
  expect(set.match(post, [])).toEqual([]);
  expect(set.match(subject('一切正常'), null)).toEqual([]);
});

test('the words that were looked for are marked, those behind a NOT are not', () => {
  const set = new WatchSet([{ id: 1, officeId: 1, query: query('(检*院 | 食堂) 变质 -招聘') }]);
  const text = '检察院查食堂：变质，招聘';
  expect(set.marks(text, 0).map(([start, end]) => text.slice(start, end))).toEqual([
    '检察院',
    '食堂',
    '变质',
  ]);
});

test('of the places that a wildcard leaves open any may be near', () => {
  expect(matches('a*乙 NEAR/0 甲乙', '甲乙a丙a乙')).toBe(true);
  expect(matches('a*乙 NEAR/0 甲乙', '甲乙，a丙a乙')).toBe(false);
});

test('many watches together say what each says by itself', () => {
  const letters = ['甲', '乙', '丙', 'a', 'b', '1'];
  const word = fc
    .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join(''));
  const wild = fc
    .array(fc.constantFrom(...letters, '*', '?'), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(''));
  const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `"${parts.join(' ')}"`);
  const apart = fc.tuple(word, word, fc.nat({ max: 4 })).map(([one, other, n]) => `"${one} ${other}"~${n}`);
  const near = fc
    .tuple(wild, word, wild, fc.nat({ max: 4 }))
    .map(([one, other, third, n]) => `${one} NEAR/${n} (${other}|${third})`);
  const value = fc.constantFrom('情感:负面', '地区:云州市', 'place:99', '条线:公益诉讼', '体裁:评论');
  const { any } = fc.letrec<{ any: string; leaf: string; tree: string }>((tie) => ({
    any: fc.oneof({ maxDepth: 4, withCrossShrink: true }, tie('leaf'), tie('tree')),
    leaf: fc.oneof(
      { weight: 4, arbitrary: word },
      ...[
        wild,
        phrase,
        apart,
        near,
        value,
        word.map((each) => `标题:${each}`),
        word.map((each) => `text:${each}`),
      ],
    ),
    tree: fc
      .tuple(tie('any'), fc.constantFrom(' ', ' OR ', ' -'), tie('any'))
      .map(([one, sign, other]) => `(${one}${sign}(${other}))`),
  }));
  const characters = fc.constantFrom(...letters, '，', ' ', '[手机号]');
  const text = fc.array(characters, { maxLength: 14 }).map((parts) => parts.join(''));
  const post = fc.record({
    title: text,
    text,
    kind: fc.constantFrom('comment', 'post'),
    place: fc.constantFrom('990101', '990203', '110000', null),
    line: fc.constantFrom('public-interest', 'civil', null),
    sentiment: fc.constantFrom('negative' as const, 'positive' as const),
  });
  let asked = 0;
  let matched = 0;
  fc.assert(
    fc.property(
      fc.array(any, { minLength: 1, maxLength: 12 }),
      fc.array(post, { minLength: 1, maxLength: 6 }),
      (queries, posts) => {
        const read = queries.flatMap((each, id) => {
          const parsed = parseQuery(each, names);
          return 'query' in parsed ? [{ id, officeId: 1, query: parsed.query }] : [];
        });
        const set = new WatchSet(read);
        for (const { title, text: body, ...others } of posts) {
          const about = subject(body, { ...others, title });
          const found = set.match(about, null);
          expect(found).toEqual(read.flatMap(({ id, query: each }) => (naively(each, about) ? [id] : [])));
          asked += read.length;
          matched += found.length;
        }
      },
    ),
    { numRuns: 400 },
  );
  // Were nearly nothing or nearly everything found, little would have been compared.
  expect(matched).toBeGreaterThan(asked / 20);
  expect(matched).toBeLessThan((asked * 19) / 20);
}, 60_000);

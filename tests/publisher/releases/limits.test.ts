import { describe, expect, test } from 'vitest';
import { contentOf } from '../../../config/release-content.ts';
import { bytes, characters, limitsOf, weiboTopic, weiboUnits } from '../../../publisher/releases/limits.ts';
import { documentOfText } from '../../../publisher/releases/plain.ts';
import { weiboText } from '../../../publisher/releases/weibo-text.ts';

describe('Weibo counts', () => {
  test.each([
    ['', 0],
    ['检察', 2],
    ['ab', 1],
    ['abc', 2],
    ['a检', 2],
    ['é', 1],
    ['https://www.yunzhou.example/news/20261122-1?from=weibo', 10],
    ['见https://www.yunzhou.example/a 。', 13],
    ['见 http://a.cn/1 和 http://a.cn/2', 24],
    ['😀', 2],
  ])('%j as %i', (text, units) => {
    expect(weiboUnits(text)).toBe(units);
  });

  test('a topic between two hashes, not a number sign alone', () => {
    expect(weiboTopic('今天#检察开放日#见')).toBe('#检察开放日#');
    expect(weiboTopic('第3#楼')).toBeNull();
    expect(weiboTopic('3#\n4#')).toBeNull();
  });

  test('a status that is made of title and summary always fits together with its link', () => {
    const long = contentOf({ title: '公告', summary: '检'.repeat(300), details: { weibo: { on: true } } });
    expect(weiboText(long)).toMatch(/^【公告】检+…$/);
    expect(limitsOf(long).find(({ key }) => key === 'weibo-text')).toMatchObject({
      used: 140,
      state: 'fine',
    });
    const short = contentOf({ title: '公告', summary: '欢迎参加。' });
    expect(weiboText(short)).toBe('【公告】欢迎参加。');
  });

  test('what was written for it is not cut, and told when it is too long', () => {
    const content = contentOf({ details: { weibo: { on: true, text: '检'.repeat(130) } } });
    expect(limitsOf(content).find(({ key }) => key === 'weibo-text')).toMatchObject({
      used: 141,
      state: 'over',
    });
  });
});

describe('WeChat counts', () => {
  const states = (texts: { title?: string; author?: string; digest?: string; body?: string }) => {
    const { title = '题', author = '', digest = '', body = '' } = texts;
    const content = contentOf({
      document: documentOfText(body),
      details: { wechat: { on: true, title, author, digest } },
    });
    const found = limitsOf(content).filter(({ channel }) => channel === 'wechat');
    return Object.fromEntries(found.map(({ key, state }) => [key.replace('wechat-', ''), state]));
  };

  test.each([
    [{ title: '检'.repeat(21) }, 'title', 'fine'],
    [{ title: '检'.repeat(22) }, 'title', 'warn'],
    [{ title: '检'.repeat(33) }, 'title', 'over'],
    [{ author: '检'.repeat(8) }, 'author', 'fine'],
    [{ author: '检'.repeat(9) }, 'author', 'warn'],
    [{ author: '检'.repeat(17) }, 'author', 'over'],
    [{ digest: '检'.repeat(128) }, 'digest', 'fine'],
    [{ digest: '检'.repeat(129) }, 'digest', 'over'],
    [{ body: '检'.repeat(15_000) }, 'text', 'fine'],
    [{ body: '检'.repeat(19_990) }, 'text', 'over'],
  ] as const)('%j: %s is %s', (texts, key, state) => {
    expect(states(texts)[key]).toBe(state);
  });

  test('a letter outside the basic plane once, and its bytes as UTF-8 has them', () => {
    for (const text of ['检察', 'aé检😀', '']) expect(bytes(text)).toBe(Buffer.byteLength(text));
    expect(characters('检😀')).toBe(2);
  });
});

test('only the channels that a release goes to have limits', () => {
  expect(new Set(limitsOf(contentOf()).map(({ channel }) => channel))).toEqual(new Set(['website']));
  expect(limitsOf(contentOf({ details: { website: { on: false } } }))).toEqual([]);
});

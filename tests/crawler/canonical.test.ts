import { expect, test } from 'vitest';
import { canonicalUrl } from '../../crawler/extract/canonical.ts';

test.each([
  ['HTTP://News.Example.CN:80/a/1.html#comments', 'http://news.example.cn/a/1.html'],
  ['https://example.cn:443/', 'https://example.cn/'],
  ['https://example.cn/a?id=7&utm_source=wx&spm=1.2&from=timeline', 'https://example.cn/a?id=7'],
  ['https://example.cn/a?b=2&a=1', 'https://example.cn/a?b=2&a=1'],
  ['https://example.cn/a?id=7&share_token=x&timestamp=1793664309', 'https://example.cn/a?id=7'],
  ['https://example.cn/a?id=7&_=1793664309000', 'https://example.cn/a?id=7'],
  ['https://example.cn/a?t=5', 'https://example.cn/a?t=5'],
  [
    'https://example.cn/?app=article&contentid=7&isappinstalled=0',
    'https://example.cn/?app=article&contentid=7',
  ],
  ['https://example.cn/a;jsessionid=0A1B?id=7', 'https://example.cn/a?id=7'],
  ['https://example.cn/%e6%a3%80', 'https://example.cn/%E6%A3%80'],
  ['https://example.cn/检', 'https://example.cn/%E6%A3%80'],
  ['https://例子.cn/a', 'https://xn--fsqu00a.cn/a'],
  ['https://example.cn/#/detail/7', 'https://example.cn/#/detail/7'],
  ['https://example.cn/a#!/detail?id=7', 'https://example.cn/a#!/detail?id=7'],
  ['https://example.cn/a#/', 'https://example.cn/a'],
  ['https://user:secret@example.cn/a', 'https://example.cn/a'],
])('%s is written as %s', (url, expected) => expect(canonicalUrl(url)).toBe(expected));

test('a relative address is resolved against its page', () => {
  expect(canonicalUrl('../2.html?utm_medium=x', 'https://example.cn/a/b/1.html')).toBe(
    'https://example.cn/a/2.html',
  );
});

test.each([
  '',
  'not an address',
  'javascript:alert(1)',
  'mailto:a@example.cn',
  'ftp://example.cn/a',
  'http://',
])('there is no canonical form of %s', (url) => expect(canonicalUrl(url)).toBeNull());

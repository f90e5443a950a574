import { describe, expect, test } from 'vitest';
import { extractPage } from '../../crawler/extract/article.ts';
import { articleLinks, nextPage } from '../../crawler/extract/links.ts';
import { extractBySelectors } from '../../crawler/extract/selectors.ts';
import { worked } from '../support/worked.ts';

const now = Date.parse('2026-11-22T12:00:00+08:00');
const url = 'https://example.cn/';
const nothing = {
  title: null,
  text: null,
  publishedAt: null,
  outlet: null,
  canonicalUrl: null,
  comments: [],
};

test.each([
  ['nothing', ''],
  ['spaces', ' \n\t '],
  ['NULs', '\0\0\0'],
  ['an unpaired surrogate', '\ud800'],
  ['a lone bracket', '<'],
  ['an unfinished tag', '<div class="'],
  ['markup without text', '<html><head></head><body><div></div></body></html>'],
  ['200,000 divs, one in another', '<div>'.repeat(200_000)],
])('%s gives nulls', (_name, html) => {
  expect(extractPage(html, url, now)).toMatchObject({
    ...nothing,
    title: expect.toSatisfy((title) => title === null || title.length === 1),
  });
  expect(articleLinks(html, url)).toEqual([]);
  expect(nextPage(html, url)).toBeNull();
});

describe('a page built to hurt is read in a few seconds', () => {
  test.each([
    ['100,000 nested divs with text', '<div>字'.repeat(100_000) + '</div>'.repeat(100_000)],
    ['tags closed that were never opened', '<div>'.repeat(255) + '</b>'.repeat(200_000)],
    ['spans never closed', '<span>字'.repeat(100_000)],
    ['links never closed', '<a href=/2026/1.html>检察院公开听证会召开'.repeat(50_000)],
    ['nested comments', '<div class="comment-item">2026-11-20 08:05 好的。'.repeat(20_000)],
    ['a flood of list items', '<li><b>网友</b> 2026-11-20 08:05<br>支持公开听证。</li>'.repeat(20_000)],
    ['broken entities', '&#x;&#xD800;&#99999999;&nosuch'.repeat(50_000)],
    ['a million attributes', `<div ${'a=b '.repeat(200_000)}>`],
    ['a title that never ends', `<title>${'检-'.repeat(200_000)}`],
    ['tables in tables', '<table><tr><td>'.repeat(50_000)],
  ])(
    '%s',
    (_name, html) => {
      const start = worked();
      const found = extractPage(html, url, now);
      articleLinks(html, url);
      nextPage(html, url);
      extractBySelectors(html, url, now, { text: 'div', comment: { item: '.comment-item', text: 'div' } });
      expect(worked() - start).toBeLessThan(8000);
      expect(JSON.stringify(found).isWellFormed()).toBe(true);
    },
    30_000,
  );
});

test('an unpaired surrogate and a NUL never reach the text', () => {
  const text = '检察机关依法办理此案，回应社会关切。'.repeat(5);
  const found = extractPage(`<h1>通报\ud800\0情况</h1><p>${text}\udc00\0</p>`, url, now);
  expect(JSON.stringify(found)).not.toMatch(/\\u0000|\\ud8|\\udc/);
  expect(found.text).toContain(text);
});

test('plain text that is not HTML is its own text', () => {
  const text = '检察机关依法办理此案，回应社会关切。'.repeat(5);
  expect(extractPage(text, url, now).text).toBe(text);
});

test('an ordinary page of 60 kB takes a few milliseconds', () => {
  const paragraph = `<p>${'检察机关依法办理此案，回应社会关切。'.repeat(10)}</p>`;
  const html = `<title>通报</title><div>${'<li><a href="/a.html">一条新闻的标题</a></li>'.repeat(500)}</div>${paragraph.repeat(150)}`;
  for (let i = 0; i < 20; i++) extractPage(html, url, now);
  const start = worked();
  for (let i = 0; i < 20; i++) extractPage(html, url, now);
  // 5 ms is the aim; the limit leaves room for a slow machine.
  expect((worked() - start) / 20).toBeLessThan(25);
});

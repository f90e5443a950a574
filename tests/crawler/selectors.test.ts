import { expect, test } from 'vitest';
import { extractBySelectors, isValidSelector } from '../../crawler/extract/selectors.ts';

const now = Date.parse('2026-11-22T12:00:00+08:00');
const url = 'https://www.example.cn/1.html';
const html = `<html><head><title>自动的标题_某某网</title></head><body><h1>自动的标题</h1><h2 id="t">选出的标题</h2>
  <div id="d">2026-11-20 08:05</div><b id="o">某某检察院</b>
  <div id="x"><p>第一段，选出的正文。</p><p class="ad">广告，应当去掉。</p><p>第二段，选出的正文。</p></div>
  <div class="c"><i>网友</i><p>一条留言。</p><s>昨天 10:00</s><u>赞 1.2万</u></div></body></html>`;

test('fields with a selector come from it', () => {
  const found = extractBySelectors(html, url, now, {
    title: '#t',
    text: '#x',
    publishedAt: '#d',
    outlet: '#o',
    remove: '.ad',
    comment: { item: '.c', text: 'p', publishedAt: 's', likes: 'u' },
  });
  expect(found).toEqual({
    title: '选出的标题',
    text: '第一段，选出的正文。\n第二段，选出的正文。',
    publishedAt: Date.parse('2026-11-20T08:05:00+08:00'),
    outlet: '某某检察院',
    canonicalUrl: null,
    comments: [{ text: '一条留言。', publishedAt: Date.parse('2026-11-21T10:00:00+08:00'), likes: 12_000 }],
  });
});

test('a selector that matches nothing gives null, so that a changed page is noticed', () => {
  const found = extractBySelectors(html, url, now, {
    text: '#gone',
    outlet: '#gone',
    comment: { item: '.gone', text: 'p' },
  });
  expect(found).toMatchObject({ text: null, outlet: null, comments: [] });
});

test('only title and time fall back to the automatic reading', () => {
  const found = extractBySelectors(html, url, now, { title: '#gone', publishedAt: '#gone' });
  expect(found.title).toBe('自动的标题');
  expect(found.publishedAt).toBe(Date.parse('2026-11-20T08:05:00+08:00'));
});

test('nested matches give their text once', () => {
  expect(extractBySelectors(html, url, now, { text: '#x, #x p', remove: '.ad' }).text).toBe(
    '第一段，选出的正文。\n第二段，选出的正文。',
  );
});

test('a selector is checked before it is used', () => {
  expect(['div.a > p', '#x', 'a[href^="/"]', 'li:nth-child(2)'].every(isValidSelector)).toBe(true);
  expect(['', '  ', 'div[', '>>', 'p:no-such-thing(', '!'].some(isValidSelector)).toBe(false);
});

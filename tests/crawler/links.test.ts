import { describe, expect, test } from 'vitest';
import { articleLinks, nextPage } from '../../crawler/extract/links.ts';

const url = 'https://www.example.cn/news/';
const list = `<html><body><div class="nav"><a href="/">网站首页</a><a href="/about.html">关于我们的网站</a></div>
  <ul class="list"><li><a href="/news/202611/t20261120_101.html#top">某县检察院召开公开听证会</a></li>
  <li><a href="202611/t20261119_100.html" title="某市检察院发布典型案例通报全文">某市检察院发布典型…</a></li>
  <li><a href="/news/202611/t20261118_99.html">某区检察院开展法治进校园活动</a></li>
  <li><a href="/news/202611/t20261120_101.html">某县检察院召开公开听证会</a></li>
  <li><a href="/files/2026/report.pdf">二〇二六年度工作报告下载</a></li>
  <li><a href="https://other.example.org/2026/11/20/1.html">别的网站上的一篇文章标题</a></li></ul>
  <div class="page"><a class="cur">1</a><a href="index_1.html">2</a><a href="index_1.html">下一页</a></div>
  <a href="javascript:void(0)">返回顶部</a></body></html>`;

describe('links to articles', () => {
  test('are told from navigation, paging, downloads and other sites, each once, in page order', () => {
    expect(articleLinks(list, url)).toEqual([
      { url: 'https://www.example.cn/news/202611/t20261120_101.html', title: '某县检察院召开公开听证会' },
      {
        url: 'https://www.example.cn/news/202611/t20261119_100.html',
        title: '某市检察院发布典型案例通报全文',
      },
      { url: 'https://www.example.cn/news/202611/t20261118_99.html', title: '某区检察院开展法治进校园活动' },
    ]);
  });

  test('with a selector are what it matches', () => {
    expect(articleLinks(list, url, '.nav').map((link) => link.url)).toEqual([
      'https://www.example.cn/',
      'https://www.example.cn/about.html',
    ]);
    expect(articleLinks(list, url, '.nothing')).toEqual([]);
  });

  test.each([
    ['thread-ID-1-1.html', '老旧小区加装电梯谁说了算'],
    ['show.asp?id=ID', '关于召开发布会的公告'],
    ['/p/1000ID', '邻居被骗了怎么办在线等'],
  ])('are known by a shape that repeats: %s', (shape, title) => {
    const items = [11, 12, 13].map(
      (id) => `<li><a href="${shape.replace('ID', String(id))}">${title}</a></li>`,
    );
    expect(articleLinks(`<a href="about.html">关于我们网站</a><ul>${items.join('')}</ul>`, url)).toHaveLength(
      3,
    );
  });

  test('are resolved against <base>', () => {
    const html = `<base href="https://www.example.cn/b/"><ul>${[1, 2, 3].map((i) => `<li><a href="2026/1120/${i}.html">某县检察院召开第${i}次听证会</a></li>`).join('')}</ul>`;
    expect(articleLinks(html, url)[0]?.url).toBe('https://www.example.cn/b/2026/1120/1.html');
  });
});

describe('the next page', () => {
  test.each([
    ['下一页', '<a href="p2.html">下一页</a>'],
    ['下页 in brackets', '<a href="p2.html">[下页]</a>'],
    ['›', '<a href="p2.html">›</a>'],
    ['rel=next', '<link rel="next" href="p2.html">'],
    [
      'the number after the current one',
      '<span class="current">1</span><a href="p2.html">2</a><a href="p3.html">3</a>',
    ],
  ])('is found by %s', (_name, html) =>
    expect(nextPage(html, url)).toBe('https://www.example.cn/news/p2.html'),
  );

  test('is found by a selector', () => {
    expect(nextPage('<a class="more" href="p2.html">翻页</a>', url, 'a.more')).toBe(
      'https://www.example.cn/news/p2.html',
    );
  });

  test('is null on the last page', () => {
    expect(nextPage('<a href="p1.html">上一页</a><a href="javascript:;">下一页</a>', url)).toBeNull();
    expect(nextPage('<a href="p1.html">1</a><span class="current">2</span>', url)).toBeNull();
  });
});

test('a long list of one shape is found although its numbers are small, the pages of the list itself are not', () => {
  const items = Array.from(
    { length: 12 },
    (_, n) => `<li><a href="/article/${n}.html">第 ${n} 篇新闻报道的标题</a></li>`,
  );
  const html = `<ul>${items.join('')}</ul><p><a href="/list/2.html">2</a> <a href="/list/3.html">下一页</a></p>`;
  const links = articleLinks(html, 'http://news.example/list/1.html');
  expect(links.map((link) => link.url)).toEqual(items.map((_, n) => `http://news.example/article/${n}.html`));
});

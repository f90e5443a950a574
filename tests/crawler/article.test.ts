import { describe, expect, test } from 'vitest';
import { extractPage } from '../../crawler/extract/article.ts';
import { extractBySelectors } from '../../crawler/extract/selectors.ts';

const now = Date.parse('2026-11-22T12:00:00+08:00');
const url = 'https://www.example.cn/news/1.html';
const first = '某县检察院近日依法对一起案件提起公诉，并召开公开听证会，邀请人大代表参加。';
const second = '听证员认为，检察机关的处理意见于法有据，回应了群众的关切，希望今后继续公开。';

const modern = `<!doctype html><html><head><title>某县检察院召开听证会 - 某某新闻网</title>
  <link rel="canonical" href="/news/1.html?from=wx"></head><body>
  <header><nav><a href="/">首页</a><a href="/a">要闻</a><a href="/b">法治</a></nav><span>今天是2026年11月22日 星期日</span></header>
  <main><h1>某县检察院召开听证会</h1><p class="info">2026-11-20 08:05\u3000来源：某某日报\u3000记者：张某某\u3000字号：大 中 小</p>
  <div class="content"><p>${first}</p><p>${second}</p><p>（责任编辑：张某某）</p></div>
  <div class="share">分享到：微信 微博</div>
  <div class="related"><h3>相关阅读</h3><ul><li><a href="/news/2.html">另一家检察院的新闻，标题很长很长</a></li></ul></div></main>
  <footer>版权所有 某某新闻网 未经授权禁止转载</footer></body></html>`;

describe('an article page', () => {
  const found = extractPage(modern, url, now);
  test('gives headline, text, time, outlet and canonical address', () => {
    expect(found).toEqual({
      title: '某县检察院召开听证会',
      text: `${first}\n${second}`,
      publishedAt: Date.parse('2026-11-20T08:05:00+08:00'),
      outlet: '某某日报',
      canonicalUrl: 'https://www.example.cn/news/1.html',
      comments: [],
    });
  });
  test('gives no name of reporters or editors', () => {
    expect(JSON.stringify(found)).not.toContain('张某某');
  });
});

test('a source that is a person is no outlet', () => {
  const html = modern.replace('来源：某某日报', '来源：张某某').replaceAll('某某新闻网', '');
  expect(extractPage(html, url, now).outlet).toBeNull();
});

describe('old layouts', () => {
  const wrap = (body: string): string =>
    `<html><head><title>某县检察院召开听证会_某某网</title></head><body><table><tr><td><a href=/>首页</a> <a href=/a>要闻</a></td></tr>
     <tr><td align=center><font size=5><b>某县检察院召开听证会</b></font></td></tr><tr><td>${body}</td></tr></table></body></html>`;
  test.each([
    ['bare lines parted by <br>', `\u3000\u3000${first}<br><br>\u3000\u3000${second}`],
    ['text in <font>', `<font size=3>${first}</font><br><font>${second}</font>`],
    ['paragraphs never closed', `<p>${first}<p>${second}`],
    ['text in <pre>', `<pre>${first}\n${second}</pre>`],
  ])('%s', (_name, body) => {
    const found = extractPage(wrap(body), url, now);
    expect(found.title).toBe('某县检察院召开听证会');
    expect(found.text).toBe(`${first}\n${second}`);
  });
});

describe('the date', () => {
  const page = (head: string, line: string): string =>
    `<html><head><title>某县检察院召开听证会</title>${head}</head><body><div>2026年11月22日 星期日</div><h1>某县检察院召开听证会</h1>
     <div>${line}</div><p>${first}</p><p>${second}</p></body></html>`;
  const at = (text: string): number => Date.parse(text);
  test.each([
    [
      'a meta element',
      '<meta property="article:published_time" content="2026-11-20T08:05:00+08:00">',
      '',
      '2026-11-20T08:05:00+08:00',
    ],
    [
      'JSON-LD',
      '<script type="application/ld+json">{"datePublished":"2026-11-20T00:05:00Z"}</script>',
      '',
      '2026-11-20T08:05:00+08:00',
    ],
    ['a time element', '', '<time datetime="2026-11-20 08:05">周五</time>', '2026-11-20T08:05:00+08:00'],
    ['the source line', '', '2026-11-20 08:05 来源：某某日报', '2026-11-20T08:05:00+08:00'],
    ['the source line, in words', '', '发布时间：2026年11月20日 上午8:05', '2026-11-20T08:05:00+08:00'],
  ])('is read from %s', (_name, head, line, expected) => {
    expect(extractPage(page(head, line), url, now).publishedAt).toBe(at(expected));
  });
  test('with an hour is preferred to the same day without', () => {
    const html = page('<meta name="publishdate" content="2026-11-20">', '2026-11-20 08:05 来源：某某日报');
    expect(extractPage(html, url, now).publishedAt).toBe(at('2026-11-20T08:05:00+08:00'));
  });
  test('of the page header is not the article’s', () => {
    expect(extractPage(page('', ''), url, now).publishedAt).toBeNull();
  });
  test('comes from the address when the page shows none', () => {
    const day = at('2026-11-20T00:00:00+08:00');
    for (const path of [
      '2026/1120/c1.html',
      '20261120/1.html',
      '2026-11/20/c_1.html',
      't20261120_12345.html',
    ])
      expect(extractPage(page('', ''), `https://www.example.cn/${path}`, now).publishedAt).toBe(day);
  });
});

test('the site’s name is cut off the title', () => {
  const html = `<title>关于某案的情况通报_某某频道_某某网</title><p>${first}${second}</p>`;
  expect(extractPage(html, url, now).title).toBe('关于某案的情况通报');
});

describe('a page of a public account', () => {
  const html = `<html><head><meta property="og:title" content="以案释法：高空抛物要担责"></head><body>
    <h1>以案释法：高空抛物要担责</h1><div><span>张某某</span><a>某某检察</a><em>2026年11月20日 08:05</em></div>
    <div style="visibility: hidden; opacity: 0;"><p>${first}</p><p>${second}</p><p>编辑：张某某</p></div></body></html>`;
  const found = extractPage(html, url, now);
  test('is read although its text is uncovered only by script', () =>
    expect(found.text).toBe(`${first}\n${second}`));
  test('names the account, not the author beside it', () => expect(found.outlet).toBe('某某检察'));
});

test('an official notice keeps its signature and date', () => {
  const html = `<title>通告</title><table><tr><td class="bt">关于召开新闻发布会的通告</td></tr><tr><td>发布日期：[2026-11-20] 浏览次数：123 来源：本站</td></tr>
    <tr><td>\u3000\u3000我院定于2026年11月25日上午9时召开新闻发布会。<br>\u3000\u3000特此通告。<br>\u3000\u3000某某市人民检察院<br>\u3000\u30002026年11月19日</td></tr></table>`;
  const found = extractPage(html, url, now);
  expect(found.text).toBe(
    '我院定于2026年11月25日上午9时召开新闻发布会。\n特此通告。\n某某市人民检察院\n2026年11月19日',
  );
  expect(found.publishedAt).toBe(Date.parse('2026-11-20T00:00:00+08:00'));
  expect(found.outlet).toBeNull();
});

test('the announcements after a text are not part of it', () => {
  const teaser = (i: number): string =>
    `<div class="item"><h3><a href="/a/${i}.html">另一家检察院的一条新闻标题</a></h3><p>该院近日召开了一次会议，研究部署下一步的工作，会议由检察长主持。</p></div>`;
  const html = `<title>某县检察院召开听证会</title><h1>某县检察院召开听证会</h1><div><p>${first}</p><p>${second}</p>${[1, 2, 3, 4, 5].map(teaser).join('')}</div>`;
  expect(extractPage(html, url, now).text).toBe(`${first}\n${second}`);
});

describe('the names of who wrote or photographed, in brackets', () => {
  const named = `${first}（记者 张某某 通讯员 李某某）`;
  const photo = `图为听证会现场，各方代表正在发言，气氛热烈而有序。（张某某 摄）`;
  const body = `<p>${named}</p><p>${photo}</p><p>${second}（记者注：听证会全程录像。）</p>`;
  test.each([
    ['in an article', `<h1>某县检察院召开听证会</h1><div class="text">${body}</div>`],
    [
      'in JSON-LD',
      `<script type="application/ld+json">${JSON.stringify({ '@type': 'NewsArticle', articleBody: body })}</script>`,
    ],
  ])('are no part of the text %s', (_name, html) => {
    const { text } = extractPage(html, url, now);
    expect(text).not.toMatch(/张某某|李某某/);
    expect(text).toContain(first);
    expect(text).toContain('（记者注：听证会全程录像。）');
  });
  test('are none either where a selector names the text', () => {
    const { text } = extractBySelectors(`<div class="text">${body}</div>`, url, now, { text: '.text' });
    expect(text).not.toMatch(/张某某|李某某/);
  });
});

test('comments that show who wrote them are no part of a text that is shorter than they are', () => {
  const comment = `<ul class="comments"><li><a class="user">网友张某某</a><i class="ip">IP属地：某省</i><p>${second}</p></li></ul>`;
  const html = `<article><h1>某县检察院召开听证会</h1><div class="text"><p>${first}</p></div></article>${comment}`;
  expect(extractPage(html, url, now).text).toBe(first);
});

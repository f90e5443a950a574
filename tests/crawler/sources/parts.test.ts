import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { localSite, type LocalSite } from '../fetch/local-site.ts';
import { sourceOf, visit } from './visiting.ts';

const TITLE = '云州市检察院通报一批公益诉讼案件办理情况';
const text = (part: number) =>
  Array.from(
    { length: 3 },
    (_, line) =>
      `第${part}部分第${line + 1}段：检察机关依法履行公益诉讼职责，督促有关部门整改，并向社会公开办理结果，欢迎监督。`,
  );
const paragraphs = (part: number) =>
  text(part)
    .map((line) => `<p>${line}</p>`)
    .join('');

const page = (body: string, under = '', head = '') =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${TITLE}_云州新闻网</title>${head}</head><body>
  <div class="nav"><a href="/">首页</a><a href="/news/">新闻</a></div><h1>${TITLE}</h1>
  <div class="info">2026-11-22 08:05 来源：云州日报</div><div class="content">${body}</div>${under}
  <div class="foot">联系我们 版权所有</div></body></html>`;

const comment = (words: string, minute: number) =>
  `<li class="comment-item"><a class="user" href="/u/${minute}">网友某某</a><span class="time">2026-11-22 09:${String(minute).padStart(2, '0')}</span><p class="content">${words}</p></li>`;
const comments = (list: readonly string[], from = 10) =>
  `<ul class="comment-list">${list.map((words, at) => comment(words, from + at)).join('')}</ul>`;

const FIRST = '/2026/1122/c1001.html';

async function read(routes: LocalSite['routes'], settings: object = {}) {
  const site = await localSite(routes);
  site.routes['/list'] = `<div class="list"><a href="${FIRST}">${TITLE}</a></div>`;
  const source = sourceOf('site', `${site.origin}/list`, {
    list: { link: '.list a', maxPages: 1 },
    ...settings,
  });
  const report = await visit(source);
  return { ...report, asked: site.paths.slice(1), url: `${site.origin}${FIRST}` };
}

const whole = (...parts: number[]) => parts.flatMap(text).join('\n');

describe('an article in several parts is one', () => {
  const pager = (next: string) =>
    `<div class="page"><span>1</span><a href="${next}">2</a><a href="${next}">下一页</a></div>`;

  test.each([
    ['by 下一页 and a number after an underscore', '/2026/1122/c1001_2.html', pager('c1001_2.html'), ''],
    ['by a hyphen', '/2026/1122/c1001-2.html', pager('c1001-2.html'), ''],
    ['by a parameter', `${FIRST}?page=2`, pager('?page=2'), ''],
    ['by a folder', '/2026/1122/c1001/2', pager('c1001/2'), ''],
    [
      'by numbers alone',
      '/2026/1122/c1001_2.html',
      '<p><a href="c1001.html">1</a> <a href="c1001_2.html">2</a></p>',
      '',
    ],
    ['by rel=next', '/2026/1122/c1001_2.html', '', '<link rel="next" href="c1001_2.html">'],
    [
      'by the script of an office’s site',
      '/2026/1122/c1001_1.html',
      '<script>createPageHTML(2, 0, "c1001", "html");</script>',
      '',
    ],
  ])('%s', async (_, second, under, head) => {
    const { drafts, asked, url } = await read({
      [FIRST]: page(paragraphs(1), under, head),
      [second]: page(
        paragraphs(2),
        '<div class="page"><a href="c1001.html">上一页</a></div><script>createPageHTML(2, 1, "c1001", "html");</script>',
      ),
    });
    expect(asked).toEqual([FIRST, second]);
    expect(drafts).toHaveLength(1);
    expect(drafts[0]).toMatchObject({ kind: 'article', url, title: TITLE, text: whole(1, 2) });
  });

  test('over many, in their order', async () => {
    const routes: LocalSite['routes'] = {};
    for (let part = 1; part <= 4; part += 1) {
      const address = part === 1 ? FIRST : `/2026/1122/c1001_${part}.html`;
      routes[address] = page(paragraphs(part), part < 4 ? pager(`c1001_${part + 1}.html`) : '');
    }
    const { drafts } = await read(routes);
    expect(drafts.map((draft) => draft.text)).toEqual([whole(1, 2, 3, 4)]);
  });

  test('over more than any article has, is read so far, and says so', async () => {
    const routes: LocalSite['routes'] = {};
    for (let part = 1; part <= 25; part += 1) {
      const address = part === 1 ? FIRST : `/2026/1122/c1001_${part}.html`;
      routes[address] = page(paragraphs(part), pager(`c1001_${part + 1}.html`));
    }
    const report = await read(routes);
    expect(report).toMatchObject({ outcome: 'partial', got: 1, failures: { 'too-large': 1 } });
    expect(report.asked).toHaveLength(20);
    expect(report.drafts[0]?.text).toBe(whole(...Array.from({ length: 20 }, (_, at) => at + 1)));
  });

  test('in GBK', async () => {
    const gbk = (html: string) => ({
      headers: { 'content-type': 'text/html' },
      body: iconv.encode(html.replace('utf-8', 'gb2312'), 'gbk'),
    });
    const { drafts } = await read({
      [FIRST]: gbk(page(paragraphs(1), pager('c1001_2.html'))),
      '/2026/1122/c1001_2.html': gbk(page(paragraphs(2))),
    });
    expect(drafts.map((draft) => draft.text)).toEqual([whole(1, 2)]);
  });

  test('that leads round ends', async () => {
    const { drafts, asked } = await read({
      [FIRST]: page(paragraphs(1), pager('c1001_2.html')),
      '/2026/1122/c1001_2.html': page(
        paragraphs(2),
        pager('c1001_2.html?page=1') + '<a href="c1001.html">下一页</a>',
      ),
    });
    expect(asked).toHaveLength(2);
    expect(drafts).toHaveLength(1);
  });

  test('with a part that may come later is left for later', async () => {
    const report = await read({
      [FIRST]: page(paragraphs(1), pager('c1001_2.html')),
      '/2026/1122/c1001_2.html': { status: 500 },
    });
    expect(report).toMatchObject({ got: 0, drafts: [], failures: { 'status-5xx': 1 } });
  });

  test('with a part that will not come keeps the others, and says so', async () => {
    const report = await read({
      [FIRST]: page(paragraphs(1), pager('c1001_2.html')),
      '/2026/1122/c1001_2.html': { status: 404 },
    });
    expect(report).toMatchObject({ outcome: 'partial', got: 1, failures: { 'status-4xx': 1 } });
    expect(report.drafts.map((draft) => draft.text)).toEqual([whole(1)]);
  });

  test('also where a selector names its text', async () => {
    const { drafts } = await read(
      {
        [FIRST]: page(paragraphs(1), pager('c1001_2.html')),
        '/2026/1122/c1001_2.html': page(paragraphs(2)),
      },
      { article: { text: 'div.content', remove: 'div.page' } },
    );
    expect(drafts.map((draft) => draft.text)).toEqual([whole(1, 2)]);
  });
});

test('a selector names the next part where nothing else tells it', async () => {
  const { drafts } = await read(
    {
      [FIRST]: page(paragraphs(1), '<a class="more" href="/else/7.html">接着看</a>'),
      '/else/7.html': page(paragraphs(2)),
    },
    { article: { next: 'a.more' } },
  );
  expect(drafts.map((draft) => draft.text)).toEqual([whole(1, 2)]);
});

describe('the next article is no part of this one', () => {
  test.each([
    ['下一篇', '<a href="c1002.html">下一篇</a>'],
    ['with its title', '<p>下一篇：<a href="c1002.html">云州市检察院召开新闻发布会</a></p>'],
    ['called the next page', '<a href="c1002.html">下一页</a>'],
    ['with an arrow', '<a href="c1002.html">›</a>'],
    ['by rel=next', '<link rel="next" href="/2026/1122/c1002.html">'],
    ['of the day after', '<a href="/2026/1123/c1001.html">下一页</a>'],
    ['with a number', '<a href="c1002.html">2</a>'],
    ['on another site', '<a href="https://other.example.com/2026/1122/c1001_2.html">下一页</a>'],
  ])('%s', async (_, under) => {
    const { drafts, asked } = await read({
      [FIRST]: page(paragraphs(1), under),
      '/2026/1122/c1002.html': page(paragraphs(2)),
    });
    expect(asked).toEqual([FIRST]);
    expect(drafts.map((draft) => draft.text)).toEqual([whole(1)]);
  });
});

describe('the comments of an article', () => {
  const told = ['支持依法办案。', '希望公开更多细节。', '支持'];
  const more = ['办得好，辛苦了。', '请问什么时候宣判？'];
  const expected = (list: readonly string[]) => [
    ['article', whole(1)],
    ...list.map((words) => ['comment', words]),
  ];

  test.each([
    ['a parameter', `${FIRST}?cpage=2`],
    ['a path', '/2026/1122/c1001/comment-page-2'],
  ])('go on over pages of their own, told by %s, without the article being told again', async (_, second) => {
    const next = `<div class="pager"><a href="${second}">下一页</a></div>`;
    const { drafts, outcome } = await read({
      [FIRST]: page(paragraphs(1), comments(told) + next),
      [second]: page(paragraphs(1), comments(more, 30)),
    });
    expect(outcome).toBe('complete');
    expect(drafts.map(({ kind, text: words }) => [kind, words])).toEqual(expected([...told, ...more]));
    expect(drafts[0]?.counts.comments).toBe(5);
    expect(JSON.stringify(drafts)).not.toContain('某某');
  });

  test('are read where all of them are shown, those under the article among them, once', async () => {
    const { drafts, asked } = await read({
      [FIRST]: page(
        paragraphs(1),
        `${comments(told)}<p><a href="/comment/1001.html">查看全部5条评论</a></p>`,
      ),
      '/comment/1001.html': `<html><head><title>评论_云州新闻网</title></head><body><h1><a href="${FIRST}">${TITLE}</a></h1>${comments(told)}<p><a href="/comment/1001_2.html">下一页</a></p></body></html>`,
      '/comment/1001_2.html': `<html><head><title>评论_云州新闻网</title></head><body><h1><a href="${FIRST}">${TITLE}</a></h1>${comments(more, 30)}</body></html>`,
    });
    expect(asked).toEqual([FIRST, '/comment/1001.html', '/comment/1001_2.html']);
    expect(drafts.map(({ kind, text: words }) => [kind, words])).toEqual(expected([...told, ...more]));
  });

  test('of a page of comments that fails are missed, the article is not', async () => {
    const report = await read({
      [FIRST]: page(paragraphs(1), `${comments(told)}<p><a href="/comment/1001.html">查看全部评论</a></p>`),
      '/comment/1001.html': { status: 503 },
    });
    expect(report).toMatchObject({ outcome: 'partial', got: 1, failures: { 'status-5xx': 1 } });
    expect(report.drafts.map(({ kind, text: words }) => [kind, words])).toEqual(expected(told));
  });

  test('do not make a thread of it', async () => {
    const { drafts } = await read({ [FIRST]: page(paragraphs(1), comments(told)) });
    expect(drafts.map(({ kind }) => kind)).toEqual(['article', 'comment', 'comment', 'comment']);
    expect(drafts[0]?.outlet).toBe('云州日报');
  });
});

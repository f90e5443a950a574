import { expect, test } from 'vitest';
import { articleLinks, nextPage } from '../../crawler/extract/links.ts';

const site = 'https://www.yz.example';
const titles = [
  '云州市检察院通报一批公益诉讼案件',
  '市检察院召开新闻发布会',
  '检察长走访企业听取意见',
  '未成年人保护专项行动启动',
  '公开听证会在云州举行',
  '云州县检察院开展普法宣传',
  '一起非法占用农用地案开庭',
  '检察建议推动整改见实效',
];
const each = (item: (n: number, title: string) => string) =>
  titles.map((title, at) => item(at + 1, title)).join('');
const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const person = (n: number) => `<a href="space-uid-${n}.html">热心的网友某某${n}</a>`;

type Shape = [name: string, url: string, body: string, link: (n: number) => string, next: string | null];

const SHAPES: Shape[] = [
  [
    'an office’s column, its pager a script',
    '/jwgk/tzgg/',
    `<div class="nav"><ul><li><a href="/jwgk/">检务公开</a></li><li><a href="/jwgk/tzgg/">通知公告栏目</a></li></ul></div>
     <ul class="list">${each((n, title) => `<li><a href="./202611/t2026111${n}_300${n}.html">${title}</a><span>2026-11-1${n}</span></li>`)}</ul>
     <script>createPageHTML(20, 0, "index", "html");</script><div>友情链接：<a href="http://www.spp.example/">最高人民检察院</a></div>`,
    (n) => `/jwgk/tzgg/202611/t2026111${n}_300${n}.html`,
    '/jwgk/tzgg/index_1.html',
  ],
  [
    'a table beside a menu of channels',
    '/col/col1229/index.html',
    `<div class="left"><ul>${each((n) => `<li><a href="/col/col122${n}/index.html">检务公开栏目之${n}</a></li>`)}</ul></div>
     <table>${each((n, title) => `<tr><td><a href="/art/2026/11/22/art_1229_500${n}.html">${title}</a></td><td>11-22</td></tr>`)}</table>
     <div class="page"><a href="index.html?uid=1&amp;pageNum=2">下一页</a></div>`,
    (n) => `/art/2026/11/22/art_1229_500${n}.html`,
    '/col/col1229/index.html?uid=1&pageNum=2',
  ],
  [
    'a board of Discuz, with pages of threads, last answers and who wrote',
    '/forum-2-1.html',
    `<div id="nv"><a href="forum.php">论坛首页一览</a></div><table id="threadlisttableid">${each(
      (
        n,
        title,
      ) => `<tbody id="normalthread_${n}"><tr><td class="icn"><a href="thread-8${n}-1-1.html"><img src="f.gif"></a></td>
      <th><a href="thread-8${n}-1-1.html" class="s xst">${title}怎么看</a> <span class="tps">...<a href="thread-8${n}-2-1.html">2</a><a href="thread-8${n}-3-1.html">3</a></span></th>
      <td class="by"><cite>${person(n)}</cite><em>2026-11-22</em></td><td class="num"><a href="thread-8${n}-1-1.html">12</a><em>300</em></td>
      <td class="by"><cite>${person(n + 10)}</cite><em><a href="forum.php?mod=redirect&amp;tid=8${n}&amp;goto=lastpost#lastpost">2026-11-22 10:0${n}</a></em></td></tr></tbody>`,
    )}</table><div class="pg"><strong>1</strong><a href="forum-2-2.html">2</a><a href="forum-2-2.html" class="nxt">下一页</a></div>`,
    (n) => `/thread-8${n}-1-1.html`,
    '/forum-2-2.html',
  ],
  [
    'a board of phpBB',
    '/viewforum.php?f=2',
    `<ul class="topiclist topics">${each(
      (
        n,
        title,
      ) => `<li class="row"><dl><dt><a href="./viewtopic.php?t=8${n}" class="topictitle">${title}</a><br><span>由 <a href="./memberlist.php?mode=viewprofile&amp;u=${n}" class="username">热心的网友某某${n}</a> » 2026-11-22</span></dt>
      <dd class="lastpost"><a href="./viewtopic.php?p=99${n}#p99${n}" title="转到最后一个帖子"><i></i></a></dd></dl></li>`,
    )}</ul><div class="pagination"><ul><li class="active"><span>1</span></li><li><a href="./viewforum.php?f=2&amp;start=25">2</a></li></ul></div>`,
    (n) => `/viewtopic.php?t=8${n}`,
    '/viewforum.php?f=2&start=25',
  ],
  [
    'a board of short titles in a bare table',
    '/bbs/list.asp?board=2',
    `<table>${each(
      (n) =>
        `<tr><td><a href="show.asp?board=2&amp;id=7${n}">${['求助', '漏水', '谁管', '停水了'][n % 4]}</a></td><td><a href="user.asp?id=${n}">网友某某</a></td><td>11-22</td></tr>`,
    )}</table><a href="list.asp?board=2&amp;page=2">下一页</a>`,
    (n) => `/bbs/show.asp?board=2&id=7${n}`,
    '/bbs/list.asp?board=2&page=2',
  ],
  [
    'cards with picture, headline, author and topic',
    '/news',
    `<header><a href="/">云州新闻网首页</a></header>${each(
      (
        n,
        title,
      ) => `<div class="card"><a href="/news/detail/900${n}"><img src="a.jpg"></a><h3><a href="/news/detail/900${n}">${title}</a></h3><p>摘要……<a href="/news/detail/900${n}">阅读全文</a></p>
      <a href="/author/zhangsan">云州日报记者张某</a><a href="/tag/gongyi">公益诉讼话题</a></div>`,
    )}<nav><a href="/news?page=1" class="on">1</a><a href="/news?page=2">2</a></nav>`,
    (n) => `/news/detail/900${n}`,
    '/news?page=2',
  ],
  [
    'addresses of words, without a number',
    '/stories',
    `<ul>${each((n, title) => `<li><a href="/stories/${words[n - 1]}-story-of-people">${title}，记者现场实录</a></li>`)}</ul><a href="/stories/page/2/">较早的文章</a>`,
    (n) => `/stories/${words[n - 1]}-story-of-people`,
    '/stories/page/2/',
  ],
  [
    'a definition list whose pager names no current page as a link',
    '/xw/index.shtml',
    `<dl>${each((n, title) => `<dt><a href="/xw/c/2026-11-22/doc-abcdef${n}xyz.shtml">${title}</a></dt><dd>11月22日</dd>`)}</dl><p><a href="index.shtml">1</a> <a href="index_2.shtml">2</a> <a href="index_3.shtml">3</a></p>`,
    (n) => `/xw/c/2026-11-22/doc-abcdef${n}xyz.shtml`,
    '/xw/index_2.shtml',
  ],
];

test.each(SHAPES)('%s', (_, url, body, link, next) => {
  const html = `<html><head><title>云州</title></head><body>${body}</body></html>`;
  const links = articleLinks(html, site + url).map((one) => one.url);
  expect(links).toEqual(titles.map((_title, at) => site + link(at + 1)));
  expect(nextPage(html, site + url)).toBe(next && site + next);
});

/** Links on one list page. */
export const PER_LIST_PAGE = 100;

const SENTENCES = [
  '近日，云州市人民检察院召开新闻发布会，通报今年以来办理公益诉讼案件的情况。',
  '检察官走访了多个社区，听取居民对治理高空抛物和占用消防通道的意见。',
  '据介绍，该院共受理各类案件一千二百余件，同比下降百分之六点三。',
  '听证会上，人民监督员和听证员就案件事实、法律适用和社会影响发表了意见。',
  '有关部门表示，将按照检察建议的要求，在三个月内完成整改并书面回复。',
  '不少网友留言说，希望公开整改的进度，让群众看得见、说得上话。',
  '记者了解到，相关工作方案已经印发，各区县正在对照清单逐项落实。',
  '“办理一案，治理一片”，这是该院今年反复强调的要求。',
  '下一步，检察机关将继续加强与行政机关的协作，推动形成长效机制。',
  '活动现场，工作人员发放了宣传手册，解答了关于未成年人保护的提问。',
];
const CHANNELS = [
  '首页',
  '要闻',
  '检务公开',
  '案件信息',
  '公益诉讼',
  '未成年人',
  '互动',
  '数据',
  '专题',
  '图片',
  '视频',
  '关于我们',
];

const headlineOf = (n: number) => `云州市检察机关第${n}号工作通报：公开听证推动社区治理`;
const linkTo = (n: number) =>
  `<a href="/art/2026/11/${n}.html" title="${headlineOf(n)}">${headlineOf(n)}</a>`;
const many = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join('\n');

const top = `<div class="top"><div class="logo"><a href="/"><img src="/logo.png" alt="云州新闻"></a></div>
<ul class="nav" id="nav">${CHANNELS.map((name, n) => `<li><a href="/channel${n}/">${name}</a></li>`).join('\n')}</ul>
<div class="subnav">${many(24, (n) => `<a href="/column/${n}.html" target="_blank">专题${n}</a>`)}</div>
<form action="/search"><input name="q" type="text"><button type="submit">搜索</button></form></div>`;
const bottom = `<div class="links"><h4>友情链接</h4><ul>${many(16, (n) => `<li><a href="https://site${n}.example/" target="_blank" rel="nofollow">云州市各区县网站${n}</a></li>`)}</ul></div>
<div class="footer"><p><a href="/about/">关于我们</a> | <a href="/contact/">联系我们</a> | <a href="/map/">网站地图</a></p>
<p>版权所有：云州新闻网\u3000未经授权禁止转载</p></div>
<script>var site={id:17,channel:"news"};document.addEventListener("DOMContentLoaded",function(){for(var i=0;i<3;i++){var e=document.getElementById("share"+i);if(e){e.onclick=function(){window.open("/share")}}}});</script>`;

const page = (title: string, meta: string, inside: string) => `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${title}</title>${meta}
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css">
<style>.top{height:90px}.nav li{float:left;margin:0 8px}.text p{line-height:2;text-indent:2em}.side{width:300px;float:right}</style></head>
<body>${top}<div class="main">${inside}</div>${bottom}</body></html>`;

/** A list page: links to its articles with their dates, and to its neighbours. */
export function listPage(number: number, articles: number): string {
  const first = number * PER_LIST_PAGE;
  const count = Math.max(0, Math.min(PER_LIST_PAGE, articles - first));
  const items = many(count, (n) => `<li>${linkTo(first + n)}<span>2026-11-${10 + (n % 12)}</span></li>`);
  const next = first + PER_LIST_PAGE < articles ? `<a href="/list/${number + 1}.html">下一页</a>` : '';
  const inside = `<ul class="list">${items}</ul><div class="pages"><span>${number + 1}</span>${next}</div>`;
  return page(`要闻_云州新闻网`, '', inside);
}

/** An article as news sites write them: 11 kB, of which the text is a quarter. */
export function articlePage(number: number, articles: number): string {
  const title = headlineOf(number);
  const time = `2026-11-${10 + (number % 12)} ${String(8 + (number % 12)).padStart(2, '0')}:${String(number % 60).padStart(2, '0')}`;
  const sentence = (n: number) => SENTENCES[(number * 7 + n * 3) % SENTENCES.length] ?? '';
  const paragraphs = many(10, (n) => `<p>\u3000\u3000${many(1 + (n % 3), (m) => sentence(n * 3 + m))}</p>`);
  const others = many(
    16,
    (n) =>
      `<li class="item">${linkTo((number + n * 37 + 1) % articles)}<span class="date">11-${10 + (n % 12)}</span></li>`,
  );
  const meta = `<meta name="keywords" content="检察,公益诉讼"><meta name="description" content="${sentence(0)}">`;
  return page(
    `${title}_云州新闻网`,
    meta,
    `<div class="path">您的位置：<a href="/">首页</a> &gt; <a href="/list/0.html">要闻</a> &gt; 正文</div>
<div class="article"><h1>${title}</h1><div class="info"><span>${time}</span>\u3000<span>来源：云州日报</span></div>
<div class="share"><a id="share0" href="#">微信</a><a id="share1" href="#">微博</a><a id="share2" href="#">打印</a></div>
<div class="text">${paragraphs}</div><div class="editor">[责任编辑：云州新闻网]</div></div>
<div class="side"><h3>热点新闻</h3><ul>${others}</ul></div>`,
  );
}

import { numberOf, type Item } from '../story/types.ts';
import { shanghai, two } from '../story/time.ts';
import { authorOf, chineseStamp, escape, minuteStamp, paragraphs, WIDE } from './markup.ts';
import { html, newest, pageOf, standing, type Site, type SiteContext, type SiteResponse } from './site.ts';

const PAGE = 20;
const sources = ['云州日报', '云州新闻网', '云州晚报', '云州广播电视台', '本网综合'];

/** 云州新闻网: a newspaper's site in UTF-8 with list pages, articles and comments under some of them. */
export function createNewsSite({ world, clock }: SiteContext): Site {
  return ({ path }) => {
    const now = clock();
    const all = standing(world, 'news', now);
    if (path === '/') return listPage(all, 1, '首页');
    const list = /^\/list\/(\d{1,6})\.html$/.exec(path);
    if (list) return listPage(all, Number(list[1]), '政法频道');
    const article = /^\/(\d{4})\/(\d{4})\/a(\d{1,12})\.html$/.exec(path);
    const item = article && world.find(`news-${article[3]}`, now);
    if (item && addressOf(item) === path) return html(articlePage(item, world.replies(item.id, now), all));
    return {
      ...html(frame('页面不存在', '<div class="error"><h1>404</h1><p>您访问的页面不存在或已删除</p></div>')),
      status: 404,
    };
  };
}

/** `/2026/1122/a123456.html`. */
function addressOf(item: Item): string {
  const { year, month, day } = shanghai(item.at);
  return `/${year}/${two(month)}${two(day)}/a${numberOf(item)}.html`;
}

function listPage(all: readonly Item[], page: number, title: string): SiteResponse {
  const part = pageOf(all, page, PAGE);
  if (!part) return { ...html(frame('页面不存在', '<h1>404</h1>')), status: 404 };
  const rows = part.rows.map((item, index) => {
    const row = `<li><a href="${addressOf(item)}" title="${escape(item.title ?? '')}">${escape(item.title ?? '')}</a><span class="date">${minuteStamp(item.at)}</span></li>`;
    const ad = '<li class="ad"><a href="/ad/click?id=7" rel="nofollow">【广告】云州家装节 满万减千</a></li>';
    return index === 6 ? `${row}\n${ad}` : row;
  });
  const next =
    page < part.pages ? `<a class="next" href="/list/${page + 1}.html">下一页</a>` : '<span>下一页</span>';
  const previous =
    page > 1 ? `<a class="prev" href="/list/${page - 1}.html">上一页</a>` : '<span>上一页</span>';
  const body = `<div class="crumbs"><a href="/">首页</a> &gt; ${title}</div>
<div class="main"><ul class="news-list">
${rows.join('\n')}
</ul>
<div class="pages">${previous} <em>${page}</em>/${part.pages} ${next}</div></div>
${sidebar(all)}`;
  return html(frame(title, body), part.rows[0]?.at);
}

function articlePage(item: Item, comments: readonly Item[], all: readonly Item[]): string {
  const source = sources[Number(numberOf(item)) % sources.length] ?? '本网';
  const related = newest(all, 60)
    .filter((other) => other.id !== item.id && other.storyline === item.storyline)
    .slice(0, 5)
    .map((other) => `<li><a href="${addressOf(other)}">${escape(other.title ?? '')}</a></li>`);
  const body = `<div class="crumbs"><a href="/">首页</a> &gt; <a href="/list/1.html">政法频道</a> &gt; 正文</div>
<div class="main article">
<h1 class="title">${escape(item.title ?? '')}</h1>
<div class="info">${chineseStamp(item.at)}${WIDE}来源：<span class="source">${source}</span>${WIDE}<span class="fontsize">字号：<a>大</a> <a>中</a> <a>小</a></span></div>
<div class="share">分享到：<a href="javascript:;">微信</a><a href="javascript:;">微博</a></div>
<div class="content" id="content">
${paragraphs(item.text)}
<div class="ad-inline"><a href="/ad/click?id=3"><img src="/img/ad3.jpg" alt="广告"></a></div>
<script>window.__pv = window.__pv || []; __pv.push(${JSON.stringify(item.id)});</script>
</div>
<p class="editor">责任编辑：网友${authorOf(item.id).id}${WIDE}审核：值班室</p>
<div class="related"><h3>相关阅读</h3><ul>
${related.join('\n')}
</ul></div>
${commentsSection(comments)}
</div>
${sidebar(all)}`;
  return frame(item.title ?? '', body);
}

function commentsSection(comments: readonly Item[]): string {
  if (comments.length === 0) return '';
  const rows = newest(comments, comments.length).map((comment) => {
    const { id, name, avatar, region } = authorOf(comment.id);
    return `<li class="comment" id="c${escape(numberOf(comment))}"><a href="/user/${id}"><img class="avatar" src="${avatar}" alt=""></a>
<div><a class="nick" href="/user/${id}">${name}</a><span class="ip">IP属地：${region}</span>
<p class="comment-text">${escape(comment.text)}</p>
<div class="meta"><time>${minuteStamp(comment.at)}</time> <a class="like">赞 <b class="n">${comment.likes}</b></a> <a>回复</a></div></div></li>`;
  });
  return `<div class="comments" id="comments"><h3>网友评论（${comments.length}）</h3><ul>\n${rows.join('\n')}\n</ul></div>`;
}

function sidebar(all: readonly Item[]): string {
  const hot = newest(all, 40)
    .toSorted((left, right) => right.likes - left.likes)
    .slice(0, 8)
    .map(
      (item, rank) =>
        `<li><i>${rank + 1}</i><a href="${addressOf(item)}">${escape(item.title ?? '')}</a></li>`,
    );
  return `<div class="side"><h3>热点排行</h3><ol class="hot">\n${hot.join('\n')}\n</ol>
<div class="weather">云州今日：多云 8~17℃</div>
<div class="qr"><img src="/img/qr.png" alt="扫码下载客户端">扫码下载云州新闻客户端</div></div>`;
}

function frame(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>${escape(title)}_云州新闻网</title>
<meta name="keywords" content="云州,新闻,政法">
<link rel="stylesheet" href="/css/main.css">
<script>var _hmt=_hmt||[];(function(){document.cookie="v=1";})();</script>
</head><body>
<div class="top"><a href="/">设为首页</a> | <a href="/login">登录</a> | <a href="/reg">注册</a></div>
<div class="logo"><a href="/"><img src="/img/logo.png" alt="云州新闻网"></a></div>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/list/1.html">政法</a></li><li><a href="/ms/">民生</a></li><li><a href="/jj/">经济</a></li><li><a href="/ty/">体育</a></li></ul>
${body}
<div class="footer"><p>云州新闻网版权所有 未经授权禁止转载 云ICP备00000001号</p>
<p>新闻热线：0000-12345678 违法和不良信息举报电话：0000-87654321</p><p>云州市互联网新闻信息服务单位（示例站点，内容均为虚构）</p></div>
<script src="/js/stat.js"></script>
</body></html>
`;
}

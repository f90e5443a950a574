import iconv from 'iconv-lite';
import { hashText } from '../story/random.ts';
import { numberOf, type Item, type World } from '../story/types.ts';
import { forumStamp } from './forum-time.ts';
import { authorOf, escape } from './markup.ts';
import { pageOf, type Site, type SiteContext, type SiteResponse } from './site.ts';

const THREADS = 30;
const FLOORS = 10;
const RULES = '/thread-1-1.html';

interface Row {
  readonly thread: Item;
  replies: number;
  last: number;
}

/** 云州论坛: an old bulletin board in GBK that says so only in its markup, with threads over several pages. */
export function createForumSite({ world, clock }: SiteContext): Site {
  return ({ path }) => {
    const now = clock();
    if (path === RULES)
      return page('版规：文明发帖', '<div class="rules">请勿发布他人隐私，违者删帖。</div>');
    const board = path === '/' ? 1 : Number(/^\/board-(\d{1,6})\.html$/.exec(path)?.[1] ?? 0);
    if (board > 0) return boardPage(rowsOf(world, now), board, now) ?? missing();
    const address = /^\/thread-(\d{1,12})-(\d{1,6})\.html$/.exec(path);
    const thread = address && world.find(`forum-${address[1]}`, now);
    if (thread)
      return threadPage(thread, world.replies(thread.id, now), Number(address[2]), now) ?? missing();
    return missing();
  };
}

/** Threads by their last answer, oldest first; the same list as long as nothing has appeared. */
function rowsOf(world: World, now: number): readonly Row[] {
  const items = world.items('forum', now);
  const known = rowsBy.get(items);
  if (known) return known;
  const rows = new Map<string, Row>();
  for (const item of items) {
    if (item.kind === 'thread') rows.set(item.id, { thread: item, replies: 0, last: item.at });
    const row = item.threadId === undefined ? undefined : rows.get(item.threadId);
    if (row) {
      row.replies++;
      row.last = item.at;
    }
  }
  const sorted = [...rows.values()].sort((left, right) => left.last - right.last);
  rowsBy.set(items, sorted);
  return sorted;
}
const rowsBy = new WeakMap<readonly Item[], readonly Row[]>();

function boardPage(rows: readonly Row[], number: number, now: number): SiteResponse | undefined {
  const part = pageOf(rows, number, THREADS);
  if (!part) return undefined;
  const lines = part.rows.map(({ thread, replies, last }) => {
    const { id, name } = authorOf(thread.id);
    return `<tbody class="normal"><tr><td class="icn"><img src="/img/folder.gif"></td>
<th><a href="/thread-${numberOf(thread)}-1.html" class="s xst">${escape(thread.title ?? '')}</a></th>
<td class="by"><cite><a href="/user/${id}">${name}</a></cite><em>${forumStamp(thread.at, now)}</em></td>
<td class="num"><a class="xi2">${replies}</a><em>${replies * 37 + (hashText(thread.id) % 400)}</em></td>
<td class="by"><em>${forumStamp(last, now)}</em></td></tr></tbody>`;
  });
  const body = `<div id="pt"><a href="/">云州论坛</a> &raquo; 百姓话题</div>
<table id="threadlist" cellspacing="0">
<tbody class="stick"><tr><td class="icn"><img src="/img/pin.gif"></td><th><a href="${RULES}" class="s">[公告] 版规：文明发帖</a></th><td colspan="3"></td></tr></tbody>
${lines.join('\n')}
</table>
${pager('board-', number, part.pages)}`;
  return page('百姓话题', body, rows.at(-1)?.last);
}

function threadPage(
  thread: Item,
  replies: readonly Item[],
  number: number,
  now: number,
): SiteResponse | undefined {
  const floors = [thread, ...replies];
  const pages = Math.ceil(floors.length / FLOORS);
  if (number < 1 || number > pages) return undefined;
  const first = (number - 1) * FLOORS;
  const shown = floors
    .slice(first, first + FLOORS)
    .map((item, index) => floor(item, first + index, floors, now));
  const body = `<div id="pt"><a href="/">云州论坛</a> &raquo; <a href="/board-1.html">百姓话题</a> &raquo; 浏览帖子</div>
<h1 class="ts">${escape(thread.title ?? '')}</h1>
<div id="postlist">
${shown.join('\n')}
</div>
${pager(`thread-${numberOf(thread)}-`, number, pages)}
<form id="fastpost" method="post" action="/post"><textarea name="message"></textarea><button>发表回复</button></form>`;
  return page(thread.title ?? '', body, floors.at(-1)?.at);
}

function floor(item: Item, index: number, floors: readonly Item[], now: number): string {
  const { id, name, avatar, region } = authorOf(item.id);
  const quoted =
    index > 1 && hashText(item.id) % 5 === 0 ? floors[hashText(`${item.id} quote`) % index] : undefined;
  const quote = quoted
    ? `<div class="quote"><blockquote>${authorOf(quoted.id).name} 发表于 ${forumStamp(quoted.at, now)}<br>${escape(quoted.text.slice(0, 40))}…</blockquote></div>\n`
    : '';
  return `<div class="floor" id="pid${escape(numberOf(item))}">
<div class="pls"><a href="/user/${id}"><img class="avatar" src="${avatar}"></a><p class="xw1"><a href="/user/${id}">${name}</a></p><p class="ip">IP属地：${region}</p><p>积分 ${hashText(id) % 5000}</p></div>
<div class="plc"><div class="pi"><strong>${index === 0 ? '楼主' : `${index + 1}#`}</strong> <span class="authi">发表于 <em>${forumStamp(item.at, now)}</em></span> | <a href="#">只看该作者</a></div>
<div class="pcb">${quote}<div class="t_f">${item.text.split('\n').map(escape).join('<br>\n')}</div></div>
<div class="po"><a>回复</a> <a>支持 ${item.likes}</a> <a>举报</a></div><div class="sign">个性签名：云州人，爱云州</div></div>
</div>`;
}

function pager(prefix: string, number: number, pages: number): string {
  const near = Array.from({ length: pages }, (_, index) => index + 1).filter(
    (other) => Math.abs(other - number) < 4,
  );
  const links = near.map((other) =>
    other === number ? `<strong>${other}</strong>` : `<a href="/${prefix}${other}.html">${other}</a>`,
  );
  const next = number < pages ? `<a href="/${prefix}${number + 1}.html" class="nxt">下一页</a>` : '';
  return pages > 1 ? `<div class="pg">${links.join('')}${next}</div>` : '';
}

function missing(): SiteResponse {
  return {
    ...page('提示信息', '<div class="alert_error"><p>抱歉，指定的主题不存在或已被删除或正在被审核</p></div>'),
    status: 404,
  };
}

function page(title: string, body: string, modified?: number): SiteResponse {
  const text = `<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html><head>
<meta http-equiv="Content-Type" content="text/html; charset=gbk" />
<title>${escape(title)} - 云州论坛</title>
<link rel="stylesheet" type="text/css" href="/static/common.css" />
<script type="text/javascript">var STYLEID = '1', discuz_uid = '0';</script>
</head><body>
<div id="hd"><a href="/"><img src="/img/logo.gif" alt="云州论坛"></a><div id="um"><a href="/login">登录</a> | <a href="/register">注册</a></div>
<ul id="nv"><li><a href="/">首页</a></li><li><a href="/board-1.html">百姓话题</a></li><li><a href="/house/">房产</a></li><li><a href="/love/">交友</a></li></ul></div>
<div id="ad_headerbanner"><a href="/ad.php?id=1">云州车展 周末开幕</a></div>
<div id="wp">
${body}
</div>
<div id="ft">Powered by 示例论坛 | 云州论坛（内容均为虚构）| 手机版 | 小黑屋</div>
<script type="text/javascript" src="/static/forum.js"></script>
</body></html>
`;
  // What GBK cannot hold becomes a numeric entity, as browsers and old boards do.
  const gbk = text.replace(/[\u{10000}-\u{10ffff}]/gu, (sign) => `&#${sign.codePointAt(0)};`);
  const bytes = iconv.encode(gbk, 'gbk');
  return { status: 200, type: 'text/html', body: bytes, ...(modified === undefined ? {} : { modified }) };
}

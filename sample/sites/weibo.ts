import { numberOf, type Item } from '../story/types.ts';
import { authorOf, escape, microblogStamp, minuteStamp } from './markup.ts';
import { html, newest, type Site, type SiteContext, type SiteResponse } from './site.ts';

const DEFAULT_COUNT = 50;
const MAX_COUNT = 100;

/** 云州微议: a microblog that answers in JSON, newest first, with a cursor. */
export function createWeiboSite({ world, clock }: SiteContext): Site {
  return ({ path, query }) => {
    const now = clock();
    const all = world.items('weibo', now);
    if (path === '/api/timeline') return timeline(all, query);
    const status = /^\/status\/(\d{1,12})$/.exec(path);
    const item = status && world.find(`weibo-${status[1]}`, now);
    if (item) return html(statusPage(item));
    if (path === '/') return html(homePage(newest(all, 20)), all.at(-1)?.at);
    if (path.startsWith('/api/')) return json(404, { ok: 0, errno: 20003, msg: '接口不存在' });
    return {
      ...html(frame('微博不存在', '<div class="empty"><h4>抱歉，微博不存在或暂无查看权限</h4></div>')),
      status: 404,
    };
  };
}

function timeline(all: readonly Item[], query: URLSearchParams): SiteResponse {
  const cursor = query.get('cursor') ?? '';
  const wanted = Number(query.get('count') ?? DEFAULT_COUNT);
  const count = Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, MAX_COUNT) : DEFAULT_COUNT;
  let end = all.length;
  if (cursor !== '' && cursor !== '0') {
    // `<time>_<number>` of the last item seen: new items at the top do not move the pages below.
    const position = /^(\d{1,15})_(\d{1,12})$/.exec(cursor);
    if (!position) return json(400, { ok: 0, errno: 10008, msg: '参数错误：cursor' });
    const at = Number(position[1]);
    const id = `weibo-${position[2]}`;
    while (end > 0 && !comesBefore(all[end - 1], at, id)) end--;
  }
  const rows = all.slice(Math.max(0, end - count), end).reverse();
  const last = rows.at(-1);
  const more = end - rows.length > 0 && last;
  const next = more ? `${last.at}_${numberOf(last)}` : null;
  return json(
    200,
    { ok: 1, data: { list: rows.map(status), next_cursor: next } },
    cursor === '' ? all.at(-1)?.at : undefined,
  );
}

function comesBefore(item: Item | undefined, at: number, id: string): boolean {
  return item !== undefined && (item.at < at || (item.at === at && item.id < id));
}

function status(item: Item): object {
  const { id, name, avatar, region } = authorOf(item.id);
  return {
    id: numberOf(item),
    mid: numberOf(item),
    created_at: microblogStamp(item.at),
    text: richText(item.text),
    source: '微议网页版',
    attitudes_count: item.likes,
    comments_count: item.comments,
    reposts_count: item.shares,
    user: { id: Number(id), screen_name: name, avatar, profile_url: `/user/${id}`, location: region },
    region_name: `发布于 ${region}`,
  };
}

/** Topics as links, the rest escaped: what microblog interfaces call text. */
function richText(text: string): string {
  return escape(text)
    .replace(
      /#([^#\n]{1,40})#/g,
      (topic, name: string) => `<a href="/search?q=${encodeURIComponent(name)}">${topic}</a>`,
    )
    .replaceAll('\n', '<br />');
}

function statusPage(item: Item): string {
  const { id, name, avatar, region } = authorOf(item.id);
  return frame(
    `${name}的微议`,
    `<div class="card"><header><a href="/user/${id}"><img src="${avatar}" alt=""></a><a class="name" href="/user/${id}">${name}</a>
<time>${minuteStamp(item.at)}</time> <span class="region">发布于 ${region}</span></header>
<div class="wbpro-text">${richText(item.text)}</div>
<footer><span>转发 ${item.shares}</span> <span>评论 ${item.comments}</span> <span>赞 ${item.likes}</span></footer></div>`,
  );
}

function homePage(rows: readonly Item[]): string {
  const cards = rows.map(
    (item) => `<li><a href="/status/${numberOf(item)}">${escape(item.text.slice(0, 30))}</a></li>`,
  );
  return frame('首页', `<div id="app"></div><noscript><ul>${cards.join('\n')}</ul></noscript>`);
}

function frame(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escape(title)} - 云州微议</title>
<script>window.$CONFIG = { uid: '', api: '/api/timeline' };</script></head>
<body><nav><a href="/">微议</a><a href="/hot">热搜</a><a href="/login">登录</a></nav>
${body}
<footer class="site">云州微议（示例站点，内容均为虚构）</footer></body></html>
`;
}

function json(code: number, value: object, modified?: number): SiteResponse {
  const type = 'application/json; charset=utf-8';
  return { status: code, type, body: JSON.stringify(value), ...(modified === undefined ? {} : { modified }) };
}

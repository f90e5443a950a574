import { shanghaiTime } from '../../../config/shanghai.ts';
import { escaped, htmlPage } from '../page.ts';
import type { Answered, Asked } from '../platform.ts';
import type { Shelf } from '../shelf.ts';
import { commentsOf, repostsOf } from './bodies.ts';
import type { WeiboState, WeiboStatus } from './state.ts';
import { base62, fromBase62 } from './text.ts';

const PICTURE = /^\/pictures\/([0-9a-f]+)$/;
const STATUS = /^\/(\d+)\/([0-9a-zA-Z]+)$/;
const STYLE =
  '.status p { margin: 4px 0; } .status img { width: 240px; max-height: 240px; object-fit: cover; object-position: top; display: block; margin: 8px 0; }';

/** What readers see: the newest statuses, and each with its comments. */
export function pages(state: WeiboState, shelf: Shelf, { path }: Asked): Answered | null {
  const picture = PICTURE.exec(path)?.[1];
  if (picture !== undefined) {
    const bytes = shelf.bytes(picture);
    if (!bytes) return { status: 404, body: '' };
    return { headers: { 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' }, body: bytes };
  }
  const visible = state.statuses.filter((one) => !one.deleted && (one.pendingUntil ?? 0) <= state.now);
  if (path === '/') {
    const items = visible.slice(0, 100).map((status) => `<li class="status">${entry(state, status)}</li>`);
    const list = items.length > 0 ? `<ul class="list">${items.join('')}</ul>` : '<p>还没有微博。</p>';
    return htmlPage('微博（模拟）', `<h1>微博</h1>${list}`, STYLE);
  }
  const short = path.startsWith('/t.cn/') ? `http://t.cn/${path.slice('/t.cn/'.length)}` : null;
  const link = [...state.links].find(([, made]) => made === short)?.[0];
  if (link !== undefined) return { status: 302, headers: { location: link }, body: '' };
  const id = fromBase62(STATUS.exec(path)?.[2] ?? '');
  if (id === null) return null;
  const status = visible.find((one) => one.id === id);
  if (!status) return { ...htmlPage('没有这条微博', '<h1>没有这条微博</h1>'), status: 404 };
  const comments = commentsOf(state, status).map(
    ({ user, text, at }) =>
      `<li><strong>${escaped(user.screen_name)}</strong>：${escaped(text)}<br><span class="soft">${shanghaiTime(new Date(at))}</span></li>`,
  );
  const heard = comments.length > 0 ? `<h2>评论</h2><ul class="list">${comments.join('')}</ul>` : '';
  const body = `<div class="status">${entry(state, status)}</div>${heard}<p><a href="/">全部微博</a></p>`;
  return htmlPage(status.user.screen_name, body, STYLE);
}

function entry(state: WeiboState, status: WeiboStatus): string {
  const address = `/${status.user.id}/${base62(status.id)}`;
  const text = escaped(status.text)
    // A short address leads through here to the place that it stands for.
    .replaceAll(
      /http:\/\/t\.cn\/\w+/g,
      (link) => `<a href="/t.cn/${link.slice('http://t.cn/'.length)}">${link}</a>`,
    )
    .replaceAll('\n', '<br>');
  const picture = status.picture ? `<img alt="" src="/pictures/${status.picture}">` : '';
  const counts = `转发 ${repostsOf(state, status)} · 评论 ${commentsOf(state, status).length} · 赞 ${status.attitudes ?? 0}`;
  return `<p><strong>${escaped(status.user.screen_name)}</strong></p><p>${text}</p>${picture}
<p class="soft"><a href="${address}">${shanghaiTime(new Date(status.at))}</a> · ${counts}</p>`;
}

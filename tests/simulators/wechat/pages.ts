import { shanghaiTime } from '../../../config/shanghai.ts';
import { escaped, htmlPage } from '../page.ts';
import type { Answered, Asked } from '../platform.ts';
import type { Shelf } from '../shelf.ts';
import type { WechatArticle, WechatState } from './state.ts';

const STYLE = `
.item { display: grid; grid-template-columns: 1fr 96px; gap: 16px; text-decoration: none; color: inherit; }
.item strong { color: var(--link); font-weight: 600; }
.item img { width: 96px; height: 96px; object-fit: cover; }
article { margin: 24px 0; }
`;

/** Pictures of the platform, which on the pages come from here. */
const PICTURE = /^\/mmbiz_(?:jpg|png)\/([0-9a-f]+)\/0$/;

/** What readers see: the published articles of every account, and each of them as it was rendered. */
export function pages(accounts: readonly WechatState[], shelf: Shelf, asked: Asked): Answered | null {
  const picture = PICTURE.exec(asked.path)?.[1];
  if (picture !== undefined) {
    const bytes = shelf.bytes(picture);
    if (!bytes) return { status: 404, body: '' };
    return { headers: { 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' }, body: bytes };
  }
  if (asked.path === '/') return front(accounts);
  return asked.path === '/s' ? article(accounts, asked) : null;
}

function front(accounts: readonly WechatState[]): Answered {
  const parts = accounts.map((state) => {
    const standing = state.articles.filter(stands).map((one) => `<li>${entry(one, state)}</li>`);
    const list =
      standing.length > 0 ? `<ul class="list">${standing.join('')}</ul>` : '<p>还没有发布文章。</p>';
    const kind = state.kind === 'service' ? '服务号' : '订阅号';
    return `<section><h1>${escaped(state.name)}</h1><p class="soft">公众号（${kind}）</p>${list}</section>`;
  });
  return htmlPage('微信公众号（模拟）', parts.join(''), STYLE);
}

function entry(one: WechatArticle, state: WechatState): string {
  const cover = one.item ? `<img alt="" src="${pictureOf(one.item.thumb_media_id)}">` : '';
  const what = one.sent ? '群发' : '发布';
  const words = `<span><strong>${escaped(one.title)}</strong><br><span class="soft">${escaped(one.item?.digest ?? '')}</span>
<br><span class="soft">${shanghaiTime(new Date(one.at))} ${what} · 阅读 ${one.reads}</span></span>`;
  return `<a class="item" href="${escaped(path(state.addressOf(one)))}">${words}${cover}</a>`;
}

function article(accounts: readonly WechatState[], { query }: Asked): Answered {
  for (const state of accounts) {
    const found = state.articleOf(query.get('mid'), Number(query.get('idx') ?? 1));
    if (!found) continue;
    if (found.blocked) return gone('此内容因违规无法查看');
    if (found.deleted) return gone('该内容已被发布者删除');
    const { item } = found;
    const source = item?.content_source_url
      ? `<p><a href="${escaped(item.content_source_url)}" rel="noreferrer">阅读原文</a></p>`
      : '';
    const pictures = (item?.image_info?.image_list ?? [])
      .map(({ image_media_id }) => `<p><img alt="" src="${pictureOf(image_media_id)}"></p>`)
      .join('');
    const comments = found.comments
      .map(({ text, reply }) => {
        const answer = reply ? `<br><span class="soft">作者回复：${escaped(reply.content)}</span>` : '';
        return `<li>${escaped(text)}${answer}</li>`;
      })
      .join('');
    const by = [item?.author, state.name, shanghaiTime(new Date(found.at))].filter(Boolean).join(' · ');
    const heard = found.comments.length > 0 ? `<h2>留言</h2><ul class="list">${comments}</ul>` : '';
    const body = `<h1>${escaped(found.title)}</h1><p class="soft">${escaped(by)}</p>${pictures}
<article>${ownPictures(item?.content ?? '')}</article>${source}
<p class="soft">阅读 ${found.reads} · 分享 ${found.shares}</p>${heard}<p><a href="/">全部文章</a></p>`;
    return htmlPage(found.title, body, STYLE);
  }
  return gone('没有这篇文章');
}

const gone = (why: string): Answered => ({ ...htmlPage(why, `<h1>${why}</h1>`), status: 404 });
const stands = ({ deleted, blocked }: WechatArticle) => !deleted && !blocked;
const pictureOf = (mediaId: string) => `/mmbiz_jpg/${escaped(mediaId.slice(0, 24))}/0`;
const ownPictures = (html: string) => html.replaceAll(/https?:\/\/mmbiz\.qpic\.cn\//g, '/');
const path = (address: string) => address.replace(/^https?:\/\/[^/]+/, '').replace(/#.*$/, '');

import { chineseStamp, escape, paragraphs, WIDE } from './markup.ts';
import { numberOf, type Item, type SiteKey } from '../story/types.ts';
import { html, newest, standing, type SiteContext, type SiteRequest, type SiteResponse } from './site.ts';

export interface PortalLook {
  readonly site: Extract<SiteKey, 'rss' | 'atom' | 'jsonfeed'>;
  readonly name: string;
  readonly feedPath: string;
  readonly feedType: string;
  /** How many entries the feed holds. */
  readonly size: number;
  /** What stands before the number in an article's address: `/a/`. */
  readonly prefix: string;
}

/** The three sites with feeds: a home page, article pages, and a feed that only `write` knows how to write. */
export function createPortal(
  { world, clock }: SiteContext,
  look: PortalLook,
  write: (rows: readonly Item[]) => string,
): (request: SiteRequest) => SiteResponse {
  return ({ path }) => {
    const now = clock();
    const all = standing(world, look.site, now);
    const rows = newest(all, look.size);
    if (path === look.feedPath) {
      return { status: 200, type: look.feedType, body: write(rows), modified: rows[0]?.at ?? world.start };
    }
    if (path === '/') return html(homePage(look, rows), rows[0]?.at);
    const number = path.startsWith(look.prefix)
      ? /^(\d{1,12})\.html$/.exec(path.slice(look.prefix.length))
      : null;
    const item = number && world.find(`${look.site}-${number[1]}`, now);
    if (item) return html(articlePage(look, item));
    return {
      ...html(frame(look, '未找到', '<h1>404 未找到</h1><p>您要看的内容不在这里。</p>')),
      status: 404,
    };
  };
}

/** Path of an article's page. */
export function articlePath(look: PortalLook, item: Item): string {
  return `${look.prefix}${numberOf(item)}.html`;
}

function homePage(look: PortalLook, rows: readonly Item[]): string {
  const links = rows
    .slice(0, 20)
    .map((item) => `<li><a href="${articlePath(look, item)}">${escape(item.title ?? '')}</a></li>`);
  return frame(look, '首页', `<h2>最新</h2><ul class="latest">\n${links.join('\n')}\n</ul>`);
}

function articlePage(look: PortalLook, item: Item): string {
  return frame(
    look,
    item.title ?? '',
    `<article><h1>${escape(item.title ?? '')}</h1>
<p class="byline">发布时间：${chineseStamp(item.at)}${WIDE}来源：${look.name}</p>
<div class="body">
${paragraphs(item.text)}
</div>
<p class="end">【打印】【关闭】</p></article>`,
  );
}

function frame(look: PortalLook, title: string, body: string): string {
  const feed = `<link rel="alternate" type="${look.feedType.split(';')[0]}" href="${look.feedPath}">`;
  return `<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${escape(title)} | ${look.name}</title>${feed}</head>
<body><header><a href="/">${look.name}</a><nav><a href="/">首页</a> <a href="${look.feedPath}">订阅</a> <a href="/about">关于</a></nav></header>
<main>${body}</main>
<aside><h3>服务</h3><ul><li><a href="/guide">办事指南</a></li><li><a href="/contact">联系我们</a></li></ul></aside>
<footer>${look.name}（示例站点，内容均为虚构）</footer></body></html>
`;
}

import { authorOf, isoStamp, paragraphs } from './markup.ts';
import { articlePath, createPortal, type PortalLook } from './portal.ts';
import { numberOf } from '../story/types.ts';
import type { Site, SiteContext } from './site.ts';

const look: PortalLook = {
  site: 'jsonfeed',
  name: '区县融媒',
  feedPath: '/feed.json',
  feedType: 'application/feed+json; charset=utf-8',
  size: 50,
  prefix: '/p/',
};

/** 区县融媒: the counties' media centre, as JSON Feed 1.1. */
export function createJsonFeedSite(context: SiteContext): Site {
  return createPortal(context, look, (rows) =>
    JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: '区县融媒',
      description: '云州各区县融媒体中心（示例站点，内容均为虚构）',
      home_page_url: `${context.origin}/`,
      feed_url: `${context.origin}/feed.json`,
      language: 'zh-CN',
      items: rows.map((item) => ({
        id: numberOf(item),
        url: `${context.origin}${articlePath(look, item)}`,
        title: item.title,
        content_html: paragraphs(item.text),
        summary: `${item.text.slice(0, 50)}…`,
        date_published: isoStamp(item.at),
        authors: [{ name: authorOf(item.id).name, url: `${context.origin}/user/${authorOf(item.id).id}` }],
        tags: ['区县'],
      })),
    }),
  );
}

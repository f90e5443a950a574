import { authorOf, escape, paragraphs, rfc822 } from './markup.ts';
import { articlePath, createPortal, type PortalLook } from './portal.ts';
import type { Site, SiteContext } from './site.ts';

const look: PortalLook = {
  site: 'rss',
  name: '云州热线',
  feedPath: '/rss.xml',
  feedType: 'application/rss+xml; charset=utf-8',
  size: 60,
  prefix: '/a/',
};

/** 云州热线: a portal that reprints what others wrote, as RSS 2.0 with the whole text. */
export function createRssSite(context: SiteContext): Site {
  return createPortal(context, look, (rows) => {
    const items = rows.map((item) => {
      const link = `${context.origin}${articlePath(look, item)}`;
      const content = `${paragraphs(item.text)}\n<p><a href="${context.origin}/">更多内容请访问云州热线</a></p>`;
      return `<item>
<title>${escape(item.title ?? '')}</title>
<link>${link}</link>
<guid isPermaLink="true">${link}</guid>
<pubDate>${rfc822(item.at)}</pubDate>
<dc:creator>网友${authorOf(item.id).id}</dc:creator>
<category>民生</category>
<description>${escape(item.text.slice(0, 60))}…</description>
<content:encoded><![CDATA[${content.replaceAll(']]>', ']]&gt;')}]]></content:encoded>
</item>`;
    });
    return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>云州热线</title>
<link>${context.origin}/</link>
<description>云州本地资讯汇总（示例站点，内容均为虚构）</description>
<language>zh-cn</language>
<ttl>5</ttl>
${items.join('\n')}
</channel>
</rss>
`;
  });
}

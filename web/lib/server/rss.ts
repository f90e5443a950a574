import { generateRssFeed } from 'feedsmith';
import type { SiteArticle } from '../../../store/site-articles.ts';
import { messages } from '../messages.ts';
import type { Site } from './site.ts';

/** The published articles as RSS 2.0, newest first, each with its whole text. */
export function rss(site: Site, articles: SiteArticle[]): string {
  return generateRssFeed({
    title: site.name,
    link: `${site.address}/news`,
    description: messages.news.description(site.name),
    language: 'zh-CN',
    ttl: 5,
    ...(articles[0] && { lastBuildDate: articles[0].publishedAt }),
    atom: {
      links: [{ href: `${site.address}/news/rss.xml`, rel: 'self', type: 'application/rss+xml' }],
    },
    items: articles.map((article) => {
      const link = `${site.address}/news/${article.slug}`;
      return {
        title: article.title,
        link,
        guid: { value: link, isPermaLink: true },
        pubDate: article.publishedAt,
        ...(article.summary && { description: article.summary }),
        content: { encoded: article.html },
      };
    }),
  });
}

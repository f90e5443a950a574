import { beijing, type ArticleHead } from './meta.ts';
import { newsAddress, type Site } from './site.ts';

export type Crumb = { name: string; address: string };

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** NewsArticle of schema.org: who has published what, when, and when it was changed. */
export function newsArticle(article: ArticleHead & { office: string }): Json {
  const { title, description, publishedAt, updatedAt, author, keywords, image, address, section, office } =
    article;
  return {
    '@type': 'NewsArticle',
    '@id': `${address}#article`,
    mainEntityOfPage: { '@type': 'WebPage', '@id': address },
    headline: title,
    description,
    inLanguage: 'zh-CN',
    datePublished: beijing(publishedAt),
    dateModified: beijing(updatedAt ?? publishedAt),
    author: { '@type': 'Organization', name: author ?? article.source },
    publisher: { '@type': 'GovernmentOrganization', name: office },
    isAccessibleForFree: true,
    ...(section === null ? {} : { articleSection: section }),
    ...(keywords.length === 0 ? {} : { keywords: [...keywords] }),
    ...(image === null ? {} : { image: [image.address] }),
  };
}

/** BreadcrumbList of schema.org: the path from the site's list down to the page. */
export function breadcrumbs(crumbs: readonly Crumb[]): Json {
  return {
    '@type': 'BreadcrumbList',
    itemListElement: crumbs.map(({ name, address }, place) => ({
      '@type': 'ListItem',
      position: place + 1,
      name,
      item: address,
    })),
  };
}

/** Where the website itself is described: its name, and whose it is. */
export function webSite(site: Site): Json {
  return {
    '@type': 'WebSite',
    '@id': `${newsAddress(site)}#site`,
    name: site.name,
    url: newsAddress(site),
    inLanguage: 'zh-CN',
    publisher: { '@type': 'GovernmentOrganization', name: site.office, url: newsAddress(site) },
  };
}

/**
 * A `<script>` that runs nothing: a block of data for search engines. Every `<` is written as an escape of JSON, so that no
 * title can end the element; the line separators that JSON allows and old scripts do not, too.
 */
export function structuredData(...graph: Json[]): string {
  const json = JSON.stringify({ '@context': 'https://schema.org', '@graph': graph })
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return `<script type="application/ld+json">${json}</script>`;
}

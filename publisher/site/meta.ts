import type { SiteColumn } from '../../config/site-columns.ts';
import { shanghaiTime } from '../../config/shanghai.ts';
import type { Site } from './site.ts';

/** A `<meta>` of a page: names of the government guideline go by `name`, those of Open Graph by `property`. */
export type Tag = { name: string; content: string } | { property: string; content: string };

/**
 * 网站标签: on every page. Names and rules of all three from 《政府网站发展指引》 (国办发〔2017〕47号), annex "网页标签".
 * SiteIDCode is required there of organs of the administration; a procuratorate need not have one.
 */
export function siteTags({ name, address, idCode }: Site): Tag[] {
  return [
    { name: 'SiteName', content: name },
    { name: 'SiteDomain', content: new URL(address).host },
    ...(idCode === null ? [] : [{ name: 'SiteIDCode', content: idCode }]),
  ];
}

/** 栏目标签: on the pages of a column, and of its articles. */
export function columnTags({
  name,
  description,
  keywords,
  type,
}: Pick<SiteColumn, 'name' | 'description' | 'keywords' | 'type'>): Tag[] {
  return [
    { name: 'ColumnName', content: name },
    { name: 'ColumnDescription', content: description || name },
    { name: 'ColumnKeywords', content: (keywords.length > 0 ? keywords : [name]).join(',') },
    { name: 'ColumnType', content: type },
  ];
}

/** An article as its page's head tells of it. Addresses are whole. */
export type ArticleHead = {
  title: string;
  /** What it is about, in a sentence. */
  description: string;
  publishedAt: Date;
  updatedAt: Date | null;
  source: string;
  author: string | null;
  keywords: readonly string[];
  image: { address: string; alt: string } | null;
  address: string;
  section: string | null;
};

/** 内容标签: on the page of an article. PubDate is Beijing time, `YYYY-MM-DD HH:MM`. */
export function articleTags(article: ArticleHead): Tag[] {
  const { title, description, publishedAt, source, author, keywords, image, address } = article;
  return [
    { name: 'ArticleTitle', content: title },
    { name: 'PubDate', content: shanghaiTime(publishedAt) },
    { name: 'ContentSource', content: source },
    ...(keywords.length > 0 ? [{ name: 'Keywords', content: keywords.join(',') }] : []),
    ...(author === null ? [] : [{ name: 'Author', content: author }]),
    { name: 'Description', content: description },
    ...(image === null ? [] : [{ name: 'Image', content: image.address }]),
    { name: 'Url', content: address },
  ];
}

/** Open Graph, for cards that others make of a link: ogp.me, with its `article` properties. */
export function articleGraph(site: Site, article: ArticleHead): Tag[] {
  const { title, description, publishedAt, updatedAt, keywords, image, address, section } = article;
  const property = (name: string, content: string): Tag => ({ property: name, content });
  return [
    property('og:type', 'article'),
    property('og:title', title),
    property('og:description', description),
    property('og:url', address),
    property('og:site_name', site.name),
    property('og:locale', 'zh_CN'),
    ...(image === null ? [] : [property('og:image', image.address)]),
    ...(image === null || image.alt === '' ? [] : [property('og:image:alt', image.alt)]),
    property('article:published_time', beijing(publishedAt)),
    ...(updatedAt === null ? [] : [property('article:modified_time', beijing(updatedAt))]),
    ...(section === null ? [] : [property('article:section', section)]),
    ...keywords.map((keyword) => property('article:tag', keyword)),
  ];
}

/** ISO 8601 with the offset of Beijing, to the second. */
export function beijing(at: Date): string {
  return `${new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}

/** The first words of a rendered text, for those that want a sentence where the writer gave none. */
export function beginningOf(html: string): string {
  const words = html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
  return [...words.replace(/\s+/g, ' ').trim()].slice(0, 120).join('');
}

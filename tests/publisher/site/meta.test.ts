import { expect, test } from 'vitest';
import { columnTypes, shippedColumns } from '../../../config/site-columns.ts';
import {
  articleGraph,
  articleTags,
  beginningOf,
  columnTags,
  siteTags,
  type ArticleHead,
} from '../../../publisher/site/meta.ts';
import { breadcrumbs, newsArticle, structuredData } from '../../../publisher/site/structured.ts';
import { listAddress } from '../../../publisher/site/site.ts';
import { HOSTILE, site } from './articles.ts';

const head: ArticleHead = {
  title: '检察开放日',
  description: '欢迎参加。',
  publishedAt: new Date('2026-11-22T16:05:30Z'),
  updatedAt: null,
  source: '云州市人民检察院',
  author: null,
  keywords: ['开放日', '普法'],
  image: { address: `${site.address}/media/3-0123456789ab.png`, alt: '大厅' },
  address: `${site.address}/news/20261123-9`,
  section: '检察要闻',
};
const named = (tags: ReturnType<typeof articleTags>) =>
  Object.fromEntries(tags.map((tag) => ['name' in tag ? tag.name : tag.property, tag.content]));

test('the tags of a site, a column and an article are those of the guideline for government sites', () => {
  expect(named(siteTags(site))).toEqual({
    SiteName: '云州检察',
    SiteDomain: 'news.yunzhou.example',
    SiteIDCode: '5300000001',
  });
  expect(named(columnTags({ name: '要闻', description: '', keywords: [], type: '工作动态' }))).toEqual({
    ColumnName: '要闻',
    ColumnDescription: '要闻',
    ColumnKeywords: '要闻',
    ColumnType: '工作动态',
  });
  expect(named(articleTags(head))).toEqual({
    ArticleTitle: '检察开放日',
    PubDate: '2026-11-23 00:05',
    ContentSource: '云州市人民检察院',
    Keywords: '开放日,普法',
    Description: '欢迎参加。',
    Image: 'https://news.yunzhou.example/media/3-0123456789ab.png',
    Url: 'https://news.yunzhou.example/news/20261123-9',
  });
});

test('a site without a code of its own states none', () => {
  expect(named(siteTags({ ...site, idCode: null }))).not.toHaveProperty('SiteIDCode');
});

test('the columns that ship each have a type of the guideline and a key of their own', () => {
  const keys = shippedColumns.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toContain('news');
  for (const { type, key } of shippedColumns) expect(columnTypes, key).toContain(type);
});

test('a card of the article tells when it was published and corrected, in Beijing time', () => {
  const updatedAt = new Date('2026-11-23T02:00:00Z');
  const graph = named(articleGraph(site, { ...head, updatedAt }));
  expect(graph).toMatchObject({
    'og:type': 'article',
    'og:url': head.address,
    'og:image:alt': '大厅',
    'article:published_time': '2026-11-23T00:05:30+08:00',
    'article:modified_time': '2026-11-23T10:00:00+08:00',
    'article:section': '检察要闻',
  });
});

const read = (script: string) =>
  JSON.parse(script.replace(/^<script type="application\/ld\+json">|<\/script>$/g, '')) as {
    '@context': string;
    '@graph': Record<string, unknown>[];
  };

test('search engines are told who published what, and where it stands on the site', () => {
  const crumbs = [
    { name: '检务发布', address: listAddress(site, { column: null }) },
    { name: '检察要闻', address: listAddress(site, { column: 'news' }) },
  ];
  const data = read(
    structuredData(newsArticle({ ...head, office: '云州市人民检察院' }), breadcrumbs(crumbs)),
  );
  expect(data['@context']).toBe('https://schema.org');
  expect(data['@graph'][0]).toMatchObject({
    '@type': 'NewsArticle',
    headline: '检察开放日',
    datePublished: '2026-11-23T00:05:30+08:00',
    dateModified: '2026-11-23T00:05:30+08:00',
    publisher: { '@type': 'GovernmentOrganization', name: '云州市人民检察院' },
    mainEntityOfPage: { '@id': head.address },
  });
  expect(data['@graph'][1]).toMatchObject({
    '@type': 'BreadcrumbList',
    itemListElement: [
      { position: 1, name: '检务发布', item: 'https://news.yunzhou.example/news' },
      { position: 2, name: '检察要闻', item: 'https://news.yunzhou.example/news/columns/news' },
    ],
  });
});

test('no text can end the block of data that it stands in', () => {
  const script = structuredData(newsArticle({ ...head, title: HOSTILE, office: HOSTILE }));
  expect(script.match(/<\/script>/g)).toHaveLength(1);
  expect(script).not.toContain('\u2028');
  expect(read(script)['@graph'][0]?.['headline']).toBe(HOSTILE);
});

test('the first words of a text are words, without tags or escapes', () => {
  expect(beginningOf('<p>甲 &lt;乙&gt; &amp;amp;</p><p>丙</p>')).toBe('甲 <乙> &amp; 丙');
  expect([...beginningOf(`<p>${'𠮷'.repeat(200)}</p>`)]).toHaveLength(120);
});

test('an address of a list says only what is not usual', () => {
  expect(listAddress(site, { column: null })).toBe('https://news.yunzhou.example/news');
  expect(listAddress(site, { column: 'news', office: '530100', page: 3 })).toBe(
    'https://news.yunzhou.example/news/columns/news?office=530100&page=3',
  );
});

import { documentOfText } from '../../../publisher/releases/plain.ts';
import { siteHtml } from '../../../publisher/releases/render.ts';
import type { FeedEntry } from '../../../publisher/site/feeds.ts';
import type { Site } from '../../../publisher/site/site.ts';

export const site: Site = {
  name: '云州检察',
  office: '云州市人民检察院',
  address: 'https://news.yunzhou.example',
  idCode: '5300000001',
};

/** What would end an element, a section of CDATA or an attribute, or make a document unreadable. */
export const HOSTILE = `通报 & "说明" ]]> </script><b> 'x'\u0008\u2028y`;

export function entry(change: Partial<FeedEntry> = {}): FeedEntry {
  return {
    slug: '20261122-1',
    title: '检察开放日',
    summary: '',
    html: siteHtml(documentOfText('第一段\n第二段'), String),
    publishedAt: new Date('2026-11-22T01:00:00Z'),
    updatedAt: null,
    officeName: '云州市人民检察院',
    keywords: [],
    image: null,
    ...change,
  };
}

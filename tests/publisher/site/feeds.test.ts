import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { describe, expect, test } from 'vitest';
import type { ReleaseDocument } from '../../../config/release-document.ts';
import { feedEntries } from '../../../crawler/extract/feed-document.ts';
import { jsonFeedEntries } from '../../../crawler/extract/feed-json.ts';
import { siteHtml } from '../../../publisher/releases/render.ts';
import { feed, lastChange, withHost } from '../../../publisher/site/feeds.ts';
import { feedKinds } from '../../../publisher/site/site.ts';
import { all, readXml, textOf } from '../../support/xml.ts';
import { entry, HOSTILE, site } from './articles.ts';

const everything = { key: null, name: site.name, description: '检务信息' };
const column = { key: 'notices', name: '通知公告', description: '通知' };
const corrected = entry({
  slug: '20261121-7',
  title: '公告',
  summary: '摘要',
  keywords: ['开放日', '普法'],
  image: '/media/3-0123456789ab.png',
  updatedAt: new Date('2026-11-22T03:30:00Z'),
});
const entries = [entry(), corrected];

describe('RSS 2.0', () => {
  const channel = readXml(feed('rss.xml', site, column, entries)).children[0] ?? null;

  test('names itself, its page and its language', () => {
    if (!channel) throw new Error('no channel');
    expect(textOf(channel, 'title')).toBe('通知公告 - 云州检察');
    expect(textOf(channel, 'link')).toBe('https://news.yunzhou.example/news/columns/notices');
    expect(textOf(channel, 'language')).toBe('zh-CN');
    expect(textOf(channel, 'lastBuildDate')).toBe('Sun, 22 Nov 2026 03:30:00 GMT');
    expect(channel.children.find(({ name }) => name === 'atom:link')?.attributes).toEqual({
      href: 'https://news.yunzhou.example/news/columns/notices/rss.xml',
      rel: 'self',
      type: 'application/rss+xml',
    });
  });

  test('has each article with a permanent id, its time and its whole text', () => {
    const [item, second] = channel ? all(channel, 'item') : [];
    if (!item || !second) throw new Error('no items');
    const guid = item.children.find(({ name }) => name === 'guid');
    expect(guid).toMatchObject({
      text: 'https://news.yunzhou.example/news/20261122-1',
      attributes: { isPermaLink: 'true' },
    });
    expect(textOf(item, 'link')).toBe(guid?.text);
    expect(textOf(item, 'pubDate')).toBe('Sun, 22 Nov 2026 01:00:00 GMT');
    expect(textOf(item, 'content:encoded').trim()).toBe('<p>第一段</p><p>第二段</p>');
    expect(all(second, 'category').map(({ text }) => text)).toEqual(['开放日', '普法']);
  });
});

describe('Atom', () => {
  const text = feed('atom.xml', site, everything, entries);

  test('has what RFC 4287 requires: ids, titles, times of change, an author', () => {
    const root = readXml(text);
    expect(root.attributes['xmlns']).toBe('http://www.w3.org/2005/Atom');
    expect(textOf(root, 'id')).toBe('https://news.yunzhou.example/news/atom.xml');
    expect(textOf(root, 'updated')).toBe('2026-11-22T03:30:00.000Z');
    const found = all(root, 'entry').map((each) => [
      textOf(each, 'id'),
      textOf(each, 'published'),
      textOf(each, 'updated'),
    ]);
    expect(found).toEqual([
      [
        'https://news.yunzhou.example/news/20261122-1',
        '2026-11-22T01:00:00.000Z',
        '2026-11-22T01:00:00.000Z',
      ],
      [
        'https://news.yunzhou.example/news/20261121-7',
        '2026-11-22T01:00:00.000Z',
        '2026-11-22T03:30:00.000Z',
      ],
    ]);
    expect(all(root, 'author').length).toBeGreaterThan(0);
    expect(parseAtomFeed(text).entries?.[1]?.summary?.value).toBe('摘要');
  });

  test('is a feed also while nothing is in it', () => {
    const root = readXml(feed('atom.xml', site, everything, []));
    expect(textOf(root, 'updated')).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('JSON Feed', () => {
  test('is of version 1.1, with times of RFC 3339 and the picture with its host', () => {
    const read = JSON.parse(feed('feed.json', site, everything, entries)) as { items: unknown[] };
    expect(read).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: '云州检察',
      home_page_url: 'https://news.yunzhou.example/news',
      feed_url: 'https://news.yunzhou.example/news/feed.json',
      language: 'zh-CN',
    });
    expect(read.items[1]).toMatchObject({
      id: 'https://news.yunzhou.example/news/20261121-7',
      date_published: '2026-11-22T01:00:00.000Z',
      date_modified: '2026-11-22T03:30:00.000Z',
      image: 'https://news.yunzhou.example/media/3-0123456789ab.png',
      tags: ['开放日', '普法'],
    });
    expect(parseJsonFeed(JSON.stringify(read)).items).toHaveLength(2);
  });
});

describe.each(feedKinds)('%s', (kind) => {
  const read = (text: string) => (kind === 'feed.json' ? jsonFeedEntries(text) : feedEntries(text));

  test('is read by the hub as any other feed', () => {
    const found = read(feed(kind, site, everything, entries));
    expect(found.map(({ title }) => title)).toEqual(['检察开放日', '公告']);
    expect(found[0]?.content).toContain('第二段');
  });

  test('stays whole, whatever a title or text holds', () => {
    const html = siteHtml({ type: 'doc', content: [paragraph(HOSTILE)] }, String);
    const text = feed(kind, site, { ...column, name: HOSTILE }, [
      entry({ title: HOSTILE, summary: HOSTILE, html, keywords: [HOSTILE], officeName: HOSTILE }),
    ]);
    expect(titles(kind, text)[0]).toBe(HOSTILE.replace('\u0008', ''));
    expect(read(text)).toHaveLength(1);
    expect(text).not.toContain('\u0008');
  });
});

/** The titles of the articles as the format itself has them. */
function titles(kind: (typeof feedKinds)[number], text: string): string[] {
  if (kind === 'feed.json')
    return (JSON.parse(text) as { items: { title: string }[] }).items.map(({ title }) => title);
  const name = kind === 'rss.xml' ? 'item' : 'entry';
  return all(readXml(text), name).map((each) => textOf(each, 'title').trim());
}

const paragraph = (text: string): ReleaseDocument['content'][number] => ({
  type: 'paragraph',
  content: [{ type: 'text', text }],
});

test('addresses of files and pages get their host, those of other sites and words that look like one do not', () => {
  const html = siteHtml(
    {
      type: 'doc',
      content: [
        { type: 'image', attrs: { mediaId: 3, alt: '', caption: '' } },
        {
          type: 'paragraph',
          content: [
            {
              type: 'text',
              text: ' src="/x" ',
              marks: [{ type: 'link', attrs: { href: 'https://other.example/a' } }],
            },
            { type: 'text', text: '本站', marks: [{ type: 'link', attrs: { href: '/news/1' } }] },
          ],
        },
      ],
    },
    (id) => `/media/${id}`,
  );
  const whole = withHost(site, html);
  expect(whole).toContain('src="https://news.yunzhou.example/media/3"');
  expect(whole).toContain('href="https://news.yunzhou.example/news/1"');
  expect(whole).toContain('href="https://other.example/a"');
  expect(whole).toContain('src=&quot;/x&quot;');
});

test('a list last changed when its latest article was published or corrected', () => {
  expect(lastChange([])).toBeNull();
  expect(lastChange(entries)?.toISOString()).toBe('2026-11-22T03:30:00.000Z');
});

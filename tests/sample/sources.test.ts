import { selectAll, selectOne } from 'css-select';
import type { AnyNode, Element } from 'domhandler';
import { textContent } from 'domutils';
import { parseDocument } from 'htmlparser2';
import { expect, test } from 'vitest';
import { sampleSources, type SampleSource } from '../../sample/sources.ts';
import { numberOf, siteKeys, type SiteKey } from '../../sample/story/types.ts';
import { ask, textOf } from './site-helpers.ts';
import { anchor, world } from './world-helpers.ts';

const addresses = Object.fromEntries(siteKeys.map((key) => [key, `http://${key}.test`])) as Record<
  SiteKey,
  string
>;
const sources = sampleSources(addresses);

function source<K extends SampleSource['kind']>(key: string, kind: K): Extract<SampleSource, { kind: K }> {
  const found = sources.find((candidate) => candidate.key === key && candidate.kind === kind);
  if (!found) throw new Error(`no ${kind} source ${key}`);
  return found as Extract<SampleSource, { kind: K }>;
}

const parse = (site: SiteKey, path: string): AnyNode[] => parseDocument(textOf(ask(site, path))).children;
const words = (selector: string, nodes: AnyNode[]): string[] =>
  selectAll(selector, nodes).map((node) => textContent(node).trim());
const href = (node: Element | null): string => node?.attribs['href'] ?? '';

test('every site has one source with its legal basis, its impact and its approval', () => {
  expect(sources).toHaveLength(siteKeys.length);
  for (const { key, legalBasis, impactNote, approvedBy, intervalSeconds, url } of sources) {
    expect(key).toMatch(/^sample-/);
    expect(legalBasis && impactNote).toBeTruthy();
    expect(approvedBy).toBe('示例');
    expect(intervalSeconds).toBeGreaterThanOrEqual(15);
    expect(() => new URL(url)).not.toThrow();
  }
});

test('the selectors for the news site find list, next page, article and comments', () => {
  const { settings, url } = source('sample-news', 'site');
  const list = parse('news', new URL(url).pathname);
  const links = selectAll(settings.list.link, list).map((node) => href(node as Element));
  expect(links).toHaveLength(20);
  expect(href(selectOne(settings.list.next, list) as Element | null)).toBe('/list/2.html');

  const commented = world
    .items('news', anchor)
    .findLast((item) => item.kind === 'article' && item.comments > 3);
  const number = numberOf(commented ?? { id: '-?' });
  const path = links.find((link) => link.includes(number)) ?? links[0] ?? '';
  const page = parse('news', path);
  const item = world.find(`news-${/a(\d+)/.exec(path)?.[1]}`, anchor);
  const article = settings.article ?? {};
  expect(words(article.title ?? '', page)).toEqual([item?.title]);
  expect(words(article.text ?? '', page)[0]).toContain(item?.text.split('\n')[0]);
  expect(words(article.publishedAt ?? '', page)[0]).toMatch(/^\d{4}年\d\d月\d\d日 \d\d:\d\d/);
  expect(words(article.outlet ?? '', page)).toHaveLength(1);
  const comments = selectAll(article.comment?.item ?? '', page);
  const replies = world.replies(item?.id ?? '', anchor);
  expect(comments).toHaveLength(replies.length);
  for (const comment of comments) {
    expect(replies.map((reply) => reply.text)).toContain(words(article.comment?.text ?? '', [comment])[0]);
    expect(words(article.comment?.likes ?? '', [comment])[0]).toMatch(/^\d+$/);
    expect(words(article.comment?.publishedAt ?? '', [comment])).toHaveLength(1);
  }
});

test('the selectors for the forum find threads and floors, and no quote or author in a floor', () => {
  const { settings, url } = source('sample-forum', 'site');
  const board = parse('forum', new URL(url).pathname);
  const links = selectAll(settings.list.link, board).map((node) => href(node as Element));
  expect(links).toHaveLength(30);
  expect(href(selectOne(settings.list.next, board) as Element | null)).toBe('/board-2.html');
  const path = links.find((link) => words('.quote', parse('forum', link)).length > 0) ?? '';
  const page = parse('forum', path);
  const { thread } = settings;
  const floors = selectAll(thread?.item ?? '', page);
  expect(floors.length).toBeGreaterThan(1);
  for (const floor of floors) {
    const texts = words(thread?.text ?? '', [floor]);
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toMatch(/发表于|IP属地|网友\d{5}/);
    expect(words(thread?.publishedAt ?? '', [floor])).toHaveLength(1);
  }
});

test('the paths for the microblog lead to every field', () => {
  const { settings, url } = source('sample-weibo', 'api');
  const at = (path: string, value: unknown): unknown =>
    path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);
  const { pathname, search } = new URL(url);
  const body: unknown = JSON.parse(textOf(ask('weibo', pathname + search)));
  const items = at(settings.items, body) as unknown[];
  expect(items).toHaveLength(50);
  expect(at(settings.next, body)).toMatch(/^\d+_\d+$/);
  for (const item of items)
    for (const path of Object.values(settings.fields)) expect(at(path, item)).toBeDefined();
  const address = settings.urlTemplate.replace('{id}', String(at(settings.fields.id, items[0])));
  expect(ask('weibo', new URL(address).pathname).status).toBe(200);
});

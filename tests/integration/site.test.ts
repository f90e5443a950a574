import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, type ReleaseContent } from '../../config/release-content.ts';
import type { ReleaseDocument } from '../../config/release-document.ts';
import { documentOfText } from '../../publisher/releases/plain.ts';
import { addMedia } from '../../store/media.ts';
import { deliveryById } from '../../store/deliveries.ts';
import { scheduleRelease } from '../../store/delivery-schedule.ts';
import { dropSiteColumn, saveSiteColumn, siteColumn } from '../../store/site-columns.ts';
import { correctOnSite, type SitePage } from '../../store/site-publishing.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { askWithdrawal } from '../../store/withdrawals.ts';
import { DeliveryDesk } from '../support/delivery-desk.ts';
import { makerOf } from '../support/records.ts';
import { approvedRelease } from '../support/releases.ts';
import { startTestWeb, type TestWeb } from '../support/web.ts';
import { all, readXml, textOf } from '../support/xml.ts';

let desk: DeliveryDesk;
let web: TestWeb;

beforeAll(async () => {
  desk = await DeliveryDesk.start();
  web = await startTestWeb(desk.staff.engines);
});
afterAll(async () => {
  await web?.stop();
  await desk?.stop();
});

type Page = { status: number; text: string; headers: Headers };

async function get(path: string, headers: Record<string, string> = {}): Promise<Page> {
  const answer = await fetch(web.address + path, { redirect: 'manual', headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

type Published = { id: number; release: number; path: string };
/** Publishes a release on the website alone. */
async function publish(given: Partial<ReleaseContent> & { title: string }): Promise<Published> {
  const content = contentOf({ document: documentOfText('正文第一段\n正文第二段'), ...given });
  const release = await approvedRelease(desk.db, desk.actor, content);
  const plan = [{ accountId: 'website' as const, dueAt: desk.now() }];
  const [id = 0] = await scheduleRelease(desk.db, desk.actor, release, plan, desk.now());
  await desk.worker.work();
  const delivery = await deliveryById(desk.db, id);
  return {
    id,
    release: release.id,
    path: delivery?.address ?? `not published: ${delivery?.state} ${delivery?.reason}`,
  };
}

/** `<meta>` of a page, by name or property. */
function tags(text: string): Record<string, string> {
  const found = text.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, name = '', content = '']) => [name, content]));
}

type Graph = { '@graph': Record<string, unknown>[] };
function structured(text: string): Graph {
  const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(text) ?? [];
  return JSON.parse(json) as Graph;
}

async function picture(kind: 'image' | 'attachment' = 'image'): Promise<number> {
  const made = await addMedia(desk.db, desk.actor, desk.actor.officeId, {
    ...{ kind, alt: '检察服务大厅', cropOf: null, data: Buffer.from(`bytes ${Math.random()}`) },
    ...(kind === 'image'
      ? { name: '大厅.png', mime: 'image/png', width: 8, height: 8 }
      : { name: '报名表.pdf', mime: 'application/pdf', width: null, height: null }),
  });
  return made.id;
}

const HOSTILE = '“通报” </script><script>alert(1)</script> & <b>';

describe('an article', () => {
  test('stands with everything that readers and search engines are told of it', async () => {
    const [image, attachment] = [await picture(), await picture('attachment')];
    const document: ReleaseDocument = {
      type: 'doc',
      content: [
        { type: 'image', attrs: { mediaId: image, alt: '大厅', caption: '大厅一角' } },
        { type: 'paragraph', content: [{ type: 'text', text: '欢迎参加。' }] },
      ],
    };
    const { path } = await publish({
      title: HOSTILE,
      summary: '开放日的安排',
      document,
      details: {
        ...contentOf().details,
        ...{ source: '云州检察融媒体中心', author: '宣传处', keywords: ['开放日'], aiAssisted: true },
        attachmentIds: [attachment],
        website: { on: true, title: null, column: 'notices' },
      },
    });
    const page = await get(path);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain('<figcaption>大厅一角</figcaption>');
    expect(page.text).toContain('人工智能');
    expect(page.text).toContain('报名表.pdf');
    expect(tags(page.text)).toMatchObject({
      SiteName: '云州市人民检察院',
      SiteDomain: new URL(web.address).host,
      ColumnName: '通知公告',
      ColumnType: '工作动态',
      PubDate: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d$/),
      ContentSource: '云州检察融媒体中心',
      Author: '宣传处',
      Keywords: '开放日',
      Description: '开放日的安排',
      Url: web.address + path,
      'og:type': 'article',
      'article:section': '通知公告',
    });
    expect(page.text).toContain(`<link rel="canonical" href="${web.address}${path}"`);
    expect(page.text).toMatch(/<html lang="zh-CN"/);
    const { '@graph': graph } = structured(page.text);
    expect(graph[0]).toMatchObject({ '@type': 'NewsArticle', headline: HOSTILE });
    expect(graph[1]).toMatchObject({ '@type': 'BreadcrumbList' });

    const source = /<img src="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await get(source)).headers.get('cache-control')).toContain('immutable');
    expect(tags(page.text)['og:image']).toBe(web.address + source);
  });

  test('sets nothing, asks nobody else, and is answered with 304 while it is the same', async () => {
    const { path } = await publish({ title: '不变的公告' });
    const page = await get(path, { cookie: 'jiansheng-theme=dark' });
    expect(page.headers.getSetCookie()).toEqual([]);
    expect(page.headers.get('cache-control')).toBe('public, max-age=30');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('http');
    const others = [...page.text.matchAll(/(?:src|href|action)="(https?:\/\/[^/"]+)/g)].map(
      ([, host]) => host,
    );
    expect(others.filter((host) => host !== web.address)).toEqual([]);
    const etag = page.headers.get('etag') ?? '';
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
  });

  test('that shows a file which is gone is not published, and whoever scheduled it is told why', async () => {
    const document: ReleaseDocument = {
      type: 'doc',
      content: [{ type: 'image', attrs: { mediaId: 999_999, alt: '', caption: '' } }],
    };
    const { id } = await publish({ title: '缺图的公告', document });
    expect(await deliveryById(desk.db, id)).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('1 个文件'),
    });
  });

  test('is corrected in its place, with a note for readers and the time', async () => {
    const { id, path } = await publish({ title: '时间有误的公告' });
    const content = contentOf({ title: '时间更正的公告' });
    const page: SitePage = {
      ...{ slug: '', address: null, html: '<p>新的正文</p>', mediaIds: [], imageId: null },
    };
    const of = { id, officeId: desk.actor.officeId, content };
    const at = desk.inMinutes(5);
    await correctOnSite(desk.db, of, page, '开放日改为 12 月 4 日。', at);
    await correctOnSite(desk.db, of, page, '开放日改为 12 月 4 日。', desk.inMinutes(9));
    const { text } = await get(path);
    expect(text).toContain('时间更正的公告');
    expect(text).toContain('新的正文');
    expect(text).toContain('更正说明');
    expect(text).toContain('开放日改为 12 月 4 日。');
    // The same once more has changed nothing.
    expect(structured(text)['@graph'][0]).toMatchObject({ dateModified: expect.any(String) });
    expect(tags(text)['article:modified_time']?.slice(0, 16)).toBe(
      new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16),
    );
  });

  test('that was withdrawn says so in its place; its words and files are gone', async () => {
    const image = await picture();
    const document: ReleaseDocument = {
      type: 'doc',
      content: [{ type: 'image', attrs: { mediaId: image, alt: '', caption: '秘密的说明' } }],
    };
    const { release, path } = await publish({ title: '要撤下的公告', document });
    const source = /<img src="([^"]+)"/.exec((await get(path)).text)?.[1] ?? '';
    expect((await get(source)).status).toBe(200);
    await askWithdrawal(desk.db, desk.actor, { releaseId: release, reason: '内容需要核实' }, desk.now());
    await desk.worker.work();
    const gone = await get(path);
    expect(gone.status).toBe(410);
    expect(gone.text).toContain('内容已撤下');
    expect(gone.text).not.toContain('要撤下的公告');
    expect(gone.text).not.toContain('秘密的说明');
    expect(gone.text).not.toContain('内容需要核实');
    expect((await get(source)).status).toBe(404);
    for (const list of [
      '/news',
      '/news/rss.xml',
      '/news/atom.xml',
      '/news/feed.json',
      '/sitemaps/news.xml',
    ]) {
      expect((await get(list)).text, list).not.toContain(path.split('/').at(-1));
    }
    expect((await get('/news/20010101-1')).status).toBe(404);
  });
});

describe('lists', () => {
  const inColumn = (column: string) => ({
    details: { ...contentOf().details, website: { on: true, title: null, column } },
  });

  test('a column shows its own articles, page by page, and says what it is', async () => {
    for (let n = 1; n <= 21; n += 1) {
      desk.clock += 1_000;
      await publish({ title: `案例之${n}。`, ...inColumn('typical-cases') });
    }
    const first = await get('/news/columns/typical-cases');
    expect(first.text).toContain('案例之21。');
    expect(first.text).not.toContain('案例之1。');
    expect(tags(first.text)).toMatchObject({ ColumnName: '典型案例', ColumnType: '政策解读' });
    const second = await get('/news/columns/typical-cases?page=2');
    expect(second.text).toContain('案例之1。');
    expect(second.text).not.toContain('案例之2。');
    expect(second.text).toContain(
      `<link rel="canonical" href="${web.address}/news/columns/typical-cases?page=2"`,
    );
    for (const path of ['?page=3', '?page=0', '?page=x', '?office=none']) {
      expect((await get(`/news/columns/typical-cases${path}`)).status, path).toBe(404);
    }
    expect((await get('/news/columns/no-such-column')).status).toBe(404);
    const { text } = await get('/news');
    expect(text).toContain('/news/columns/typical-cases');
    // A column with nothing in it leads nowhere.
    expect(text).not.toContain('/news/columns/reports');
  });

  test('an article leads to those before and after it in its column, and to those about the same', async () => {
    desk.clock += 60_000;
    await publish({ title: '前一篇甲', ...inColumn('press') });
    desk.clock += 60_000;
    const { path } = await publish({ title: '中间一篇乙', ...inColumn('press') });
    desk.clock += 60_000;
    await publish({ title: '后一篇丙', ...inColumn('press') });
    const { text } = await get(path);
    expect(text).toMatch(/rel="prev"[^>]*>\s*前一篇甲/);
    expect(text).toMatch(/rel="next"[^>]*>\s*后一篇丙/);
  });

  test('columns are changed, undone and added; what others changed meanwhile is not overwritten', async () => {
    const { db, actor } = desk;
    const before = await siteColumn(db, actor.officeId, 'press');
    if (!before) throw new Error('no column');
    const renamed = { ...before, name: '发布会' };
    expect(await saveSiteColumn(db, actor, renamed, before)).toEqual(before);
    await expect(saveSiteColumn(db, actor, { ...before, name: '又一个' }, before)).rejects.toMatchObject({
      code: 'site-column-stale',
    });
    await saveSiteColumn(db, actor, before, renamed);
    expect(await siteColumn(db, actor.officeId, 'press')).toEqual(before);

    const added = { ...before, key: 'added', name: '新栏目' };
    await saveSiteColumn(db, actor, added, null);
    await expect(saveSiteColumn(db, actor, added, null)).rejects.toMatchObject({ code: 'site-column-taken' });
    await dropSiteColumn(db, actor, added);
    expect(await siteColumn(db, actor.officeId, 'added')).toBeNull();
  });

  test('a column that something stands in is not dropped, only no longer offered', async () => {
    const { db, actor } = desk;
    const column = { ...(await siteColumn(db, actor.officeId, 'news')), key: 'held', name: '专栏' };
    await saveSiteColumn(db, actor, column as never, null);
    await publish({ title: '专栏文章', ...inColumn('held') });
    await dropSiteColumn(db, actor, column as never);
    expect(await siteColumn(db, actor.officeId, 'held')).toMatchObject({ archived: true });
  });
});

describe('several offices on one site', () => {
  test('are told apart; a column that only one of them has goes by its name there', async () => {
    const { county } = desk.staff.offices;
    const code = await desk.staff.engines.store.query<{ code: string; name: string }>(
      'select code, name from offices where id = $1',
      [county],
    );
    const { code: office = '', name = '' } = code.rows[0] ?? {};
    const make = makerOf('/(public)/news/[slug]');
    const slug = (await make?.(desk.staff.engines.store, county, '县院')) ?? '';
    await desk.staff.engines.store.query(
      `update site_articles set title = '县院的公告', column_key = 'county-only', published_at = $2 where slug = $1`,
      [slug, desk.inMinutes(1)],
    );
    const actor = { ...desk.actor, officeId: county };
    const column = await siteColumn(desk.db, desk.actor.officeId, 'notices');
    if (!column) throw new Error('no column');
    const db = scoped(desk.staff.app, oneOffice(county));
    await saveSiteColumn(db, actor, { ...column, key: 'county-only', name: '乡村检察' }, null);
    await publish({ title: '市院的公告' });

    const all = await get('/news');
    expect(all.text).toContain('县院的公告');
    expect(all.text).toContain('市院的公告');
    expect(all.text).toContain(`/news?office=${office}`);
    const one = await get(`/news?office=${office}`);
    expect(one.text).toContain('县院的公告');
    expect(one.text).not.toContain('市院的公告');
    expect(one.text).toContain('乡村检察');
    const page = await get(`/news/${slug}`);
    expect(tags(page.text)).toMatchObject({ ColumnName: '乡村检察', ContentSource: name });
    expect(page.text).toContain(`${web.address}/news/columns/county-only?office=${office}`);
    expect((await get(`/news/columns/county-only?office=${office}`)).text).toContain('县院的公告');
    expect((await get('/news/columns/county-only')).status).toBe(404);
  });
});

describe('what programs read', () => {
  test.each([
    ['/news/rss.xml', 'application/rss+xml; charset=utf-8'],
    ['/news/atom.xml', 'application/atom+xml; charset=utf-8'],
    ['/news/feed.json', 'application/feed+json; charset=utf-8'],
    ['/news/columns/notices/rss.xml', 'application/rss+xml; charset=utf-8'],
    ['/news/columns/notices/atom.xml', 'application/atom+xml; charset=utf-8'],
    ['/news/columns/notices/feed.json', 'application/feed+json; charset=utf-8'],
  ])('%s is a feed that is kept, and answered with 304 while it is the same', async (path, type) => {
    await publish({
      title: `订阅 ${path}`,
      details: { ...contentOf().details, website: { on: true, title: null, column: 'notices' } },
    });
    const feed = await get(path);
    expect(feed.headers.get('content-type')).toBe(type);
    expect(feed.text).toContain(`订阅 ${path}`);
    if (path.endsWith('xml')) expect(() => readXml(feed.text)).not.toThrow();
    const etag = feed.headers.get('etag') ?? '';
    const modified = feed.headers.get('last-modified') ?? '';
    expect((await get(path, { 'if-none-match': etag })).status).toBe(304);
    expect((await get(path, { 'if-modified-since': modified })).status).toBe(304);
    const earlier = new Date(Date.parse(modified) - 1_000).toUTCString();
    expect((await get(path, { 'if-modified-since': earlier })).status).toBe(200);
    // A tag that is another one counts before the time (RFC 9110, 13.2.2).
    expect((await get(path, { 'if-none-match': '"other"', 'if-modified-since': modified })).status).toBe(200);
  });

  test('a column that there is not has no feed', async () => {
    expect((await get('/news/columns/no-such-column/rss.xml')).status).toBe(404);
  });

  test('the sitemaps lead to every article, and robots.txt to them', async () => {
    const { path } = await publish({ title: '地图里的公告' });
    const robots = await get('/robots.txt');
    expect(robots.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const [index = ''] = /Sitemap: (\S+)/.exec(robots.text)?.slice(1) ?? [];
    const files = all(readXml((await get(new URL(index).pathname)).text), 'sitemap').map((file) =>
      textOf(file, 'loc'),
    );
    const addresses: string[] = [];
    for (const file of files) {
      const { text, headers } = await get(new URL(file).pathname);
      expect(headers.get('content-type')).toBe('application/xml; charset=utf-8');
      addresses.push(...all(readXml(text), 'url').map((each) => textOf(each, 'loc')));
    }
    expect(addresses).toContain(web.address + path);
    expect(addresses).toContain(`${web.address}/news`);
    expect(addresses).toContain(`${web.address}/news/columns/notices`);
    const count = await desk.db.query<{ count: number }>(
      'select count(*)::int as count from site_articles where withdrawn_at is null',
    );
    const articles = addresses.filter((address) => /\/news\/[a-z0-9]+-\d+$/.test(address));
    expect(articles).toHaveLength(count.rows[0]?.count ?? -1);
    expect((await get('/sitemaps/articles-99999.xml')).status).toBe(404);
    expect((await get('/sitemaps/other.xml')).status).toBe(404);
  });

  test('the news sitemap holds what is of the last two days', async () => {
    const { path, id } = await publish({ title: '昨天的新闻' });
    const old = await publish({ title: '三天前的新闻' });
    await desk.staff.engines.store.query(
      `update site_articles set published_at = now() - interval '3 days' where delivery_id = $1`,
      [old.id],
    );
    await desk.staff.engines.store.query(
      `update site_articles set published_at = now() - interval '1 day' where delivery_id = $1`,
      [id],
    );
    const { text } = await get('/sitemaps/news.xml');
    expect(text).toContain(path);
    expect(text).not.toContain(old.path);
  });
});

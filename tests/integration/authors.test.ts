import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import type { SourceSettings } from '../../config/sources.ts';
import { importUpload } from '../../hub/intake/import.ts';
import { clock } from '../../hub/roles/clock.ts';
import { crawl } from '../../hub/roles/crawl.ts';
import { index } from '../../hub/roles/index.ts';
import { hubActor } from '../../store/actor.ts';
import { intakeSource, type IntakeSource } from '../../store/intake.ts';
import { openStore } from '../../store/pool.ts';
import { makeToken } from '../../store/push-tokens.ts';
import { oneOffice, scoped } from '../../store/scope.ts';
import { setSourceSecret } from '../../store/source-secrets.ts';
import { recentVisits } from '../../store/visits.ts';
import { textMessage, pushQuery } from '../simulators/wechat/push.ts';
import { startWeibo } from '../simulators/weibo.ts';
import { startTestEngines, TEST_KEY, until, type TestEngines } from '../support/engines.ts';
import { feedSource, makeSources } from '../support/posts.ts';
import { startSite, type TestSite } from '../support/site.ts';
import { makePerson, signIn, startTestWeb, type TestWeb } from '../support/web.ts';

/**
 * Posts come in by every way there is, each field that says who wrote them holding a mark of its own; then every place
 * where the hub keeps or gives away anything is looked through for the marks.
 */
const marks: string[] = [];
function mark(what: string): string {
  const made = `zq${marks.length}${what}qz`;
  marks.push(made);
  return made;
}
/** A name as bylines have it. */
function byline(name: string): string {
  marks.push(name);
  return name;
}

/** What must be found, so that not to find anything means something: words of every text. */
const CONTROL = 'kontrollwort';
let texts = 0;
/** A text that is like no other, as copies are not searched for. */
function words(): string {
  texts += 1;
  return `${CONTROL}第${texts}条：群众${'甲乙丙丁戊己庚辛壬癸子丑寅'[texts]}反映检察机关办理的${texts * 17}号案件进展缓慢，希望尽快公开第${texts * 31}项结果。`;
}

const RSS = () => `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>云州日报</title>
  <managingEditor>${mark('editor')}@example.org</managingEditor><webMaster>${mark('webmaster')}@example.org</webMaster>
  <item><title>订阅一</title><link>http://rss.example/1</link><author>${mark('rssauthor')}@example.org (${mark('rssname')})</author>
  <dc:creator>${mark('creator')}</dc:creator><dc:contributor>${mark('contributor')}</dc:contributor>
  <itunes:author>${mark('itunes')}</itunes:author><media:credit role="author">${mark('credit')}</media:credit>
  <pubDate>Sun, 01 Nov 2026 08:00:00 +0800</pubDate>
  <description><![CDATA[<p>（记者 ${byline('祁同甫')} 通讯员 ${byline('訾小满')}）${words()}</p><p>责任编辑：${byline('郏文博')}</p>
  <p><a href="https://weibo.com/u/${mark('profile')}">@${mark('handle')}</a> 转发</p>]]></description></item></channel></rss>`;

const ATOM =
  () => `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>云州日报</title><id>urn:atom</id>
  <updated>2026-11-01T00:00:00Z</updated><author><name>${mark('feedauthor')}</name></author>
  <entry><id>urn:atom:1</id><title>订阅二</title><link href="http://atom.example/1"/><updated>2026-11-01T00:00:00Z</updated>
  <author><name>${mark('atomname')}</name><uri>http://atom.example/${mark('atomuri')}</uri><email>${mark('atommail')}@example.org</email></author>
  <contributor><name>${mark('atomhelper')}</name></contributor><content type="html">${words()}</content></entry></feed>`;

const PAGE =
  () => `<!doctype html><html><head><meta charset="utf-8"><title>网页报道</title><meta name="author" content="${mark('meta')}">
  <meta property="article:author" content="${mark('article')}"><meta property="og:article:author" content="${mark('og')}">
  <script type="application/ld+json">{"@type":"NewsArticle","headline":"网页报道","datePublished":"2026-11-01T08:00:00+08:00",
  "author":{"@type":"Person","name":"${mark('ld')}","url":"http://site.example/u/${mark('ldurl')}"}}</script></head>
  <body><article><h1>网页报道</h1><div class="byline">作者：${byline('亓明远')} <span class="author">${mark('byline')}</span></div>
  <span class="time">2026-11-01 08:00</span><div class="text"><p>${words()}</p><p>（记者 ${byline('逄晓晨')}）</p></div></article>
  <ul class="comments"><li class="c"><a class="user" href="/u/${mark('commenturl')}"><img class="avatar" src="/a/${mark('avatar')}.png" alt="${mark('alt')}">
  ${mark('commenter')}</a><span class="ip">IP属地：${mark('place')}</span><p class="words">${words()}</p></li></ul></body></html>`;

const API = () => ({
  list: [
    {
      id: 7,
      text: words(),
      at: '2026-11-01 08:00:00',
      author: mark('apiauthor'),
      user: { name: mark('apiname'), id: mark('apiid'), avatar: mark('apiavatar'), ip: mark('apiip') },
    },
  ],
});

const CSV = () => `编号,来电时间,来电人,联系电话,身份证号,昵称,诉求标题,诉求内容,件数
GD-1,2026-11-01 08:05,${mark('caller')},${mark('phone')},${mark('card')},${mark('nick')},一件诉求,${words()},1\n`;

let engines: TestEngines;
let site: TestSite;
let web: TestWeb;
let log = '';
const stops: (() => Promise<unknown>)[] = [];

const why = { enabled: true, legalBasis: '测试所用', impactNote: '仅访问本机', approvedBy: '测试' };

beforeAll(async () => {
  engines = await startTestEngines();
  const pages: Record<string, [type: string, body: string]> = {
    '/rss': ['application/rss+xml', RSS()],
    '/atom': ['application/atom+xml', ATOM()],
    '/list': [
      'text/html',
      '<html><body><ul class="list"><li><a href="/article">网页报道</a></li></ul></body></html>',
    ],
    '/article': ['text/html; charset=utf-8', PAGE()],
    '/api': ['application/json', JSON.stringify(API())],
  };
  site = await startSite((request, response) => {
    const page = pages[request.url ?? ''];
    if (!page) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': page[0] }).end(page[1]);
  });
  const weibo = await startWeibo();
  const office = { id: '2345678901', screen_name: '云州检察' };
  const somebody = { id: '6180339887', screen_name: mark('weiboname') };
  marks.push(somebody.id);
  weibo.state.tokens.set('a-token', { uid: office.id, endsAt: Date.now() + 30 * 86_400_000 });
  const post = weibo.state.post(office, '通报一起案件');
  weibo.state.comment(post, somebody, `回复@${mark('replied')}:${words()}`);
  weibo.state.post(somebody, `${words()}@云州检察 //@${mark('chain')}:同意`, { shares: post });

  const pushing = { appId: 'wxb11529c136998cb6', token: 'pamtest' };
  const sources = [
    ...['rss', 'atom'].map((key) => feedSource(key, `${site.url}/${key}`, { intervalSeconds: 3600 })),
    {
      ...{
        ...why,
        key: 'pages',
        name: '云州网',
        kind: 'site',
        url: `${site.url}/list`,
        intervalSeconds: 3600,
      },
      settings: {
        list: { link: 'ul.list a', maxPages: 1, sitemap: 'never' },
        article: { comment: { item: 'li.c', text: 'p.words' } },
      },
    },
    {
      ...{ ...why, key: 'api', name: '云州接口', kind: 'api', url: `${site.url}/api`, intervalSeconds: 3600 },
      settings: {
        ...{ items: 'list', maxPages: 1, fields: { id: 'id', text: 'text', publishedAt: 'at' } },
        urlTemplate: 'https://api.example/{id}',
      },
    },
    {
      ...{ ...why, key: 'weibo', name: '云州检察微博', kind: 'weibo', intervalSeconds: 7200 },
      settings: {
        uid: office.id,
        read: ['to-me', 'mentions'],
        callsPerDay: 60,
        followDays: 30,
        endpoint: weibo.origin,
      },
    },
    {
      ...{ ...why, key: 'wechat', name: '云州检察', kind: 'wechat', intervalSeconds: 3600 },
      settings: { appId: pushing.appId, articles: [], followDays: 30, callsPerDay: 500, messages: 'plain' },
    },
    { ...why, key: 'hotline', name: '热线', kind: 'upload', settings: { postKind: 'post' } },
    { ...why, key: 'pushed', name: '推送', kind: 'push', settings: {} },
  ] as unknown as SourceSettings[];
  const ids = await makeSources(engines.store, engines.officeId, sources);
  const id = (key: string) => ids.get(key) ?? 0;
  const secret = (key: string, name: string, value: string) =>
    setSourceSecret(engines.store, openCipher([TEST_KEY]), hubActor('start', engines.officeId), {
      ...{ sourceId: id(key), name, value },
    });
  await secret('weibo', 'access-token', 'a-token');
  await secret('wechat', 'callback-token', pushing.token);

  const logger = pino(
    { level: 'trace' },
    new Writable({
      write(chunk, _, done) {
        log += String(chunk);
        done();
      },
    }),
  );
  for (const role of [crawl, clock, index]) stops.push(await role(engines.runtime(), logger));
  for (const key of ['rss', 'atom', 'pages', 'api', 'weibo'])
    await until(`the visit of ${key}`, async () => {
      const [visit] = await recentVisits(engines.store, id(key));
      return visit?.finishedAt;
    });

  const app = openStore(engines.runtime().databaseUrl, 'test', { max: 2 });
  const db = scoped(app, oneOffice(engines.officeId));
  const hotline = (await intakeSource(db, id('hotline'))) as IntakeSource;
  await importUpload(db, hotline, new TextEncoder().encode(CSV()), {
    ...{ actor: hubActor('test', engines.officeId), mapping: null, hash: null, rows: null },
  });

  web = await startTestWeb(engines);
  await makePerson(engines.store, 'press', engines.officeId, 'press-officer');
  const actor = { ...hubActor('test', engines.officeId), id: 'press' };
  const token = await makeToken(
    engines.store,
    actor,
    { id: id('pushed'), officeId: engines.officeId },
    '测试',
  );
  const pushed = await fetch(`${web.address}/api/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      sender: mark('sender'),
      items: [
        {
          ...{ id: 'A-1', text: words(), publishedAt: '2026-11-01 08:05', author: mark('pushauthor') },
          user: { name: mark('pushuser'), avatar: mark('pushavatar'), id: mark('pushid') },
        },
      ],
    }),
  });
  expect(pushed.status).toBe(200);
  const message = textMessage(words(), '23456789012345678').replace(
    'oOpenIdOfSomebody00000000001',
    mark('oOpenIdOfSomebody'),
  );
  const answered = await fetch(`${web.address}/api/wechat/${id('wechat')}?${pushQuery(pushing).query}`, {
    ...{ method: 'POST', body: message, headers: { 'content-type': 'text/xml' } },
  });
  expect(await answered.text()).toBe('success');
  await until('the outbox to be empty', async () => {
    const left = await engines.store.query<{ n: number }>('select count(*)::int as n from search_outbox');
    return left.rows[0]?.n === 0;
  });
  stops.push(
    () => app.end(),
    () => weibo.close(),
  );
}, 180_000);

afterAll(async () => {
  await web?.stop();
  await Promise.all(stops.map((stop) => stop()));
  await site?.close();
  await engines?.stop();
});

const found = (text: string) => marks.filter((each) => text.includes(each));

/** Every row of every table of every schema that is not the server's own, the queues' among them. */
async function everyRow(): Promise<Map<string, string>> {
  const tables = await engines.store.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname !~ '^(pg_|information_schema)' order by 1`,
  );
  const all = new Map<string, string>();
  for (const { name } of tables.rows) {
    const rows = await engines.store.query<{ row: string }>(`select t::text as row from ${name} t`);
    all.set(name, rows.rows.map(({ row }) => row).join('\n'));
  }
  return all;
}

function everyFile(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('of who wrote a post no byte is kept', () => {
  test('though posts came in by every way', async () => {
    const kinds = await engines.store.query<{ kind: string; n: number }>(
      `select s.kind, count(*)::int as n from posts p join sources s on s.id = p.source_id group by s.kind order by s.kind`,
    );
    expect(Object.fromEntries(kinds.rows.map(({ kind, n }) => [kind, n]))).toEqual({
      ...{ api: 1, feed: 2, push: 1, site: 2, upload: 1, wechat: 1, weibo: 2 },
    });
    expect(marks.length).toBeGreaterThan(45);
  });

  test('in any table, the queues included', async () => {
    const rows = await everyRow();
    expect([...rows.keys()].some((name) => name.startsWith('bullmq.'))).toBe(true);
    expect(rows.get('public.posts')).toContain(CONTROL);
    const kept = [...rows].flatMap(([name, text]) => found(text).map((each) => `${name}: ${each}`));
    expect(kept).toEqual([]);
  });

  test('in any document of the search engine', async () => {
    const { results } = await engines.search.client.getIndexes({ limit: 100 });
    let all = '';
    for (const { uid } of results)
      all += JSON.stringify(await engines.search.client.index(uid).getDocuments({ limit: 1000 }));
    expect(all).toContain(CONTROL);
    expect(found(all)).toEqual([]);
  });

  test('in any file of the data folder: tables, journals, indexes, logs of the engines', async () => {
    await engines.store.query('checkpoint');
    let control = 0;
    const kept: string[] = [];
    for (const file of everyFile(engines.folder)) {
      let bytes: Buffer;
      try {
        bytes = readFileSync(file);
      } catch {
        // The engines are running: a file may be gone by now.
        continue;
      }
      if (bytes.includes(CONTROL)) control += 1;
      kept.push(...marks.filter((each) => bytes.includes(each)).map((each) => `${file}: ${each}`));
    }
    expect(control).toBeGreaterThan(1);
    expect(kept).toEqual([]);
  }, 60_000);

  test('in what the roles log, down to the least', () => {
    expect(log.split('\n').length).toBeGreaterThan(5);
    expect(found(log)).toEqual([]);
  });

  test('in a list that is taken away', async () => {
    const press = { id: 'press', email: 'press@example.com' };
    const { cookie } = await signIn(engines.store, web.address, press);
    const take = await fetch(`${web.address}/search/export`, {
      ...{ method: 'POST', headers: { origin: web.address, cookie } },
      body: new URLSearchParams({ query: `q=${CONTROL}`, reason: '月度研判用', format: 'csv' }),
    });
    const text = await take.text();
    expect(take.status).toBe(200);
    expect(text).toContain(CONTROL);
    expect(found(text)).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorkbook } from '../../crawler/sources/upload-xlsx.ts';
import { index } from '../../hub/roles/index.ts';
import { ingest } from '../../indexer/ingest.ts';
import { RetryLater } from '../../config/errors.ts';
import { checkSavedSearches } from '../../indexer/search/check-saved.ts';
import { searchWithin } from '../../indexer/search/tenant.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { outboxCounts } from '../../store/search-outbox.ts';
import { draft, makeSource } from '../support/posts.ts';
import { makeOffice } from '../support/offices.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { ask, makePerson, signIn, startTestWeb, type Session, type TestWeb } from '../support/web.ts';

const NOW = Date.UTC(2026, 10, 22, 4);

let engines: TestEngines;
let web: TestWeb;
let app: Pool;
let stop: () => Promise<void>;
let source: { id: number; officeId: number };
let elsewhere: { id: number; officeId: number };
let officer: Session;
let reviewer: Session;

beforeAll(async () => {
  engines = await startTestEngines();
  const { store, officeId } = engines;
  app = openStore(engines.runtime().databaseUrl, 'app', { max: 2 });
  source = await makeSource(store, officeId, 'desk');
  elsewhere = await makeSource(store, await makeOffice(store, 'elsewhere', 'municipal'), 'elsewhere');
  stop = await index(engines.runtime(), silent);
  await say(
    source,
    'wages',
    '工地拖欠工资',
    '二十三名工人被拖欠工资，多次到劳动监察大队反映，一直没有结果。',
  );
  await say(source, 'river', '河道污染', '=cmd 河水发黑，居民请求检察机关提起公益诉讼。');
  await say(elsewhere, 'hidden', '工地拖欠工资', '别的院收到的拖欠工资的帖文，这里看不到。');
  web = await startTestWeb(engines);
  const person = async (name: string, role: 'press-officer' | 'first-reviewer') =>
    signIn(store, web.address, await makePerson(store, name, officeId, role));
  [officer, reviewer] = [
    await person('officer', 'press-officer'),
    await person('reviewer', 'first-reviewer'),
  ];
});
afterAll(async () => {
  await web?.stop();
  await stop?.();
  await app?.end();
  await engines?.stop();
});

async function say(
  of: { id: number; officeId: number },
  key: string,
  title: string,
  text: string,
): Promise<void> {
  await ingest(engines.store, of, [draft(key, { title, text, publishedAt: NOW - 3_600_000 })], NOW);
  await until('the outbox to be empty', async () => (await outboxCounts(engines.store)).waiting === 0);
}

type Searchable = Parameters<typeof checkSavedSearches>[1];
const searchable: Searchable = (scope, shared) =>
  searchWithin(engines.runtime().meiliUrl, engines.searchKey, scope, shared, 5_000);

function check(through: Searchable = searchable, longestMs?: number): Promise<number> {
  return checkSavedSearches(app, through, silent, new Date(NOW), longestMs);
}

const q = (text: string) => new URLSearchParams({ q: text }).toString();
/** What a page says, without its scripts and marks. */
const page = async (path: string, who = officer) =>
  (await ask(web.address, 'GET', path, who.cookie)).text.replaceAll(/<script[^]*?<\/script>|<[^>]*>/gu, '');
const act = (path: string, fields: Record<string, string>, who = officer) =>
  ask(web.address, 'POST', path, who.cookie, fields);
const only = async <T extends object>(text: string): Promise<T> =>
  (await engines.store.query<T>(text)).rows[0] as T;

describe('the search page', () => {
  test('finds what holds every word, within the own office', async () => {
    const text = await page(`/search?${q('拖欠工资')}`);
    expect(text).toContain('二十三名工人');
    expect(text).not.toContain('别的院');
  });

  test('answers a question with what fits it best, and says so', async () => {
    const text = await page(`/search?${q('工人被拖欠工资应该找哪个部门反映？')}`);
    expect(text).toContain('按相关程度列出最接近的帖文');
    expect(text).toContain('二十三名工人');
    expect(text).not.toContain('别的院');
  });

  test('leaves out what a minus forbids, and keeps to a site', async () => {
    expect(await page(`/search?${q('工资 -监察大队')}`)).not.toContain('二十三名工人');
    expect(await page(`/search?${q('"拖欠工资"')}`)).toContain('二十三名工人');
    const host = new URL((await only<{ url: string }>(`select url from posts where title = '河道污染'`)).url)
      .host;
    expect(await page(`/search?${q(`site:${host} 公益诉讼`)}`)).toContain('河水发黑');
    expect(await page(`/search?${q('site:none.example 公益诉讼')}`)).not.toContain('河水发黑');
  });

  test('shows what says something like a post, and not the post itself', async () => {
    await say(source, 'alike', '工人讨薪', '又有工人说工地拖欠工资，到劳动监察大队反映过。');
    const { id } = await only<{ id: number }>(`select id from posts where url like '%wages%' limit 1`);
    const text = await page(`/search?like=${id}`);
    expect(text).toContain('与这条相似的帖文');
    expect(text).toContain('工人讨薪');
    expect(text).not.toContain('二十三名工人');
  });
});

describe('a saved search', () => {
  let feed: string;

  test('tells how many posts are new since its person has looked, and nobody else', async () => {
    const saved = await act('/search?/save', { name: '欠薪', query: q('拖欠工资'), alert: 'on' });
    expect(saved.text).toContain('已保存');
    await check();
    expect(await only('select fresh, alert from saved_searches')).toEqual({ fresh: 0, alert: true });
    await say(source, 'more', '再次拖欠工资', '这家公司今年第三次拖欠工资，大家很着急。');
    await say(elsewhere, 'other', '拖欠工资', '别的院又有一条拖欠工资的帖文。');
    await check();
    expect(await page('/search/saved')).toContain('1 条新');
    const marked = async (who: Session) => (await ask(web.address, 'GET', '/', who.cookie)).text;
    expect(await marked(officer)).toContain('aria-label="1 条新帖文"');
    expect(await page('/search/saved', reviewer)).not.toContain('欠薪');
    expect(await marked(reviewer)).not.toContain('条新帖文');
  });

  test('is not new any more once it was looked at', async () => {
    const { id } = await only<{ id: number }>('select id from saved_searches');
    const looked = await act('/search/saved?/look', { id: String(id) });
    expect(looked).toMatchObject({ status: 303, location: `/search?${q('拖欠工资')}` });
    await check();
    expect(await page('/search/saved')).toContain('没有新帖文');
  });

  test('says how old its count is where nobody has looked for a while', async () => {
    expect(await page('/search/saved')).not.toContain('检查于');
    await engines.store.query(`update saved_searches set checked_at = now() - interval '30 minutes'`);
    expect(await page('/search/saved')).toMatch(/检查于\s*30 分钟前/u);
    await check();
    expect(await page('/search/saved')).not.toContain('检查于');
  });

  test('comes first in the next run when a run did not come to it; one that is broken keeps none waiting', async () => {
    await engines.store.query(
      `insert into saved_searches (office_id, person_id, name, query, alert, seen_post, asks, checked_at)
       select office_id, person_id, 'more ' || n, query, true, 0, case when n = 1 then '{"office": null}' else asks end,
         now() - (5 - n) * interval '1 hour'
       from saved_searches, generate_series(1, 4) as n`,
    );
    const looked = async () =>
      (
        await engines.store.query<{ name: string }>(
          `select name from saved_searches where name like 'more%' and checked_at > now() - interval '30 minutes' order by 1`,
        )
      ).rows.map(({ name }) => name);
    expect(await check(searchable, -1)).toBe(0);
    expect(await looked()).toEqual([]);
    let asked = 0;
    const down: Searchable = (scope, shared) => {
      asked += 1;
      if (asked > 2) throw new RetryLater('search-down', 'down');
      return searchable(scope, shared);
    };
    expect(await check(down)).toBe(1);
    expect(await looked()).toEqual(['more 2']);
    expect(await check()).toBe(4);
    expect(await looked()).toEqual(['more 2', 'more 3', 'more 4']);
    await engines.store.query(`delete from saved_searches where name like 'more%'`);
  });

  test('cannot be opened, fed or dropped by another person', async () => {
    const { id } = await only<{ id: number }>('select id from saved_searches');
    for (const action of ['look', 'open', 'drop', 'close', 'alert']) {
      const answer = await act(`/search/saved?/${action}`, { id: String(id), alert: 'off' }, reviewer);
      expect(answer.status, action).toBe(409);
    }
    expect(await only('select count(*)::int as n from saved_searches')).toEqual({ n: 1 });
  });

  test('has a feed at a secret address, which nothing keeps in the clear', async () => {
    const { id } = await only<{ id: number }>('select id from saved_searches');
    const opened = await act('/search/saved?/open', { id: String(id) });
    feed = /jsf_[\w-]+/u.exec(opened.text)?.[0] ?? '';
    expect(feed.length).toBeGreaterThan(40);
    const { row } = await only<{ row: string }>('select s::text as row from saved_searches s');
    expect(row).not.toContain(feed);
    const answer = await ask(web.address, 'GET', `/api/feed/${feed}`, null);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<rss');
    expect(answer.text).toContain('再次拖欠工资');
    expect(answer.text).not.toContain('别的院');
    expect(answer.text).toMatch(/<link>[^<]*\/posts\/\d+<\/link>/u);
  });

  test('says in its feed that the engine is down, and does not look empty', async () => {
    await engines.stopMeilisearch();
    try {
      const answer = await ask(web.address, 'GET', `/api/feed/${feed}`, null);
      expect(answer.status).toBe(503);
      expect(await page(`/search?${q('拖欠工资')}`)).toContain('检索引擎暂时不可用');
      const before = await only('select fresh, checked_at from saved_searches');
      await check();
      expect(await only('select fresh, checked_at from saved_searches')).toEqual(before);
    } finally {
      await engines.startMeilisearch();
    }
  });

  test('feeds what its person may read at that moment, and nothing once they may not', async () => {
    await engines.store.query(
      `update role_grants set revoked_at = now(), revoked_by = 'test' where person_id = 'officer'`,
    );
    expect((await ask(web.address, 'GET', `/api/feed/${feed}`, null)).status).toBe(410);
    await check();
    expect(await only('select fresh from saved_searches')).toEqual({ fresh: 0 });
    await engines.store.query(
      `update role_grants set revoked_at = null, revoked_by = null where person_id = 'officer'`,
    );
    expect((await ask(web.address, 'GET', `/api/feed/${feed}`, null)).status).toBe(200);
  });

  test('feeds nothing at an address that was taken back', async () => {
    const { id } = await only<{ id: number }>('select id from saved_searches');
    expect((await act('/search/saved?/close', { id: String(id) })).text).toContain('订阅已停用');
    expect((await ask(web.address, 'GET', `/api/feed/${feed}`, null)).status).toBe(410);
    expect((await ask(web.address, 'GET', '/api/feed/jsf_nothing', null)).status).toBe(410);
  });
});

describe('a list to take away', () => {
  const take = (fields: Record<string, string>, who = officer) =>
    fetch(`${web.address}/search/export`, {
      method: 'POST',
      headers: { origin: web.address, cookie: who.cookie },
      body: new URLSearchParams(fields),
    });

  test('needs a reason and a role', async () => {
    expect((await take({ query: '', reason: '' })).status).toBe(400);
    expect((await take({ query: '', reason: '月度研判用' }, reviewer)).status).toBe(403);
  });

  test('holds what the search finds, as CSV that no spreadsheet runs, and stands in the log', async () => {
    const answer = await take({ query: q('公益诉讼'), reason: '月度研判用', format: 'csv' });
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await answer.arrayBuffer());
    expect(text.startsWith('\ufeff标题,内容')).toBe(true);
    expect(text).toContain('河道污染');
    expect(text).toContain("'=cmd");
    expect(text).not.toContain('拖欠工资');
    const entry = await only<{ row: string }>(
      `select e::text as row from audit_entries e where action = 'post-export' order by seq desc limit 1`,
    );
    expect(entry.row).toContain('月度研判用');
  });

  test('is a workbook for those who want one', async () => {
    const answer = await take({ query: q('拖欠工资'), reason: '月度研判用', format: 'xlsx' });
    const rows: string[][] = [];
    const book = await openWorkbook(new Uint8Array(await answer.arrayBuffer()));
    for await (const { cells } of book.records) rows.push([...(cells ?? [])]);
    expect(rows[0]?.slice(0, 2)).toEqual(['标题', '内容']);
    expect(rows.slice(1).map(([title]) => title)).toContain('工地拖欠工资');
    expect(JSON.stringify(rows)).not.toContain('别的院');
  });
});

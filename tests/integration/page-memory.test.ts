import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { visitSource } from '../../crawler/visit.ts';
import { pageMemory } from '../../hub/crawling/page-memory.ts';
import { ingest } from '../../indexer/ingest.ts';
import { forgetPosts } from '../../store/forget.ts';
import { openStore, transaction, type Pool, type Store } from '../../store/pool.ts';
import { identityOf, knownIdentities } from '../../store/posts.ts';
import { sweep } from '../../store/retention.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { sourceById } from '../../store/sources.ts';
import { localSite, openFetcher, type LocalSite } from '../crawler/fetch/local-site.ts';
import { startTestEngines, type TestEngines } from '../support/engines.ts';
import { makeSource } from '../support/posts.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 10, 22, 4);

let engines: TestEngines;
let pool: Pool;
let store: Store;
let names = 0;

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test-app');
  store = scoped(pool, EVERY_OFFICE);
});
afterAll(async () => {
  await pool.end();
  await engines.stop();
});

const prose = '云州市人民检察院依法办理了一批案件，并就有关情况向社会作了说明，欢迎监督。'.repeat(4);

function articlePage(n: number, comments: readonly string[] | null = null): string {
  const items = (comments ?? []).map(
    (words, at) =>
      `<li class="comment"><b class="user">网友</b><span class="time">2026-11-22 1${at}:00</span><p class="content">${words}</p></li>`,
  );
  const area =
    comments === null ? '' : `<ul class="comment-list">${items.join('')}</ul><textarea></textarea>`;
  return `<html><head><title>云州检察通报第${n}号</title></head><body><h1>云州检察通报第${n}号</h1>
    <p>2026-11-22 12:00</p><div><p>第${n}号。${prose}</p></div>${area}</body></html>`;
}

function list(site: LocalSite, numbers: readonly number[]): void {
  const items = numbers.map(
    (n) => `<li><a href="/2026/1122/a${n}.html">云州检察通报第${n}号：办案情况</a></li>`,
  );
  const body = `<html><body><ul>${items.join('')}</ul></body></html>`;
  const etag = `"${numbers.join('-')}"`;
  site.routes['/list'] = (request, response) => {
    const same = request.headers['if-none-match'] === etag;
    response.writeHead(same ? 304 : 200, { 'content-type': 'text/html; charset=utf-8', etag });
    response.end(same ? '' : body);
  };
}

/** A source of a site with articles, and a visit of it at a time of the test's choosing. */
async function siteOf(numbers: readonly number[], settings: object = {}) {
  const site = await localSite();
  list(site, numbers);
  for (const n of numbers) site.routes[`/2026/1122/a${n}.html`] = articlePage(n);
  const { id, officeId } = await makeSource(engines.store, engines.officeId, `pages-${(names += 1)}`);
  const kept = { list: { maxPages: 1 }, ...settings };
  await engines.store.query(`update sources set kind = 'site', url = $2, settings = $3 where id = $1`, [
    id,
    `${site.origin}/list`,
    kept,
  ]);
  const fetcher = openFetcher();
  const visit = async (at: number) => {
    site.paths.length = 0;
    const source = await sourceById(store, id);
    if (!source) throw new Error('no source');
    const fresh: string[] = [];
    const report = await visitSource(source, {
      fetcher,
      now: at,
      deep: false,
      pages: pageMemory(store, source, at),
      async unknown(items) {
        const known = await knownIdentities(store, id, items.map(identityOf));
        return new Set(items.filter((item) => !known.has(identityOf(item).toString('hex'))));
      },
      async emit(drafts) {
        const result = await ingest(store, source, drafts, at);
        fresh.push(...Array.from({ length: result.fresh }, () => 'new'));
        return result.refused.map(({ url }) => url);
      },
    });
    if (report.conditional) {
      await engines.store.query('update sources set etag = $2 where id = $1', [id, report.conditional.etag]);
    }
    return { ...report, fresh: fresh.length, asked: site.paths.filter((path) => path !== '/list') };
  };
  return { site, id, officeId, visit };
}

const path = (n: number) => `/2026/1122/a${n}.html`;

async function remembered(sourceId: number): Promise<{ address: string | null; gone: boolean }[]> {
  const rows = await engines.store.query<{ address: string | null; gone: boolean }>(
    'select address, gone from page_memory where source_id = $1 order by address',
    [sourceId],
  );
  return rows.rows;
}

describe('a page that is gone', () => {
  test('is not asked for again, and not expected, until its month is over', async () => {
    const { site, id, visit } = await siteOf([2, 1]);
    delete site.routes[path(1)];
    expect(await visit(START)).toMatchObject({
      outcome: 'partial',
      expected: 2,
      got: 1,
      failures: { 'status-4xx': 1 },
    });
    list(site, [3, 2, 1]);
    site.routes[path(3)] = articlePage(3);
    expect(await visit(START + HOUR)).toMatchObject({
      outcome: 'complete',
      expected: 2,
      got: 2,
      asked: [path(3)],
    });
    // In words, its address is kept no longer than it is needed.
    expect(await remembered(id)).toEqual([{ address: null, gone: true }]);

    await engines.store.query(
      `update page_memory set since = now() - interval '31 days' where source_id = $1`,
      [id],
    );
    await sweep(store, engines.officeId, '2026-11-22', { contactDays: 30, objectionDays: 30 });
    expect(await remembered(id)).toEqual([]);
    list(site, [3, 2, 1, 0]);
    site.routes[path(0)] = articlePage(0);
    expect((await visit(START + 31 * DAY)).asked.sort()).toEqual([path(0), path(1)]);
  });
});

describe('a page that fails', () => {
  test('is tried at three visits, then rests longer and longer, and is told every time', async () => {
    const { site, visit } = await siteOf([2, 1]);
    site.routes[path(1)] = '<html><body></body></html>';
    expect(await visit(START)).toMatchObject({ got: 1, failures: { 'no-text': 1 } });
    // The list has not changed: what is owed is read all the same.
    for (const minutes of [10, 20]) {
      const again = await visit(START + minutes * 60_000);
      expect(again).toMatchObject({ expected: 1, got: 0, asked: [path(1)], failures: { 'no-text': 1 } });
    }
    expect(await visit(START + HOUR)).toMatchObject({ outcome: 'unchanged', asked: [] });
    list(site, [3, 2, 1]);
    site.routes[path(3)] = articlePage(3);
    expect(await visit(START + 2 * HOUR)).toMatchObject({
      outcome: 'partial',
      expected: 3,
      got: 2,
      failures: { 'no-text': 1 },
      asked: [path(3)],
    });
    site.routes[path(1)] = articlePage(1);
    expect(await visit(START + 7 * HOUR)).toMatchObject({
      outcome: 'complete',
      got: 1,
      fresh: 1,
      asked: [path(1)],
    });
    expect(await visit(START + 30 * HOUR)).toMatchObject({ outcome: 'unchanged', asked: [] });
  });

  test('because its host does uses up no try', async () => {
    const { site, visit } = await siteOf([1]);
    site.routes[path(1)] = { status: 429 };
    for (const at of [0, 1, 2, 3, 4]) {
      expect((await visit(START + at * HOUR)).asked.length, `visit ${at}`).toBeGreaterThan(0);
    }
    site.routes[path(1)] = articlePage(1);
    expect(await visit(START + 5 * HOUR)).toMatchObject({ outcome: 'complete', fresh: 1 });
  });
});

test('what a visit has no room for is left for the next ones, although the list does not change', async () => {
  const { visit } = await siteOf([5, 4, 3, 2, 1], { list: { maxPages: 1, maxItems: 2 } });
  expect(await visit(START)).toMatchObject({
    outcome: 'partial',
    reason: 'later',
    expected: 5,
    got: 2,
    failures: { later: 3 },
    unsettled: false,
    asked: [path(5), path(4)],
  });
  expect(await visit(START + HOUR)).toMatchObject({ outcome: 'complete', expected: 2, got: 2, fresh: 2 });
  expect(await visit(START + 2 * HOUR)).toMatchObject({ outcome: 'complete', expected: 1, got: 1, fresh: 1 });
  expect(await visit(START + 3 * HOUR)).toMatchObject({ outcome: 'unchanged' });
});

describe('a page with comments', () => {
  test('is read again at growing distances; new comments are stored once, and the article’s count follows', async () => {
    const { site, id, visit } = await siteOf([1]);
    site.routes[path(1)] = articlePage(1, ['支持依法办案。', '希望公开更多细节。']);
    expect(await visit(START)).toMatchObject({ outcome: 'complete', fresh: 3 });
    expect(await visit(START + 0.5 * HOUR)).toMatchObject({ outcome: 'unchanged', asked: [] });

    const grown = ['支持依法办案。', '希望公开更多细节。', '请问什么时候宣判？'];
    site.routes[path(1)] = articlePage(1, grown);
    expect(await visit(START + 1.1 * HOUR)).toMatchObject({
      outcome: 'unchanged',
      fresh: 1,
      asked: [path(1)],
    });
    // It grew: the distances begin anew.
    expect((await visit(START + 2 * HOUR)).asked).toEqual([]);
    expect(await visit(START + 2.2 * HOUR)).toMatchObject({ fresh: 0, asked: [path(1)] });
    expect((await visit(START + 6 * HOUR)).asked).toEqual([]);
    const posts = await engines.store.query<{ kind: string; comments: number | null }>(
      `select kind, comments from posts where source_id = $1 order by kind, id`,
      [id],
    );
    expect(posts.rows).toEqual([
      { kind: 'article', comments: 3 },
      ...Array.from({ length: 3 }, () => ({ kind: 'comment', comments: null })),
    ]);
    for (const hours of [7.2, 26, 74, 170]) {
      expect((await visit(START + hours * HOUR)).asked, `after ${hours} hours`).toEqual([path(1)]);
    }
    expect((await visit(START + 20 * DAY)).asked).toEqual([]);
    expect(await remembered(id)).toEqual([]);
  });

  test('that is not there any more is left alone, without a word of something missed', async () => {
    const { site, visit } = await siteOf([1]);
    site.routes[path(1)] = articlePage(1, ['支持依法办案。']);
    await visit(START);
    site.routes[path(1)] = { status: 410 };
    expect(await visit(START + 2 * HOUR)).toMatchObject({ outcome: 'unchanged', asked: [path(1)] });
    expect((await visit(START + 9 * HOUR)).asked).toEqual([]);
  });

  test('that somebody objected to, or whose text had its time, is not read again', async () => {
    const { site, id, officeId, visit } = await siteOf([2, 1]);
    for (const n of [1, 2]) site.routes[path(n)] = articlePage(n, ['支持依法办案。']);
    await visit(START);
    await engines.store.query('insert into refused_addresses (address) values ($1)', [
      identityOf(`${site.origin}${path(2)}`),
    ]);
    const posts = await engines.store.query<{ id: number }>(
      'select id from posts where source_id = $1 and url = $2',
      [id, `${site.origin}${path(1)}`],
    );
    await transaction(store, (client) =>
      forgetPosts(
        client,
        officeId,
        posts.rows.map((row) => row.id),
        'expired',
      ),
    );
    expect((await visit(START + 2 * HOUR)).asked).toEqual([]);
  });

  test('and one where nobody can comment is not', async () => {
    const { id, visit } = await siteOf([1]);
    await visit(START);
    expect(await remembered(id)).toEqual([]);
    expect((await visit(START + 2 * HOUR)).asked).toEqual([]);
  });
});

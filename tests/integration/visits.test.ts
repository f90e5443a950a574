import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock } from '../../hub/roles/clock.ts';
import { crawl } from '../../hub/roles/crawl.ts';
import { gapsBetween, recentVisits } from '../../store/visits.ts';
import { sourceStates } from '../../store/source-list.ts';
import { feedSource, makeSources } from '../support/posts.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { rss, startSite, type TestSite } from '../support/site.ts';

let engines: TestEngines;
let site: TestSite;
let ids: Map<string, number>;
const stops: (() => Promise<void>)[] = [];

/** What each path answers; a test may change it while the hub runs. */
const pages: Record<
  string,
  (send: (status: number, headers: Record<string, string>, body: string | Buffer) => void) => void
> = {
  '/good': (send) => send(200, { 'content-type': 'application/rss+xml' }, rss('http://news.example', 30)),
  '/slow': () => {},
  '/500': (send) => send(500, {}, '<html>Server Error</html>'),
  '/html': (send) =>
    send(200, { 'content-type': 'text/html' }, '<html><body><h1>请先登录</h1></body></html>'),
  '/gzip': (send) =>
    send(200, { 'content-encoding': 'gzip' }, gzipSync(rss('http://news.example', 9)).subarray(0, 200)),
  '/loop': (send) => send(302, { location: '/loop' }, ''),
  '/huge': (send) => send(200, { 'content-type': 'text/xml' }, Buffer.alloc(50_000_000, 'x')),
  '/charset': (send) =>
    send(200, { 'content-type': 'text/xml; charset=gbk' }, rss('http://charset.example', 5)),
  '/blank': (send) => send(200, { 'content-type': 'text/xml' }, BLANK),
  '/odd': (send) => send(200, { 'content-type': 'text/xml' }, ODD),
};

/** An entry of which nothing is left once the characters that nobody sees are taken out. */
const BLANK = rss('http://blank.example', 2).replace(
  '</channel>',
  '<item><link>http://blank.example/b</link><description>&#x200B;&#x200B;</description></item></channel>',
);

/** Entries with what breaks programs: a date in the future, none, a NUL, half a character, and no address at all. */
const ODD = rss('http://odd.example', 3).replace(
  '</channel>',
  `<item><title>未来</title><link>http://odd.example/f</link><pubDate>${new Date(Date.now() + 90 * 86_400_000).toUTCString()}</pubDate><description>来自未来的一条评论</description></item>
   <item><title>无日期</title><link>http://odd.example/n</link><description>没有写日期的一条评论</description></item>
   <item><title>空字符&#0;和半个字符&#xD83D;</title><link>http://odd.example/s</link><description>正文\u0000里也有</description></item>
   <item><title>没有网址</title><description>这一条没有网址也没有编号</description></item></channel>`,
);

beforeAll(async () => {
  engines = await startTestEngines();
  site = await startSite((request, response) => {
    const page = pages[request.url ?? ''];
    if (!page) return void response.writeHead(404).end();
    page((status, headers, body) => void response.writeHead(status, headers).end(body));
  });
  const keys = Object.keys(pages).map((path) => path.slice(1));
  ids = await makeSources(engines.store, engines.officeId, [
    ...keys.map((key) => feedSource(`feed-${key}`, `${site.url}/${key}`, { intervalSeconds: 3600 })),
    feedSource('feed-refused', 'http://127.0.0.1:9/', { intervalSeconds: 3600 }),
    feedSource('feed-inner', 'http://10.0.0.1/rss', { intervalSeconds: 3600 }),
  ]);
  for (const role of [crawl, clock]) stops.push(await role(engines.runtime(), silent));
});
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await site.close();
  await engines.stop();
});

async function visitOf(key: string) {
  const id = ids.get(key) ?? 0;
  return until(`the visit of ${key}`, async () => {
    const [visit] = await recentVisits(engines.store, id);
    return visit?.finishedAt ? visit : null;
  });
}

describe('a source that is ill', () => {
  test.each([
    ['feed-slow', 'failed', 'timeout'],
    ['feed-500', 'failed', 'status-5xx'],
    ['feed-html', 'failed', 'not-a-feed'],
    ['feed-gzip', 'failed', 'truncated-content'],
    ['feed-loop', 'failed', 'redirect-loop'],
    ['feed-huge', 'failed', 'too-large'],
    ['feed-refused', 'failed', 'connection-refused'],
    ['feed-inner', 'failed', 'address-blocked'],
    ['feed-odd', 'partial', 'no-address'],
    ['feed-blank', 'partial', 'item-broken'],
  ])('%s is recorded as %s because of %s', async (key, outcome, reason) => {
    const visit = await visitOf(key);
    expect(visit).toMatchObject({ outcome, reason });
    expect(visit.detail).toMatch(/\p{Script=Han}/u);
  });

  test('does not keep the others from being read', async () => {
    expect(await visitOf('feed-good')).toMatchObject({
      outcome: 'complete',
      expected: 30,
      got: 30,
      fresh: 30,
    });
  });

  test('keeps what of it can be read', async () => {
    expect(await visitOf('feed-odd')).toMatchObject({
      expected: 7,
      got: 6,
      fresh: 6,
      failed: 1,
      failures: { 'no-address': 1 },
    });
    const rows = await engines.store.query<{ title: string; problem: string | null }>(
      `select title, date_problem as problem from posts where source_id = $1 and url !~ 'item' order by url`,
      [ids.get('feed-odd')],
    );
    expect(rows.rows).toEqual([
      { title: '未来', problem: 'future' },
      { title: '无日期', problem: 'missing' },
      { title: expect.stringContaining('半个字符'), problem: 'missing' },
    ]);
  });

  test('is not called complete when an item could be read but not stored', async () => {
    expect(await visitOf('feed-blank')).toMatchObject({
      expected: 3,
      got: 2,
      failed: 1,
      failures: { 'item-broken': 1 },
    });
  });

  test('that declares a wrong charset is read all the same', async () => {
    expect(await visitOf('feed-charset')).toMatchObject({ outcome: 'complete', got: 5 });
    const row = await engines.store.query<{ text: string }>(
      'select text from posts where source_id = $1 limit 1',
      [ids.get('feed-charset')],
    );
    expect(row.rows[0]?.text).toContain('公开评论');
  });

  test('leaves a gap from then until it is well again', async () => {
    const id = ids.get('feed-500') ?? 0;
    await visitOf('feed-500');
    const gapOf = async () => {
      const gaps = await gapsBetween(
        engines.store,
        [engines.officeId],
        new Date(0),
        new Date(Date.now() + 1000),
      );
      return gaps.filter((gap) => gap.sourceId === id);
    };
    expect(await gapOf()).toMatchObject([{ reason: 'status-5xx', endedAt: null }]);
    pages['/500'] = pages['/good']!;
    await engines.store.query(
      'update sources set next_visit_at = now(), interval_seconds = 5 where id = $1',
      [id],
    );
    const gaps = await until('the end of the gap', async () => {
      const found = await gapOf();
      return found[0]?.endedAt ? found : null;
    });
    expect(gaps).toHaveLength(1);
  });

  test('that nobody asked for long leaves a gap too: the hub was off', async () => {
    const id = ids.get('feed-good') ?? 0;
    await visitOf('feed-good');
    await engines.store.query(
      `update visits set started_at = started_at - interval '5 hours', finished_at = finished_at - interval '5 hours' where source_id = $1`,
      [id],
    );
    await engines.store.query(
      'update sources set next_visit_at = now(), interval_seconds = 5 where id = $1',
      [id],
    );
    const gap = await until('the gap', async () => {
      const gaps = await gapsBetween(engines.store, [engines.officeId], new Date(0), new Date());
      return gaps.find((each) => each.sourceId === id);
    });
    expect(gap.reason).toBe('not-visited');
    expect((gap.endedAt?.getTime() ?? 0) - gap.beganAt.getTime()).toBeGreaterThan(4.9 * 3_600_000);
  });

  test('shows in the list of sources with its health and its reason', async () => {
    const states = new Map(
      (await sourceStates(engines.store, [engines.officeId])).map((state) => [state.key, state]),
    );
    expect(states.get('feed-good')).toMatchObject({ health: 'healthy', expected: 30, got: 30, posts: 30 });
    expect(states.get('feed-odd')).toMatchObject({ health: 'degraded', expected: 7, got: 6 });
    expect(states.get('feed-slow')).toMatchObject({ health: 'failing', expected: null, got: null });
    expect(states.get('feed-slow')?.detail).toBeTruthy();
  });
});

test('two clocks and two crawlers visit each slot once', async () => {
  const more = [clock, clock, crawl];
  for (const role of more) stops.push(await role(engines.runtime(), silent));
  const id = (
    await makeSources(engines.store, engines.officeId, [
      feedSource('feed-often', `${site.url}/good`, { intervalSeconds: 5 }),
    ])
  ).get('feed-often');
  await until('three visits', async () => {
    const visits = await recentVisits(engines.store, id ?? 0);
    return visits.filter((visit) => visit.finishedAt).length >= 3;
  });
  const rows = await engines.store.query<{ posts: number; slots: number; visits: number }>(
    `select (select count(*)::int from posts where source_id = $1) as posts,
       count(distinct slot)::int as slots, count(*)::int as visits from visits where source_id = $1`,
    [id],
  );
  expect(rows.rows[0]?.posts).toBe(30);
  expect(rows.rows[0]?.visits).toBe(rows.rows[0]?.slots);
  const asked = site.asked.filter((path) => path === '/good').length;
  expect(asked).toBeLessThanOrEqual((rows.rows[0]?.visits ?? 0) + 10);
});

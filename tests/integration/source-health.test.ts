import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourceSchema, type SourceSettings } from '../../config/sources.ts';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { reviewSources } from '../../hub/crawling/review.ts';
import { visit } from '../../hub/crawling/visit.ts';
import { ingest } from '../../indexer/ingest.ts';
import { defaultKnowledge } from '../../indexer/knowledge.ts';
import { SharedLocks } from '../../store/locks.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { countStates, sourceStates, turnsBetween } from '../../store/source-list.ts';
import { statesOf } from '../../store/source-states.ts';
import { dueSources } from '../../store/sources.ts';
import { beginVisit, finishVisit, gapsBetween, recentVisits } from '../../store/visits.ts';
import { silent, startTestEngines, testHub, until, type TestEngines } from '../support/engines.ts';
import { draft, feedSource, makeSources } from '../support/posts.ts';
import { rss, startSite, type TestSite } from '../support/site.ts';

let engines: TestEngines;
let pool: Pool;
let site: TestSite;
let fetcher: Fetcher;
let locks: SharedLocks;
/** What the site answers under each path; where it says nothing, an empty feed. */
const answers = new Map<string, { status?: number; headers?: Record<string, string>; body?: string }>();
/** The path that is answered only after a while. */
let slowly = '';
const LONG = 600_000;
const knowledge = () => Promise.resolve(defaultKnowledge());

beforeAll(async () => {
  engines = await startTestEngines();
  pool = openStore(engines.runtime().databaseUrl, 'test', { max: 5 });
  site = await startSite((request, response) => {
    const answer = answers.get(request.url ?? '') ?? { body: rss('http://quiet.example', 0) };
    const send = () => response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
    setTimeout(send, request.url === slowly ? 700 : 0);
  });
  fetcher = new Fetcher({ ...testHub().crawler, officeName: 'tests' });
  locks = new SharedLocks(pool, 'source');
});
afterAll(async () => {
  await locks.close();
  await fetcher.close();
  await pool.end();
  await site.close();
  await engines.stop();
});

/** Not visited: it has no address and no interval. */
const PUSH = { kind: 'push', url: undefined, intervalSeconds: undefined, settings: {} };

let made = 0;
async function source(change: Record<string, unknown> = {}): Promise<{ id: number; path: string }> {
  made += 1;
  const path = `/s${made}`;
  const stated = feedSource(`s${made}`, `${site.url}${path}`, { intervalSeconds: 900, ...change });
  const settings = sourceSchema.parse(JSON.parse(JSON.stringify(stated)));
  // Together with those that are there: what hub.yaml names no longer is switched off.
  all.push(settings);
  const ids = await makeSources(engines.store, engines.officeId, all);
  return { id: ids.get(`s${made}`) as number, path };
}
const all: SourceSettings[] = [];

const due = async () => (await dueSources(engines.store, 900)).map(({ id }) => id);
const slotOf = async (id: number) =>
  (await dueSources(engines.store, 900)).find((each) => each.id === id)?.slot;

/** The source is due, and no other; the clock's job for it is done. */
async function visitNow(id: number, longestVisitMs = LONG) {
  await engines.store.query(
    `update sources set next_visit_at = case when id = $1 then now() else now() + interval '1 day' end`,
    [id],
  );
  const slot = (await slotOf(id)) as number;
  const job = { officeId: engines.officeId, sourceId: id, slot };
  const visiting = { fetcher, locks, log: silent, knowledge, longestVisitMs };
  await visit(scoped(pool, EVERY_OFFICE), visiting as never, job);
  const [newest] = await recentVisits(engines.store, id, 1);
  return newest;
}
async function set(id: number, what: string) {
  await engines.store.query(`update sources set ${what} where id = $1`, [id]);
}
const stateOf = async (id: number) =>
  (await sourceStates(engines.store, [engines.officeId], id))[0] as Awaited<
    ReturnType<typeof sourceStates>
  >[number];
const gapsOf = async (id: number) =>
  (await gapsBetween(engines.store, [engines.officeId], new Date(0), new Date(Date.now() + 1000))).filter(
    (gap) => gap.sourceId === id,
  );

describe('the clock makes visits of', () => {
  test('sources that are due, at most two of one host, those that are late first', async () => {
    const [{ id: a }, { id: b }, { id: c }] = [await source(), await source(), await source()];
    await set(a, `next_visit_at = now() - interval '1 minute'`);
    await set(b, `next_visit_at = now() - interval '3 minutes'`);
    await set(c, `next_visit_at = now() - interval '2 minutes'`);
    const other = await source({ url: 'http://elsewhere.example/rss' });
    const upload = await source(PUSH);
    expect(await due()).toEqual([b, c, other.id]);
    const crowded = (await dueSources(engines.store, 900)).map((each) => each.crowded);
    expect(crowded).toEqual([true, true, false]);
    expect(await due()).not.toContain(upload.id);
    const running = await beginVisit(engines.store, { officeId: engines.officeId, sourceId: b, slot: 1 });
    await set(b, `next_visit_at = now() + interval '1 minute'`);
    expect(await due()).toEqual([c, other.id]);
    // Left behind by a killed worker, it keeps the host busy no longer than a visit may last.
    await engines.store.query(`update visits set started_at = now() - interval '1 hour' where id = $1`, [
      running,
    ]);
    expect(await due()).toEqual([c, a, other.id]);
    await engines.store.query('delete from visits where id = $1', [running]);
    for (const id of [a, b, c, other.id, upload.id]) await set(id, 'enabled = false');
  });

  test('each moment once: the slot is the moment, and moves on only where a job was lost', async () => {
    const { id } = await source();
    await set(id, `next_visit_at = now() - interval '1 minute'`);
    const slot = await slotOf(id);
    await set(id, 'interval_seconds = 5, current_interval_seconds = 5');
    expect(await slotOf(id)).toBe(slot);
    await set(id, `next_visit_at = now() - interval '1 hour'`);
    const later = (await slotOf(id)) as number;
    expect(later).toBeGreaterThan(Date.now() - 700_000);
    expect(later % 600_000).toBe(0);
    await visitNow(id);
    expect(await due()).not.toContain(id);
    const [newest] = await recentVisits(engines.store, id);
    // The job of the moment that is gone comes late: nothing is visited again.
    const job = { officeId: engines.officeId, sourceId: id, slot: later };
    await visit(
      scoped(pool, EVERY_OFFICE),
      { fetcher, locks, log: silent, knowledge, longestVisitMs: LONG } as never,
      job,
    );
    expect((await recentVisits(engines.store, id)).map((each) => each.id)).toEqual([newest?.id]);
  });

  test('a source that hub.yaml has changed, at once', async () => {
    const { id } = await source();
    await visitNow(id);
    expect(await due()).not.toContain(id);
    const settings = all.at(-1) as SourceSettings & { intervalSeconds: number };
    settings.intervalSeconds = 60;
    await makeSources(engines.store, engines.officeId, all);
    expect(await due()).toContain(id);
  });
});

describe('a visit', () => {
  test('counts so that it adds up: listed is got and missed, got is new and known', async () => {
    const { id, path } = await source();
    const broken = '<item><title>没有网址</title><description>这一条没有网址也没有编号</description></item>';
    const body = (count: number) =>
      rss('http://sum.example', count).replace('</channel>', `${broken}</channel>`);
    answers.set(path, { body: body(5) });
    const first = await visitNow(id);
    expect(first).toMatchObject({ expected: 6, got: 5, fresh: 5, known: 0, failed: 1 });
    answers.set(path, { body: body(8) });
    const second = await visitNow(id);
    expect(second).toMatchObject({ expected: 9, got: 8, fresh: 3, known: 5, failed: 1 });
    for (const each of await recentVisits(engines.store, id)) {
      expect(each.expected).toBe((each.got ?? 0) + each.failed);
      expect(each.got).toBe(each.fresh + each.known);
      expect(each.copies).toBeLessThanOrEqual(each.fresh);
      expect(Object.values(each.failures).reduce((sum, n) => sum + n, 0)).toBe(each.failed);
    }
  });

  test('counts pages of a site that it has passed over as known', async () => {
    const { id, path } = await source({ kind: 'site', settings: { list: { maxPages: 1 } } });
    const page = (n: number) =>
      `<html><head><title>第${n}篇</title></head><body><h1>第${n}篇</h1><p>2026-11-20 08:00</p><div>${'<p>检察机关公开第' + String(n) + '件案件的办理经过，邀请群众代表到场旁听并发表意见。</p>'.repeat(5)}</div></body></html>`;
    const list = (ns: number[]) =>
      `<html><body><ul>${ns.map((n) => `<li><a href="/site-${n}.html">检察机关公开第${n}件案件的办理经过</a></li>`).join('')}</ul></body></html>`;
    const html = { 'content-type': 'text/html; charset=utf-8' };
    for (let n = 0; n < 8; n += 1) answers.set(`/site-${n}.html`, { headers: html, body: page(n) });
    answers.set('/site-6.html', { status: 404 });
    answers.set(path, { headers: html, body: list([0, 1, 2, 3, 4, 5]) });
    const first = await visitNow(id);
    expect(first).toMatchObject({ outcome: 'complete', expected: 6, got: 6, fresh: 6, known: 0 });
    answers.set(path, { headers: html, body: list([7, 6, 0, 1, 2, 3, 4, 5]) });
    expect(await visitNow(id)).toMatchObject({ expected: 8, got: 7, fresh: 1, known: 6, failed: 1 });
  });

  test('that has had its time leaves the rest for the next one, which comes as soon as it may', async () => {
    const { id, path } = await source({ kind: 'site', settings: {} });
    await set(id, 'current_interval_seconds = 7200');
    answers.set(path, {
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<html><body><ul>${[0, 1, 2, 3].map((n) => `<li><a href="/site-${n}.html">检察机关公开第${n}件案件的办理经过</a></li>`).join('')}</ul></body></html>`,
    });
    // The time is over when the list has been read.
    slowly = path;
    expect((await visitNow(id, 500))?.failures).toEqual({ later: 4 });
    slowly = '';
    expect(await stateOf(id)).toMatchObject({ currentIntervalSeconds: 900, intervalReason: 'rest' });
    expect(await visitNow(id)).toMatchObject({ expected: 4, got: 4, fresh: 4 });
  });

  test('that a killed worker has left behind is ended by the next one', async () => {
    const { id } = await source();
    await beginVisit(engines.store, { officeId: engines.officeId, sourceId: id, slot: 7 });
    await visitNow(id);
    const [newest, left] = await recentVisits(engines.store, id);
    expect(newest?.outcome).toBe('complete');
    expect(left).toMatchObject({ outcome: 'failed', reason: 'abandoned', running: false });
    expect(left?.detail).toMatch(/打断/u);
    expect((await stateOf(id)).health).toBe('healthy');
  });

  test('finds its interval, and waits as the site asks', async () => {
    const { id, path } = await source();
    answers.set(path, { body: rss('http://interval.example', 3) });
    await visitNow(id);
    expect(await stateOf(id)).toMatchObject({ currentIntervalSeconds: 900, intervalReason: 'many' });
    await visitNow(id);
    const next = await stateOf(id);
    expect(next).toMatchObject({ currentIntervalSeconds: 1170, intervalReason: 'none' });
    expect(next.nextVisitAt?.getTime()).toBeGreaterThan(Date.now() + 1_000_000);
  });
});

describe('the state of a source', () => {
  test('is kept as stretches without a hole, and its failure as a gap since it was last known', async () => {
    const { id, path } = await source();
    answers.set(path, { body: rss('http://ill.example', 2) });
    await visitNow(id);
    answers.set(path, {
      headers: { 'content-type': 'text/html' },
      body: '<html><body>请先登录</body></html>',
    });
    await visitNow(id);
    expect(await stateOf(id)).toMatchObject({ health: 'degraded', healthReason: 'not-a-feed' });
    expect(await gapsOf(id)).toEqual([]);
    const lastKnown = (await stateOf(id)).lastSuccessAt;
    await set(id, `bad_since = now() - interval '7 hours'`);
    await visitNow(id);
    const failing = await stateOf(id);
    expect(failing).toMatchObject({ health: 'failing', detail: expect.stringContaining('订阅') });
    expect(await gapsOf(id)).toMatchObject([{ beganAt: lastKnown, endedAt: null, reason: 'not-a-feed' }]);
    answers.set(path, { body: rss('http://ill.example', 2) });
    await visitNow(id);
    expect(await stateOf(id)).toMatchObject({ health: 'failing', healthReason: 'recovering' });
    expect((await gapsOf(id))[0]?.endedAt).toBeInstanceOf(Date);
    await visitNow(id);
    expect(await stateOf(id)).toMatchObject({ health: 'healthy', detail: null });
    const stretches = await statesOf(engines.store, id);
    expect(stretches.map(({ state }) => state).toReversed()).toEqual([
      ...['unknown', 'healthy', 'degraded', 'failing', 'healthy'],
    ]);
    for (const [n, { until: ended }] of stretches.entries()) {
      expect(ended).toEqual(n === 0 ? null : stretches[n - 1]?.since);
    }
  });

  test('tells a failure at once where the source was not known for longer than an hour', async () => {
    const { id, path } = await source();
    answers.set(path, { body: rss('http://rare.example', 2) });
    await visitNow(id);
    await engines.store.query(
      `update visits set started_at = started_at - interval '2 hours', finished_at = finished_at - interval '2 hours' where source_id = $1`,
      [id],
    );
    answers.set(path, { status: 503 });
    await visitNow(id);
    expect(await stateOf(id)).toMatchObject({ health: 'degraded' });
    expect(await gapsOf(id)).toMatchObject([{ endedAt: null }]);
  });

  test('that a person has stopped is off, with a gap until it is visited again', async () => {
    const { id, path } = await source();
    answers.set(path, { body: rss('http://stopped.example', 2) });
    await visitNow(id);
    await set(id, `stopped_at = now() - interval '5 minutes', stop_reason = '网站要求'`);
    await set(id, 'next_visit_at = now()');
    expect(await due()).not.toContain(id);
    await reviewSources(engines.store, new Date());
    expect(await stateOf(id)).toMatchObject({ health: 'off', healthReason: 'stopped', nextVisitAt: null });
    expect(await gapsOf(id)).toMatchObject([{ reason: 'stopped', endedAt: null }]);
    await set(id, 'stopped_at = null');
    await reviewSources(engines.store, new Date());
    expect((await stateOf(id)).health).toBe('unknown');
    expect(await due()).toContain(id);
    await visitNow(id);
    expect((await stateOf(id)).health).toBe('healthy');
    expect((await gapsOf(id))[0]?.endedAt).toBeInstanceOf(Date);
  });

  test('is off while everything of an office above stands still, and while hub.yaml has it off', async () => {
    const { id } = await source();
    // A stop of a name holds for all ports of it.
    await engines.store.query(
      `insert into crawl_stops (office_id, host, reason) values ($1, '127.0.0.1', '演练')`,
      [engines.officeId],
    );
    await engines.store.query(`update sources set next_visit_at = now() + interval '1 day'`);
    await set(id, 'next_visit_at = now()');
    expect(await due()).not.toContain(id);
    await engines.store.query('delete from crawl_stops');
    expect(await due()).toContain(id);
    const stop = await engines.store.query<{ id: number }>(
      `insert into crawl_stops (office_id, reason) values ($1, '演练') returning id`,
      [engines.officeId],
    );
    expect(await due()).toEqual([]);
    await reviewSources(engines.store, new Date());
    expect(await stateOf(id)).toMatchObject({ health: 'off', healthReason: 'stopped' });
    await engines.store.query('update crawl_stops set ended_at = now() where id = $1', [stop.rows[0]?.id]);
    await set(id, 'enabled = false');
    await reviewSources(engines.store, new Date());
    expect(await stateOf(id)).toMatchObject({ health: 'off', healthReason: 'disabled' });
    await set(id, 'enabled = true');
    await reviewSources(engines.store, new Date());
    expect((await stateOf(id)).health).toBe('unknown');
  });

  test('becomes silent by what was usual, and is on the list of the day', async () => {
    const { id, path } = await source();
    const DAY = 86_400_000;
    const items = Array.from({ length: 30 }, (_, n) => ({ n, at: Date.now() - 5 * DAY - n * 6 * 3_600_000 }));
    await ingest(
      engines.store,
      { id, officeId: engines.officeId },
      items.map(({ n, at }) => draft(`silence-${n}`, { publishedAt: at })),
      Date.now(),
    );
    answers.set(path, { body: rss('http://silence.example', 1) });
    await visitNow(id);
    expect(await stateOf(id)).toMatchObject({ health: 'healthy', quietSeconds: expect.any(Number) });
    await set(id, `last_fresh_at = now() - interval '4 days'`);
    await visitNow(id);
    const state = await stateOf(id);
    expect(state.health).toBe('silent');
    expect(state.detail).toContain('已 4 天没有新内容');
    const today = await turnsBetween(
      engines.store,
      [engines.officeId],
      new Date(Date.now() - DAY),
      new Date(Date.now() + 1000),
    );
    expect(today).toContainEqual(expect.objectContaining({ id, state: 'silent', until: null }));
    expect(await countStates(engines.store, [engines.officeId])).toMatchObject({ silent: 1 });
    expect(await gapsOf(id)).toEqual([]);
    const listed = async (text: string) => {
      const filter = { state: 'silent', text } as const;
      const found = await sourceStates(engines.store, [engines.officeId], null, filter);
      return found.map((each) => each.id);
    };
    expect(await listed('')).toEqual([id]);
    expect(await listed(path)).toEqual([id]);
    expect(await listed('nowhere')).toEqual([]);
    expect(await sourceStates(engines.store, [engines.officeId + 1])).toEqual([]);
  });

  test('of what is sent to us follows what comes, without a visit', async () => {
    const { id } = await source(PUSH);
    await reviewSources(engines.store, new Date());
    expect((await stateOf(id)).health).toBe('unknown');
    const visitId = await beginVisit(engines.store, { officeId: engines.officeId, sourceId: id, slot: 1 });
    await finishVisit(engines.store, visitId as number, {
      ...{ outcome: 'complete', reason: null, detail: null, expected: 1, got: 1 },
      ...{ fresh: 1, copies: 0, failed: 0, failures: {}, unsettled: false },
    });
    await reviewSources(engines.store, new Date());
    expect((await stateOf(id)).health).toBe('healthy');
    await set(
      id,
      `quiet_seconds = 86400, quiet_learned_at = now(), last_fresh_at = now() - interval '3 days'`,
    );
    await reviewSources(engines.store, new Date());
    expect((await stateOf(id)).health).toBe('silent');
  });
});

test('many locks share one connection, and keep other processes out', async () => {
  const other = new SharedLocks(pool, 'source');
  const { promise: end, resolve: finish } = Promise.withResolvers<void>();
  const taken: boolean[] = [];
  const first = [901, 902, 903].map((id) => locks.exclusively(id, () => end));
  await until('three locks', async () => {
    const held = await engines.store.query(
      `select 1 from pg_locks where locktype = 'advisory' and classid = 4 and objid between 901 and 903`,
    );
    return held.rowCount === 3;
  });
  taken.push(await other.exclusively(902, () => Promise.resolve()));
  taken.push(await locks.exclusively(902, () => Promise.resolve()));
  finish();
  await Promise.all(first);
  taken.push(await other.exclusively(902, () => Promise.resolve()));
  expect(taken).toEqual([false, false, true]);
  await other.close();
});

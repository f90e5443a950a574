import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { childEnv } from '../../config/env.ts';
import { Fetcher } from '../../crawler/fetch/fetcher.ts';
import { DatabaseHostDesk } from '../../hub/crawling/host-desk.ts';
import { hubActor } from '../../store/actor.ts';
import { giveHost, OWNER_SPACE, takeHost } from '../../store/hosts.ts';
import { resumeCrawling, standingFor, stopCrawling, stopsStanding } from '../../store/stops.ts';
import { silent, startTestEngines, TEST_KEY, until, type TestEngines } from '../support/engines.ts';
import { runCli } from '../support/hub.ts';
import { makeOffice } from '../support/offices.ts';
import { makeSource } from '../support/posts.ts';
import type { Order, Outcome } from '../support/polite-worker.ts';
import { startSite } from '../support/site.ts';

let engines: TestEngines;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

const WORKER = join(import.meta.dirname, '..', 'support', 'polite-worker.ts');
/** A timer may fire a millisecond early, and clocks count whole ones. */
const EARLY_MS = 2;

/** A process of its own that reads pages of one host. */
function startWorker(name: string, origin: string, pages: number, paceSeconds: number) {
  const order: Order = {
    databaseUrl: engines.runtime().databaseUrl,
    officeId: engines.officeId,
    name,
    paceSeconds,
    urls: Array.from({ length: pages }, (_, n) => `${origin}/${name}/${n}`),
  };
  const child = spawn(process.execPath, [WORKER, JSON.stringify(order)], { env: childEnv({}) });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  const ended = new Promise<Outcome | null>((resolve, reject) => {
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(null);
      else if (code === 0) resolve(JSON.parse(out) as Outcome);
      else reject(new Error(`the worker ended with ${code}: ${err}`));
    });
  });
  return { name, child, ended };
}

/** How many processes wait for a host. */
async function waiting(host: string): Promise<number> {
  const found = await engines.store.query('select from host_waits where host = $1', [host]);
  return found.rowCount ?? 0;
}

type Arrival = { path: string; worker: string; from: number; to: number };

/** A host that writes down when each request came and when its answer went out. */
async function recordingSite(answer: (n: number, arrival: Arrival, response: ServerResponse) => void) {
  const arrivals: Arrival[] = [];
  let open = 0;
  let most = 0;
  const site = await startSite((request, response) => {
    const path = request.url ?? '';
    const arrival = { path, worker: path.split('/')[1] ?? '', from: Date.now(), to: 0 };
    arrivals.push(arrival);
    most = Math.max(most, (open += 1));
    response.on('close', () => {
      open -= 1;
      arrival.to ||= Date.now();
    });
    answer(arrivals.length, arrival, response);
  });
  onTestFinished(() => site.close());
  return { site, arrivals, most: () => most };
}

describe('three worker processes and one host', () => {
  const PACE = 0.2;
  const PAGES = 9;

  test('one at a time, never closer than the pace, each pause kept, and a killed worker makes no difference', async () => {
    const asked: { from: number; until: number }[] = [];
    let killed: string | null = null;
    const workers: ReturnType<typeof startWorker>[] = [];
    const { site, arrivals, most } = await recordingSite((n, arrival, response) => {
      const send = (status: number, headers: Record<string, string> = {}) =>
        setTimeout(() => {
          arrival.to = Date.now();
          response.writeHead(status, headers).end('<p>ok</p>');
        }, 20);
      if (n === 1) {
        // Until the two others stand in line, however long this machine takes to start them.
        void until('the others', async () => (await waiting(new URL(site.url).host)) === 2, 50).then(() =>
          send(200),
        );
      } else if (n === 6) {
        send(429, { 'retry-after': '2' });
        asked.push({ from: n, until: Date.now() + 2000 });
      } else if (n === 12) {
        const date = new Date(Math.floor(Date.now() / 1000) * 1000 + 3000);
        send(503, { 'retry-after': date.toUTCString() });
        asked.push({ from: n, until: date.getTime() });
      } else if (n === 18) {
        // In the middle of its request, while it has the host.
        killed = arrival.worker;
        arrival.to = Date.now();
        workers.find(({ name }) => name === killed)?.child.kill('SIGKILL');
      } else send(200);
    });
    for (const name of ['one', 'two', 'three']) workers.push(startWorker(name, site.url, PAGES, PACE));
    const outcomes = await Promise.all(workers.map(({ ended }) => ended));

    const left = outcomes.filter((outcome) => outcome !== null);
    expect(left).toHaveLength(2);
    for (const { got, failed } of left) {
      expect(failed).toEqual([]);
      expect(got).toHaveLength(PAGES);
    }
    expect(most()).toBe(1);
    const pauses = arrivals.slice(1).map((each, n) => each.from - (arrivals[n]?.to ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(PACE * 1000 - EARLY_MS);
    for (const { from, until: end } of asked) {
      expect(arrivals[from]?.from).toBeGreaterThanOrEqual(end - EARLY_MS);
    }
    // The pause ended the first one's turn: the next in line had the host.
    expect(arrivals[6]?.worker).not.toBe(arrivals[5]?.worker);
    expect(killed).not.toBeNull();
  });

  test('a pause outlasts the process that was asked for it, and is kept by one that comes later', async () => {
    let said = 0;
    const { site, arrivals } = await recordingSite((n, _, response) => {
      if (n > 1) return void response.end('ok');
      said = Date.now();
      response.writeHead(429, { 'retry-after': '3' }).end();
    });
    const first = startWorker('first', site.url, 1, 0);
    await until('the first request', async () => arrivals.length > 0);
    // Long enough to write down what it was told.
    await until('the note', async () => {
      const found = await engines.store.query('select from hosts where host = $1 and paused_until > now()', [
        new URL(site.url).host,
      ]);
      return found.rowCount === 1;
    });
    first.child.kill('SIGKILL');
    const second = await startWorker('second', site.url, 1, 0).ended;
    expect(second?.got).toHaveLength(1);
    expect((arrivals[1]?.from ?? 0) - said).toBeGreaterThanOrEqual(3000 - EARLY_MS);
  });

  test('a pause that nobody waits for ends the work of all of them, with its length', async () => {
    const { site, arrivals } = await recordingSite((_, __, response) => {
      response.writeHead(429, { 'retry-after': '3600' }).end();
    });
    const one = await startWorker('one', site.url, 1, 0).ended;
    const two = await startWorker('two', site.url, 1, 0).ended;
    expect(arrivals).toHaveLength(1);
    for (const outcome of [one, two]) {
      expect(outcome).toMatchObject({ got: [], failed: [{ code: 'status-429' }] });
      const { retryAfter = 0 } = outcome?.failed[0] ?? {};
      expect(retryAfter).toBeGreaterThan(3000);
      expect(retryAfter).toBeLessThanOrEqual(3600);
    }
  });
});

describe('a host that was stopped', () => {
  test('gets no further request, also in work that is under way, until it is resumed', async () => {
    const { site, arrivals } = await recordingSite((_, __, response) => void response.end('ok'));
    const host = new URL(site.url).host;
    const actor = hubActor('command:test', engines.officeId);
    const worker = startWorker('one', site.url, 100, 0.3);
    await until('the first requests', async () => arrivals.length > 2);
    await stopCrawling(engines.store, actor, { host: `${site.url}/some/page`, reason: '网站来电要求停止' });
    const { got = [], failed = [] } = (await worker.ended) ?? {};
    expect(got.length).toBeGreaterThan(0);
    expect(got.length + failed.length).toBe(100);
    expect(new Set(failed.map(({ code }) => code))).toEqual(new Set(['stopped']));
    const before = arrivals.length;

    expect((await startWorker('two', site.url, 1, 0).ended)?.failed).toMatchObject([{ code: 'stopped' }]);
    expect(arrivals).toHaveLength(before);

    const [stop] = await stopsStanding(engines.store, [engines.officeId]);
    expect(stop).toMatchObject({ host, reason: '网站来电要求停止', stoppedBy: null });
    await resumeCrawling(engines.store, actor, stop?.id ?? 0);
    expect((await startWorker('three', site.url, 1, 0).ended)?.got).toHaveLength(1);
  });
});

describe('the command line', () => {
  const cli = (...args: string[]) =>
    runCli(args, { DATABASE_URL: engines.runtime().databaseUrl, JIANSHENG_KEY: TEST_KEY });
  const standing = () =>
    standingFor(engines.store, { id: engines.officeId, officeId: engines.officeId }).then(
      ({ all, hosts }) => ({ all, hosts }),
    );

  test('stops a host, a source and everything, says what still stands, and enters it in the audit log', async () => {
    const source = await makeSource(engines.store, engines.officeId, 'to-be-stopped');
    const isStopped = async () => (await standingFor(engines.store, source)).all;

    expect((await cli('stop-crawling')).code).toBe(2);
    expect((await cli('stop-crawling', '--source', 'nobody', '--reason', 'x')).err).toContain('没有这个信源');
    expect(
      (await cli('stop-crawling', '--host', 'https://News.Example/a', '--reason', '站方来函')).code,
    ).toBe(0);
    expect(await standing()).toEqual({ all: false, hosts: ['news.example'] });
    expect(await isStopped()).toBe(false);
    await cli('stop-crawling', '--source', 'to-be-stopped', '--reason', '核实中');
    expect(await isStopped()).toBe(true);
    await cli('stop-crawling', '--reason', '演练');
    expect(await standing()).toEqual({ all: true, hosts: ['news.example'] });

    expect((await cli('resume-crawling')).out).toMatch(/已恢复：全部采集[\s\S]*news\.example：站方来函/);
    expect((await cli('resume-crawling', '--source', 'to-be-stopped')).out).toContain(
      '已恢复：to-be-stopped',
    );
    expect(await isStopped()).toBe(false);
    expect((await cli('resume-crawling', '--host', 'news.example')).out).not.toContain('仍有');
    expect((await cli('resume-crawling')).out).toContain('没有停止过');
    expect(await standing()).toEqual({ all: false, hosts: [] });

    const acts = await engines.store.query<{ action: string }>(
      `select action from audit_entries where actor like 'command:%-crawling' order by seq`,
    );
    expect(acts.rows.map(({ action }) => action)).toEqual([
      'crawl-stop',
      'source-stop',
      'crawl-stop',
      'crawl-resume',
      'source-resume',
      'crawl-resume',
    ]);
  });

  test('a stop of an office holds for those below it, and for no other', async () => {
    const above = await makeOffice(engines.store, 'stop-above', 'municipal');
    const below = await makeOffice(engines.store, 'stop-below', 'county', above);
    await stopCrawling(engines.store, hubActor('command:test', above), { host: null, reason: '演练' });
    const all = async (officeId: number) => (await standingFor(engines.store, { id: 0, officeId })).all;
    expect(await Promise.all([above, below, engines.officeId].map(all))).toEqual([true, true, false]);
  });

  test.each([
    ['no reason', { host: null, reason: ' ' }, 'stop-reason'],
    ['no host', { host: 'http://', reason: 'x' }, 'stop-host'],
    ['words', { host: '这 不是 网址', reason: 'x' }, 'stop-host'],
  ])('refuses %s', async (_, wish, code) => {
    const actor = hubActor('command:test', engines.officeId);
    await expect(stopCrawling(engines.store, actor, wish)).rejects.toMatchObject({ code });
  });
});

describe('the desk', () => {
  const LIVING = [1, 2, 3] as const;
  let living: PoolClient;
  beforeAll(async () => {
    living = await engines.store.connect();
    for (const owner of LIVING) await living.query('select pg_advisory_lock($1, $2)', [OWNER_SPACE, owner]);
  });
  afterAll(() => living.release(true));

  const take = (owner: number, host: string, leaseMs = 60_000) =>
    takeHost(engines.store, owner, host, { leaseMs, paceMs: 0, nearMs: 2_000 });

  test('gives a host to those who wait in the order in which they came', async () => {
    expect((await take(1, 'order')).got).toBe(true);
    expect((await take(2, 'order')).got).toBe(false);
    expect((await take(3, 'order')).got).toBe(false);
    await giveHost(engines.store, 1, 'order', 0);
    expect((await take(1, 'order')).got).toBe(false);
    expect((await take(3, 'order')).got).toBe(false);
    expect((await take(2, 'order')).got).toBe(true);
    await giveHost(engines.store, 2, 'order', 0);
    expect((await take(1, 'order')).got).toBe(false);
    expect((await take(3, 'order')).got).toBe(true);
  });

  test('passes over who has left the line, or has died in it', async () => {
    const dead = 77;
    for (const owner of [1, dead, 2, 3]) await take(owner, 'line');
    await giveHost(engines.store, 2, 'line', 0);
    await giveHost(engines.store, 1, 'line', 0);
    expect((await take(3, 'line')).got).toBe(true);
  });

  test('takes a host from a process that hangs when its time is over, not before', async () => {
    const before = Date.now();
    expect((await take(1, 'hanging', 700)).got).toBe(true);
    await until('the end of the lease', async () => (await take(2, 'hanging')).got);
    expect(Date.now() - before).toBeGreaterThanOrEqual(700 - EARLY_MS);
  });

  test('lets two that ask at the same moment not both have it', async () => {
    for (let n = 0; n < 20; n += 1) {
      const taken = await Promise.all(LIVING.map((owner) => take(owner, `same-${n}`)));
      expect(taken.filter(({ got }) => got)).toHaveLength(1);
    }
  });

  test('that loses sight of a process ends what it has under way, since others may begin', async () => {
    const { site, arrivals } = await recordingSite((n, _, response) => {
      if (n > 1) response.end('ok');
    });
    const { databaseUrl } = engines.runtime();
    const desk = new DatabaseHostDesk(engines.store, databaseUrl, silent);
    const settings = {
      contact: 'tests',
      officeName: 'tests',
      requestTimeoutSeconds: 60,
      maxPageMegabytes: 1,
    };
    const fetcher = new Fetcher({ ...settings, paceSeconds: 0, allowPrivateHosts: ['127.0.0.1'] }, desk);
    onTestFinished(async () => {
      await fetcher.close();
      await desk.close();
    });
    const first = fetcher.get(`${site.url}/first`).catch((error: unknown) => error);
    await until('the first request', async () => arrivals.length === 1);
    await engines.store.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jiansheng hosts'`,
    );
    expect(await first).toMatchObject({ code: 'connection-lost' });
    expect((await fetcher.get(`${site.url}/second`))?.status).toBe(200);
  });
});

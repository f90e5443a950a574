import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childEnv } from '../../config/env.ts';
import { hubActor } from '../../store/actor.ts';
import { resumeCrawling, stopCrawling, stopsStanding } from '../../store/stops.ts';
import { startTestEngines, until, type TestEngines } from '../support/engines.ts';
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
  return { site, arrivals, most: () => most };
}

describe('three worker processes and one host', () => {
  const PACE = 0.2;
  const PAGES = 12;

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
      if (n === 6) {
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
    await site.close();

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
    // Nobody has the host to itself until it is done: each has had a turn before the first one is through.
    const first = Math.min(
      ...left.map(({ got }) => arrivals.findIndex(({ path }) => got.at(-1)?.endsWith(path))),
    );
    expect(new Set(arrivals.slice(0, first + 1).map(({ worker }) => worker)).size).toBeGreaterThan(1);
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
    await site.close();
    expect(second?.got).toHaveLength(1);
    expect((arrivals[1]?.from ?? 0) - said).toBeGreaterThanOrEqual(3000 - EARLY_MS);
  });

  test('a pause that nobody waits for ends the work of all of them, with its length', async () => {
    const { site, arrivals } = await recordingSite((_, __, response) => {
      response.writeHead(429, { 'retry-after': '3600' }).end();
    });
    const one = await startWorker('one', site.url, 1, 0).ended;
    const two = await startWorker('two', site.url, 1, 0).ended;
    await site.close();
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
    await site.close();
  });
});

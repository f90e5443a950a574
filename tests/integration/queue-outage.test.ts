import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { jobIds, Queues } from '../../hub/queues.ts';
import { silent, startTestEngines, until, type TestEngines } from '../support/engines.ts';
import { openFlakyDoor, type Door, type FlakyDoor } from '../support/flaky-door.ts';

/** For so long a door stays shut after the worker has met it. */
const SHUT_MS = 2_000;
/** A loop that does not pause makes hundreds in that time on the slowest machine. */
const MOST_ATTEMPTS = 20;
/** Lines about them. */
const MOST_FAULTS = 6;
const INFO = 30;
/** A job whose taking was cut off is taken again once its lock is over, after 20 s. */
const SOON_SECONDS = 60;

let engines: TestEngines;
let direct: Queues;
let slot = 0;
const doors: FlakyDoor[] = [];
const workers: ChildProcess[] = [];

beforeAll(async () => {
  engines = await startTestEngines();
  direct = new Queues(engines.runtime(), silent);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) worker.kill('SIGKILL');
  for (const door of doors.splice(0)) await door.close();
});
afterAll(async () => {
  await direct.close();
  await engines.stop();
});

async function database(first: Door): Promise<{ door: FlakyDoor; url: string }> {
  const url = new URL(engines.runtime().databaseUrl);
  const door = await openFlakyDoor({ kind: 'postgres', port: Number(url.port) }, first);
  doors.push(door);
  url.port = String(door.port);
  return { door, url: url.href };
}

type Line = { level: number; msg: string; slot?: number };
type Worker = { child: ChildProcess; lines: Line[] };

async function startWorker(...urls: string[]): Promise<Worker> {
  const path = join(import.meta.dirname, '../support/work-forever.ts');
  const child = spawn(process.execPath, [path, ...urls], { stdio: ['ignore', 'pipe', 'inherit'] });
  workers.push(child);
  const lines: Line[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push(JSON.parse(part) as Line);
  });
  await until('the worker to have begun', async () => lines.some(({ msg }) => msg === 'works'));
  return { child, lines };
}

const told = (worker: Worker, msg: string, of: number) =>
  worker.lines.filter((line) => line.msg === msg && line.slot === of).length;

/** The next job is done by the worker. */
async function expectWorks(worker: Worker): Promise<void> {
  const mine = (slot += 1);
  await direct.queue('searches').add(jobIds.searches(mine), { slot: mine });
  await until(`job ${mine} to be done`, async () => told(worker, 'done', mine) > 0, SOON_SECONDS);
  expect(told(worker, 'done', mine)).toBe(1);
}

/** Waits before the shut door; holds that the worker comes back to it, and not too often. */
async function expectPatience(door: FlakyDoor, worker: Worker, kind: Door): Promise<void> {
  const faults = () => worker.lines.filter(({ level }) => level > INFO).length;
  const before = { attempts: door.attempts(), faults: faults() };
  await sleep(SHUT_MS);
  // Nobody hears of those who come to a server that is not there.
  if (kind !== 'gone')
    await until('a second try', async () => door.attempts() - before.attempts >= 2, SOON_SECONDS);
  expect(door.attempts() - before.attempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
  expect(faults() - before.faults).toBeLessThanOrEqual(MOST_FAULTS);
}

async function expectEnds({ child }: Worker): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}

const shut = ['starting', 'resetting', 'gone'] as const;

describe('a worker that is started while its database', () => {
  test.each(shut)('is %s takes jobs once it answers, and asks sparingly until then', async (kind) => {
    const { door, url } = await database(kind);
    const worker = await startWorker(url);
    await expectPatience(door, worker, kind);
    await door.set('open');
    await expectWorks(worker);
  });

  test.each(shut)('is %s ends when it is asked to', async (kind) => {
    const { door, url } = await database(kind);
    const worker = await startWorker(url);
    if (kind !== 'gone') await until('a try', async () => door.attempts() > 0);
    await expectEnds(worker);
  });
});

describe('a worker whose database goes away', () => {
  const orders: ['told' | 'untold', Exclude<Door, 'open'>[]][] = [
    ['told', ['starting', 'gone', 'resetting']],
    ['untold', ['gone', 'resetting', 'starting']],
    ['untold', ['resetting', 'starting', 'gone']],
    ['told', ['gone', 'starting']],
  ];
  test.each(orders)('%s, and is %j, takes jobs once it answers again', async (how, kinds) => {
    const { door, url } = await database('open');
    const worker = await startWorker(url);
    await expectWorks(worker);
    for (const [turn, kind] of kinds.entries()) {
      await door.set(kind);
      if (turn === 0) door.cut(how);
      await expectPatience(door, worker, kind);
    }
    await door.set('open');
    await expectWorks(worker);
  });

  test('with jobs in hand asks sparingly, and does them again', async () => {
    const { door, url } = await database('open');
    const worker = await startWorker(url);
    const held = [-1, -2];
    for (const each of held) {
      await direct.queue('searches').add(jobIds.searches(each), { slot: each });
      await until('the job to be in hand', async () => told(worker, 'begun', each) > 0, SOON_SECONDS);
    }
    await door.set('starting');
    door.cut('told');
    await expectPatience(door, worker, 'starting');
    for (const each of held) expect(told(worker, 'done', each)).toBe(1);
    await door.set('open');
    await expectWorks(worker);
    // That they were done could be written down nowhere.
    for (const each of held)
      await until(`job ${each} again`, async () => told(worker, 'done', each) === 2, SOON_SECONDS);
  });

  test('for moments only, again and again, loses no job', async () => {
    const { door, url } = await database('open');
    const worker = await startWorker(url);
    for (let turn = 0; turn < 5; turn += 1) {
      await expectWorks(worker);
      door.cut(turn % 2 === 0 ? 'told' : 'untold');
    }
    await expectWorks(worker);
  });
});

test('a queue that is made while its database is starting says so, and takes jobs once it answers', async () => {
  const { door, url } = await database('starting');
  const queues = new Queues({ databaseUrl: url, redisUrl: null }, silent);
  try {
    const add = (mine: number) => queues.queue('searches').add(jobIds.searches(mine), { slot: mine });
    await expect(add((slot += 1))).rejects.toThrow('the database system is starting up');
    await expect(queues.counts('chores')).rejects.toThrow('the database system is starting up');
    await door.set('open');
    const { waiting } = await queues.counts('chores');
    await add((slot += 1));
    expect((await queues.counts('chores')).waiting).toBe(waiting + 1);
  } finally {
    await queues.close();
  }
});

test.each(shut)('a worker whose Redis is %s asks sparingly', async (kind) => {
  // Nobody comes through this door.
  const door = await openFlakyDoor({ kind: 'redis', port: 1 }, kind);
  doors.push(door);
  const worker = await startWorker('', `redis://127.0.0.1:${door.port}`);
  await expectPatience(door, worker, kind);
});

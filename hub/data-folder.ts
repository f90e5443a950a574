import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../config/env.ts';
import { StartRefused } from '../config/errors.ts';
import { drawKey } from '../config/keys.ts';
import { isAlive, matches } from './engines/processes.ts';
import { isWritable } from './engines/unprivileged.ts';
import { messages } from './messages.ts';

/** What a running hub leaves in its data folder for commands of another terminal. */
export type Running = { pid: number; address: string; runtime: string };

const LARGEST_LOG = 20_000_000;

/**
 * Claims the data folder for this process.
 * @throws StartRefused when it cannot be written or another hub uses it
 */
export function claimFolder(folder: string): void {
  if (!isWritable(folder)) throw new StartRefused('folder-not-writable', messages.folderNotWritable(folder));
  const other = readRunning(folder);
  if (other) throw new StartRefused('already-running', messages.alreadyRunning(folder, other.pid));
  mkdirSync(join(folder, 'logs'), { recursive: true });
  for (const name of ['hub.log', 'postgres.log', 'meilisearch.log']) {
    const log = join(folder, 'logs', name);
    if (existsSync(log) && statSync(log).size > LARGEST_LOG) renameSync(log, `${log}.1`);
  }
  writeRunning(folder, { pid: process.pid, address: '', runtime: '' });
}

/** Readable by its owner only: the runtime holds the engines' keys. */
export function writeRunning(folder: string, running: Running): void {
  writeFileSync(join(folder, 'run.json'), JSON.stringify(running), { mode: 0o600 });
}

export function releaseFolder(folder: string): void {
  rmSync(join(folder, 'run.json'), { force: true });
}

/** The hub that runs on this folder now; null when none does. */
export function readRunning(folder: string): Running | null {
  try {
    const running = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Running;
    if (running.pid === process.pid || !isAlive(running.pid) || !matches(running.pid, 'hub/cli.ts'))
      return null;
    return running;
  } catch {
    return null;
  }
}

export type Secrets = {
  database: string;
  search: string;
  sessions: string;
  /** Seals secrets at rest where the environment names no key: in the sample. */
  key: string;
};

/** The embedded engines' passwords and the hub's own keys: drawn once, kept in the folder, owner only. */
export function folderSecrets(folder: string): Secrets {
  const file = join(folder, 'secrets.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const draw = () => randomBytes(32).toString('hex');
  const secrets: Secrets = {
    database: kept.database ?? draw(),
    search: kept.search ?? draw(),
    sessions: kept.sessions ?? draw(),
    key: kept.key ?? drawKey(),
  };
  if (Object.keys(kept).length < Object.keys(secrets).length) {
    // Renamed into place: a start that is killed here must not leave half a file, and with it a locked database.
    writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}

/**
 * The keys of this hub, the newest first. The sample draws its own; a real hub's must lie elsewhere than its data, or
 * whoever takes the data has the key along with it.
 * @throws StartRefused with a newly drawn key
 */
export function hubKeys(env: Env, sample: Pick<Secrets, 'key'> | null): string[] {
  if (!sample && env.JIANSHENG_KEY === undefined) {
    throw new StartRefused('key-missing', messages.keyMissing(drawKey()));
  }
  const keys = [env.JIANSHENG_KEY, ...(env.JIANSHENG_KEY_PREVIOUS ?? []), sample?.key];
  return [...new Set(keys.filter((key) => key !== undefined))];
}

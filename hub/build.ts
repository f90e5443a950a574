import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnv } from '../config/env.ts';
import { StartRefused } from '../config/errors.ts';
import { messages } from './messages.ts';
import { nodeFlags } from './node-flags.ts';

export const projectRoot = join(import.meta.dirname, '..');

const OUT = join(projectRoot, 'build', 'web');
const STAMP = join(OUT, '.sources');

/** What goes into the web app: its own sources, the rooms that it imports, and the versions of its libraries. */
const SOURCES = [
  '{web,config,store,crawler,indexer,publisher,hub}/**/*.*',
  'vite.config.ts',
  'package-lock.json',
];

/** One hash over the contents: a clone or a switch of branches changes times, not contents. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  for (const file of globSync(SOURCES, { cwd: projectRoot }).sort()) {
    if (statSync(join(projectRoot, file)).isDirectory()) continue;
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(projectRoot, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether the built web app is that of the present sources. */
export function isBuilt(): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourcesHash();
}

/** Where Node keeps compiled code; named to every process by `setup.mjs`. Null where the hub is started without it. */
function cacheStamp(): string | null {
  const folder = readEnv().NODE_COMPILE_CACHE;
  return folder === undefined ? null : join(folder, '.warmed');
}

/** Fills Node's compile cache once for these sources. A start without it works the same, only heavier. */
export async function warmUp(): Promise<void> {
  const stamp = cacheStamp();
  const hash = sourcesHash();
  if (stamp === null || (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash)) return;
  const warm = join(import.meta.dirname, 'warm.ts');
  await promisify(execFile)(process.execPath, [...nodeFlags, warm], { cwd: projectRoot })
    .then(() => writeFileSync(stamp, hash))
    .catch(() => {});
}

/** Builds the web app. @throws StartRefused with what the builder said */
export async function build(): Promise<void> {
  const hash = sourcesHash();
  try {
    const vite = join(projectRoot, 'node_modules', 'vite', 'bin', 'vite.js');
    await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error'], { cwd: projectRoot });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new StartRefused('build-failed', messages.buildFailed(`${stdout}${stderr}`), { cause });
  }
  writeFileSync(STAMP, hash);
}

if (import.meta.main && !isBuilt()) await build();

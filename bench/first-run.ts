import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { childEnv } from '../config/env.ts';
import { build, isBuilt, projectRoot } from '../hub/build.ts';
import { freePort } from '../hub/engines/processes.ts';
import { openSearch } from '../indexer/search/engine.ts';
import { family, memoryOf } from './support/processes.ts';
import { crawlRealPages } from './support/real-pages.ts';

/** Memory is read after this long, when every part has done some of each of its work. */
const MINUTES = 5;

/**
 * What a newcomer with an installed tree meets: seconds from the command to the first page served and to the first 100
 * posts found by search, memory of all processes after five minutes, size of the tree; and how many real pages the
 * automatic extraction reads whole. `--minutes 1` shortens the wait (then the memory figure says less).
 */
export async function bench(args: string[]): Promise<Record<string, number>> {
  const { values } = parseArgs({ args, options: { minutes: { type: 'string', default: String(MINUTES) } } });
  const real = await crawlRealPages();
  console.log(`real pages: ${real.complete} of ${real.pages} with title, date and text (${real.got} got)`);
  if (!isBuilt()) await build();
  const installedMegabytes = treeMegabytes(projectRoot);
  console.log(`installed tree: ${installedMegabytes.toFixed(0)} MB`);
  const run = await firstRun(Number(values.minutes) * 60);
  return { ...run, installedMegabytes: Math.round(installedMegabytes), realPagesComplete: real.complete };
}

async function firstRun(waitSeconds: number) {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-bench-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const since = performance.now();
  const seconds = () => Math.round((performance.now() - since) / 10) / 100;
  const hub = spawn(process.execPath, [join(projectRoot, 'hub', 'setup.mjs'), 'hub/cli.ts', 'start'], {
    cwd: projectRoot,
    env: childEnv({ JIANSHENG_DATA: folder, PORT: String(port) }),
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => hub.once('exit', resolve));
  try {
    await every(20, async () => (await fetch(`http://127.0.0.1:${port}/sign-in`)).ok);
    const firstPageSeconds = seconds();
    console.log(`first page served after ${firstPageSeconds} s`);
    await every(50, async () => (await searchable(folder)) >= 100);
    const first100SearchableSeconds = seconds();
    console.log(`100 posts searchable after ${first100SearchableSeconds} s`);
    await sleep(Math.max(0, waitSeconds - seconds()) * 1000);
    const processes = family(hub.pid ?? 0);
    const { resident, proportional } = memoryOf(processes);
    console.log(
      `after ${seconds()} s: ${processes.length} processes, ${resident.toFixed(0)} MB resident (shared pages counted in each), ` +
        `${proportional.toFixed(0)} MB with shared pages counted once; ${await searchable(folder)} posts`,
    );
    return { firstPageSeconds, first100SearchableSeconds, residentMegabytes: Math.round(resident) };
  } finally {
    hub.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many posts a search finds now; 0 as long as the engine does not answer. */
async function searchable(folder: string): Promise<number> {
  const file = join(folder, 'run.json');
  if (!existsSync(file)) return 0;
  const { runtime } = JSON.parse(readFileSync(file, 'utf8')) as { runtime: string };
  if (!runtime) return 0;
  const { meiliUrl, meiliKey } = JSON.parse(runtime) as { meiliUrl: string; meiliKey: string };
  const found = await openSearch(meiliUrl, meiliKey).posts.search('检察', { page: 1, hitsPerPage: 1 });
  return found.totalHits;
}

async function every(ms: number, check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 120_000; Date.now() < end; await sleep(ms)) {
    if (await check().catch(() => false)) return;
  }
  throw new Error('not within two minutes');
}

/** Space on disk of the project with everything installed and built, without its data, in megabytes. */
function treeMegabytes(root: string): number {
  let blocks = 0;
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (path === join(root, 'data') || path === join(root, '.git')) continue;
      blocks += lstatSync(path).blocks;
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return (blocks * 512) / 1e6;
}

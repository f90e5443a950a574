import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../../../config/env.ts';
import { nodeFlags } from '../../../hub/node-flags.ts';

/** One crawl of the whole site: complete pages, the time from the first request to the last page, and work done in it. */
export type Crawl = { pages: number; seconds: number; cpuSeconds: number };
/** What one side's process did: its crawls, one after the other, and its peak memory. */
export type SideResult = { crawls: Crawl[]; megabytes: number };

const run = promisify(execFile);
const here = (name: string) => join(import.meta.dirname, name);
/** Debian's, which is where its Scrapy is. */
const PYTHON = '/usr/bin/python3';

/** Runs a program whose last line is its result. */
async function resultOf(program: string, args: readonly string[]): Promise<SideResult> {
  const { stdout, stderr } = await run(program, args, { env: childEnv({}), cwd: '/tmp' });
  const last = stdout.trim().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(`no result: ${stderr.slice(-2000)}`);
  return JSON.parse(last) as SideResult;
}

export const ourSide = (args: readonly string[], flags: readonly string[] = []) =>
  resultOf(process.execPath, [...nodeFlags, ...flags, here('our-side.ts'), ...args]);
export const bareLoop = (list: string) => resultOf(process.execPath, [here('bare-loop.ts'), list]);
export const scrapy = (list: string) =>
  resultOf(PYTHON, [
    '-m',
    'scrapy',
    'runspider',
    here('scrapy-spider.py'),
    '-a',
    `start=${list}`,
    '-L',
    'ERROR',
  ]);

/** The version of Scrapy, null where it is not installed. */
export async function scrapyVersion(): Promise<string | null> {
  return run(PYTHON, ['-m', 'scrapy', 'version']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
}

/** Starts the site in a process of its own. */
export async function startSite(articles: number): Promise<{ list: string; stop(): void }> {
  const child = spawn(process.execPath, [here('site-server.ts'), String(articles)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { list: `http://127.0.0.1:${String(port).trim()}/list/0.html`, stop: () => child.kill() };
}

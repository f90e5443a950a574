import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { childEnv } from '../../config/env.ts';

export const root = join(import.meta.dirname, '../..');

export type Ran = { code: number | null; signal: NodeJS.Signals | null; out: string; err: string };

/** Runs a program of Node to its end with this text on its standard input. */
export function run(
  args: string[],
  options: { input?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? root,
      env: childEnv(options.env ?? {}),
    });
    const ran = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.err += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, ...ran }));
    // A program that ends without reading closes the pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

export const jiansheng = (args: string[], options: Parameters<typeof run>[1] = {}): Promise<Ran> =>
  run([join(root, 'hub/cli.ts'), ...args], options);

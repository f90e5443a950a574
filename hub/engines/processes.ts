import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Below the ports that systems give to outgoing connections: one of those may take a port between this look and its use. */
const [FIRST_PORT, LAST_PORT] = [20_000, 32_000];

/** A port on loopback on which nobody listens now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 500; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await portIsFree(port, '127.0.0.1')) return port;
  }
  throw new Error('no free port on loopback');
}

/** Whether something can listen on the port now. */
export async function portIsFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Starts a program in a session of its own: the terminal's Ctrl-C reaches only the supervisor, which then stops
 * everything in order (the database last).
 */
export function startDetached(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, { ...options, detached: true });
  // A program that cannot be started reports it through 'exit' or the caller's readiness check, not as a crash here.
  child.on('error', () => {});
  return child;
}

/** Resolves when the process has ended; false when it has not within `timeoutMs`. */
export async function ended(child: ChildProcess, timeoutMs: number): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), timeoutMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Asks the process to end, and after `graceMs` makes it. */
export async function stopChild(child: ChildProcess, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  child.kill(signal);
  if (await ended(child, graceMs)) return;
  child.kill('SIGKILL');
  await ended(child, 2_000);
}

/**
 * Ends what an earlier supervisor left behind when it was killed: the process that the file names, if it still runs
 * and its command line holds `mark` (a process id may since have gone to somebody else).
 */
export async function endLeftover(pidFile: string, mark: string, signal: NodeJS.Signals): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1 && isAlive(pid) && matches(pid, mark)) {
    process.kill(pid, signal);
    for (let waited = 0; waited < 8_000 && isAlive(pid); waited += 50) await sleep(50);
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  }
  rmSync(pidFile, { force: true });
}

export function writePid(pidFile: string, child: ChildProcess): void {
  if (child.pid !== undefined) writeFileSync(pidFile, `${child.pid}\n`);
}

/** Whether the process's command line holds `mark`; where the system does not tell, the pid file alone is believed. */
export function matches(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(mark);
  } catch {
    return !existsSync('/proc/self/cmdline');
  }
}

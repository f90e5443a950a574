import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openCipher } from '../../config/cipher.ts';
import { childEnv } from '../../config/env.ts';
import type { Runtime } from '../../config/runtime.ts';
import { freePort, isAlive } from '../../hub/engines/processes.ts';
import type { RoleName } from '../../hub/roles/contract.ts';
import { openAuditLog } from '../../store/audit.ts';
import { TEST_KEY, until } from './engines.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A whole hub as `npm start` runs it: the command line in a process of its own, on a folder of its own. */
export type TestHub = {
  folder: string;
  runtime: Runtime;
  address: string;
  /** What the terminal shows so far. */
  output(): string;
  /** Process id of the newest process of the role. */
  pid(role: RoleName): number;
  /** `kill -9`, then waits for the supervisor's new process of the role to be ready. */
  killRole(role: RoleName): Promise<void>;
  process: ChildProcess;
  /** Ctrl-C. @returns exit code and seconds until the end */
  stop(): Promise<{ code: number | null; seconds: number }>;
};

/** Runs a command of the hub's command line to its end. */
export async function runCli(
  args: string[],
  env: Record<string, string> = {},
  input?: string,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'hub', 'cli.ts'), ...args], {
    cwd: ROOT,
    env: childEnv(env),
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  child.stdin.end(input ?? '');
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { code, out, err };
}

/**
 * Starts a hub on the folder and waits until it says that it is ready.
 * @param config null: the sample profile
 * @param more variables of the environment
 */
export async function startTestHub(
  folder: string,
  config: string | null = null,
  more: Record<string, string> = {},
): Promise<TestHub> {
  const port = await freePort();
  const args = [join(ROOT, 'hub', 'cli.ts'), 'start', ...(config ? ['--config', config] : [])];
  const key: Record<string, string> = config ? { JIANSHENG_KEY: TEST_KEY } : {};
  const env = childEnv({ JIANSHENG_DATA: folder, PORT: String(port), ...key, ...more });
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  await until(
    'the hub to be ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`the hub did not start:\n${output}`);
      return output.includes('已就绪');
    },
    120,
  );
  const running = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as {
    runtime: string;
    address: string;
  };
  const pid = (role: RoleName) => {
    const started = logLines(folder).filter((line) => line.role === role && line.msg === 'started');
    return started.at(-1)?.pid ?? 0;
  };
  const runtime = JSON.parse(running.runtime) as Runtime;
  // What a test does through the store of this hub is entered into this hub's chain.
  openAuditLog(openCipher(runtime.keys));
  return {
    folder,
    runtime,
    address: running.address,
    output: () => output,
    pid,
    process: child,
    async killRole(role) {
      const before = pid(role);
      process.kill(before, 'SIGKILL');
      await until(`${role} to be back`, async () => pid(role) !== before);
    },
    async stop() {
      const since = Date.now();
      child.kill('SIGINT');
      const code = await ended;
      return { code, seconds: (Date.now() - since) / 1000 };
    },
  };
}

type LogLine = { role: string; pid: number; msg: string };

export function logLines(folder: string): LogLine[] {
  const log = join(folder, 'logs', 'hub.log');
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** Processes that still run and have to do with the folder: its roles by the log, its engines by their pid files. */
export function processesOf(folder: string): number[] {
  const engines = [join(folder, 'postgres', 'data', 'postmaster.pid'), join(folder, 'meilisearch.pid')]
    .filter((file) => existsSync(file))
    .map((file) => Number(readFileSync(file, 'utf8').split('\n')[0]));
  const roles = logLines(folder).map((line) => line.pid);
  return [...new Set([...roles, ...engines])].filter((pid) => pid > 0 && isAlive(pid) && !isZombie(pid));
}

function isZombie(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/exe`);
    return false;
  } catch {
    return true;
  }
}

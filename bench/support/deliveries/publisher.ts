import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { childEnv } from '../../../config/env.ts';
import { encodeRuntime, type Runtime } from '../../../config/runtime.ts';
import { projectRoot } from '../../../hub/build.ts';
import { nodeFlags } from '../../../hub/node-flags.ts';

/** The publish role in a process of its own. */
export type Publisher = {
  pid: number;
  /** `kill -9`. */
  kill(): Promise<void>;
  stop(): Promise<void>;
};

/** @param quick with a tenth of its patience: for platforms that answer at once, and people who cannot wait */
export async function startPublisher(runtime: Runtime, quick: boolean): Promise<Publisher> {
  const entry = quick
    ? join('bench', 'support', 'deliveries', 'quick-publisher.ts')
    : join('hub', 'role-main.ts');
  const child: ChildProcess = spawn(process.execPath, [...nodeFlags, join(projectRoot, entry), 'publish'], {
    cwd: projectRoot,
    env: childEnv({ JIANSHENG_RESOLVED: encodeRuntime(runtime) }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(join(runtime.dataFolder, 'publisher.log'), { flags: 'a' });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  const ended = once(child, 'exit');
  await Promise.race([once(child, 'message'), ended]);
  if (child.exitCode !== null) throw new Error(`the publisher did not start: see ${runtime.dataFolder}`);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

import { openSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { childEnv } from '../config/env.ts';
import { encodeRuntime, runtimeFor, type Runtime } from '../config/runtime.ts';
import { startDetached, stopChild } from './engines/processes.ts';
import { nodeFlags } from './node-flags.ts';
import type { RoleName } from './roles/contract.ts';

const RESTART_MS = 300;
const LONGEST_RESTART_MS = 10_000;
/** A role that has run for this long was not failing at its start. */
const STEADY_MS = 60_000;
/** A little more than a role gives itself. */
const STOP_MS = 2_500;

/** Keeps the roles running as processes of their own: one that ends by itself is started again. */
export class Supervisor {
  readonly #runtime: Runtime;
  readonly #log: number;
  readonly #children = new Map<RoleName, ChildProcess>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #onEnd: (role: RoleName, how: string) => void;
  #stopping = false;

  constructor(runtime: Runtime, onEnd: (role: RoleName, how: string) => void) {
    this.#runtime = runtime;
    this.#log = openSync(join(runtime.dataFolder, 'logs', 'hub.log'), 'a');
    this.#onEnd = onEnd;
  }

  /** Starts a role. @returns once it has said that it is ready; false when it has ended before */
  start(role: RoleName, waitMs = RESTART_MS): Promise<boolean> {
    const child = startDetached(
      process.execPath,
      [...nodeFlags, join(import.meta.dirname, 'role-main.ts'), role],
      {
        stdio: ['ignore', this.#log, this.#log, 'ipc'],
        env: childEnv({
          JIANSHENG_RESOLVED: encodeRuntime(runtimeFor(role, this.#runtime)),
          NODE_ENV: 'production',
        }),
      },
    );
    this.#children.set(role, child);
    const since = Date.now();
    return new Promise((resolve) => {
      child.once('message', () => resolve(true));
      child.once('exit', (code, signal) => {
        resolve(false);
        if (this.#stopping) return;
        this.#onEnd(role, signal ?? String(code));
        const wait = Date.now() - since > STEADY_MS ? RESTART_MS : waitMs;
        const timer = setTimeout(() => {
          this.#timers.delete(timer);
          void this.start(role, Math.min(wait * 2, LONGEST_RESTART_MS));
        }, wait);
        this.#timers.add(timer);
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([...this.#children.values()].map((child) => stopChild(child, 'SIGTERM', STOP_MS)));
  }
}

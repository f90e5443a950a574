import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Runtime } from '../config/runtime.ts';
import type { Pool } from '../store/pool.ts';
import { endReplay, takeReplay } from '../store/replays.ts';
import { EVERY_OFFICE, scoped } from '../store/scope.ts';
import { nodeFlags } from './node-flags.ts';

/** How often it is looked whether somebody has asked for one. */
const IDLE_MS = 3_000;

export type ToReplay = Pick<Runtime, 'databaseUrl'> & {
  id: number;
  officeId: number;
  from: string;
  to: string;
};
export type ReplayAnswer = { failed: string | null };

/**
 * Runs the replays that people ask for, one after the other, for as long as `signal` lets it, each in a process of its own:
 * grouping months of posts would else keep what comes in waiting.
 */
export async function runReplays(
  pool: Pool,
  databaseUrl: string,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const every = scoped(pool, EVERY_OFFICE);
  while (!signal.aborted) {
    try {
      const asked = await takeReplay(every);
      if (asked) {
        const { id, officeId, from, to } = asked;
        await replayApart(
          { databaseUrl, id, officeId, from: from.toISOString(), to: to.toISOString() },
          signal,
        ).catch(async (err: unknown) => {
          // What was broken off is taken up by the next process.
          if (signal.aborted) return;
          log.error({ err, id, officeId }, 'replay failed');
          await endReplay(every, id, null);
        });
        continue;
      }
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, 'which replays are asked for is not known now');
    }
    await sleep(IDLE_MS, undefined, { signal }).catch(() => {});
  }
}

async function replayApart(request: ToReplay, signal: AbortSignal): Promise<void> {
  const child = fork(join(import.meta.dirname, 'replay.ts'), {
    execArgv: nodeFlags,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    signal,
  });
  const { failed } = await new Promise<ReplayAnswer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as ReplayAnswer));
    child.once('error', reject);
    child.once('exit', (code, killed) => reject(new Error(`replay ended: ${code ?? killed}`)));
    child.send(request);
  });
  if (failed !== null) throw new Error(failed);
}

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { StartRefused } from '../config/errors.ts';
import { nodeFlags } from './node-flags.ts';
import type { Prepared, ToPrepare } from './prepare.ts';

export type PrepareAnswer = { prepared: Prepared } | { failed: { code: string | null; message: string } };

/**
 * Prepares the database in a process of its own that then ends: what that needs to load (queues, password hashing) would
 * stay in the supervisor's memory for as long as the hub runs.
 * @throws StartRefused as `prepare` does
 */
export async function prepareApart(request: ToPrepare): Promise<Prepared> {
  const child = fork(join(import.meta.dirname, 'prepare.ts'), {
    detached: true,
    execArgv: nodeFlags,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.send(request);
  const answer = await new Promise<PrepareAnswer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as PrepareAnswer));
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`prepare ended: ${code ?? signal}`)));
  });
  if ('prepared' in answer) return answer.prepared;
  if (answer.failed.code !== null) throw new StartRefused(answer.failed.code, answer.failed.message);
  throw new Error(answer.failed.message);
}

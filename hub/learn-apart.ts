import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Runtime } from '../config/runtime.ts';
import type { Learnt } from '../indexer/learning/learn.ts';
import { nodeFlags } from './node-flags.ts';

export type ToLearn = Pick<Runtime, 'databaseUrl' | 'keys' | 'officeId'>;
export type LearnAnswer = { learnt: Learnt } | { failed: string };

/**
 * Learns in a process of its own that then ends: the dictionary, the model and all posts that were reviewed would else stay
 * in the memory of a role that has no use for them. Falls with the signal.
 */
export async function learnApart(
  { databaseUrl, keys, officeId }: ToLearn,
  signal?: AbortSignal,
): Promise<Learnt> {
  const child = fork(join(import.meta.dirname, 'learn.ts'), {
    execArgv: nodeFlags,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(signal && { signal }),
  });
  const answer = await new Promise<LearnAnswer>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LearnAnswer));
    child.once('error', reject);
    child.once('exit', (code, killed) => reject(new Error(`learn ended: ${code ?? killed}`)));
    child.send({ databaseUrl, keys, officeId } satisfies ToLearn);
  });
  if ('failed' in answer) throw new Error(answer.failed);
  return answer.learnt;
}

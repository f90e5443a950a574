import { readEnv } from '../../config/env.ts';
import { StartRefused } from '../../config/errors.ts';
import type { Runtime } from '../../config/runtime.ts';
import { openStore, type Pool } from '../../store/pool.ts';
import { hubKeys } from '../data-folder.ts';
import { messages } from '../messages.ts';
import { runningRuntime } from './reindex.ts';

/** What a command of another terminal needs of the hub: its database, as the roles reach it, and its keys. */
export type Reached = Pick<Runtime, 'databaseUrl' | 'identityUrl' | 'keys'>;

/**
 * Reaches the database that the environment names, else that of the running hub.
 * @returns null when there is neither
 */
export function reach(config: string | null): Reached | null {
  const env = readEnv();
  if (env.DATABASE_URL === undefined) return runningRuntime(config);
  return { databaseUrl: env.DATABASE_URL, identityUrl: env.DATABASE_URL, keys: hubKeys(env, null) };
}

/** @throws StartRefused `not-running` */
export function mustReach(config: string | null, command: string): Reached {
  const reached = reach(config);
  if (!reached) throw new StartRefused('not-running', messages.notRunning(command));
  return reached;
}

/** A pool for a command, which works across all offices; closed when `work` is done. */
export async function withPool<T>(
  url: string,
  command: string,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = openStore(url, command, { max: 2, settings: ['jiansheng.every=on'] });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../hub/engines/postgres.ts';
import { migrateQueues } from '../../hub/queues.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/pool.ts';
import { DATABASE_PASSWORD, newFolder } from './engines.ts';

declare module 'vitest' {
  interface ProvidedContext {
    cluster: string;
  }
}

/**
 * Makes the database of this program once for all files of a run: copied, a new one is there in a fifth of the time that it
 * takes to make it. Nothing in it has to outlive the machine, so that nobody waits for the disk; a killed process loses
 * nothing by that.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = newFolder();
  const postgres = await startPostgres(folder, DATABASE_PASSWORD);
  const store = openStore(postgres.url, 'test');
  try {
    await migrate(store);
    await migrateQueues(postgres.url);
    await store.query('alter system set fsync = off');
  } finally {
    await store.end();
    await postgres.stop();
  }
  project.provide('cluster', join(folder, 'postgres'));
  return () => rmSync(folder, { recursive: true, force: true });
}

import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMeilisearch } from '../../hub/engines/meilisearch.ts';
import { startPostgres } from '../../hub/engines/postgres.ts';
import { migrateQueues } from '../../hub/queues.ts';
import { openSearch, type SearchEngine } from '../../indexer/search/engine.ts';
import { ensureSearchKey, type SearchKey } from '../../indexer/search/tenant.ts';
import { grantRoles, roleUrl } from '../../store/grants.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore, type Pool } from '../../store/pool.ts';

const KEY = 'a-key-for-benchmarks-of-16';
const SECRET = 'a-secret-for-benchmarks-of-at-least-32-characters';

/** Real engines with the hub's own settings. */
export type BenchEngines = {
  /** Whether the folder was there before, with what an earlier run has put into it. */
  filled: boolean;
  ownerUrl: string;
  appUrl: string;
  identityUrl: string;
  /** As the owner of the database: no scope holds for it. */
  owner: Pool;
  meiliUrl: string;
  search: SearchEngine;
  searchKey: SearchKey;
  stop(): Promise<void>;
};

/** @param kept a folder that stays, for another run on the same data; else one that is removed at the end */
export async function startBenchEngines(kept?: string): Promise<BenchEngines> {
  const filled = kept !== undefined && existsSync(kept);
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'jiansheng-bench-'));
  mkdirSync(join(folder, 'logs'), { recursive: true });
  chmodSync(folder, 0o755);
  const [postgres, meili] = await Promise.all([
    startPostgres(folder, 'bench-password'),
    startMeilisearch(folder, KEY),
  ]);
  const owner = openStore(postgres.url, 'bench', { max: 8 });
  const stop = async () => {
    await owner.end();
    await meili.stop();
    await postgres.stop();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const search = openSearch(meili.url, KEY, 600_000);
  const prepare = async () => {
    await migrate(owner);
    await migrateQueues(postgres.url);
    await grantRoles(owner, postgres.url, SECRET);
    return ensureSearchKey(search);
  };
  const searchKey = await prepare().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    filled,
    owner,
    search,
    ownerUrl: postgres.url,
    appUrl: roleUrl(postgres.url, SECRET, 'app'),
    identityUrl: roleUrl(postgres.url, SECRET, 'identity'),
    meiliUrl: meili.url,
    searchKey,
    stop,
  };
}

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { inject } from 'vitest';
import { openCipher } from '../../config/cipher.ts';
import { checkHub, type HubConfig } from '../../config/hub.ts';
import { drawKey } from '../../config/keys.ts';
import type { Runtime } from '../../config/runtime.ts';
import { startMeilisearch } from '../../hub/engines/meilisearch.ts';
import { startPostgres } from '../../hub/engines/postgres.ts';
import { migrateQueues } from '../../hub/queues.ts';
import { openSearch, type SearchEngine } from '../../indexer/search/engine.ts';
import { ensureSearchKey, type SearchKey } from '../../indexer/search/tenant.ts';
import { grantRoles, roleUrl } from '../../store/grants.ts';
import { openAuditLog } from '../../store/audit.ts';
import { migrate } from '../../store/migrate.ts';
import { ensureOffice } from '../../store/offices.ts';
import { openStore, type Pool } from '../../store/pool.ts';

/** Real engines on a folder of their own, for one test file. */
export type TestEngines = {
  folder: string;
  /** As the owner of the database: no scope holds for it. */
  store: Pool;
  search: SearchEngine;
  searchKey: SearchKey;
  officeId: number;
  runtime(hub?: Partial<HubConfig>): Runtime;
  stopMeilisearch(): Promise<void>;
  startMeilisearch(): Promise<void>;
  stop(): Promise<void>;
};

/** What the tests' hubs seal with. */
export const TEST_KEY = drawKey();

/** Of the database's owner. */
export const DATABASE_PASSWORD = 'test-password';

const KEY = 'a-key-for-tests-of-at-least-16';
const SECRET = 'a-secret-for-tests-of-at-least-32-characters';

/** A new folder that an unprivileged user can reach too: PostgreSQL refuses to run as root. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jiansheng-test-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'logs'));
  return folder;
}

/** Puts the database that was made for the run (cluster.ts) into a data folder; without one the engine makes its own there. */
function copyCluster(folder: string): void {
  const cluster = inject('cluster');
  // Where the server's user cannot reach the folder, its data lie elsewhere (hub/engines/unprivileged.ts).
  if (cluster === undefined || !existsSync(cluster)) return;
  // With its owner: the server does not run as root.
  execFileSync('cp', ['-a', cluster, join(folder, 'postgres')]);
}

export const silent = pino({ level: 'silent' });

export function testHub(hub: Record<string, unknown> = {}): HubConfig {
  return checkHub(
    {
      office: { code: 'test-1', name: '云州市人民检察院', level: 'municipal' },
      crawler: {
        contact: 'tests',
        paceSeconds: 0,
        requestTimeoutSeconds: 2,
        allowPrivateHosts: ['127.0.0.1'],
      },
      ...hub,
    },
    'test',
    false,
  );
}

export async function startTestEngines(): Promise<TestEngines> {
  openAuditLog(openCipher([TEST_KEY]));
  const folder = newFolder();
  copyCluster(folder);
  const [postgres, firstMeili] = await Promise.all([
    startPostgres(folder, DATABASE_PASSWORD),
    startMeilisearch(folder, KEY),
  ]);
  let meili = firstMeili;
  const store = openStore(postgres.url, 'test');
  await migrate(store);
  await migrateQueues(postgres.url);
  await grantRoles(store, postgres.url, SECRET);
  const hub = testHub();
  const office = await ensureOffice(store, hub.office);
  const search = openSearch(meili.url, KEY);
  const searchKey = await ensureSearchKey(search);
  return {
    folder,
    store,
    officeId: office.id,
    searchKey,
    search,
    runtime: (change = {}) => ({
      hub: { ...hub, ...change },
      officeId: office.id,
      dataFolder: folder,
      address: 'http://127.0.0.1',
      databaseUrl: roleUrl(postgres.url, SECRET, 'app'),
      identityUrl: roleUrl(postgres.url, SECRET, 'identity'),
      meiliUrl: meili.url,
      meiliKey: KEY,
      searchKey,
      redisUrl: null,
      secret: SECRET,
      keys: [TEST_KEY],
    }),
    stopMeilisearch: () => meili.stop(),
    async startMeilisearch() {
      meili = await startMeilisearch(folder, KEY, meili.port);
    },
    async stop() {
      await store.end();
      await meili.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until `check` gives something; fails after `seconds` with what it was waiting for. */
export async function until<T>(
  what: string,
  check: () => Promise<T | null | undefined | false>,
  seconds = 60,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    const found = await check();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

import pg from 'pg';
import type { Env } from '../../config/env.ts';
import { errorText, StartRefused } from '../../config/errors.ts';
import type { Secrets } from '../data-folder.ts';
import { messages } from '../messages.ts';
import { startMeilisearch } from './meilisearch.ts';
import { startPostgres, type Engine } from './postgres.ts';

export type EngineName = 'postgres' | 'meilisearch';
export type Engines = {
  databaseUrl: string;
  meiliUrl: string;
  meiliKey: string;
  /** Stops what was started here, the database last; engines from outside are left alone. */
  stop(): Promise<void>;
};

/** An engine that ends by itself is started again, on its old port, after this long; doubled at each further time. */
const RESTART_MS = 500;
const LONGEST_RESTART_MS = 15_000;
const STEADY_MS = 60_000;

/**
 * Starts the embedded engines, or connects to those that the environment names.
 * @param onRestart told when an embedded engine has ended by itself and is started again
 */
export async function startEngines(
  folder: string,
  secrets: Secrets,
  env: Env,
  onRestart: (engine: EngineName) => void,
): Promise<Engines> {
  const [postgres, meilisearch] = await Promise.allSettled([
    env.DATABASE_URL
      ? reachPostgres(env.DATABASE_URL)
      : supervised(
          (port) => startPostgres(folder, secrets.database, port),
          () => onRestart('postgres'),
        ),
    env.MEILI_URL
      ? reachMeilisearch(env.MEILI_URL, env.MEILI_KEY ?? '')
      : supervised(
          (port) => startMeilisearch(folder, secrets.search, port),
          () => onRestart('meilisearch'),
        ),
  ]);
  if (postgres.status === 'rejected' || meilisearch.status === 'rejected') {
    if (postgres.status === 'fulfilled') await postgres.value.stop();
    if (meilisearch.status === 'fulfilled') await meilisearch.value.stop();
    throw postgres.status === 'rejected' ? postgres.reason : (meilisearch as PromiseRejectedResult).reason;
  }
  return {
    databaseUrl: postgres.value.url,
    meiliUrl: meilisearch.value.url,
    meiliKey: env.MEILI_URL ? (env.MEILI_KEY ?? '') : secrets.search,
    async stop() {
      await meilisearch.value.stop();
      await postgres.value.stop();
    },
  };
}

type Reached = { url: string; stop(): Promise<void> };

/** Keeps an engine running until it is stopped on purpose. */
async function supervised(
  start: (port?: number) => Promise<Engine & { url: string; port: number }>,
  onRestart: () => void,
): Promise<Reached> {
  let engine = await start();
  const { url, port } = engine;
  let stopped = false;
  let wait = RESTART_MS;
  let restarting: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  function watch(): void {
    const since = Date.now();
    engine.child.once('exit', () => {
      if (stopped) return;
      if (Date.now() - since > STEADY_MS) wait = RESTART_MS;
      timer = setTimeout(again, wait);
    });
  }
  function again(): void {
    wait = Math.min(wait * 2, LONGEST_RESTART_MS);
    onRestart();
    restarting = start(port).then(
      (next) => {
        engine = next;
        watch();
      },
      () => {
        if (!stopped) timer = setTimeout(again, wait);
      },
    );
  }
  watch();
  return {
    url,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await restarting;
      await engine.stop();
    },
  };
}

async function reachPostgres(url: string): Promise<Reached> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await client.query('select 1');
  } catch (cause) {
    throw new StartRefused('postgres-unreachable', messages.postgresUnreachable(errorText(cause)), { cause });
  } finally {
    await client.end().catch(() => {});
  }
  return { url, stop: async () => {} };
}

async function reachMeilisearch(url: string, key: string): Promise<Reached> {
  try {
    const answer = await fetch(new URL('/indexes?limit=1', url), {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  } catch (cause) {
    throw new StartRefused('meilisearch-unreachable', messages.meiliUnreachable(errorText(cause)), { cause });
  }
  return { url, stop: async () => {} };
}

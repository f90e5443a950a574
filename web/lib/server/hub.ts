import type { Logger } from 'pino';
import { readEnv } from '../../../config/env.ts';
import { decodeRuntime, type Runtime } from '../../../config/runtime.ts';
import { openSearch, type SearchEngine } from '../../../indexer/search/engine.ts';
import { openStore, type Store } from '../../../store/pool.ts';
import { openAuth, type Auth } from './auth.ts';
import { openLog } from '../../../config/log.ts';

export type Hub = Readonly<{ runtime: Runtime; store: Store; search: SearchEngine; auth: Auth; log: Logger }>;

/** Ten times the search engine's usual answer; a page must not hang longer on an engine that is down. */
const SEARCH_TIMEOUT_MS = 5_000;

let opened: Hub | null = null;

/**
 * The engines of this process, opened at the first request: the build imports every module of the app and must not
 * connect to anything.
 */
export function hub(): Hub {
  return (opened ??= open());
}

function open(): Hub {
  const env = readEnv();
  const runtime = decodeRuntime(env);
  if (!runtime) throw new Error('JIANSHENG_RESOLVED is not set: the web role is started by the hub');
  const store = openStore(runtime.databaseUrl, 'web', 8);
  return Object.freeze({
    runtime,
    store,
    search: openSearch(runtime.meiliUrl, runtime.meiliKey, SEARCH_TIMEOUT_MS),
    auth: openAuth(runtime, store),
    log: openLog('web'),
  });
}

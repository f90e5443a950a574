import type { Logger } from 'pino';
import { openCipher, type Cipher } from '../../../config/cipher.ts';
import { readEnv } from '../../../config/env.ts';
import { decodeRuntime, type Runtime } from '../../../config/runtime.ts';
import { openSearch, type PostsIndex, type SearchEngine } from '../../../indexer/search/engine.ts';
import { searchWithin } from '../../../indexer/search/tenant.ts';
import { openAuditLog } from '../../../store/audit.ts';
import { openStore, type Pool } from '../../../store/pool.ts';
import type { Scope } from '../../../store/scope.ts';
import { openAuth, type Auth } from './auth.ts';
import { openOidc } from './identity/oidc.ts';
import type { OidcClient } from './identity/oidc-client.ts';
import { openLog } from '../../../config/log.ts';

export type Hub = Readonly<{
  runtime: Runtime;
  /** The database without a scope: nothing is visible through it. Only the gate uses it (desk.ts). */
  store: Pool;
  /** What people sign in with; only the code that signs them in uses it. */
  identity: Pool;
  /** Without a key: it can tell whether the engine is there, and no more. */
  search: SearchEngine;
  /** The posts that may be searched within a scope. */
  searchable(scope: Scope, shared?: readonly number[]): Promise<PostsIndex>;
  /** Seals what must not be readable in the database. */
  cipher: Cipher;
  auth: Auth;
  /** The office's provider; null: none is set. */
  oidc: OidcClient | null;
  log: Logger;
}>;

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
  const cipher = openCipher(runtime.keys);
  openAuditLog(cipher);
  const identity = openStore(runtime.identityUrl, 'identity', { max: 3, settings: ['jiansheng.every=on'] });
  return Object.freeze({
    runtime,
    store: openStore(runtime.databaseUrl, 'web', { max: 6 }),
    identity,
    search: openSearch(runtime.meiliUrl, runtime.meiliKey, SEARCH_TIMEOUT_MS),
    searchable: (scope, shared = []) =>
      searchWithin(runtime.meiliUrl, runtime.searchKey, scope, shared, SEARCH_TIMEOUT_MS),
    cipher,
    auth: openAuth(runtime, identity),
    oidc: openOidc(runtime, env.JIANSHENG_OIDC_SECRET),
    log: openLog('web'),
  });
}

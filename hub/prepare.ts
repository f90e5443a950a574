import { openCipher } from '../config/cipher.ts';
import { watches } from '../config/defaults.ts';
import { HubError } from '../config/errors.ts';
import type { HubConfig } from '../config/hub.ts';
import type { Runtime } from '../config/runtime.ts';
import { openSearch } from '../indexer/search/engine.ts';
import { ensureSearchKey } from '../indexer/search/tenant.ts';
import { beginAudit, openAuditLog } from '../store/audit.ts';
import { grantRoles, roleUrl } from '../store/grants.ts';
import { migrate } from '../store/migrate.ts';
import { ensureOfficesBelow } from '../store/first-offices.ts';
import { ensureOffice } from '../store/offices.ts';
import { ensureRules } from '../store/warning-rules.ts';
import { ensureWatches } from '../store/watches.ts';
import { openStore } from '../store/pool.ts';
import { syncSources } from '../store/sources.ts';
import { firstLogins, type FirstLogin } from './first-login.ts';
import type { PrepareAnswer } from './prepare-apart.ts';
import { migrateQueues } from './queues.ts';
import type { PlatformPorts } from './sample.ts';
import { ensureSampleAccounts } from './sample-accounts.ts';
import { sealSecrets, type GivenSecret } from './source-secrets.ts';

export type ToPrepare = {
  hub: HubConfig;
  /** As the owner of the database: tables and roles are made here and nowhere else. */
  databaseUrl: string;
  meiliUrl: string;
  meiliKey: string;
  secret: string;
  keys: readonly string[];
  /** False where another role sees to the first sign-in. */
  withLogins: boolean;
  /** Of the sources of hub.yaml, from the environment. */
  sourceSecrets: readonly GivenSecret[];
  /** Where the simulated platforms of the sample are, and the hub itself; absent in a real hub. */
  sample?: { platforms: PlatformPorts; address: string };
};
export type Prepared = Pick<Runtime, 'officeId' | 'databaseUrl' | 'identityUrl' | 'searchKey'> & {
  logins: readonly FirstLogin[];
  /** The sample office's account at the simulated WeChat; null: it has none. */
  wechatAccount: number | null;
};

/**
 * Makes the engines ready for the roles: tables, queues, database roles, search key, office, sources, the first people.
 * Safe to run at any time and from several machines at once.
 */
export async function prepare(to: ToPrepare): Promise<Prepared> {
  const { hub, databaseUrl, secret } = to;
  openAuditLog(openCipher(to.keys));
  const store = openStore(databaseUrl, 'start', { max: 2 });
  try {
    await migrate(store);
    await migrateQueues(databaseUrl);
    await grantRoles(store, databaseUrl, secret);
    const searchKey = await ensureSearchKey(openSearch(to.meiliUrl, to.meiliKey));
    const office = await ensureOffice(store, hub.office);
    await beginAudit(store, office.id);
    // Before there are sources: nothing is stored yet that they would have to be asked about.
    await ensureWatches(store, office.id, watches);
    const ids = await ensureOfficesBelow(store, hub.office.code, hub.offices);
    await ensureRules(store, null);
    await syncSources(store, ids, hub.sources, hub.office.code);
    await sealSecrets(store, to.keys, ids, to.sourceSecrets);
    return {
      officeId: office.id,
      databaseUrl: roleUrl(databaseUrl, secret, 'app'),
      identityUrl: roleUrl(databaseUrl, secret, 'identity'),
      searchKey,
      logins: to.withLogins ? await firstLogins(store, office.id, hub) : [],
      wechatAccount: to.sample ? await ensureSampleAccounts(store, to.keys, office.id, to.sample) : null,
    };
  } finally {
    await store.end();
  }
}

if (import.meta.main) {
  process.once('message', (request: ToPrepare) => {
    prepare(request)
      .then((prepared): PrepareAnswer => ({ prepared }))
      .catch((error: unknown): PrepareAnswer => {
        const code = error instanceof HubError ? error.code : null;
        return {
          failed: {
            code,
            message: error instanceof Error ? (code ? error.message : (error.stack ?? '')) : String(error),
          },
        };
      })
      .then((answer) => process.send?.(answer, () => process.disconnect()))
      .catch(() => process.exit(1));
  });
}

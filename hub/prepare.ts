import { HubError } from '../config/errors.ts';
import type { HubConfig } from '../config/hub.ts';
import { migrate } from '../store/migrate.ts';
import { ensureOffice } from '../store/offices.ts';
import { openStore } from '../store/pool.ts';
import { syncSources } from '../store/sources.ts';
import { firstLogin } from './first-login.ts';
import type { PrepareAnswer, PrepareRequest } from './prepare-apart.ts';
import { migrateQueues } from './queues.ts';

export type Prepared = {
  officeId: number;
  /** The administrator's one-time password when one was made now. */ password: string | null;
};

/**
 * Makes the database ready for the roles: tables, queues, office, sources, the first person. Safe to run at any time and
 * from several machines at once.
 * @param withLogin false where another role sees to the first sign-in
 */
export async function prepare(hub: HubConfig, databaseUrl: string, withLogin: boolean): Promise<Prepared> {
  const store = openStore(databaseUrl, 'start', 2);
  try {
    await migrate(store);
    await migrateQueues(databaseUrl);
    const office = await ensureOffice(store, hub.office);
    await syncSources(store, office.id, hub.sources);
    const password = withLogin ? await firstLogin(store, office.id, hub.administrator.email) : null;
    return { officeId: office.id, password };
  } finally {
    await store.end();
  }
}

if (import.meta.main) {
  process.once('message', (request: PrepareRequest) => {
    prepare(request.hub, request.databaseUrl, request.withLogin)
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

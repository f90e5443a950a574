import { openCipher } from '../../config/cipher.ts';
import { readEnv } from '../../config/env.ts';
import { watchAccounts } from '../../publisher/after/account-watch.ts';
import { runLooks } from '../../publisher/after/look.ts';
import { runDeliveries } from '../../publisher/deliver-loop.ts';
import { patience as usual, type Patience } from '../../publisher/deliver-rules.ts';
import { openPlatformFetch } from '../../publisher/channels/http.ts';
import { openGuard } from '../../publisher/notices/post-once.ts';
import { runNotices } from '../../publisher/notices/run.ts';
import { runSitePushes } from '../../publisher/site/push-loop.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { openEngine } from '../publishing.ts';
import type { Role } from './contract.ts';

/** How long a robot or the mail server may take to answer. */
const NOTICE_MS = 10_000;

/** The pool makes them as they are needed, and lets them go: when nothing is due there are one or two. */
const CONNECTIONS = 8;

/** Sends deliveries at their time, and tells staff what there is to tell. */
export const publish: Role = (runtime, log) => publishWith(runtime, log, usual);

/** @param patience other than the usual one only where platforms are simulated, and nobody can wait */
export async function publishWith(
  ...[runtime, log, patience]: [...Parameters<Role>, Patience]
): ReturnType<Role> {
  const pool = openStore(runtime.databaseUrl, 'publish', { max: CONNECTIONS });
  const { mail, allowPrivateHosts } = runtime.hub.notices;
  const stop = new AbortController();
  const notices = runNotices(
    {
      store: scoped(pool, EVERY_OFFICE),
      cipher: openCipher(runtime.keys),
      guard: openGuard(allowPrivateHosts),
      mail: mail ? { ...mail, password: readEnv().JIANSHENG_SMTP_PASSWORD ?? null } : null,
      address: runtime.address,
      timeoutMs: NOTICE_MS,
    },
    log,
    stop.signal,
  );
  const engine = openEngine(runtime, pool, log, patience);
  const deliveries = runDeliveries(engine, log, stop.signal);
  const looks = runLooks(engine, log, stop.signal);
  const accounts = watchAccounts(engine, log, stop.signal);
  const pushes = runSitePushes(
    {
      store: scoped(pool, EVERY_OFFICE),
      cipher: openCipher(runtime.keys),
      fetch: openPlatformFetch(runtime.hub.publisher.allowPrivateHosts),
      now: () => new Date(),
    },
    log,
    stop.signal,
  );
  return async () => {
    stop.abort();
    await Promise.all([notices, deliveries, looks, accounts, pushes]);
    await pool.end();
  };
}

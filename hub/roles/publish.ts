import { openCipher } from '../../config/cipher.ts';
import { readEnv } from '../../config/env.ts';
import { deliver } from '../../publisher/deliver.ts';
import { openGuard } from '../../publisher/notices/post-once.ts';
import { runNotices } from '../../publisher/notices/run.ts';
import { openStore } from '../../store/pool.ts';
import { EVERY_OFFICE, scoped } from '../../store/scope.ts';
import { Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/** How long a robot or the mail server may take to answer. */
const NOTICE_MS = 10_000;

/** Sends deliveries at their time, and tells staff what there is to tell. */
export const publish: Role = async (runtime, log) => {
  const pool = openStore(runtime.databaseUrl, 'publish', { max: 2 });
  const queues = new Queues(runtime, log);
  const { missedAfterMinutes } = runtime.hub.publisher;
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
  queues.work('deliver', 4, {
    async deliver({ deliveryId }, scope) {
      const result = await deliver(scoped(pool, scope), deliveryId, new Date(), missedAfterMinutes);
      log.info({ deliveryId, result }, 'delivery');
    },
  });
  return async () => {
    stop.abort();
    await Promise.all([notices, queues.close()]);
    await pool.end();
  };
};

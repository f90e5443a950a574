import { deliver } from '../../publisher/deliver.ts';
import { openStore } from '../../store/pool.ts';
import { scoped } from '../../store/scope.ts';
import { Queues } from '../queues.ts';
import type { Role } from './contract.ts';

/** Sends deliveries at their time. */
export const publish: Role = async (runtime, log) => {
  const pool = openStore(runtime.databaseUrl, 'publish', { max: 2 });
  const queues = new Queues(runtime, log);
  const { missedAfterMinutes } = runtime.hub.publisher;
  queues.work('deliver', 4, {
    async deliver({ deliveryId }, scope) {
      const result = await deliver(scoped(pool, scope), deliveryId, new Date(), missedAfterMinutes);
      log.info({ deliveryId, result }, 'delivery');
    },
  });
  return async () => {
    await queues.close();
    await pool.end();
  };
};

import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { Queues } from '../../hub/queues.ts';

/**
 * A worker in a process of its own: `work-forever.ts <database> [<redis>]`. Says what it does and logs in lines of JSON, keeps
 * jobs with negative slots in hand for a second, and ends on SIGTERM once its queues are closed.
 */
const [databaseUrl = '', redisUrl = null] = process.argv.slice(2);

const log = pino({ level: 'info' }, pino.destination({ dest: 1, sync: true }));
const queues = new Queues({ databaseUrl, redisUrl }, log);
queues.work('chores', 2, {
  async searches({ slot }) {
    log.info({ slot }, 'begun');
    if (slot < 0) await sleep(1_000);
    log.info({ slot }, 'done');
  },
  async retain() {},
  async learn() {},
});
log.info('works');
process.on('SIGTERM', () => void queues.close().then(() => process.exit(0)));

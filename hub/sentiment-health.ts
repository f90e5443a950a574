import { subscribe } from 'node:diagnostics_channel';
import type { Logger } from 'pino';
import type { Runtime } from '../config/runtime.ts';
import { HEALTH_CHANNEL, type SentimentHealth } from '../indexer/sentiment/health.ts';
import { tellService } from '../store/outside-services.ts';
import { openStore } from '../store/pool.ts';

/**
 * Writes down how the model does that `sentiment.external` names, as far as this process asks it: a line in the log when it
 * gives no right answers and when it does again, and in the database since when, for the desk and `jiansheng doctor`.
 * @returns what ends that
 */
export function tellSentimentHealth(runtime: Pick<Runtime, 'databaseUrl'>, log: Logger): () => Promise<void> {
  // Opened when there is something to write, and closed again soon after.
  const pool = openStore(runtime.databaseUrl, 'sentiment', { max: 1 });
  let failing = false;
  let writing: Promise<void> = Promise.resolve();
  const heard = (message: unknown) => {
    const { why } = message as SentimentHealth;
    if (why !== null)
      log.warn({ why }, 'the sentiment model elsewhere gives no right answer, the shipped one judges');
    else if (failing) log.info('the sentiment model elsewhere answers again');
    failing = why !== null;
    writing = writing
      .then(() => tellService(pool, 'sentiment', why))
      .catch((err: unknown) => log.warn({ err }, 'health of the sentiment model not written'));
  };
  subscribe(HEALTH_CHANNEL, heard);
  return async () => {
    await writing;
    await pool.end();
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import {
  assertSchemaCompatibility,
  PostgresConnection,
  PostgresQueueBackend,
  type BackendFactory,
  type IQueueBackend,
  type PostgresConnectionOptions,
} from 'bullmq';

/** After the first fault of a row so long, then twice as long each time, at most the longest. */
const PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Lets a worker wait no longer than this for a word of new jobs. BullMQ would wait up to an hour for it, with a single look
 * in between for when the next delayed job is due; where that look fails, a delivery would be late by as much.
 */
const LONGEST_WAIT_SECONDS = 10;

/**
 * A connection that asks again when the database did not answer. BullMQ keeps the answer to its first question for good, a
 * failure too: a worker that begins while PostgreSQL does (57P03) would never take a job.
 */
class PatientConnection extends PostgresConnection {
  #ready: Promise<void> | null = null;

  /** @throws what the database said, or that its queue tables are missing or of another version; asks anew when called again */
  override waitUntilReady(): Promise<void> {
    this.#ready ??= this.#ask().catch((err: unknown) => {
      this.#ready = null;
      throw err;
    });
    return this.#ready;
  }

  async #ask(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await assertSchemaCompatibility(client, this.schema);
    } finally {
      client.release();
    }
  }
}

class PatientPostgres extends PostgresQueueBackend {
  // BullMQ's would keep the first answer, as above; it also names the connection that listens, which nobody asks for.
  override waitUntilReady(): Promise<void> {
    return this.connection.waitUntilReady();
  }

  override get maximumBlockTimeout(): number {
    return LONGEST_WAIT_SECONDS;
  }
}

/** Jobs in a PostgreSQL that may be away for a while, at the start too. */
export const createPatientPostgres: BackendFactory<PatientPostgres, PostgresConnectionOptions> = (
  name,
  options,
) => new PatientPostgres(new PatientConnection(options.connection), name, options);

/**
 * Makes a worker's loop pause after each fault of its two questions, a little longer each time. BullMQ pauses only where
 * nobody listens (ECONNREFUSED), and asks at once again whatever else the server says: with answers from memory no timer
 * and no signal would get a turn any more. Leaving the wait (BullMQ's way to close a worker) ends the pause.
 */
export function paced<B extends IQueueBackend, C>(factory: BackendFactory<B, C>): BackendFactory<B, C> {
  return (name, options, how) => {
    const backend: IQueueBackend & B = factory(name, options, how);
    let leaving = new AbortController();
    const paceOf = <A extends unknown[], R>(ask: (...args: A) => Promise<R>) => {
      let faults = 0;
      return async (...args: A): Promise<R> => {
        try {
          const answer = await ask(...args);
          faults = 0;
          return answer;
        } catch (err) {
          const pause = Math.min(PAUSE_MS * 2 ** faults, LONGEST_PAUSE_MS);
          faults += 1;
          await sleep(pause, undefined, { signal: leaving.signal }).catch(() => {});
          throw err;
        }
      };
    };
    const disconnect = backend.disconnectBlocking.bind(backend);
    const reconnect = backend.reconnectBlocking.bind(backend);
    backend.moveToActive = paceOf(backend.moveToActive.bind(backend));
    backend.waitForJob = paceOf(backend.waitForJob.bind(backend));
    backend.disconnectBlocking = (wait) => {
      leaving.abort();
      return disconnect(wait);
    };
    backend.reconnectBlocking = () => {
      if (leaving.signal.aborted) leaving = new AbortController();
      return reconnect();
    };
    return backend;
  };
}

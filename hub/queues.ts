import {
  createRedisBackend,
  runMigrations,
  withBackend,
  type Job,
  type JobsOptions,
  type Queue,
  type Worker,
} from 'bullmq';
import type { Logger } from 'pino';
import pg from 'pg';
import { jobReach } from '../config/access/matrix.ts';
import type { Runtime } from '../config/runtime.ts';
import { LIFETIME_SECONDS } from '../store/pool.ts';
import { EVERY_OFFICE, oneOffice, type Scope } from '../store/scope.ts';
import { createPatientPostgres, paced } from './queue-backend.ts';
import { RepeatedFaults } from './repeated-faults.ts';

/**
 * Every job there is. The id of a job is its rule of de-duplication: adding one that exists does nothing, so that any
 * number of clocks may tick.
 */
export type Jobs = {
  /** id `crawl:<source id>:<slot>` — one visit of one source in one slot of its interval. */
  crawl: { officeId: number; sourceId: number; slot: number };
  /** id `retain:day:<day in Asia/Shanghai>` (BullMQ takes colons in threes) — one clearing of what has had its time, for all offices. */
  retain: { day: string };
  /** id `searches:slot:<five minutes since 1970>` — one look at everybody's saved searches. */
  searches: { slot: number };
  /** id `learn:day:<day in Asia/Shanghai>` — what people said about posts is learnt from once a day. */
  learn: { day: string };
};
export type JobName = keyof Jobs;

/**
 * In which queue a job waits. A worker listens to its queue on a connection of its own: what comes rarely and waits
 * gladly shares one.
 */
export const queueOf = {
  crawl: 'crawl',
  retain: 'chores',
  learn: 'chores',
  searches: 'chores',
} as const satisfies Record<JobName, string>;
export type QueueName = (typeof queueOf)[JobName];
export const queueNames = [...new Set(Object.values(queueOf))];

type JobsIn<Q extends QueueName> = { [N in JobName]: (typeof queueOf)[N] extends Q ? N : never }[JobName];
/** Each job of a queue has exactly one. */
export type Handlers<Q extends QueueName> = {
  [N in JobsIn<Q>]: (data: Jobs[N], scope: Scope) => Promise<void>;
};

export const jobIds = {
  crawl: (sourceId: number, slot: number) => `crawl:${sourceId}:${slot}`,
  retain: (day: string) => `retain:day:${day}`,
  searches: (slot: number) => `searches:slot:${slot}`,
  learn: (day: string) => `learn:day:${day}`,
};

/**
 * A finished job keeps its id taken for this long, so that a clock that lags behind does not make it again. The longest
 * slot that a clock can still name is far shorter.
 */
const KEPT_SECONDS = 3_600;

const options: JobsOptions = {
  removeOnComplete: { age: KEPT_SECONDS, count: 2_000 },
  removeOnFail: { age: 7 * 86_400, count: 2_000 },
  attempts: 5,
  backoff: { type: 'exponential', delay: 2_000 },
};

/** A worker that is killed loses its job after this; the job then runs again. */
const LOCK_MS = 15_000;

/** Until a worker whose server refuses connections tries again; BullMQ's own 15 s would outlast the lock of a job that has just been done. */
const RETRY_MS = 1_000;

/** What the hub uses of BullMQ's classes; both backends have it. */
type QueueLike = Pick<Queue, 'add' | 'getJobCounts' | 'close'> & {
  on(event: 'error', heard: (err: Error) => void): unknown;
};
type WorkerLike = Pick<Worker, 'close'> & {
  on(event: 'error', heard: (err: Error) => void): unknown;
  on(event: 'failed', heard: (job: Job | undefined, err: Error) => void): unknown;
};
type Process = (job: Job) => Promise<void>;

export type QueueHandle<N extends JobName> = {
  /** Adds a job unless one of this id is known. `first`: before those that wait. */
  add(id: string, data: Jobs[N], how?: { delayMs?: number; first?: boolean }): Promise<void>;
};

const onPostgres = withBackend(paced(createPatientPostgres));
const onRedis = withBackend(paced(createRedisBackend));

/**
 * Connections to wherever jobs live: the hub's PostgreSQL, or Redis where `REDIS_URL` says so. The server may be away at any
 * time: workers then wait for it, and what is asked of a queue on PostgreSQL fails.
 */
export class Queues {
  readonly #log: Logger;
  readonly #faults: RepeatedFaults;
  readonly #pool: pg.Pool | null;
  readonly #redisUrl: string | null;
  readonly #open: { close(): Promise<void> }[] = [];
  readonly #queues = new Map<QueueName, QueueLike>();
  #workers = 0;

  constructor(runtime: Pick<Runtime, 'databaseUrl' | 'redisUrl'>, log: Logger) {
    this.#log = log;
    this.#faults = new RepeatedFaults(log, 'queue connection');
    this.#redisUrl = runtime.redisUrl;
    this.#pool = runtime.redisUrl === null ? openQueuePool(runtime.databaseUrl, this.#faults) : null;
  }

  /** Where jobs of one name are added. */
  queue<N extends JobName>(name: N): QueueHandle<N> {
    const queue = this.#queue(queueOf[name]);
    return {
      async add(id, data, { delayMs = 0, first = false } = {}) {
        await queue.add(name, data, { jobId: id, delay: Math.max(0, delayMs), lifo: first });
      },
    };
  }

  /** Of all jobs of a queue. */
  async counts(name: QueueName): Promise<{ waiting: number; failed: number }> {
    const counts = await this.#queue(name).getJobCounts('waiting', 'delayed', 'failed');
    return {
      waiting: (counts['waiting'] ?? 0) + (counts['delayed'] ?? 0),
      failed: counts['failed'] ?? 0,
    };
  }

  #queue(name: QueueName): QueueLike {
    const open = this.#queues.get(name);
    if (open) return open;
    const settings = { defaultJobOptions: options };
    const queue: QueueLike = this.#pool
      ? new onPostgres.Queue(name, { ...settings, connection: this.#pool })
      : new onRedis.Queue(name, { ...settings, connection: this.#redis() });
    this.#keep(queue);
    this.#queues.set(name, queue);
    return queue;
  }

  /**
   * Handles the jobs of a queue until `close`, each within the scope that the access matrix gives it.
   * @throws when the matrix has no row for one of them
   */
  work<Q extends QueueName>(name: Q, concurrency: number, handlers: Handlers<Q>): void {
    const handle = new Map(
      Object.entries(handlers) as [JobName, (data: unknown, scope: Scope) => Promise<void>][],
    );
    for (const job of handle.keys()) {
      if (!Object.hasOwn(jobReach, job)) throw new Error(`access matrix: no row for the job ${job}`);
    }
    const settings = {
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS / 3,
      // A worker may be killed again and again; giving the job up would lose it.
      maxStalledCount: 20,
      runRetryDelay: RETRY_MS,
    };
    const process: Process = async (job) => {
      const jobName = job.name as JobName;
      const handler = handle.get(jobName);
      if (!handler) throw new Error(`nobody handles the job ${jobName}`);
      await handler(job.data, scopeOfJob(jobName, job.data as Jobs[JobName]));
    };
    this.#workers += 1;
    if (this.#pool) this.#pool.options.max = Math.max(LEAST_CONNECTIONS, this.#workers + 1);
    const worker: WorkerLike = this.#pool
      ? new onPostgres.Worker(name, process, { ...settings, connection: this.#pool })
      : new onRedis.Worker(name, process, { ...settings, connection: this.#redis() });
    this.#keep(worker);
    worker.on('failed', (job, err) =>
      this.#log.error(
        { err, queue: name, job: job?.name, jobId: job?.id, attempt: job?.attemptsMade },
        'job failed',
      ),
    );
  }

  /** Lets running jobs end and closes every connection. */
  async close(): Promise<void> {
    await Promise.all(this.#open.map((part) => part.close().catch(() => {})));
    await this.#pool?.end().catch(() => {});
    this.#faults.close();
  }

  /** Null is what BullMQ asks of workers: a command waits for a lost server instead of failing. Its own pauses grow to 20 s. */
  #redis() {
    return { url: this.#redisUrl ?? '', maxRetriesPerRequest: null, retryStrategy: () => RETRY_MS };
  }

  #keep(part: QueueLike | WorkerLike): void {
    part.on('error', (err) => this.#faults.tell(err));
    this.#open.push(part);
  }
}

/** A job of an office sees and writes nothing but that office. */
export function scopeOfJob<N extends JobName>(name: N, data: Jobs[N]): Scope {
  if (jobReach[name] === 'every') return EVERY_OFFICE;
  if (!('officeId' in data)) throw new Error(`the job ${name} names no office`);
  return oneOffice(data.officeId);
}

/** One for each worker, which listens with it for good, and one for everything else, which is short; never fewer than two. */
const LEAST_CONNECTIONS = 2;

/** BullMQ keeps its tables in a schema of their own, which a pool that is handed to it has to select. */
function openQueuePool(databaseUrl: string, faults: RepeatedFaults): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    options: '-c search_path=bullmq',
    application_name: 'jiansheng queues',
    keepAlive: true,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    max: LEAST_CONNECTIONS,
  });
  pool.on('error', (err) => faults.tell(err));
  // One that is lent out at that moment would end the process; who has it hears of it by their statement.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Makes or updates BullMQ's tables; once at the start, before any role. */
export async function migrateQueues(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await runMigrations(client);
  } finally {
    await client.end();
  }
}

import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import pg from 'pg';
import { asReason } from '../../crawler/errors.ts';
import type { HostDesk, RobotsFile, Taken } from '../../crawler/fetch/hosts.ts';
import {
  calmHost,
  giveHost,
  keepRobotsFile,
  OWNER_SPACE,
  pauseHost,
  robotsFileOf,
  takeHost,
} from '../../store/hosts.ts';
import type { Queryable } from '../../store/pool.ts';

/**
 * The desk at which all processes of the crawler meet: the hub's database. A connection of its own says that this process
 * lives; when it ends, however it ends, what it had taken is free at once.
 */
export class DatabaseHostDesk implements HostDesk {
  readonly #db: Queryable;
  readonly #databaseUrl: string;
  readonly #log: Logger;
  readonly #owner = randomInt(1, 2 ** 31 - 1);
  #sign: Promise<pg.Client> | null = null;
  #closed = false;
  /** Told when the sign of life was lost: others may have, by then, what this process had taken. */
  onLost: () => void = () => {};

  /** @param db any scope: hosts belong to no office */
  constructor(db: Queryable, databaseUrl: string, log: Logger) {
    this.#db = db;
    this.#databaseUrl = databaseUrl;
    this.#log = log;
  }

  async take(host: string, leaseMs: number, paceMs: number, nearMs: number): Promise<Taken> {
    await this.#live();
    const taken = await takeHost(this.#db, this.#owner, host, { leaseMs, paceMs, nearMs });
    return { ...taken, reason: asReason(taken.reason) };
  }

  give(host: string, restMs: number): Promise<void> {
    return giveHost(this.#db, this.#owner, host, restMs);
  }

  pause(host: string, ms: number, reason: string, trouble: number): Promise<void> {
    return pauseHost(this.#db, host, { ms, reason, trouble });
  }

  calm(host: string): Promise<void> {
    return calmHost(this.#db, host);
  }

  robotsFile(origin: string): Promise<RobotsFile | null> {
    return robotsFileOf(this.#db, origin);
  }

  keepRobotsFile(origin: string, content: string | null | undefined): Promise<void> {
    return keepRobotsFile(this.#db, origin, content);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const sign = await this.#sign?.catch(() => null);
    await sign?.end().catch(() => {});
  }

  async #live(): Promise<void> {
    this.#sign ??= this.#connect();
    try {
      await this.#sign;
    } catch (error) {
      this.#sign = null;
      throw error;
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      application_name: 'jiansheng hosts',
      keepAlive: true,
    });
    client.on('error', (err) => this.#log.warn({ err }, 'connection of the host desk lost'));
    await client.connect();
    client.on('end', () => {
      this.#sign = null;
      if (!this.#closed) this.onLost();
    });
    await client.query('select pg_advisory_lock($1, $2)', [OWNER_SPACE, this.#owner]);
    return client;
  }
}

import type pg from 'pg';
import type { Pool, Queryable, Store } from './pool.ts';

/**
 * First half of the lock's key: what kind of thing is locked. 1, 3, 5, 6, 8 and 9 are taken by transactions (posts of an office, the
 * audit log, posts of every office, the tree of offices and its administrators, grouping of an office's posts, its warnings).
 */
const SPACES = { outbox: 2, source: 4 } as const;

/**
 * Runs `work` while no other process of the hub does the same for the same thing. The lock lives on one connection and
 * falls with it: a killed process holds nothing.
 * @returns false, without running `work`, when another one has the lock
 */
export async function exclusively(
  store: Store,
  space: keyof typeof SPACES,
  id: number,
  work: () => Promise<void>,
): Promise<boolean> {
  const client = await store.connect();
  let lost: Error | undefined;
  // A connection that breaks meanwhile takes the lock along; `work` finds out by its own queries.
  const onError = (error: Error) => (lost = error);
  client.on('error', onError);
  try {
    const got = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [
      SPACES[space],
      id,
    ]);
    if (!got.rows[0]?.locked) return false;
    try {
      await work();
    } finally {
      await client.query('select pg_advisory_unlock($1, $2)', [SPACES[space], id]).catch(onError);
    }
    return true;
  } finally {
    client.off('error', onError);
    client.release(lost);
  }
}

/**
 * As `exclusively`, for many things at the same time on one connection of the pool: a lock needs a session of its own only
 * against other processes. Falls with the process; when the connection breaks, the locks are gone and the work goes on.
 */
export class SharedLocks {
  readonly #pool: Pool;
  readonly #space: keyof typeof SPACES;
  readonly #held = new Set<number>();
  #client: Promise<pg.PoolClient> | null = null;
  /** A connection answers one question at a time. */
  #last: Promise<unknown> = Promise.resolve();

  #onLost: (error: Error) => void = () => {};

  constructor(pool: Pool, space: keyof typeof SPACES) {
    this.#pool = pool;
    this.#space = space;
  }

  /** @returns false, without running `work`, when the thing is locked already, here or by another process */
  async exclusively(id: number, work: () => Promise<void>): Promise<boolean> {
    // A session gets the lock that it has once more.
    if (this.#held.has(id)) return false;
    this.#held.add(id);
    try {
      const client = await this.#connection();
      const keys = [SPACES[this.#space], id];
      if (!(await this.#ask(client, 'pg_try_advisory_lock', keys))) return false;
      try {
        await work();
      } finally {
        await this.#ask(client, 'pg_advisory_unlock', keys).catch(() => {});
      }
      return true;
    } finally {
      this.#held.delete(id);
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => null);
    this.#client = null;
    if (!client) return;
    // What breaks from here on is the pool's to see: the client is given back once only.
    client.off('error', this.#onLost);
    client.release();
  }

  #ask(client: pg.PoolClient, what: string, keys: unknown[]): Promise<boolean> {
    const asked = this.#last.then(async () => {
      const result = await client.query<{ done: boolean }>(`select ${what}($1, $2) as done`, keys);
      return result.rows[0]?.done ?? false;
    });
    this.#last = asked.catch(() => {});
    return asked;
  }

  #connection(): Promise<pg.PoolClient> {
    this.#client ??= this.#connect();
    return this.#client;
  }

  async #connect(): Promise<pg.PoolClient> {
    try {
      const client = await this.#pool.connect();
      this.#onLost = (error) => {
        this.#client = null;
        client.release(error);
      };
      client.once('error', this.#onLost);
      return client;
    } catch (error) {
      this.#client = null;
      throw error;
    }
  }
}

/** Whether somebody holds the lock now. */
export async function isLocked(db: Queryable, space: keyof typeof SPACES, id: number): Promise<boolean> {
  const found = await db.query(
    `select 1 from pg_locks l join pg_database d on d.oid = l.database
     where d.datname = current_database() and l.locktype = 'advisory' and l.granted and l.classid = $1 and l.objid = $2`,
    [SPACES[space], id],
  );
  return found.rowCount !== 0;
}

/**
 * For the rest of the transaction this is the only writer of the office's posts: two that store the same words at once
 * would both believe to be the first, two that count the same hours in different order would deadlock, and a copy must
 * not be linked to a post that is being removed.
 */
export async function lockPosts(client: Queryable, officeId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock_shared(5, 0), pg_advisory_xact_lock(1, $1)', [officeId]);
}

/**
 * For the rest of the transaction nobody else groups posts of the office.
 * @returns false when somebody else does so now
 */
export async function lockGrouping(client: Queryable, officeId: number): Promise<boolean> {
  const got = await client.query<{ locked: boolean }>('select pg_try_advisory_xact_lock(8, $1) as locked', [
    officeId,
  ]);
  return got.rows[0]?.locked ?? false;
}

/**
 * For the rest of the transaction nobody else judges the office by its rules.
 * @returns false when somebody else does so now
 */
export async function lockWarnings(client: Queryable, officeId: number): Promise<boolean> {
  const got = await client.query<{ locked: boolean }>('select pg_try_advisory_xact_lock(9, $1) as locked', [
    officeId,
  ]);
  return got.rows[0]?.locked ?? false;
}

/** For the rest of the transaction nobody else writes posts of any office. */
export async function lockAllPosts(client: Queryable): Promise<void> {
  await client.query('select pg_advisory_xact_lock(5, 0)');
}

import pg from 'pg';

/** Anything that runs a statement: the pool, a scope of it, or one client inside a transaction. */
export type Queryable = {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<pg.QueryResult<R>>;
};
/** A pool, or a scope of one (scope.ts). */
export type Store = Queryable & { connect(): Promise<pg.PoolClient> };
export type Pool = pg.Pool;

const INT8 = 20;

/**
 * A connection is made anew after so long, when it is not lent out: a process of PostgreSQL keeps every page and every
 * description of a table that it has ever touched. Making one takes some milliseconds.
 */
export const LIFETIME_SECONDS = 60;

export type PoolOptions = {
  /** The most connections it opens. */
  max?: number;
  /** Settings that every connection starts with, `name=value`. */
  settings?: readonly string[];
};

/**
 * A pool on the hub's database. Ids are int8 and stay far below 2^53, so they come back as numbers.
 * @param purpose names the connections in pg_stat_activity, e.g. `jiansheng crawl`
 */
export function openStore(
  databaseUrl: string,
  purpose: string,
  { max = 8, settings = [] }: PoolOptions = {},
): Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: `jiansheng ${purpose}`,
    max,
    keepAlive: true,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    ...(settings.length > 0 && { options: settings.map((setting) => `-c ${setting}`).join(' ') }),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
    } as pg.CustomTypesConfig,
  });
  // Without a listener, a server that stops would end the process; the next query reports the fault to its caller.
  pool.on('error', () => {});
  // The same for a connection that is lent out at that moment.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function transaction<T>(store: Store, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await store.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((fault: Error) => (broken = fault));
    throw error;
  } finally {
    client.release(broken);
  }
}

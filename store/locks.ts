import type { Store } from './pool.ts';

/** First half of the lock's key: what kind of thing is locked. 1 and 3 are taken by transactions (posts, audit log). */
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

import type { Queryable } from './pool.ts';

/** What stands in the way of publishing until somebody has seen to it. */
export type StoppedWhy = 'reauthorise' | 'administrator';

/**
 * The platform lets the account do nothing before somebody has seen to it. The first reason stays.
 * @param detail a sentence for people: what happened, what to do
 * @returns false when it was stopped before
 */
export async function stopChannelAccount(
  db: Queryable,
  id: number,
  why: StoppedWhy,
  detail: string,
): Promise<boolean> {
  const stopped = await db.query(
    `update channel_accounts set stopped_why = $2, stopped_detail = $3, stopped_at = now()
     where id = $1 and stopped_why is null`,
    [id, why, detail.slice(0, 500)],
  );
  return stopped.rowCount === 1;
}

/** @param client of the transaction that has mended what stopped it */
export async function clearStop(client: Queryable, id: number): Promise<void> {
  await client.query(
    `update channel_accounts set stopped_why = null, stopped_detail = null, stopped_at = null where id = $1`,
    [id],
  );
  await wakeDeliveries(client, id);
}

/** What waited for the account has its next step now, unless it is held. */
export async function wakeDeliveries(client: Queryable, id: number): Promise<void> {
  await client.query(
    `update deliveries set next_at = now(), woken = true, problem = null
     where account_id = $1 and state = 'waiting' and held_for is null and problem in ('reauthorise', 'administrator', 'account')`,
    [id],
  );
}

import type { Queryable } from './pool.ts';

/** Whether another delivery of the account has this name of the platform's already: an article, a status. */
export async function claimedElsewhere(
  db: Queryable,
  accountId: number,
  deliveryId: number,
  key: string,
  value: string,
): Promise<boolean> {
  const found = await db.query(
    `select 1 from deliveries where account_id = $1 and id <> $2 and progress ->> $3 = $4 limit 1`,
    [accountId, deliveryId, key, value],
  );
  return found.rowCount !== 0;
}

/** Whether one of these names belongs to a delivery of the account that was sent before a moment. */
export async function isSentBefore(
  db: Queryable,
  accountId: number,
  key: string,
  values: readonly string[],
  before: Date,
): Promise<boolean> {
  const found = await db.query(
    `select 1 from deliveries where account_id = $1 and state in ('published', 'withdrawn') and sent_at < $4 and progress ->> $2 = any ($3)
     limit 1`,
    [accountId, key, values, before],
  );
  return found.rowCount !== 0;
}

/** Whether the account has another delivery of which it is not known what became of it. */
export async function hasOtherUnknown(
  db: Queryable,
  accountId: number,
  deliveryId: number,
): Promise<boolean> {
  const found = await db.query(
    `select 1 from deliveries where account_id = $1 and id <> $2 and state in ('sending', 'unknown') limit 1`,
    [accountId, deliveryId],
  );
  return found.rowCount !== 0;
}

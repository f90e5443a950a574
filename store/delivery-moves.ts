import type { DeliveryState } from './deliveries.ts';
import type { Claim } from './delivery-claims.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/**
 * Why a delivery stands still or how it ended. `website`: it waits for the release's page; `turn`: for another one of its
 * account; `correct`: what stands there is to be corrected by a person.
 */
export type DeliveryProblem =
  | 'retry'
  | 'quota'
  | 'reauthorise'
  | 'administrator'
  | 'account'
  | 'embargo'
  | 'website'
  | 'turn'
  | 'content'
  | 'unknown'
  | 'dry-run'
  | 'given-up'
  | 'correct'
  | 'withdrawn-by-platform';

/** What changes with a move; what is not named stays. */
export type Change = {
  state?: DeliveryState;
  /** When the next step is to be taken; null: nothing happens by itself any more. */
  nextAt: Date | null;
  problem?: DeliveryProblem | null;
  /** One or two sentences for people, in Chinese. */
  reason?: string | null;
  tries?: number;
  sentAt?: Date | null;
  preparedAt?: Date | null;
  personAskedAt?: Date | null;
  address?: string | null;
  publishedAt?: Date | null;
  correction?: null;
  /** When it is looked whether it still stands, and its counts. */
  lookAt?: Date | null;
};

const columns: Record<Exclude<keyof Change, 'nextAt'>, string> = {
  state: 'state',
  problem: 'problem',
  reason: 'reason',
  tries: 'tries',
  sentAt: 'sent_at',
  preparedAt: 'prepared_at',
  personAskedAt: 'person_asked_at',
  address: 'address',
  publishedAt: 'published_at',
  correction: 'correction',
  lookAt: 'look_at',
};

/**
 * Takes a claimed delivery one step on and gives the claim back, only if it is in the state `from`, is still the worker's and is
 * not held for a second look meanwhile: of a worker and a warning whoever has the row first. What woke it during the claim is
 * looked at right afterwards.
 * @param keep the worker goes on with it
 * @returns false when nothing was changed
 */
export async function moveDelivery(
  db: Queryable,
  { id, worker }: Claim,
  from: DeliveryState,
  change: Change,
  keep = false,
): Promise<boolean> {
  const sets: string[] = [];
  const values: unknown[] = [id, worker, from];
  for (const [name, value] of Object.entries(change)) {
    if (name === 'nextAt' || value === undefined) continue;
    values.push(value);
    sets.push(`${columns[name as keyof typeof columns]} = $${values.length}`);
  }
  if (!keep) {
    values.push(change.nextAt);
    const next = `$${values.length}::timestamptz`;
    sets.push(`claimed_by = null, claimed_until = null, woken = false`);
    sets.push(
      `next_at = case when woken and ${next} is not null then least(${next}, next_at) else ${next} end`,
    );
  }
  const moved = await db.query(
    `update deliveries set ${sets.join(', ')} where id = $1 and claimed_by = $2 and state = $3 and held_for is null`,
    values,
  );
  return moved.rowCount === 1;
}

/**
 * Begins to send: from `waiting` to `sending`, the claim is kept. Where only one of an account may be on its way at a time, the
 * account's row is held for the statement, so that of two the second sees the first.
 * @returns false when it is not waiting any more, was held or put off meanwhile, or another one of the account is on its way
 */
export async function beginSending(
  store: Store,
  claim: Claim,
  account: { id: number; oneAtATime: boolean },
  now: Date,
): Promise<boolean> {
  if (!account.oneAtATime) return begin(store, claim, 'true', [now]);
  return transaction(store, async (client) => {
    await client.query('select 1 from channel_accounts where id = $1 for no key update', [account.id]);
    const others = `not exists (select from deliveries o where o.account_id = $4 and o.id <> $1
      and (o.state = 'sending' or (o.state = 'unknown' and o.person_asked_at is null)))`;
    return begin(client, claim, others, [now, account.id]);
  });
}

async function begin(
  db: Queryable,
  { id, worker }: Claim,
  also: string,
  values: unknown[],
): Promise<boolean> {
  const moved = await db.query(
    // What woke it while it waited has come to its end here: what wakes it from now on is about what was sent.
    `update deliveries set state = 'sending', sent_at = null, problem = null, reason = null, woken = false
     where id = $1 and claimed_by = $2 and state = 'waiting' and held_for is null and due_at <= $3 and ${also}`,
    [id, worker, ...values],
  );
  return moved.rowCount === 1;
}

/**
 * Notes in one statement that the irreversible call begins now: ledger and delivery know of it before a byte leaves.
 * @returns the ledger's row; null when the delivery is somebody else's by now, or the call was begun before: nothing may be sent
 */
export async function beginIrreversible(
  db: Queryable,
  { id, worker }: Claim,
  call: string,
  now: Date,
  leaseSeconds: number,
): Promise<number | null> {
  const begun = await db.query<{ id: number }>(
    `with mine as (
       update deliveries set sent_at = $4, claimed_until = now() + make_interval(secs => $5)
       where id = $1 and claimed_by = $2 and claimed_until > now() and state = 'sending' and sent_at is null
       returning office_id, id)
     insert into delivery_attempts (office_id, delivery_id, kind, call, started_at) select office_id, id, 'publish', $3, $4 from mine
     returning id`,
    [id, worker, call, now, leaseSeconds],
  );
  return begun.rows[0]?.id ?? null;
}

/** Writes what the platform gave, by key, over what was written before. @returns false when it is somebody else's by now */
export async function keepProgress(
  db: Queryable,
  { id, worker }: Claim,
  progress: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const kept = await db.query(
    'update deliveries set progress = progress || $3 where id = $1 and claimed_by = $2 and claimed_until > now()',
    [id, worker, JSON.stringify(progress)],
  );
  return kept.rowCount === 1;
}

/** The page stands: what waits for it to link to it goes on at once, or at its time. */
export async function wakeBehindSite(client: Queryable, releaseId: number, now: Date): Promise<void> {
  await client.query(
    `update deliveries set next_at = least(next_at, greatest(due_at, $2)), woken = true
     where release_id = $1 and channel <> 'website' and state = 'waiting' and next_at is not null`,
    [releaseId, now],
  );
}

/** Makes of a release what its deliveries say it is, after one of them has moved (migration 0031). */
export async function settleRelease(client: Queryable, releaseId: number, now: Date): Promise<void> {
  await client.query('select settle_release($1, $2)', [releaseId, now]);
}

import type { Channel } from '../config/release-types.ts';
import type { Queryable } from './pool.ts';

/** What a platform counts of something that stands there; null: it does not say. */
export type Counts = {
  reads: number | null;
  likes: number | null;
  comments: number | null;
  shares: number | null;
};

/**
 * Deliveries whose counts are due, all of one account, put off until `until`: a process that is killed with them leaves them
 * to be found again then.
 */
export async function claimLooks(
  db: Queryable,
  now: Date,
  until: Date,
  most: number,
): Promise<{ accountId: number; ids: number[] } | null> {
  const found = await db.query<{ id: number; accountId: number }>(
    `with first as (
       select account_id from deliveries where look_at <= $1 and state = 'published' order by look_at limit 1
     ), due as (
       select d.id from deliveries d, first where d.account_id = first.account_id and d.look_at <= $1 and d.state = 'published'
       order by d.look_at limit $3 for update of d skip locked
     )
     update deliveries d set look_at = $2 from due where d.id = due.id returning d.id, d.account_id as "accountId"`,
    [now, until, most],
  );
  const [first] = found.rows;
  return first ? { accountId: first.accountId, ids: found.rows.map(({ id }) => id) } : null;
}

/** When something is to be looked at next; null: nothing. */
export async function nextLook(db: Queryable): Promise<Date | null> {
  const found = await db.query<{ at: Date | null }>(
    `select min(look_at) as at from deliveries where look_at is not null and state = 'published'`,
  );
  return found.rows[0]?.at ?? null;
}

/** Notes that something was looked at, what it counts, and when it is looked at again; `next` null: not any more. */
export async function noteLook(
  client: Queryable,
  of: { deliveryId: number; officeId: number; at: Date; next: Date | null; counts: Partial<Counts> },
): Promise<void> {
  const { deliveryId, officeId, at, next, counts } = of;
  const { reads = null, likes = null, comments = null, shares = null } = counts;
  if (reads !== null || likes !== null || comments !== null || shares !== null) {
    await client.query(
      `insert into delivery_counts (office_id, delivery_id, at, reads, likes, comments, shares) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict do nothing`,
      [officeId, deliveryId, at, reads, likes, comments, shares],
    );
  }
  await client.query('update deliveries set looked_at = $2, look_at = $3 where id = $1', [
    ...[deliveryId, at, next],
  ]);
}

export type CountsAt = Counts & { at: Date };
/** How one delivery went, the first look first. */
export type DeliveryCounts = {
  deliveryId: number;
  channel: Channel;
  accountName: string;
  series: CountsAt[];
};

/** What was counted of everything that a release has published. */
export async function countsOf(db: Queryable, releaseId: number): Promise<DeliveryCounts[]> {
  const found = await db.query<CountsAt & { deliveryId: number; channel: Channel; accountName: string }>(
    `select c.delivery_id as "deliveryId", d.channel, a.name as "accountName", c.at, c.reads, c.likes, c.comments, c.shares
     from deliveries d join delivery_counts c on c.delivery_id = d.id join channel_accounts a on a.id = d.account_id
     where d.release_id = $1 order by c.delivery_id, c.at`,
    [releaseId],
  );
  const byDelivery = Map.groupBy(found.rows, ({ deliveryId }) => deliveryId);
  return [...byDelivery].map(([deliveryId, rows]) => {
    const [{ channel, accountName }] = rows as [(typeof rows)[number]];
    const series = rows.map(({ at, reads, likes, comments, shares }) => {
      return { at, reads, likes, comments, shares };
    });
    return { deliveryId, channel, accountName, series };
  });
}

/** The usual of an account: medians of what its publications of the last half year had gathered by their last look. */
export type UsualCounts = Counts & { accountId: number; releases: number };

export async function usualCounts(db: Queryable, accountIds: readonly number[]): Promise<UsualCounts[]> {
  const median = (name: keyof Counts) =>
    `percentile_cont(0.5) within group (order by last.${name}) filter (where last.${name} is not null)::float8 as ${name}`;
  const found = await db.query<UsualCounts>(
    `select d.account_id as "accountId", count(*)::int as releases, ${median('reads')}, ${median('likes')},
       ${median('comments')}, ${median('shares')}
     from deliveries d join lateral (
       select reads, likes, comments, shares from delivery_counts c where c.delivery_id = d.id order by at desc limit 1) last on true
     where d.account_id = any ($1) and d.published_at > now() - interval '180 days' group by d.account_id`,
    [accountIds],
  );
  return found.rows;
}

import { Refused } from '../config/errors.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import { channels, type Channel } from '../config/release-types.ts';
import { shanghaiDay, shanghaiTime } from '../config/shanghai.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { websiteAccount } from './channel-accounts.ts';
import { SITE_PATH } from './delivery-claims.ts';
import { settleRelease } from './delivery-moves.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { CONTENT_COLUMNS, readContent } from './releases.ts';

const words = messages.deliveries;

/** A time that somebody chose may have passed by the time they press the button. */
const PATIENCE_MS = 300_000;

/** Where and when; `website`: the office's own, whose account is made with its first release. */
export type Plan = readonly { accountId: number | 'website'; dueAt: Date }[];

type Account = { id: number; channel: Channel; name: string };

/**
 * Puts an approved release on the way: freezes its text into one delivery for each account. One that is on its way or published
 * already can go to further accounts.
 * @returns the deliveries in the order of the plan
 * @throws Refused `release-stale`, `delivery-plan`, `delivery-past`, `delivery-embargo`, `delivery-account`, `delivery-taken`,
 *   `delivery-site-first`
 */
export async function scheduleRelease(
  store: Store,
  actor: Actor,
  release: { id: number; version: number },
  plan: Plan,
  now: Date,
): Promise<number[]> {
  if (plan.length === 0) throw new Refused('delivery-plan', words.noPlan);
  return transaction(store, async (client) => {
    const found = await client.query<ReleaseContent & { officeId: number; embargoUntil: Date | null }>(
      `select r.office_id as "officeId", r.embargo_until as "embargoUntil", ${CONTENT_COLUMNS} from releases r
       where r.id = $1 and r.version = $2 and r.state in ('approved', 'scheduled', 'published') for update`,
      [release.id, release.version],
    );
    const [row] = found.rows;
    if (!row) throw new Refused('release-stale', words.stale);
    const { officeId, embargoUntil } = row;
    const entries = [];
    for (const { accountId, dueAt } of plan) {
      const account = await usableAccount(client, officeId, accountId);
      entries.push({ account, dueAt: timeOf(dueAt, embargoUntil, now) });
    }
    const content = JSON.stringify(readContent(row));
    const made = new Map<number, number>();
    for (const { account, dueAt } of entries.toSorted((a, b) => place(a.account) - place(b.account))) {
      made.set(account.id, await insert(client, actor, { officeId, release, account, dueAt, content }));
    }
    await checkSiteFirst(client, release.id);
    await settleRelease(client, release.id, now);
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-schedule', subject: `release:${release.id}` },
      after: {
        version: release.version,
        deliveries: entries.map(({ account, dueAt }) => ({
          ...{ delivery: made.get(account.id) ?? 0, account: account.id, dueAt: dueAt.toISOString() },
        })),
      },
    });
    return entries.map(({ account }) => made.get(account.id) ?? 0);
  });
}

const place = ({ channel }: Account) => channels.indexOf(channel);

async function usableAccount(
  client: Queryable,
  officeId: number,
  accountId: number | 'website',
): Promise<Account> {
  const id = accountId === 'website' ? await websiteAccount(client, officeId) : accountId;
  const found = await client.query<Account>(
    `select id, channel, name from channel_accounts where id = $1 and office_id = $2 and enabled and archived_at is null`,
    [id, officeId],
  );
  const [account] = found.rows;
  if (!account) throw new Refused('delivery-account', words.account);
  return account;
}

/** @throws Refused `delivery-past`, `delivery-embargo` */
function timeOf(dueAt: Date, embargoUntil: Date | null, now: Date): Date {
  if (dueAt.getTime() < now.getTime() - PATIENCE_MS) throw new Refused('delivery-past', words.past);
  const at = dueAt < now ? now : dueAt;
  if (embargoUntil !== null && at < embargoUntil) {
    throw new Refused('delivery-embargo', words.embargo(shanghaiTime(embargoUntil)));
  }
  return at;
}

async function insert(
  client: Queryable,
  actor: Actor,
  of: {
    officeId: number;
    release: { id: number; version: number };
    account: Account;
    dueAt: Date;
    content: string;
  },
): Promise<number> {
  const { officeId, release, account, dueAt, content } = of;
  const made = await client.query<{ id: number }>(
    `insert into deliveries (office_id, release_id, channel, account_id, due_at, next_at, content, version, scheduled_by)
     values ($1, $2, $3, $4, $5, ${FIRST_STEP}, $6, $7, $8) on conflict do nothing returning id`,
    [
      ...[officeId, release.id, account.channel, account.id, dueAt, content, release.version],
      actor.role === 'hub' ? null : actor.id,
    ],
  );
  const [row] = made.rows;
  if (!row) throw new Refused('delivery-taken', words.taken(account.name));
  if (account.channel === 'website') {
    const path = `/news/${shanghaiDay(dueAt).replaceAll('-', '')}-${row.id}`;
    await client.query('update deliveries set progress = $2 where id = $1', [
      row.id,
      JSON.stringify({ path }),
    ]);
  }
  await tellLive(client, { kind: 'delivery', officeId, deliveryId: row.id });
  return row.id;
}

/**
 * What WeChat needs is prepared ahead of time; a status at Weibo is woken by the page that it links to, and looks by itself only
 * should that fail. $2: release, $3: channel, $5: the time.
 */
export const FIRST_STEP = `case $3 when 'website' then $5::timestamptz when 'wechat' then $5::timestamptz - interval '10 minutes'
  else $5::timestamptz + case when exists (select from deliveries s where s.release_id = $2 and s.channel = 'website'
    and s.state = 'published') then interval '0' else interval '1 second' end end`;

/**
 * What links to the release's page cannot be there before it. Looks at everything of the release that waits or stands.
 * @throws Refused `delivery-site-first`
 */
export async function checkSiteFirst(client: Queryable, releaseId: number): Promise<void> {
  const found = await client.query<{ channel: Channel; siteDueAt: Date | null; early: boolean }>(
    `select d.channel, site.due_at as "siteDueAt", coalesce(site.state <> 'published' and site.due_at > d.due_at, false) as early
     from deliveries d left join lateral (
       select due_at, state from deliveries s where s.release_id = $1 and s.channel = 'website' and s.corrects is null
         and s.state in ('waiting', 'sending', 'unknown', 'processing', 'published') order by s.id desc limit 1) site on true
     where d.release_id = $1 and d.channel <> 'website' and d.state = 'waiting'`,
    [releaseId],
  );
  for (const { channel, siteDueAt, early } of found.rows) {
    if (channel === 'weibo' && siteDueAt === null) throw new Refused('delivery-site-first', words.noSite);
    if (early) throw new Refused('delivery-site-first', words.siteFirst);
  }
}

/**
 * Puts a waiting delivery off, or forward.
 * @param to `was`: the time that the person had before them
 * @throws Refused `delivery-begun`, `delivery-held`, `delivery-past`, `delivery-embargo`, `delivery-site-first`
 */
export async function rescheduleDelivery(
  store: Store,
  actor: Actor,
  id: number,
  to: { dueAt: Date; was: Date },
  now: Date,
): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<Waiting>(
      `select d.office_id as "officeId", d.release_id as "releaseId", d.due_at as "dueAt", d.held_for as "heldFor",
         r.embargo_until as "embargoUntil"
       from deliveries d join releases r on r.id = d.release_id where d.id = $1 and d.state = 'waiting' for update of d`,
      [id],
    );
    const [waiting] = found.rows;
    if (!waiting || waiting.dueAt.getTime() !== to.was.getTime())
      throw new Refused('delivery-begun', words.begun);
    if (waiting.heldFor !== null) throw new Refused('delivery-held', words.held);
    const dueAt = timeOf(to.dueAt, waiting.embargoUntil, now);
    await client.query(
      // The page keeps the address under which platforms may already know it.
      `update deliveries d set due_at = $2, problem = null, reason = null, tries = 0, woken = true,
         next_at = case when channel = 'website' then $2::timestamptz else $2::timestamptz - interval '10 minutes' end,
         progress = case when channel = 'website' then jsonb_build_object('path', ${SITE_PATH}) || progress else progress end
       where id = $1`,
      [id, dueAt],
    );
    await checkSiteFirst(client, waiting.releaseId);
    await tellLive(client, { kind: 'delivery', officeId: waiting.officeId, deliveryId: id });
    await appendAudit(client, {
      ...{ ...actor, officeId: waiting.officeId, action: 'release-reschedule' },
      ...{ subject: `release:${waiting.releaseId}`, before: { delivery: id, dueAt: to.was.toISOString() } },
      after: { delivery: id, dueAt: dueAt.toISOString() },
    });
  });
}

type Waiting = {
  officeId: number;
  releaseId: number;
  dueAt: Date;
  heldFor: number | null;
  embargoUntil: Date | null;
};

/** Sends a waiting delivery at once. @throws as `rescheduleDelivery` */
export async function publishNow(
  store: Store,
  actor: Actor,
  id: number,
  was: Date,
  now: Date,
): Promise<void> {
  await rescheduleDelivery(store, actor, id, { dueAt: now, was }, now);
}

/**
 * Takes what waits off the schedule: the release is free to be scheduled again.
 * @param of one delivery, or everything of a release that waits
 * @returns false when nothing of it waits any more
 */
export async function cancelDelivery(
  store: Store,
  actor: Actor,
  of: { releaseId: number; deliveryIds?: readonly number[] },
  now: Date,
): Promise<boolean> {
  return transaction(store, async (client) => {
    const cancelled = await cancelWaiting(client, of.releaseId, of.deliveryIds ? [...of.deliveryIds] : null);
    const [first] = cancelled;
    if (!first) return false;
    const { officeId } = first;
    await settleRelease(client, of.releaseId, now);
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-unschedule', subject: `release:${of.releaseId}` },
      before: { deliveries: cancelled.map(({ id }) => id) },
    });
    return true;
  });
}

/** Cancels what waits, whoever is preparing it. What links to a page that does not come is to be prepared anew. */
export async function cancelWaiting(
  client: Queryable,
  releaseId: number,
  only: number[] | null,
): Promise<{ id: number; officeId: number }[]> {
  const found = await client.query<{ id: number; officeId: number; channel: Channel }>(
    `update deliveries set state = 'cancelled', problem = null, reason = null, next_at = null, claimed_by = null, claimed_until = null,
       held_for = null, held_at = null, held_told_at = null
     where release_id = $1 and state = 'waiting' and ($2::bigint[] is null or id = any ($2))
     returning id, office_id as "officeId", channel`,
    [releaseId, only],
  );
  if (found.rows.some(({ channel }) => channel === 'website')) {
    await client.query(
      `update deliveries d set prepared_at = null, next_at = least(next_at, now()), woken = true,
         progress = case when exists (select from delivery_attempts a where a.delivery_id = d.id and a.kind = 'publish') then progress
           else '{}' end
       where release_id = $1 and state = 'waiting' and next_at is not null`,
      [releaseId],
    );
  }
  for (const { id, officeId } of found.rows)
    await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
  return found.rows;
}

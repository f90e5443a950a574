import { Refused } from '../config/errors.ts';
import type { Channel } from '../config/release-types.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { cancelWaiting } from './delivery-schedule.ts';
import { settleRelease } from './delivery-moves.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { withdrawFromSite } from './site-publishing.ts';

const words = messages.deliveries;

export type WithdrawalState = 'waiting' | 'doing' | 'done' | 'manual' | 'refused' | 'unknown';
export type Withdrawal = {
  id: number;
  officeId: number;
  deliveryId: number;
  releaseId: number;
  channel: Channel;
  accountName: string;
  reason: string;
  askedAt: Date;
  state: WithdrawalState;
  /** What the platform said, or how a person does it there. */
  detail: string | null;
  doneAt: Date | null;
};

const COLUMNS = `w.id, w.office_id as "officeId", w.delivery_id as "deliveryId", d.release_id as "releaseId", d.channel,
  a.name as "accountName", w.reason, w.asked_at as "askedAt", w.state, w.detail, w.done_at as "doneAt"`;
const FROM = `withdrawals w join deliveries d on d.id = w.delivery_id join channel_accounts a on a.id = d.account_id`;

/** Everything that was asked to be taken back of a release, the newest first. */
export async function withdrawalsOf(db: Queryable, releaseId: number): Promise<Withdrawal[]> {
  const found = await db.query<Withdrawal>(
    `select ${COLUMNS} from ${FROM} where d.release_id = $1 order by w.id desc limit 200`,
    [releaseId],
  );
  return found.rows;
}

/**
 * Takes back what stands of a release: on the website at once, in this very transaction; on the platforms as soon as the publish
 * role comes to it. What still waits does not go out any more; what is being sent is taken back once it is known what became of
 * it.
 * @param of `deliveryIds` absent: everything. `note`: said to readers in the place of the text; absent: a plain sentence
 * @returns how many are taken back or called off
 * @throws Refused `withdraw-reason`, `withdraw-nothing`
 */
export async function askWithdrawal(
  store: Store,
  actor: Actor,
  of: { releaseId: number; deliveryIds?: readonly number[]; reason: string; note?: string },
  now: Date,
): Promise<{ asked: number; cancelled: number }> {
  const { releaseId, deliveryIds, note = words.withdrawnNote } = of;
  const reason = of.reason.trim();
  if (reason === '' || reason.length > 400) throw new Refused('withdraw-reason', words.withdrawReason);
  return transaction(store, async (client) => {
    const only = deliveryIds === undefined ? null : [...deliveryIds];
    const cancelled = await cancelWaiting(client, releaseId, only);
    const found = await client.query<{ id: number; officeId: number; channel: Channel; state: string }>(
      `select id, office_id as "officeId", channel, state from deliveries d
       where release_id = $1 and ($2::bigint[] is null or id = any ($2))
         and state in ('sending', 'unknown', 'processing', 'published')
         and not exists (select from withdrawals w where w.delivery_id = d.id and w.state <> 'refused')
       order by id for update`,
      [releaseId, only],
    );
    const [first] = [...found.rows, ...cancelled];
    if (!first) throw new Refused('withdraw-nothing', words.withdrawNothing);
    for (const { id, officeId, channel, state } of found.rows) {
      const atOnce = channel === 'website' && state === 'published';
      await client.query(
        `insert into withdrawals (office_id, delivery_id, reason, asked_by, asked_at, state, next_at, done_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [officeId, id, reason, actor.id, now, ...(atOnce ? ['done', null, now] : ['waiting', now, null])],
      );
      if (atOnce) await takeOffSite(client, id, note, now);
      await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
    }
    await settleRelease(client, releaseId, now);
    await appendAudit(client, {
      ...{ ...actor, officeId: first.officeId, action: 'release-withdraw', subject: `release:${releaseId}` },
      after: { reason, deliveries: found.rows.map(({ id }) => id), cancelled: cancelled.map(({ id }) => id) },
    });
    return { asked: found.rows.length, cancelled: cancelled.length };
  });
}

/** @param note said in the page's place */
async function takeOffSite(client: Queryable, deliveryId: number, note: string, now: Date): Promise<void> {
  await withdrawFromSite(client, deliveryId, note, now);
  await client.query(
    `update deliveries set state = 'withdrawn', next_at = null, look_at = null, correction = null where id = $1 and state = 'published'`,
    [deliveryId],
  );
}

/**
 * A person has taken it back at the platform, or says that it cannot be: `gone` false.
 * @throws Refused `withdraw-gone` when it is not waiting for a person
 */
export async function settleByPerson(
  store: Store,
  actor: Actor,
  withdrawalId: number,
  gone: boolean,
  now: Date,
): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<{ officeId: number; deliveryId: number; releaseId: number }>(
      `update withdrawals w set state = $2, done_at = $3, done_by = $4, next_at = null from deliveries d
       where w.id = $1 and w.state in ('manual', 'unknown') and d.id = w.delivery_id
       returning w.office_id as "officeId", w.delivery_id as "deliveryId", d.release_id as "releaseId"`,
      [withdrawalId, gone ? 'done' : 'refused', now, actor.id],
    );
    const [row] = found.rows;
    if (!row) throw new Refused('withdraw-gone', words.withdrawGone);
    const { officeId, deliveryId, releaseId } = row;
    if (gone) await markWithdrawn(client, deliveryId, releaseId, now);
    await tellLive(client, { kind: 'delivery', officeId, deliveryId });
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-withdrawn', subject: `release:${releaseId}` },
      after: { delivery: deliveryId, gone },
    });
  });
}

/** It stands no more. */
export async function markWithdrawn(
  client: Queryable,
  deliveryId: number,
  releaseId: number,
  now: Date,
): Promise<void> {
  await client.query(
    `update deliveries set state = 'withdrawn', next_at = null, look_at = null, correction = null, person_asked_at = null
     where id = $1 and state in ('published', 'unknown', 'processing')`,
    [deliveryId],
  );
  await settleRelease(client, releaseId, now);
}

/**
 * The platform has taken it down, or somebody there has: noticed later.
 * @param reason what was seen, in Chinese
 * @returns false when it was not known to stand
 */
export async function noteTakenDown(
  client: Queryable,
  deliveryId: number,
  reason: string,
  now: Date,
): Promise<boolean> {
  const found = await client.query<{ officeId: number; releaseId: number }>(
    `update deliveries set state = 'withdrawn', problem = 'withdrawn-by-platform', reason = $2, next_at = null, look_at = null, correction = null
     where id = $1 and state = 'published' returning office_id as "officeId", release_id as "releaseId"`,
    [deliveryId, reason],
  );
  const [row] = found.rows;
  if (!row) return false;
  await settleRelease(client, row.releaseId, now);
  await tellLive(client, { kind: 'delivery', officeId: row.officeId, deliveryId });
  return true;
}

export type ClaimedWithdrawal = Pick<Withdrawal, 'id' | 'officeId' | 'deliveryId'> & { tries: number };

/** Takes withdrawals that are due, for as long as a lease: whatever is cut off is simply done again. */
export async function claimWithdrawals(
  db: Queryable,
  now: Date,
  leaseSeconds: number,
  most: number,
): Promise<ClaimedWithdrawal[]> {
  const found = await db.query<ClaimedWithdrawal>(
    `update withdrawals set state = 'doing', next_at = $1::timestamptz + make_interval(secs => $2)
     where id in (select id from withdrawals where next_at <= $1 order by next_at limit $3 for update skip locked)
     returning id, office_id as "officeId", delivery_id as "deliveryId", tries`,
    [now, leaseSeconds, most],
  );
  return found.rows;
}

/** What a try to take something back has come to. @returns false when a person has settled it meanwhile */
export async function moveWithdrawal(
  client: Queryable,
  id: number,
  to: {
    state: WithdrawalState;
    detail: string | null;
    nextAt: Date | null;
    tries: number;
    doneAt: Date | null;
  },
): Promise<boolean> {
  const moved = await client.query(
    `update withdrawals set state = $2, detail = $3, next_at = $4, tries = $5, done_at = $6 where id = $1 and state = 'doing'`,
    [id, to.state, to.detail, to.nextAt, to.tries, to.doneAt],
  );
  return moved.rowCount === 1;
}

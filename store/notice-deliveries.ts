import type { RobotKind } from '../config/notices.ts';
import type { Queryable, Store } from './pool.ts';
import { tellTrouble, TOLD_AT } from './notice-trouble.ts';
import type { NoticeFacts } from './notices.ts';
import { transaction } from './pool.ts';

export type DeliveryPurpose = 'first' | 'more' | 'reminder';
export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'unknown' | 'refused' | 'failed' | 'dropped';

/** A message that is this process's to send. */
export type Claimed = NoticeFacts & {
  id: number;
  officeId: number;
  noticeId: number;
  robotId: number | null;
  personId: string | null;
  purpose: DeliveryPurpose;
  /** With this one. */
  attempts: number;
  madeAt: Date;
  /** Null: the person has left. */
  mailbox: string | null;
};

/** Of two windows of a platform's minute and ours one may lie a little askew. */
const WINDOW = '61 seconds';
/** Claims come one after the other, so that of two at once neither passes by the gravest because the other looks at it. Spells `JSNC`. */
const LOCK = 0x4a534e43;

/**
 * Takes the most urgent message that is due, for this process alone, before anything of it leaves: whoever dies after that
 * leaves a message of which nobody knows whether it arrived. A robot has one on its way at a time, rests when the platform
 * says so, and is sent no more in a minute than it may be.
 */
export async function claimDelivery(
  store: Store,
  now: Date,
  perMinute: Readonly<Record<RobotKind, number>>,
): Promise<Claimed | null> {
  return transaction(store, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    const found = await client.query<{ id: number }>(
      `select d.id from notice_deliveries d join notices n on n.id = d.notice_id left join notice_robots r on r.id = d.robot_id
         where d.state = 'waiting' and d.due_at <= $1 and (d.robot_id is null or (r.enabled
           and (r.wait_until is null or r.wait_until <= $1)
           and not exists (select 1 from notice_deliveries s where s.robot_id = r.id and s.state = 'sending')
           and (select count(*) from notice_attempts a where a.robot_id = r.id and a.at > $1::timestamptz - interval '${WINDOW}')
             < ($2::jsonb ->> r.kind)::int))
         order by array_position(array['red', 'orange', 'yellow', 'blue', 'green'], n.level), d.due_at, d.id
         limit 1 for update of d`,
      [now, JSON.stringify(perMinute)],
    );
    const id = found.rows[0]?.id;
    if (id === undefined) return null;
    const claimed = await client.query<Claimed>(
      `update notice_deliveries d set state = 'sending', claimed_at = $2, attempts = attempts + 1
         from notices n join offices o on o.id = n.office_id where d.id = $1 and n.id = d.notice_id
         returning d.id, d.office_id as "officeId", d.notice_id as "noticeId", d.robot_id as "robotId", d.person_id as "personId",
           d.purpose, d.attempts, d.made_at as "madeAt", n.kind, n.level, n.title, n.text, n.path, n.times, n.last_at as "lastAt",
           o.name as office, (select email from people p where p.id = d.person_id and p.disabled_at is null) as mailbox`,
      [id, now],
    );
    return claimed.rows[0] ?? null;
  });
}

/** What is written down of a try. */
export type Recorded = {
  outcome: 'sent' | 'again' | 'wait' | 'unknown' | 'refused';
  state: DeliveryState;
  reason: string | null;
  detail: string | null;
  /** When it is tried again. */
  dueAt: Date | null;
  /** Until when the robot rests. */
  robotWaits: Date | null;
};

/** Writes down how a try ended. One that was given up as unknown meanwhile, because it took so long, gets its true end. */
export async function recordTry(
  store: Store,
  { id, officeId, robotId, attempts }: Pick<Claimed, 'id' | 'officeId' | 'robotId' | 'attempts'>,
  now: Date,
  { outcome, state, reason, detail, dueAt, robotWaits }: Recorded,
): Promise<void> {
  await transaction(store, async (client) => {
    await client.query(
      `insert into notice_attempts (office_id, delivery_id, robot_id, at, outcome, reason, detail) values ($1, $2, $3, $4, $5, $6, $7)`,
      [officeId, id, robotId, now, outcome, reason, detail],
    );
    // What was given up is never made to wait again: somebody may have acted on it.
    await client.query(
      `update notice_deliveries set state = case when state = 'unknown' and $2 = 'waiting' then 'failed' else $2 end,
         reason = $3, detail = $4, due_at = coalesce($5::timestamptz, due_at),
         ended_at = case when $2 = 'waiting' and state <> 'unknown' then null else $6::timestamptz end
       where id = $1 and state in ('sending', 'unknown')`,
      [id, state, reason, detail, dueAt, now],
    );
    if (robotWaits) {
      await client.query('update notice_robots set wait_until = greatest(wait_until, $2) where id = $1', [
        robotId,
        robotWaits,
      ]);
    }
    if (state !== 'waiting' || attempts === TOLD_AT) await tellTrouble(client, id);
  });
}

/**
 * What a process had taken and never came back with: it was killed, and whether the message had left is known to nobody. It is not
 * sent again.
 * @returns their ids
 */
export async function giveUpInterrupted(store: Store, now: Date, claimedBefore: Date): Promise<number[]> {
  return transaction(store, async (client) => {
    const found = await client.query<{ id: number }>(
      `with given as (
       update notice_deliveries set state = 'unknown', reason = 'interrupted', ended_at = $1
       where state = 'sending' and claimed_at < $2 returning id, office_id, robot_id
     ), noted as (
       insert into notice_attempts (office_id, delivery_id, robot_id, at, outcome, reason)
       select office_id, id, robot_id, $1, 'unknown', 'interrupted' from given
     ) select id from given`,
      [now, claimedBefore],
    );
    const ids = found.rows.map(({ id }) => id);
    for (const id of ids) await tellTrouble(client, id);
    return ids;
  });
}

/** Whether there is anything to do, in one look that costs next to nothing. */
export async function isWorkWaiting(db: Queryable, now: Date, claimedBefore: Date): Promise<boolean> {
  const found = await db.query<{ waiting: boolean }>(
    `select exists (select 1 from notice_requests)
       or exists (select 1 from notice_deliveries where state = 'waiting' and due_at <= $1)
       or exists (select 1 from notice_deliveries where state = 'sending' and claimed_at < $2)
       or exists (select 1 from notices where escalate_at <= $1) as waiting`,
    [now, claimedBefore],
  );
  return found.rows[0]?.waiting ?? false;
}

/** Messages of an office that did not arrive for certain, since a moment. */
export async function troubledDeliveries(
  db: Queryable,
  officeIds: readonly number[],
  since: Date,
): Promise<number> {
  const found = await db.query<{ troubled: number }>(
    `select count(*)::int as troubled from notice_deliveries
     where office_id = any ($1) and made_at > $2 and state in ('unknown', 'refused', 'failed')`,
    [officeIds, since],
  );
  return found.rows[0]?.troubled ?? 0;
}

export type LoggedDelivery = Pick<NoticeFacts, 'title' | 'level' | 'kind'> & {
  id: number;
  noticeId: number;
  robot: string | null;
  robotKind: RobotKind | null;
  person: string | null;
  purpose: DeliveryPurpose;
  state: DeliveryState;
  attempts: number;
  madeAt: Date;
  dueAt: Date;
  endedAt: Date | null;
  reason: string | null;
  detail: string | null;
};

export const DELIVERIES_LISTED = 100;

/** What was sent, the newest first. `trouble`: only what did not arrive for certain. */
export async function deliveryLog(
  db: Queryable,
  officeIds: readonly number[],
  trouble: boolean,
): Promise<LoggedDelivery[]> {
  const found = await db.query<LoggedDelivery>(
    `select d.id, d.notice_id as "noticeId", n.title, n.level, n.kind, r.name as robot, r.kind as "robotKind", p.name as person, d.purpose,
       d.state, d.attempts, d.made_at as "madeAt", d.due_at as "dueAt", d.ended_at as "endedAt", d.reason, d.detail
     from notice_deliveries d join notices n on n.id = d.notice_id left join notice_robots r on r.id = d.robot_id
     left join people p on p.id = d.person_id
     where d.office_id = any ($1) and (not $2 or d.state in ('unknown', 'refused', 'failed') or d.state = 'waiting' and d.attempts > 0)
     order by d.id desc limit ${DELIVERIES_LISTED}`,
    [officeIds, trouble],
  );
  return found.rows;
}

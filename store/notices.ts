import type { NoticeLevel } from '../config/notices.ts';
import type { Actor } from './actor.ts';
import { tellLive } from './live.ts';
import type { NoticeKind } from './notice-requests.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** What a notice tells, wherever it is read. */
export type NoticeFacts = {
  kind: NoticeKind;
  level: NoticeLevel;
  title: string;
  text: string;
  /** Of the page that it leads to, from the first slash on. */
  path: string;
  /** How often there was such news. */
  times: number;
  lastAt: Date;
  /** The name of the office whose notice it is. */
  office: string;
};

export type Notice = NoticeFacts & {
  id: number;
  officeId: number;
  toldAt: Date;
  why: 'chosen' | 'duty' | 'next' | 'leader';
  readAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: string | null;
  /** Others are told then, unless somebody sees to it. */
  escalateAt: Date | null;
  step: number;
};

export const NOTICES_LISTED = 100;

/** What a person was told, the newest first. */
export async function noticesOf(db: Queryable, personId: string, onlyOpen: boolean): Promise<Notice[]> {
  const found = await db.query<Notice>(
    `select n.id, n.office_id as "officeId", o.name as office, n.kind, n.level, n.title, n.text, n.path, n.times, n.last_at as "lastAt",
       r.told_at as "toldAt", r.why, r.read_at as "readAt", n.acknowledged_at as "acknowledgedAt", p.name as "acknowledgedBy",
       n.escalate_at as "escalateAt", n.step
     from notice_readers r join notices n on n.id = r.notice_id join offices o on o.id = n.office_id
     left join people p on p.id = n.acknowledged_by
     where r.person_id = $1 and (not $2 or r.read_at is null or n.escalate_at is not null)
     order by r.told_at desc, n.id desc limit ${NOTICES_LISTED}`,
    [personId, onlyOpen],
  );
  return found.rows;
}

/** How many notices a person has not read. */
export async function unreadNotices(db: Queryable, personId: string): Promise<number> {
  const found = await db.query<{ unread: number }>(
    'select count(*)::int as unread from notice_readers where person_id = $1 and read_at is null',
    [personId],
  );
  return found.rows[0]?.unread ?? 0;
}

/** Marks a person's notices as read; null: all of them. A mark for themselves, not audited. */
export async function markRead(
  db: Queryable,
  personId: string,
  noticeId: number | null,
  now: Date,
): Promise<void> {
  await db.query(
    'update notice_readers set read_at = $3 where person_id = $1 and read_at is null and ($2::bigint is null or notice_id = $2)',
    [personId, noticeId, now],
  );
}

/**
 * Somebody sees to a notice that they were told of: nobody else is told any more.
 * @returns false when it is not theirs, or somebody had done so before
 */
export async function acknowledge(store: Store, actor: Actor, noticeId: number, now: Date): Promise<boolean> {
  return transaction(store, async (client) => {
    await markRead(client, actor.id, noticeId, now);
    const seen = await client.query<{ officeId: number }>(
      `update notices set acknowledged_at = $3, acknowledged_by = $2, escalate_at = null
       where id = $1 and acknowledged_at is null
         and exists (select 1 from notice_readers where notice_id = $1 and person_id = $2)
       returning office_id as "officeId"`,
      [noticeId, actor.id, now],
    );
    const officeId = seen.rows[0]?.officeId;
    if (officeId === undefined) return false;
    await tellLive(client, { kind: 'notice', officeId });
    return true;
  });
}

/**
 * Somebody acts on a warning: all notices about it are seen to, in the offices of the scope. Belongs into the transaction of
 * the act, and costs one statement.
 */
export async function acknowledgeWarning(
  client: Queryable,
  actor: Pick<Actor, 'id'>,
  warningId: number,
  now: Date,
): Promise<void> {
  await client.query(
    `update notices set acknowledged_at = $3, acknowledged_by = (select id from people where id = $2), escalate_at = null
     where warning_id = $1 and acknowledged_at is null`,
    [warningId, actor.id, now],
  );
}

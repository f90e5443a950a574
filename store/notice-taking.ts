import { reachOf } from '../config/access/matrix.ts';
import { roles, type Role } from '../config/access/roles.ts';
import type { NoticeLevel, NoticeSettings, Preferences } from '../config/notices.ts';
import { defaultPreferences } from '../config/notices.ts';
import type { DeliveryPurpose } from './notice-deliveries.ts';
import type { NoticeKind } from './notice-requests.ts';
import type { Queryable } from './pool.ts';
import { HELD_NOW } from './role-grants.ts';

/** What the publish role makes notices of: one statement for each function, put together in publisher/notices. */

export type TakenRequest = {
  id: number;
  officeId: number;
  kind: NoticeKind;
  warningId: number | null;
  level: NoticeLevel;
  subject: string;
  title: string;
  text: string;
  path: string;
  /** Whose act it tells of. */
  actedBy: string | null;
  /** Who alone is told; both null: nobody in particular. */
  toPeople: string[] | null;
  toRoles: Role[] | null;
};

/**
 * Takes the oldest request that nobody else is taking, for the rest of the transaction; those for one office are taken one after
 * the other, so that two about the same find one another.
 */
export async function takeRequest(client: Queryable): Promise<TakenRequest | null> {
  const found = await client.query<TakenRequest>(
    `delete from notice_requests where id = (
       select id from notice_requests order by id limit 1 for update skip locked)
     returning id, to_office_id as "officeId", kind, warning_id as "warningId", level, subject, title, text, path,
       acted_by as "actedBy", to_people as "toPeople", to_roles as "toRoles"`,
  );
  const request = found.rows[0];
  if (request) await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK, request.officeId]);
  return request ?? null;
}

/** Spells `JSNT`. */
const LOCK = 0x4a534e54;

/** The notice about the same that is young enough to take up further news. */
export async function sameNotice(
  client: Queryable,
  { officeId, subject, level, kind }: TakenRequest,
  since: Date,
): Promise<number | null> {
  const found = await client.query<{ id: number }>(
    `select id from notices where office_id = $1 and subject = $2 and level = $3 and kind = $4 and last_at > $5
     order by last_at desc limit 1 for update`,
    [officeId, subject, level, kind, since],
  );
  return found.rows[0]?.id ?? null;
}

export async function insertNotice(
  client: Queryable,
  request: TakenRequest,
  now: Date,
  escalateAt: Date | null,
): Promise<number> {
  const { officeId, kind, level, subject, warningId, title, text, path } = request;
  const made = await client.query<{ id: number }>(
    `insert into notices (office_id, kind, level, subject, warning_id, title, text, path, made_at, last_at, escalate_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10) returning id`,
    [officeId, kind, level, subject, warningId, title, text, path, now, escalateAt],
  );
  return (made.rows[0] as { id: number }).id;
}

/** Further news: once more to be read by all but whoever brought it about, and to be seen to where somebody had seen to it. */
export async function addNews(
  client: Queryable,
  noticeId: number,
  { title, text, path, warningId, actedBy }: TakenRequest,
  now: Date,
  escalateAt: Date | null,
): Promise<void> {
  await client.query(
    `update notices set times = times + 1, last_at = $2, title = $3, text = $4, path = $5, warning_id = $6,
       escalate_at = case when acknowledged_at is null then escalate_at else $7 end,
       step = case when acknowledged_at is null then step else 0 end, acknowledged_at = null, acknowledged_by = null
     where id = $1`,
    [noticeId, now, title, text, path, warningId, escalateAt],
  );
  await client.query(
    `update notice_readers set read_at = null, told_at = $2
     where notice_id = $1 and person_id is distinct from $3`,
    [noticeId, now, actedBy],
  );
}

export type Staff = Preferences & {
  personId: string;
  roles: Role[];
  leader: boolean;
  /** They look after the office's ways out. */
  keeper: boolean;
};

const KEEPERS = roles.filter((role) => reachOf('notice-settings', role) !== null);

/** Everybody who works in an office now, with what they want to be told about it. */
export async function staffOf(client: Queryable, officeId: number): Promise<Staff[]> {
  const found = await client.query<
    Omit<Staff, keyof Preferences> & { [K in keyof Preferences]: Preferences[K] | null }
  >(
    `select p.id as "personId", array_agg(g.role) as roles, bool_or(g.role = 'leader') as leader, bool_or(g.role = any ($2)) as keeper, f.app_levels as "appLevels", f.mail_levels as "mailLevels",
       f.quiet_from as "quietFrom", f.quiet_until as "quietUntil"
     from people p join role_grants g on g.person_id = p.id and g.office_id = $1 and g.role not like '%-administrator' and ${HELD_NOW}
     left join notice_preferences f on f.person_id = p.id and f.office_id = $1
     where p.disabled_at is null group by p.id, f.person_id, f.office_id order by p.id`,
    [officeId, KEEPERS],
  );
  return found.rows.map(({ appLevels, mailLevels, quietFrom, quietUntil, ...staff }) =>
    appLevels === null || mailLevels === null
      ? { ...staff, ...defaultPreferences }
      : { ...staff, appLevels, mailLevels, quietFrom, quietUntil },
  );
}

export type Why = 'chosen' | 'duty' | 'next' | 'leader';

/** Puts a notice into people's lists; whoever has it already has it to read once more. */
export async function addReaders(
  client: Queryable,
  notice: { id: number; officeId: number },
  readers: readonly { personId: string; why: Why }[],
  now: Date,
): Promise<void> {
  await client.query(
    `insert into notice_readers (office_id, notice_id, person_id, why, told_at)
     select $1, $2, person, why, $5 from unnest($3::text[], $4::text[]) as t (person, why)
     on conflict (notice_id, person_id) do update set why = excluded.why, told_at = excluded.told_at, read_at = null`,
    [notice.officeId, notice.id, readers.map(({ personId }) => personId), readers.map(({ why }) => why), now],
  );
}

/** Robots of an office that are told of a level. */
export async function robotIdsFor(
  client: Queryable,
  officeId: number,
  level: NoticeLevel,
): Promise<number[]> {
  const found = await client.query<{ id: number }>(
    'select id from notice_robots where office_id = $1 and enabled and ended_at is null and $2 = any (levels) order by id',
    [officeId, level],
  );
  return found.rows.map(({ id }) => id);
}

export type Target = { robotId: number; personId?: never } | { personId: string; robotId?: never };

/**
 * Has a message sent to somebody, unless one of the kind is still on its way. `more` waits until a while after the last one to
 * them about this notice, and takes up what comes meanwhile; nothing is added where the first one has not left yet.
 */
export async function addDelivery(
  client: Queryable,
  notice: { id: number; officeId: number },
  target: Target,
  purpose: DeliveryPurpose,
  now: Date,
  dueAt: Date,
  apartMinutes = 0,
): Promise<void> {
  const [robotId, personId] = [target.robotId ?? null, target.personId ?? null];
  await client.query(
    `insert into notice_deliveries (office_id, notice_id, robot_id, person_id, purpose, made_at, due_at)
     select $1, $2, $3, $4, $5, $6, greatest($7::timestamptz, (
       select max(coalesce(ended_at, claimed_at)) + make_interval(mins => $8) from notice_deliveries
       where notice_id = $2 and robot_id is not distinct from $3 and person_id is not distinct from $4))
     where $5 <> 'more' or not exists (
       select 1 from notice_deliveries where notice_id = $2 and robot_id is not distinct from $3
         and person_id is not distinct from $4 and state = 'waiting')
     on conflict do nothing`,
    [notice.officeId, notice.id, robotId, personId, purpose, now, dueAt, apartMinutes],
  );
}

export type Unseen = {
  id: number;
  officeId: number;
  kind: NoticeKind;
  level: NoticeLevel;
  step: number;
  /** The warning that it is about was decided meanwhile. */
  settled: boolean;
};

/** Takes a notice that nobody has seen to in time, for the rest of the transaction. */
export async function takeUnseen(client: Queryable, now: Date): Promise<Unseen | null> {
  const found = await client.query<Unseen>(
    `select n.id, n.office_id as "officeId", n.kind, n.level, n.step,
       n.kind = 'suggested' and coalesce(w.state <> 'suggested', false) as settled
     from notices n left join warnings w on w.id = n.warning_id
     where n.escalate_at <= $1 and n.acknowledged_at is null order by n.escalate_at, n.id limit 1 for update of n skip locked`,
    [now],
  );
  return found.rows[0] ?? null;
}

export async function setStep(
  client: Queryable,
  noticeId: number,
  step: number,
  escalateAt: Date | null,
): Promise<void> {
  await client.query('update notices set step = $2, escalate_at = $3 where id = $1', [
    noticeId,
    step,
    escalateAt,
  ]);
}

/** Those who have been told of a notice. */
export async function readerIds(client: Queryable, noticeId: number): Promise<string[]> {
  const found = await client.query<{ id: string }>(
    'select person_id as id from notice_readers where notice_id = $1',
    [noticeId],
  );
  return found.rows.map(({ id }) => id);
}

/** Those who were told by duty. */
export async function dutyReaderIds(client: Queryable, noticeId: number): Promise<string[]> {
  const found = await client.query<{ id: string }>(
    `select person_id as id from notice_readers where notice_id = $1 and why in ('duty', 'next')`,
    [noticeId],
  );
  return found.rows.map(({ id }) => id);
}

/** When minutes of the settings are over; null: nobody waits. */
export function escalationTime(now: Date, settings: NoticeSettings, level: NoticeLevel): Date | null {
  const minutes = settings.escalateMinutes[level];
  return minutes === null ? null : new Date(now.getTime() + minutes * 60_000);
}

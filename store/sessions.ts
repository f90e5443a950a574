import { isEnrolledSql } from './factors.ts';
import type { Queryable } from './pool.ts';

/** How long a session may last, by use and in all, and its person's password. */
export type Lifetimes = { idleMinutes: number; absoluteHours: number; passwordDays: number };

export type FoundSession = {
  id: string;
  factor: string | null;
  place: string;
  device: string;
  settled: boolean;
  endedOthers: number;
  welcomed: boolean;
  /** What ended it; null: it goes on. */
  over: 'idle' | 'time' | 'disabled' | null;
  /** Its last use is long enough ago to be noted anew. */
  unnoted: boolean;
  personId: string;
  name: string;
  email: string;
  officeId: number;
  mustChangePassword: boolean;
  passwordAged: boolean;
  enrolled: boolean;
};

/** The session that a cookie's token names, with its person, by the database's clock. */
export async function findSession(
  db: Queryable,
  token: string,
  { idleMinutes, absoluteHours, passwordDays }: Lifetimes,
): Promise<FoundSession | null> {
  const found = await db.query<FoundSession>(
    `select s.id, s.factor, coalesce(s.place, '') as place, coalesce(s.device, '') as device,
       s.settled, s.ended_others as "endedOthers", s.welcomed,
       case when p.disabled_at is not null then 'disabled'
         when least(s.expires_at, s.created_at + $3 * interval '1 hour') <= now() then 'time'
         when s.last_seen_at + $2 * interval '1 minute' <= now() then 'idle' end as over,
       s.last_seen_at < now() - interval '1 minute' as unnoted,
       p.id as "personId", p.name, p.email, p.office_id as "officeId", p.must_change_password as "mustChangePassword",
       coalesce($4 > 0 and c.password_at + $4 * interval '1 day' <= now(), false) as "passwordAged",
       ${isEnrolledSql('p.id')} as enrolled
     from sessions s
     join people p on p.id = s.person_id
     left join credentials c on c.person_id = p.id and c.provider_id = 'credential'
     where s.token = $1`,
    [token, idleMinutes, absoluteHours, passwordDays],
  );
  return found.rows[0] ?? null;
}

/** Notes that the session is in use. */
export async function noteSeen(db: Queryable, id: string): Promise<void> {
  await db.query('update sessions set last_seen_at = now() where id = $1', [id]);
}

/** Notes that the person has been told of their other sessions. @returns how many there are */
export async function welcome(db: Queryable, id: string, personId: string): Promise<number> {
  const found = await db.query<{ others: number }>(
    `with told as (update sessions set welcomed = true where id = $1)
     select count(*) as others from sessions where person_id = $2 and id <> $1 and expires_at > now()`,
    [id, personId],
  );
  return found.rows[0]?.others ?? 0;
}

/** Opens a session. Whoever does so has locked its person (`lockPerson`). */
export async function addSession(
  client: Queryable,
  session: {
    id: string;
    personId: string;
    token: string;
    factor: string | null;
    hours: number;
    place: string;
    device: string;
  },
): Promise<void> {
  await client.query(
    `insert into sessions (id, person_id, token, expires_at, place, device, factor, factor_at)
     values ($1, $2, $3, now() + $4 * interval '1 hour', $5, $6, $7,
       case when $7::text is not null then now() end)`,
    [
      session.id,
      session.personId,
      session.token,
      session.hours,
      session.place,
      session.device,
      session.factor,
    ],
  );
}

/**
 * Ends a person's sessions but for the newest ones in use, among those that are settled, or those that are not.
 * @param which.own the one that stays in any case
 * @returns how many of those in use were ended
 */
export async function keepNewest(
  client: Queryable,
  personId: string,
  which: { settled: boolean; keep: number; idleMinutes: number; own?: string },
): Promise<number> {
  const gone = await client.query<{ live: boolean }>(
    `with ranked as (
       select id, live, row_number() over (order by id = $5 desc, live desc, created_at desc, id) as place
       from (
         select id, created_at, expires_at > now() and last_seen_at + $3 * interval '1 minute' > now() as live
         from sessions where person_id = $1 and settled = $4
       ) each
     )
     delete from sessions s using ranked r where r.id = s.id and (r.place > $2 or not r.live) returning r.live`,
    [personId, which.keep, which.idleMinutes, which.settled, which.own ?? ''],
  );
  return gone.rows.filter(({ live }) => live).length;
}

/** A session has come as far as the desk. @returns false when it had before, or is over */
export async function settle(client: Queryable, id: string): Promise<boolean> {
  const done = await client.query('update sessions set settled = true where id = $1 and not settled', [id]);
  return done.rowCount === 1;
}

export async function noteEndedOthers(client: Queryable, id: string, n: number): Promise<void> {
  await client.query('update sessions set ended_others = $2 where id = $1', [id, n]);
}

/** The session goes on under another token, and the one before is worthless. */
export async function replaceToken(client: Queryable, id: string, token: string): Promise<boolean> {
  const done = await client.query('update sessions set token = $2, updated_at = now() where id = $1', [
    id,
    token,
  ]);
  return done.rowCount === 1;
}

export type EndedSession = { id: string; place: string; device: string };

/** Ends one session of a person. @returns what it was; null when they have no such session */
export async function endSession(
  client: Queryable,
  personId: string,
  id: string,
): Promise<EndedSession | null> {
  const gone = await client.query<EndedSession>(
    `delete from sessions where person_id = $1 and id = $2
     returning id, coalesce(place, '') as place, coalesce(device, '') as device`,
    [personId, id],
  );
  return gone.rows[0] ?? null;
}

/** Ends a person's sessions. @param but one that goes on; null: none does. @returns how many were ended */
export async function endSessionsBut(
  client: Queryable,
  personId: string,
  but: string | null,
): Promise<number> {
  const gone = await client.query('delete from sessions where person_id = $1 and id is distinct from $2', [
    personId,
    but,
  ]);
  return gone.rowCount ?? 0;
}

export type ListedSession = {
  id: string;
  place: string;
  device: string;
  factor: string | null;
  since: Date;
  lastSeen: Date;
};

const MOST_SESSIONS = 50;

/** A person's sessions that are not over, the one last used first. */
export async function sessionsOf(
  db: Queryable,
  personId: string,
  { idleMinutes, absoluteHours }: Pick<Lifetimes, 'idleMinutes' | 'absoluteHours'>,
): Promise<ListedSession[]> {
  const found = await db.query<ListedSession>(
    `select id, coalesce(place, '') as place, coalesce(device, '') as device, factor,
       created_at as since, last_seen_at as "lastSeen"
     from sessions
     where person_id = $1 and last_seen_at + $2 * interval '1 minute' > now()
       and least(expires_at, created_at + $3 * interval '1 hour') > now()
     order by last_seen_at desc, id limit $4`,
    [personId, idleMinutes, absoluteHours, MOST_SESSIONS],
  );
  return found.rows;
}

/** How many sessions these people have that are not over. */
export async function sessionCounts(
  db: Queryable,
  personIds: readonly string[],
  idleMinutes: number,
): Promise<Map<string, number>> {
  const found = await db.query<{ personId: string; n: number }>(
    `select person_id as "personId", count(*) as n from sessions
     where person_id = any ($1) and expires_at > now() and last_seen_at + $2 * interval '1 minute' > now()
     group by person_id`,
    [personIds, idleMinutes],
  );
  return new Map(found.rows.map(({ personId, n }) => [personId, n]));
}

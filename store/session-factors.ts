import type { Queryable } from './pool.ts';

export type GivenFactor = 'totp' | 'passkey' | 'recovery' | 'oidc';

/**
 * Notes that a second factor was given. The session goes on under another token: whoever knew the one from before,
 * knows nothing any more.
 * @returns false when the session has ended meanwhile
 */
export async function renewSession(
  db: Queryable,
  sessionId: string,
  token: string,
  factor: GivenFactor,
): Promise<boolean> {
  const done = await db.query(
    `update sessions set token = $2, factor = $3, factor_at = now(), updated_at = now()
     where id = $1 and expires_at > now()`,
    [sessionId, token, factor],
  );
  return done.rowCount === 1;
}

/** Opens a session of somebody who came without a password: by a passkey alone, or from the provider. */
export async function openSession(
  db: Queryable,
  session: {
    id: string;
    personId: string;
    token: string;
    factor: GivenFactor | null;
    hours: number;
    address: string | null;
    userAgent: string | null;
  },
): Promise<void> {
  await db.query(
    `insert into sessions (id, person_id, token, expires_at, place, device, factor, factor_at)
     values ($1, $2, $3, now() + make_interval(hours => $4), $5, $6, $7, case when $7::text is null then null else now() end)`,
    [
      session.id,
      session.personId,
      session.token,
      session.hours,
      session.address,
      session.userAgent,
      session.factor,
    ],
  );
}

/** @returns how many were ended */
export async function endSessions(db: Queryable, personId: string): Promise<number> {
  const gone = await db.query('delete from sessions where person_id = $1', [personId]);
  return gone.rowCount ?? 0;
}

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

/** After this long, somebody else may sit at the desk. */
const FRESH_MINUTES = 15;

/** Whether the person at this session has proved who they are just now: by signing in, or by a second factor since. */
export async function isFresh(db: Queryable, sessionId: string): Promise<boolean> {
  const found = await db.query(
    `select 1 from sessions where id = $1 and greatest(created_at, factor_at) > now() - make_interval(mins => $2)`,
    [sessionId, FRESH_MINUTES],
  );
  return found.rowCount === 1;
}

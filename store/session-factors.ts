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

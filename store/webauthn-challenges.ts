import type { Queryable } from './pool.ts';

export type ChallengePurpose = 'enrol' | 'second' | 'sign-in';

const MINUTES = 5;

/**
 * Keeps what an authenticator is asked to sign.
 * @param boundTo the session, or the browser, whose answer alone will be taken
 */
export async function keepChallenge(
  db: Queryable,
  challenge: string,
  purpose: ChallengePurpose,
  boundTo: string,
): Promise<void> {
  await db.query('delete from webauthn_challenges where expires_at < now()');
  await db.query(
    `insert into webauthn_challenges (challenge, purpose, bound_to, expires_at)
     values ($1, $2, $3, now() + make_interval(mins => $4))`,
    [challenge, purpose, boundTo, MINUTES],
  );
}

/** Takes a challenge out. @returns false when it is unknown, spent, too old, or was put to another session or browser */
export async function takeChallenge(
  db: Queryable,
  challenge: string,
  purpose: ChallengePurpose,
  boundTo: string,
): Promise<boolean> {
  const gone = await db.query(
    `delete from webauthn_challenges
     where challenge = $1 and purpose = $2 and bound_to = $3 and expires_at > now()`,
    [challenge, purpose, boundTo],
  );
  return gone.rowCount === 1;
}

import type { Queryable } from './pool.ts';

/** A sign-on that is under way at the provider. */
export type OidcState = {
  state: string;
  /** Hash of the cookie of the browser that began it. */
  boundTo: string;
  nonce: string;
  codeVerifier: string;
  returnPath: string;
};

const MINUTES = 10;

export async function keepOidcState(db: Queryable, begun: OidcState): Promise<void> {
  await db.query('delete from oidc_states where expires_at < now()');
  await db.query(
    `insert into oidc_states (state, bound_to, nonce, code_verifier, return_path, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(mins => $6))`,
    [begun.state, begun.boundTo, begun.nonce, begun.codeVerifier, begun.returnPath, MINUTES],
  );
}

/** Takes a sign-on out. @returns null when it is unknown, spent, too old, or was begun in another browser */
export async function takeOidcState(
  db: Queryable,
  state: string,
  boundTo: string,
): Promise<OidcState | null> {
  const gone = await db.query<OidcState>(
    `delete from oidc_states where state = $1 and bound_to = $2 and expires_at > now()
     returning state, bound_to as "boundTo", nonce, code_verifier as "codeVerifier", return_path as "returnPath"`,
    [state, boundTo],
  );
  return gone.rows[0] ?? null;
}

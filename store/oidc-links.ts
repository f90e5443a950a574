import type { Queryable } from './pool.ts';

export type OidcLink = { personId: string; issuer: string; subject: string };

/** Who signs on with this account at the provider, noting that it was used now. */
export async function useOidcLink(db: Queryable, issuer: string, subject: string): Promise<string | null> {
  const found = await db.query<{ personId: string }>(
    `update oidc_links set last_used_at = now() where issuer = $1 and subject = $2 returning person_id as "personId"`,
    [issuer, subject],
  );
  return found.rows[0]?.personId ?? null;
}

/** @returns false when the person or the account is linked otherwise already */
export async function addOidcLink(db: Queryable, link: OidcLink): Promise<boolean> {
  const done = await db.query(
    `insert into oidc_links (person_id, issuer, subject, last_used_at) values ($1, $2, $3, now())
     on conflict do nothing`,
    [link.personId, link.issuer, link.subject],
  );
  return done.rowCount === 1;
}

export async function removeOidcLinks(db: Queryable, personId: string): Promise<number> {
  const gone = await db.query('delete from oidc_links where person_id = $1', [personId]);
  return gone.rowCount ?? 0;
}

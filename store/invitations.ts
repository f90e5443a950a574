import type { Queryable } from './pool.ts';

/** What a link is good for. */
export type Invitation = {
  id: number;
  personId: string;
  name: string;
  email: string;
  office: string;
  officeId: number;
  expiresAt: Date;
  /** Whether the person has set a password before: the link is for another one then. */
  again: boolean;
  /** Why it opens nothing; null: it does. */
  over: 'used' | 'revoked' | 'expired' | 'disabled' | null;
};

/** The invitation of a link. @param hash of its token */
export async function findInvitation(db: Queryable, hash: Buffer): Promise<Invitation | null> {
  const found = await db.query<Invitation>(
    `select i.id, p.id as "personId", p.name, p.email, o.name as office, o.id as "officeId", i.expires_at as "expiresAt",
       exists (select 1 from credentials c where c.person_id = p.id and c.password is not null) as again,
       case when i.used_at is not null then 'used' when i.revoked_at is not null then 'revoked'
         when i.expires_at <= now() then 'expired' when p.disabled_at is not null then 'disabled' end as over
     from invitations i join people p on p.id = i.person_id join offices o on o.id = p.office_id
     where i.token_hash = $1`,
    [hash],
  );
  return found.rows[0] ?? null;
}

/** Takes an invitation. @returns false when it was taken already, taken back, or has ended */
export async function takeInvitation(client: Queryable, id: number): Promise<boolean> {
  const taken = await client.query(
    `update invitations set used_at = now()
     where id = $1 and used_at is null and revoked_at is null and expires_at > now()`,
    [id],
  );
  return taken.rowCount === 1;
}

/** Makes an invitation; of several to one person, the newest alone is good. @returns when it ends */
export async function addInvitation(
  client: Queryable,
  invitation: { hash: Buffer; personId: string; createdBy: string; hours: number },
): Promise<Date> {
  await revokeInvitations(client, invitation.personId);
  const made = await client.query<{ expiresAt: Date }>(
    `insert into invitations (token_hash, person_id, created_by, expires_at)
     values ($1, $2, $3, now() + $4 * interval '1 hour') returning expires_at as "expiresAt"`,
    [invitation.hash, invitation.personId, invitation.createdBy, invitation.hours],
  );
  return (made.rows[0] as { expiresAt: Date }).expiresAt;
}

/** Takes back what invitations a person still has. @returns how many */
export async function revokeInvitations(client: Queryable, personId: string): Promise<number> {
  const gone = await client.query(
    `update invitations set revoked_at = now()
     where person_id = $1 and used_at is null and revoked_at is null and expires_at > now()`,
    [personId],
  );
  return gone.rowCount ?? 0;
}

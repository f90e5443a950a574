import type { Queryable } from './pool.ts';

/** Whether a second factor can be asked of a person: a confirmed authenticator app or a passkey. @param person SQL of the id */
export function isEnrolledSql(person: string): string {
  return `(exists (select 1 from totp_factors f where f.person_id = ${person} and f.confirmed_at is not null)
    or exists (select 1 from passkeys k where k.person_id = ${person}))`;
}

export async function isEnrolled(db: Queryable, personId: string): Promise<boolean> {
  const found = await db.query<{ enrolled: boolean }>(`select ${isEnrolledSql('$1')} as enrolled`, [
    personId,
  ]);
  return found.rows[0]?.enrolled === true;
}

/** Of two changes to one person's factors at once, the second waits for the first and sees it. */
export async function lockFactors(client: Queryable, personId: string): Promise<void> {
  await client.query('select 1 from people where id = $1 for update', [personId]);
}

export type SigningOn = { id: string; officeId: number; email: string; name: string };

/** Somebody who may sign in, by id; null for those who have left. */
export async function personById(db: Queryable, id: string): Promise<SigningOn | null> {
  const found = await db.query<SigningOn>(
    `select id, office_id as "officeId", email, name from people where id = $1 and disabled_at is null`,
    [id],
  );
  return found.rows[0] ?? null;
}

/** Somebody who may sign in, by e-mail. @param email in lower case */
export async function personWithEmail(db: Queryable, email: string): Promise<SigningOn | null> {
  const found = await db.query<SigningOn>(
    `select id, office_id as "officeId", email, name from people where email = $1 and disabled_at is null`,
    [email],
  );
  return found.rows[0] ?? null;
}

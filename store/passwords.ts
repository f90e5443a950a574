import type { PoolClient } from 'pg';
import type { Queryable } from './pool.ts';

/** Who an e-mail address belongs to, for the audit log; addresses are kept in lower case. */
export async function personByEmail(
  db: Queryable,
  email: string,
): Promise<{ id: string; officeId: number } | null> {
  const result = await db.query<{ id: string; officeId: number }>(
    'select id, office_id as "officeId" from people where email = $1',
    [email.toLowerCase()],
  );
  return result.rows[0] ?? null;
}

/** The first password has been replaced: the desk is open. */
export async function clearMustChangePassword(client: PoolClient, id: string): Promise<void> {
  await client.query('update people set must_change_password = false, updated_at = now() where id = $1', [
    id,
  ]);
}

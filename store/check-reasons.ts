import type { CheckKey, Finding } from '../config/release-checks.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** In characters; the table holds no more. */
export const LONGEST_REASON = 400;

/** Why a warning of the checks may stand, and who says so. */
export type CheckReason = {
  check: CheckKey;
  finding: string;
  reason: string;
  /** Null: somebody of an office that is out of reach. */
  by: string | null;
  at: Date;
};

/** The reasons that were ever given for findings of a release; one holds for its finding alone. */
export async function reasonsOf(db: Queryable, releaseId: number): Promise<CheckReason[]> {
  const found = await db.query<CheckReason>(
    `select c.check_key as "check", c.finding, c.reason, p.name as by, c.given_at as at
     from check_reasons c left join people p on p.id = c.given_by where c.release_id = $1 order by c.given_at`,
    [releaseId],
  );
  return found.rows;
}

/** Says why a warning may stand, or says it anew. @param reason 1 to `LONGEST_REASON` characters */
export async function giveReason(
  store: Store,
  actor: Actor,
  release: { id: number; officeId: number },
  { check, finding, quote }: Pick<Finding, 'check' | 'finding' | 'quote'>,
  reason: string,
): Promise<void> {
  const { id, officeId } = release;
  await transaction(store, async (client) => {
    await client.query(
      `insert into check_reasons (office_id, release_id, check_key, finding, reason, given_by) values ($1, $2, $3, $4, $5, $6)
       on conflict (release_id, check_key, finding) do update set reason = excluded.reason, given_by = excluded.given_by, given_at = now()`,
      [officeId, id, check, finding, reason, actor.id],
    );
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'check-reason', subject: `release:${id}` },
      after: { check, finding, quote, reason },
    });
    await tellLive(client, { kind: 'release', officeId, releaseId: id });
  });
}

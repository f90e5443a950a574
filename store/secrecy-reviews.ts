import { Refused } from '../config/errors.ts';
import type { SecrecyItem } from '../config/release-checks.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** Who looked a version through for secrets, and what they ticked. */
export type SecrecyReview = {
  items: SecrecyItem[];
  /** Null: somebody of an office that is out of reach. */
  by: string | null;
  at: Date;
};

/** The last secrecy review of this very version. @returns null when nobody has made one: those of other versions do not count */
export async function secrecyReview(
  db: Queryable,
  releaseId: number,
  version: number,
): Promise<SecrecyReview | null> {
  const found = await db.query<SecrecyReview>(
    `select s.items, p.name as by, s.at from secrecy_reviews s left join people p on p.id = s.person_id
     where s.release_id = $1 and s.version = $2 order by s.id desc limit 1`,
    [releaseId, version],
  );
  return found.rows[0] ?? null;
}

/**
 * Keeps what somebody ticked, by their name.
 * @throws Refused `stale-version` when the release has become another one since they read it
 */
export async function reviewSecrecy(
  store: Store,
  actor: Actor,
  release: { id: number; officeId: number; version: number },
  items: readonly SecrecyItem[],
): Promise<void> {
  const { id, officeId, version } = release;
  await transaction(store, async (client) => {
    const found = await client.query('select from releases where id = $1 and version = $2 for update', [
      id,
      version,
    ]);
    if (found.rowCount === 0) throw new Refused('stale-version', messages.staleVersion);
    await client.query(
      'insert into secrecy_reviews (office_id, release_id, version, items, person_id) values ($1, $2, $3, $4, $5)',
      [officeId, id, version, items, actor.id],
    );
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'secrecy-review', subject: `release:${id}` },
      after: { version, items },
    });
    await tellLive(client, { kind: 'release', officeId, releaseId: id });
  });
}

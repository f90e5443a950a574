import type { ReleaseContent } from '../config/release-content.ts';
import type { Actor } from './actor.ts';
import type { Queryable } from './pool.ts';
import { readContent } from './release-content.ts';

/** How a version came about: by the editor while somebody writes, by a person, from a file or an earlier version, as a correction. */
export const saveWays = ['auto', 'save', 'import', 'restore', 'correct'] as const;
export type SaveWay = (typeof saveWays)[number];

export type RevisionRow = {
  version: number;
  how: SaveWay;
  title: string;
  /** Null: somebody of an office that is out of reach. */
  savedBy: string | null;
  savedById: string;
  savedAt: Date;
  /** When the first of the saves was that fell into it. */
  beganAt: Date;
};
export type Revision = RevisionRow & { content: ReleaseContent };

/** Saves of the editor by one person fall into one version for so long. */
export const COALESCE_MINUTES = 10;

const COLUMNS = `v.version, v.how, v.content->>'title' as title, p.name as "savedBy", v.saved_by as "savedById",
  v.saved_at as "savedAt", v.began_at as "beganAt"`;

/**
 * Keeps what a release holds in a version. What the editor saves by itself moves the last such version of the same person on,
 * unless somebody has looked at that one: a round of reviews, a delivery or a secrecy review names it.
 * @param before the version that it was made from; null: it is the first
 * @returns whether it is a version of its own
 */
export async function keepRevision(
  client: Queryable,
  actor: Actor,
  release: { id: number; officeId: number },
  version: number,
  before: number | null,
  content: ReleaseContent,
  how: SaveWay,
): Promise<boolean> {
  if (how === 'auto' && before !== null) {
    const moved = await client.query(
      `update release_revisions set version = $3, content = $4, saved_at = now()
       where release_id = $1 and version = $2 and how = 'auto' and saved_by = $5
         and began_at > now() - make_interval(mins => $6)
         and not exists (select from review_rounds where release_id = $1 and review_rounds.version = $2)
         and not exists (select from secrecy_reviews where release_id = $1 and secrecy_reviews.version = $2)
         and not exists (select from deliveries where release_id = $1 and deliveries.version = $2)`,
      [release.id, before, version, JSON.stringify(content), actor.id, COALESCE_MINUTES],
    );
    if (moved.rowCount === 1) return false;
  }
  await client.query(
    `insert into release_revisions (office_id, release_id, version, content, saved_by, how) values ($1, $2, $3, $4, $5, $6)`,
    [release.officeId, release.id, version, JSON.stringify(content), actor.id, how],
  );
  return true;
}

/** The versions of a release, the newest first. */
export async function revisionsOf(db: Queryable, releaseId: number, limit = 200): Promise<RevisionRow[]> {
  const found = await db.query<RevisionRow>(
    `select ${COLUMNS} from release_revisions v left join people p on p.id = v.saved_by
     where v.release_id = $1 order by v.version desc limit $2`,
    [releaseId, Math.min(limit, 1_000)],
  );
  return found.rows;
}

/** @returns null: there is no such version; between two that are kept the editor's saves fell into the later one */
export async function revisionOf(
  db: Queryable,
  releaseId: number,
  version: number,
): Promise<Revision | null> {
  const found = await db.query<Revision>(
    `select ${COLUMNS}, v.content from release_revisions v left join people p on p.id = v.saved_by
     where v.release_id = $1 and v.version = $2`,
    [releaseId, version],
  );
  const row = found.rows[0];
  return row ? { ...row, content: readContent(row.content) } : null;
}

/** Who saved last, and when: told to whoever was slower. Null: nothing was saved since versions are kept. */
export async function lastSave(
  db: Queryable,
  releaseId: number,
): Promise<{ version: number; by: string | null; at: Date } | null> {
  const [last] = await revisionsOf(db, releaseId, 1);
  return last ? { version: last.version, by: last.savedBy, at: last.savedAt } : null;
}

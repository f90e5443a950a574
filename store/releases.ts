import { Refused } from '../config/errors.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

export type ReleaseState = 'draft' | 'scheduled' | 'published' | 'withdrawn';
/** What a person writes. `body` is plain text, paragraphs parted by a blank line. */
export type ReleaseContent = { title: string; summary: string; body: string };
export type ReleaseRow = ReleaseContent & {
  id: number;
  state: ReleaseState;
  version: number;
  createdBy: string;
  createdAt: Date;
  updatedAt: Date;
};

/** Who acts, for the audit log and the scope of the statement. */
export type Actor = { id: string; officeId: number };

const COLUMNS = `r.id, r.title, r.summary, r.body, r.state, r.version, p.name as "createdBy",
  r.created_at as "createdAt", r.updated_at as "updatedAt"`;

export async function createRelease(store: Store, actor: Actor, content: ReleaseContent): Promise<number> {
  return transaction(store, async (client) => {
    const result = await client.query<{ id: number }>(
      `insert into releases (office_id, title, summary, body, created_by) values ($1, $2, $3, $4, $5) returning id`,
      [actor.officeId, content.title, content.summary, content.body, actor.id],
    );
    const id = (result.rows[0] as { id: number }).id;
    await appendAudit(client, {
      ...by(actor),
      action: 'release-create',
      subject: `release:${id}`,
      after: content,
    });
    return id;
  });
}

/**
 * Saves a new text over the version that the writer had before them.
 * @throws Refused `stale-version` when somebody else saved in between, or it is no longer a draft
 */
export async function saveRelease(
  store: Store,
  actor: Actor,
  id: number,
  version: number,
  content: ReleaseContent,
): Promise<void> {
  await transaction(store, async (client) => {
    const before = await client.query<ReleaseContent>(
      `select title, summary, body from releases where id = $1 and office_id = $2 and version = $3 and state = 'draft' for update`,
      [id, actor.officeId, version],
    );
    if (!before.rows[0]) throw new Refused('stale-version', messages.staleVersion);
    await client.query(
      'update releases set title = $2, summary = $3, body = $4, version = version + 1, updated_at = now() where id = $1',
      [id, content.title, content.summary, content.body],
    );
    await appendAudit(client, {
      ...by(actor),
      action: 'release-save',
      subject: `release:${id}`,
      before: before.rows[0],
      after: content,
    });
  });
}

export async function releaseById(db: Queryable, officeId: number, id: number): Promise<ReleaseRow | null> {
  const result = await db.query<ReleaseRow>(
    `select ${COLUMNS} from releases r join people p on p.id = r.created_by where r.office_id = $1 and r.id = $2`,
    [officeId, id],
  );
  return result.rows[0] ?? null;
}

export type ReleaseListRow = Omit<ReleaseRow, 'body'> & { dueAt: Date | null; address: string | null };

/** The office's releases, the last touched first, each with its newest delivery's time and address. */
export async function listReleases(db: Queryable, officeId: number, limit = 100): Promise<ReleaseListRow[]> {
  const result = await db.query<ReleaseListRow>(
    `select r.id, r.title, r.summary, r.state, r.version, p.name as "createdBy", r.created_at as "createdAt",
       r.updated_at as "updatedAt", d.due_at as "dueAt", d.address
     from releases r join people p on p.id = r.created_by
     left join lateral (select due_at, address from deliveries where release_id = r.id order by id desc limit 1) d on true
     where r.office_id = $1 order by r.updated_at desc limit $2`,
    [officeId, Math.min(limit, 500)],
  );
  return result.rows;
}

function by(actor: Actor): { actor: string; officeId: number } {
  return { actor: actor.id, officeId: actor.officeId };
}

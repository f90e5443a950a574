import { Refused } from '../config/errors.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import type { Actor } from './actor.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

export type ReleaseState = 'draft' | 'scheduled' | 'published' | 'withdrawn';
/** What a person writes. `body` is plain text, paragraphs parted by a blank line. */
export type ReleaseContent = { title: string; summary: string; body: string };
export type ReleaseRow = ReleaseContent & {
  id: number;
  officeId: number;
  officeName: string;
  state: ReleaseState;
  version: number;
  /** Null: somebody of an office that is out of reach. */
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
};

const COLUMNS = `r.id, r.office_id as "officeId", o.name as "officeName", r.title, r.summary, r.body, r.state, r.version, p.name as "createdBy",
  r.created_at as "createdAt", r.updated_at as "updatedAt"`;

export async function createRelease(store: Store, actor: Actor, content: ReleaseContent): Promise<number> {
  return transaction(store, async (client) => {
    const result = await client.query<{ id: number }>(
      `insert into releases (office_id, title, summary, body, created_by) values ($1, $2, $3, $4, $5) returning id`,
      [actor.officeId, content.title, content.summary, content.body, actor.id],
    );
    const id = (result.rows[0] as { id: number }).id;
    await appendAudit(client, {
      ...actor,
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
    const found = await client.query<ReleaseContent & { officeId: number }>(
      `select office_id as "officeId", title, summary, body from releases
       where id = $1 and version = $2 and state = 'draft' for update`,
      [id, version],
    );
    const row = found.rows[0];
    if (!row) throw new Refused('stale-version', messages.staleVersion);
    await client.query(
      'update releases set title = $2, summary = $3, body = $4, version = version + 1, updated_at = now() where id = $1',
      [id, content.title, content.summary, content.body],
    );
    await appendAudit(client, {
      ...actor,
      officeId: row.officeId,
      action: 'release-save',
      subject: `release:${id}`,
      before: { title: row.title, summary: row.summary, body: row.body },
      after: content,
    });
  });
}

export async function releaseById(db: Queryable, id: number): Promise<ReleaseRow | null> {
  const result = await db.query<ReleaseRow>(
    `select ${COLUMNS} from releases r join offices o on o.id = r.office_id left join people p on p.id = r.created_by
     where r.id = $1`,
    [id],
  );
  return result.rows[0] ?? null;
}

export type ReleaseListRow = Omit<ReleaseRow, 'body'> & {
  dueAt: Date | null;
  address: string | null;
  /** Its delivery waits for a second look. */
  held: boolean;
};

/** The offices' releases, the last touched first, each with its newest delivery's time and address. */
export async function listReleases(db: Queryable, offices: Offices, limit = 100): Promise<ReleaseListRow[]> {
  const result = await db.query<ReleaseListRow>(
    `select r.id, r.office_id as "officeId", o.name as "officeName", r.title, r.summary, r.state, r.version, p.name as "createdBy", r.created_at as "createdAt",
       r.updated_at as "updatedAt", d.due_at as "dueAt", d.address, coalesce(d.held, false) as held
     from releases r join offices o on o.id = r.office_id left join people p on p.id = r.created_by
     left join lateral (select due_at, address, state = 'waiting' and held_for is not null as held from deliveries where release_id = r.id order by id desc limit 1) d on true
     where $1::int[] is null or r.office_id = any ($1) order by r.updated_at desc limit $2`,
    [offices, Math.min(limit, 500)],
  );
  return result.rows;
}

/** What an office has published, the newest first: what an answer can be linked to. */
export async function publishedReleases(
  db: Queryable,
  officeId: number,
  limit = 30,
): Promise<{ id: number; title: string; updatedAt: Date }[]> {
  const found = await db.query<{ id: number; title: string; updatedAt: Date }>(
    `select id, title, updated_at as "updatedAt" from releases where office_id = $1 and state = 'published'
     order by updated_at desc limit $2`,
    [officeId, limit],
  );
  return found.rows;
}

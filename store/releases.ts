import { Refused } from '../config/errors.ts';
import { contentOf, type ReleaseContent } from '../config/release-content.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import type { Actor } from './actor.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

export const releaseStates = [
  'draft',
  'reviewing',
  'approved',
  'scheduled',
  'published',
  'withdrawn',
] as const;
export type ReleaseState = (typeof releaseStates)[number];
export type ReleaseRow = ReleaseContent & {
  id: number;
  officeId: number;
  officeName: string;
  state: ReleaseState;
  version: number;
  /** It goes out after one review; the other reviews follow. */
  urgent: boolean;
  /** Nothing goes out on any channel before then. */
  embargoUntil: Date | null;
  /** Null: somebody of an office that is out of reach. */
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
};

/** What of a release makes its content; `readContent` makes one of it. */
export const CONTENT_COLUMNS = 'r.type, r.title, r.summary, r.document, r.details';
const COLUMNS = `r.id, r.office_id as "officeId", o.name as "officeName", ${CONTENT_COLUMNS}, r.state, r.version, r.urgent,
  r.embargo_until as "embargoUntil", p.name as "createdBy", r.created_at as "createdAt", r.updated_at as "updatedAt"`;

/** A content as a row or a frozen delivery holds it; details that were added later stand as they do for a new release. */
export function readContent({ type, title, summary, document, details }: ReleaseContent): ReleaseContent {
  return contentOf({ type, title, summary, document, details });
}

export async function createRelease(store: Store, actor: Actor, content: ReleaseContent): Promise<number> {
  return transaction(store, async (client) => {
    const result = await client.query<{ id: number }>(
      `insert into releases (office_id, type, title, summary, document, details, created_by)
       values ($1, $2, $3, $4, $5, $6, $7) returning id`,
      [
        ...[actor.officeId, content.type, content.title, content.summary],
        ...[JSON.stringify(content.document), JSON.stringify(content.details), actor.id],
      ],
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
 * Saves a new text over the version that the writer had before them. What was reviewed or approved becomes a draft again, and
 * its round of reviews ends.
 * @returns the new version
 * @throws Refused `stale-version` when somebody else saved in between, or it is on its way already
 */
export async function saveRelease(
  store: Store,
  actor: Actor,
  id: number,
  version: number,
  content: ReleaseContent,
): Promise<number> {
  return transaction(store, async (client) => {
    const found = await client.query<ReleaseContent & { officeId: number }>(
      `select r.office_id as "officeId", ${CONTENT_COLUMNS} from releases r
       where r.id = $1 and r.version = $2 and r.state in ('draft', 'reviewing', 'approved') for update`,
      [id, version],
    );
    const row = found.rows[0];
    if (!row) throw new Refused('stale-version', messages.staleVersion);
    await client.query(
      `update releases set type = $2, title = $3, summary = $4, document = $5, details = $6, state = 'draft',
         version = version + 1, updated_at = now() where id = $1`,
      [
        ...[id, content.type, content.title, content.summary],
        ...[JSON.stringify(content.document), JSON.stringify(content.details)],
      ],
    );
    await client.query(
      `update review_rounds set state = 'edited', ended_at = now() where release_id = $1 and state = 'open'`,
      [id],
    );
    const { officeId, ...before } = row;
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-save', subject: `release:${id}` },
      ...{ before, after: content },
    });
    return version + 1;
  });
}

export async function releaseById(db: Queryable, id: number): Promise<ReleaseRow | null> {
  const result = await db.query<ReleaseRow>(
    `select ${COLUMNS} from releases r join offices o on o.id = r.office_id left join people p on p.id = r.created_by
     where r.id = $1`,
    [id],
  );
  const row = result.rows[0];
  return row ? { ...row, ...readContent(row) } : null;
}

export type ReleaseListRow = Omit<ReleaseRow, 'document' | 'details'> & {
  dueAt: Date | null;
  address: string | null;
  /** Its delivery waits for a second look. */
  held: boolean;
};

/** The offices' releases, the last touched first, each with its newest delivery's time and address. */
export async function listReleases(db: Queryable, offices: Offices, limit = 100): Promise<ReleaseListRow[]> {
  const result = await db.query<ReleaseListRow>(
    `select r.id, r.office_id as "officeId", o.name as "officeName", r.type, r.title, r.summary, r.state, r.version, r.urgent,
       r.embargo_until as "embargoUntil", p.name as "createdBy", r.created_at as "createdAt",
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

import { Refused } from '../config/errors.ts';
import type { ReleaseContent } from '../config/release-content.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { asRow, CONTENT_COLUMNS, outlineOf, readContent, sameContent, storable } from './release-content.ts';
import { keepRevision, type SaveWay } from './release-revisions.ts';
import type { Actor } from './actor.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { endRound } from './review-rounds.ts';

export { contentHash, CONTENT_COLUMNS, outlineOf, readContent, sameContent } from './release-content.ts';

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

const COLUMNS = `r.id, r.office_id as "officeId", o.name as "officeName", ${CONTENT_COLUMNS}, r.state, r.version, r.urgent,
  r.embargo_until as "embargoUntil", p.name as "createdBy", r.created_at as "createdAt", r.updated_at as "updatedAt"`;

/** What of a release is no part of its text. */
export type ReleasePlan = { urgent: boolean; embargoUntil: Date | null };
/** The slot of a recurring column that a release fills; the day is one of the calendar, `2026-11-23`. */
export type SeriesSlot = { seriesId: number; day: string };

/** Begins a release of the actor's office. @returns its id; its version is 1 */
export async function createRelease(
  store: Store,
  actor: Actor,
  given: ReleaseContent,
  how: SaveWay = 'save',
  slot: SeriesSlot | null = null,
): Promise<number> {
  const content = storable(given);
  return transaction(store, async (client) => {
    const { officeId } = actor;
    const result = await client.query<{ id: number }>(
      `insert into releases (office_id, type, title, summary, document, details, created_by, series_id, series_day)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
      [...[officeId, ...asRow(content), actor.id], ...[slot?.seriesId ?? null, slot?.day ?? null]],
    );
    const { id } = result.rows[0] as { id: number };
    await keepRevision(client, actor, { id, officeId }, 1, null, content, how);
    await appendAudit(client, {
      ...{ ...actor, action: 'release-create', subject: `release:${id}` },
      after: { version: 1, how, ...outlineOf(content) },
    });
    await tellLive(client, { kind: 'release', officeId, releaseId: id });
    return id;
  });
}

/**
 * Saves a new text over the version that the writer had before them; the same text again is no new version. What was reviewed
 * or approved becomes a draft again, and its round of reviews ends.
 * @returns the version as it then stands
 * @throws Refused `stale-version` when somebody else saved in between, or it is on its way already
 */
export async function saveRelease(
  store: Store,
  actor: Actor,
  id: number,
  version: number,
  given: ReleaseContent,
  how: SaveWay = 'save',
): Promise<number> {
  const content = storable(given);
  return transaction(store, async (client) => {
    const found = await client.query<ReleaseContent & { officeId: number; state: ReleaseState }>(
      `select r.office_id as "officeId", r.state, ${CONTENT_COLUMNS} from releases r
       where r.id = $1 and r.version = $2 and r.state in ('draft', 'reviewing', 'approved') for update`,
      [id, version],
    );
    const row = found.rows[0];
    if (!row) throw new Refused('stale-version', messages.staleVersion);
    const { officeId, state } = row;
    const before = readContent(row);
    if (sameContent(before, content)) return version;
    const next = version + 1;
    await client.query(
      `update releases set type = $2, title = $3, summary = $4, document = $5, details = $6, version = $7,
         state = 'draft', updated_at = now() where id = $1`,
      [id, ...asRow(content), next],
    );
    if (state !== 'draft') await endRound(client, id, 'edited');
    const own = await keepRevision(client, actor, { id, officeId }, next, version, content, how);
    // While somebody writes, the first save of each version is told; the version itself keeps what it came to.
    if (own || state !== 'draft') {
      await appendAudit(client, {
        ...{ ...actor, officeId, action: 'release-save', subject: `release:${id}` },
        before: { version, state, ...outlineOf(before) },
        after: { version: next, how, ...outlineOf(content) },
      });
    }
    const kind = own || state !== 'draft' ? 'release' : 'editors';
    await tellLive(client, { kind, officeId, releaseId: id });
    return next;
  });
}

/**
 * Says that a release is urgent, or until when it is under embargo. No part of the text: no new version.
 * @throws Refused `stale-version` when it is out, on its way, or under review (where both decide how it is reviewed)
 */
export async function planRelease(store: Store, actor: Actor, id: number, plan: ReleasePlan): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<ReleasePlan & { officeId: number }>(
      `select office_id as "officeId", urgent, embargo_until as "embargoUntil" from releases
       where id = $1 and state in ('draft', 'approved') for update`,
      [id],
    );
    const row = found.rows[0];
    if (!row) throw new Refused('stale-version', messages.staleVersion);
    const { officeId, urgent, embargoUntil } = row;
    const same = urgent === plan.urgent && embargoUntil?.getTime() === plan.embargoUntil?.getTime();
    if (same) return;
    await client.query('update releases set urgent = $2, embargo_until = $3 where id = $1', [
      ...[id, plan.urgent, plan.embargoUntil],
    ]);
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-plan', subject: `release:${id}` },
      ...{ before: { urgent, embargoUntil }, after: plan },
    });
    await tellLive(client, { kind: 'release', officeId, releaseId: id });
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

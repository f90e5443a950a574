import type pg from 'pg';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.concerns;

export type ConcernNote = {
  id: number;
  text: string;
  madeAt: Date;
  /** Null: somebody of an office that is out of reach. */
  madeBy: string | null;
};

/** Notes about a concern and what is a part of it, the newest first. */
export async function concernNotes(db: Queryable, concernId: number): Promise<ConcernNote[]> {
  const found = await db.query<ConcernNote>(
    `select n.id, n.text, n.made_at as "madeAt", p.name as "madeBy"
     from concern_notes n left join people p on p.id = n.made_by
     where n.concern_id in (select concern_parts($1)) and n.removed_at is null order by n.id desc limit 200`,
    [concernId],
  );
  return found.rows;
}

/** @returns the id of the note @throws Refused `concern-gone` */
export async function addConcernNote(
  store: Store,
  actor: Actor,
  concernId: number,
  text: string,
): Promise<number> {
  return transaction(store, async (client) => {
    const officeId = await officeOf(client, concernId);
    const made = await client.query<{ id: number }>(
      'insert into concern_notes (office_id, concern_id, text, made_by) values ($1, $2, $3, $4) returning id',
      [officeId, concernId, text, actor.id],
    );
    const { id } = made.rows[0] as { id: number };
    await enter(client, actor, officeId, concernId, 'concern-note-add', { after: { note: id, text } });
    return id;
  });
}

/** Takes a note off; what it said stands in the log. One that is off already stays off. */
export async function removeConcernNote(store: Store, actor: Actor, noteId: number): Promise<void> {
  await transaction(store, async (client) => {
    const removed = await client.query<{ officeId: number; concernId: number }>(
      `update concern_notes set removed_at = now() where id = $1 and removed_at is null
       returning office_id as "officeId", concern_id as "concernId"`,
      [noteId],
    );
    const [row] = removed.rows;
    if (!row) return;
    await enter(client, actor, row.officeId, row.concernId, 'concern-note-remove', {
      before: { note: noteId },
    });
  });
}

export type ConcernRelease = {
  id: number;
  title: string;
  state: string;
  linkedAt: Date;
  linkedBy: string | null;
};

/** Releases that people linked to a concern or what is a part of it, each once, the newest link first. */
export async function concernReleases(db: Queryable, concernId: number): Promise<ConcernRelease[]> {
  const found = await db.query<ConcernRelease>(
    `select * from (
       select distinct on (r.id) r.id, r.title, r.state, l.made_at as "linkedAt", p.name as "linkedBy"
       from concern_releases l join releases r on r.id = l.release_id left join people p on p.id = l.made_by
       where l.concern_id in (select concern_parts($1)) order by r.id, l.made_at desc
     ) linked order by "linkedAt" desc, id desc limit 200`,
    [concernId],
  );
  return found.rows;
}

/** Says that a release of the same office was about this concern. @throws Refused `concern-gone` */
export async function linkConcernRelease(
  store: Store,
  actor: Actor,
  concernId: number,
  releaseId: number,
): Promise<void> {
  await transaction(store, async (client) => {
    const officeId = await officeOf(client, concernId);
    const linked = await client.query(
      `insert into concern_releases (office_id, concern_id, release_id, made_by)
       select $1, $2, id, $4 from releases where id = $3 and office_id = $1 on conflict do nothing`,
      [officeId, concernId, releaseId, actor.id],
    );
    if (linked.rowCount === 0) return;
    await enter(client, actor, officeId, concernId, 'concern-release-link', {
      after: { release: releaseId },
    });
  });
}

export async function unlinkConcernRelease(
  store: Store,
  actor: Actor,
  concernId: number,
  releaseId: number,
): Promise<void> {
  await transaction(store, async (client) => {
    const officeId = await officeOf(client, concernId);
    const unlinked = await client.query(
      'delete from concern_releases where concern_id in (select concern_parts($1)) and release_id = $2',
      [concernId, releaseId],
    );
    if (unlinked.rowCount === 0) return;
    await enter(client, actor, officeId, concernId, 'concern-release-unlink', {
      before: { release: releaseId },
    });
  });
}

async function officeOf(client: Queryable, concernId: number): Promise<number> {
  const found = await client.query<{ officeId: number }>(
    'select office_id as "officeId" from concerns where id = $1',
    [concernId],
  );
  const [row] = found.rows;
  if (!row) throw new Refused('concern-gone', words.gone);
  return row.officeId;
}

async function enter(
  client: pg.PoolClient,
  actor: Actor,
  officeId: number,
  concernId: number,
  action: string,
  what: { before?: unknown; after?: unknown },
): Promise<void> {
  await tellLive(client, { kind: 'concerns', officeId });
  await appendAudit(client, { ...actor, officeId, action, subject: `concern:${concernId}`, ...what });
}

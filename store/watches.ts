import { Refused } from '../config/errors.ts';
import type { SubjectKind } from '../config/subject-kinds.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.watches;

/** What people say of a watch; checked before (indexer/watches/check.ts). */
export type WatchDetails = { name: string; subjectKind: SubjectKind; subject: string; query: string };

export type Watch = WatchDetails & {
  id: number;
  officeId: number;
  officeName: string;
  enabled: boolean;
  archivedAt: Date | null;
  version: number;
  changedAt: Date;
  /** Null: as it ships with the program, or somebody of an office that is out of reach. */
  changedBy: string | null;
  /** Stored posts have still to be asked about. */
  catchingUp: boolean;
};

const WATCH = `select w.id, w.office_id as "officeId", o.name as "officeName", w.name, w.subject_kind as "subjectKind", w.subject,
    w.query, w.enabled, w.archived_at as "archivedAt", w.version, w.changed_at as "changedAt", p.name as "changedBy",
    exists (select from watch_backlog b where b.watch_id = w.id and b.from_at is null) as "catchingUp"
  from watches w join offices o on o.id = w.office_id left join people p on p.id = w.changed_by`;

/** The watches that are asked about posts, of every office in scope: as indexer/knowledge.ts takes them. */
export async function activeWatches(
  db: Queryable,
): Promise<{ id: number; officeId: number; query: string }[]> {
  const found = await db.query<{ id: number; officeId: number; query: string }>(
    `select id, office_id as "officeId", query from watches where enabled and archived_at is null order by id`,
  );
  return found.rows;
}

/** The watches that are asked about posts of an office: its own and those of the offices above. */
export async function watchesFor(
  db: Queryable,
  officeId: number,
): Promise<{ id: number; officeId: number; query: string }[]> {
  const found = await db.query<{ id: number; officeId: number; query: string }>(
    `select w.id, w.office_id as "officeId", w.query from watches w join office_tree t on t.ancestor_id = w.office_id
     where t.office_id = $1 and w.enabled and w.archived_at is null order by w.id`,
    [officeId],
  );
  return found.rows;
}

/** A list holds no more than so many. */
export const WATCHES_LISTED = 300;

/**
 * Watches for a list: those of the offices first, then those of offices above that count for them too; by name.
 * @param offices null: of every office in scope
 * @param above offices whose watches count for `offices`
 */
export async function listWatches(
  db: Queryable,
  offices: readonly number[] | null,
  above: readonly number[],
  filter: { text: string; archived: boolean },
): Promise<Watch[]> {
  const found = await db.query<Watch>(
    `${WATCH} where ($1::int[] is null or w.office_id = any ($1) or (w.enabled and w.office_id = any ($2::int[])))
       and (w.archived_at is not null) = $3
       and ($4 = '' or strpos(lower(w.name || ' ' || w.subject || ' ' || w.query), lower($4)) > 0)
     order by w.office_id = any ($2::int[]) and not w.office_id = any (coalesce($1::int[], '{}')), o.code, w.name, w.id
     limit ${WATCHES_LISTED}`,
    [offices, above, filter.archived, filter.text],
  );
  return found.rows;
}

/** Null when there is none within reach. */
export async function watchById(db: Queryable, id: number): Promise<Watch | null> {
  const found = await db.query<Watch>(`${WATCH} where w.id = $1`, [id]);
  return found.rows[0] ?? null;
}

/** Id → name, of the watches within reach, whether or not they are still asked. */
export async function watchNames(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  const found = await db.query<{ id: number; name: string }>(
    'select id, name from watches where id = any ($1::int[])',
    [ids],
  );
  return new Map(found.rows.map(({ id, name }) => [id, name]));
}

export type WatchVersion = WatchDetails & {
  version: number;
  enabled: boolean;
  archived: boolean;
  restores: number | null;
  madeAt: Date;
  madeBy: string | null;
};

const VERSION = `select v.version, v.name, v.subject_kind as "subjectKind", v.subject, v.query, v.enabled, v.archived, v.restores,
    v.made_at as "madeAt", p.name as "madeBy"
  from watch_versions v left join people p on p.id = v.made_by`;

/** The versions of a watch, the newest first; no more than a hundred. */
export async function watchVersions(db: Queryable, id: number): Promise<WatchVersion[]> {
  const found = await db.query<WatchVersion>(
    `${VERSION} where v.watch_id = $1 order by v.version desc limit 100`,
    [id],
  );
  return found.rows;
}

/** Adds a watch; stored posts are asked about it by and by. @throws Refused `watch-name` when the office has one of this name */
export async function addWatch(
  store: Store,
  actor: Actor,
  officeId: number,
  details: WatchDetails,
): Promise<number> {
  return refusingName(() =>
    transaction(store, async (client) => {
      const { name, subjectKind, subject, query } = details;
      const made = await client.query<{ id: number }>(
        `insert into watches (office_id, name, subject_kind, subject, query, changed_by) values ($1, $2, $3, $4, $5, $6) returning id`,
        [officeId, name, subjectKind, subject, query, actor.id],
      );
      const { id } = made.rows[0] as { id: number };
      await keepVersion(client, id);
      const act = { ...actor, officeId, action: 'watch-add', subject: `watch:${id}` };
      await appendAudit(client, { ...act, after: audited({ ...details, enabled: true, archived: false }) });
      return id;
    }),
  );
}

/** What a watch says, and whether it is asked. */
type Standing = WatchDetails & { enabled: boolean; archived: boolean };

/**
 * Changes a watch into its next version. Stored posts are asked anew when its query changed or it was not asked before.
 * @param seen the version that the change is made to
 * @returns the version that it is now
 * @throws Refused `watch-gone`; `watch-changed` when somebody else has changed it meanwhile; `watch-name`
 */
export async function changeWatch(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  change: Partial<Standing>,
): Promise<number> {
  return refusingName(() =>
    transaction(store, async (client) => {
      const held = await hold(client, id, seen);
      return moveOn(client, actor, id, held, { ...held.standing, ...change }, null);
    }),
  );
}

/**
 * Says what an earlier version said, as the next version: nothing that was is lost.
 * @throws Refused `watch-gone`, `watch-changed`, `watch-name`
 */
export async function restoreWatch(
  store: Store,
  actor: Actor,
  id: number,
  seen: number,
  version: number,
): Promise<number> {
  return refusingName(() =>
    transaction(store, async (client) => {
      const held = await hold(client, id, seen);
      const found = await client.query<WatchVersion>(
        `${VERSION} where v.watch_id = $1 and v.version = $2 and v.version < $3`,
        [id, version, seen],
      );
      const [before] = found.rows;
      if (!before) throw new Refused('watch-gone', words.gone);
      const { name, subjectKind, subject, query, enabled, archived } = before;
      const next = { name, subjectKind, subject, query, enabled, archived };
      return moveOn(client, actor, id, held, next, version);
    }),
  );
}

type Held = { officeId: number; version: number; standing: Standing };

/** Locks a watch for the rest of the transaction. */
async function hold(client: Queryable, id: number, seen: number): Promise<Held> {
  const found = await client.query<Standing & { officeId: number; version: number }>(
    `select office_id as "officeId", version, name, subject_kind as "subjectKind", subject, query, enabled,
       archived_at is not null as archived
     from watches where id = $1 for update`,
    [id],
  );
  const [row] = found.rows;
  if (!row) throw new Refused('watch-gone', words.gone);
  const { officeId, version, ...standing } = row;
  if (version !== seen) throw new Refused('watch-changed', words.changed);
  return { officeId, version, standing };
}

async function moveOn(
  client: Parameters<typeof appendAudit>[0],
  actor: Actor,
  id: number,
  { officeId, version, standing }: Held,
  next: Standing,
  restores: number | null,
): Promise<number> {
  const { name, subjectKind, subject, query, enabled, archived } = next;
  await client.query(
    `update watches set name = $2, subject_kind = $3, subject = $4, query = $5, enabled = $6,
       archived_at = case when $7 then coalesce(archived_at, now()) end, version = version + 1, changed_at = now(), changed_by = $8
     where id = $1`,
    [id, name, subjectKind, subject, query, enabled, archived, actor.id],
  );
  await keepVersion(client, id, restores);
  await appendAudit(client, {
    ...{
      ...actor,
      officeId,
      action: `watch-${whatWasDone(standing, next, restores)}`,
      subject: `watch:${id}`,
    },
    before: audited(standing),
    after: { ...audited(next), ...(restores !== null && { restores }) },
  });
  return version + 1;
}

function whatWasDone(before: Standing, after: Standing, restores: number | null): string {
  if (restores !== null) return 'restore';
  if (before.archived !== after.archived) return after.archived ? 'archive' : 'return';
  if (before.enabled !== after.enabled) return after.enabled ? 'resume' : 'pause';
  return 'change';
}

async function keepVersion(client: Queryable, id: number, restores: number | null = null): Promise<void> {
  await client.query(
    `insert into watch_versions (office_id, watch_id, version, name, subject_kind, subject, query, enabled, archived, restores,
       made_at, made_by)
     select office_id, id, version, name, subject_kind, subject, query, enabled, archived_at is not null, $2, changed_at, changed_by
     from watches where id = $1`,
    [id, restores],
  );
}

function audited({ name, subjectKind, subject, query, enabled, archived }: Standing) {
  return { name, subjectKind, subject, query, enabled, archived };
}

async function refusingName<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== '23505') throw thrown;
    throw new Refused('watch-name', words.nameTaken, { cause: thrown });
  }
}

/**
 * Gives an office the watches that ship with the program, those of them that it has never had: what somebody has changed or
 * archived stays as it is.
 */
export async function ensureWatches(
  store: Store,
  officeId: number,
  shipped: readonly (WatchDetails & { key: string })[],
): Promise<void> {
  await transaction(store, async (client) => {
    for (const { key, name, subjectKind, subject, query } of shipped) {
      const made = await client.query<{ id: number }>(
        `insert into watches (office_id, key, name, subject_kind, subject, query)
         select $1, $2, $3, $4, $5, $6
         where not exists (select 1 from watches where office_id = $1 and (key = $2 or (name = $3 and archived_at is null)))
         on conflict do nothing returning id`,
        [officeId, key, name, subjectKind, subject, query],
      );
      for (const { id } of made.rows) await keepVersion(client, id);
    }
  });
}

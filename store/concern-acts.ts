import type pg from 'pg';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { countInConcerns, refreshConcerns } from './concern-count.ts';
import { mergeInto } from './grouping-apply.ts';
import { queueAct } from './grouping.ts';
import { tellLive } from './live.ts';
import { lockPosts } from './locks.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.concerns;

/** A concern, and the version of it that the person had before them. */
export type Seen = { id: number; version: number };

export type ConcernActKind = 'merge' | 'split' | 'rename' | 'pin' | 'unpin' | 'mute' | 'unmute';

type Held = {
  id: number;
  officeId: number;
  version: number;
  label: string;
  renamed: string | null;
  pinned: boolean;
  muted: boolean;
};

/** What it takes to undo an act. `other`: what was merged into, or split off; `posts`: those that were moved. */
type Before = { other?: number; posts?: number[]; renamed?: string | null };

/**
 * Makes one concern a part of another one of the same office. Both stay together, whatever grouping thinks; what is like them
 * follows.
 * @returns the id of the act, to undo it
 * @throws Refused `concern-gone`, `concern-changed`, `concern-same`, `concern-office`
 */
export async function mergeConcerns(store: Store, actor: Actor, from: Seen, into: Seen): Promise<number> {
  if (from.id === into.id) throw new Refused('concern-same', words.same);
  return transaction(store, async (client) => {
    const [part, host] = await hold(client, [from, into]);
    if (part === undefined || host === undefined) throw new Refused('concern-gone', words.gone);
    if (part.officeId !== host.officeId) throw new Refused('concern-office', words.office);
    const posts = await postsOf(client, part.id);
    await mergeInto(client, part.id, host.id);
    await client.query('update concern_posts set held = true where concern_id = $1', [host.id]);
    await refreshConcerns(client, [host.id], []);
    const actId = await enter(client, actor, part, 'merge', { other: host.id, posts }, [host]);
    await queueAct(client, part.officeId, actId, false);
    return actId;
  });
}

/**
 * Makes a concern of its own of some posts of another one, with whatever repeats them. Both stay apart, whatever grouping
 * thinks.
 * @throws Refused `concern-gone`, `concern-changed`; `concern-posts` when none of the posts, or all, are in the concern
 */
export async function splitConcern(
  store: Store,
  actor: Actor,
  seen: Seen,
  postIds: readonly number[],
): Promise<{ actId: number; concernId: number }> {
  return transaction(store, async (client) => {
    const [whole] = await hold(client, [seen]);
    if (!whole) throw new Refused('concern-gone', words.gone);
    const found = await client.query<{ id: number }>(WITH_REPEATS, [whole.id, postIds]);
    const posts = found.rows.map(({ id }) => id);
    const left = await client.query(
      'select 1 from concern_posts where concern_id = $1 and post_id <> all ($2::bigint[]) limit 1',
      [whole.id, posts],
    );
    if (posts.length === 0 || left.rowCount === 0) throw new Refused('concern-posts', words.posts);
    const made = await client.query<{ id: number }>(
      'insert into concerns (office_id, label, first_at, last_at) values ($1, $2, now(), now()) returning id',
      [whole.officeId, whole.label],
    );
    const { id: concernId } = made.rows[0] as { id: number };
    await moveByHand(client, posts, whole.id, concernId);
    await client.query('update concern_posts set held = true where concern_id = any ($1::bigint[])', [
      [whole.id, concernId],
    ]);
    const actId = await enter(client, actor, whole, 'split', { other: concernId, posts }, []);
    await queueAct(client, whole.officeId, actId, false);
    return { actId, concernId };
  });
}

/** Chosen posts of a concern, the firsts that they repeat, and what repeats those. */
const WITH_REPEATS = `
  with firsts as (
    select distinct coalesce(p.copy_of, p.id) as id from posts p join concern_posts m on m.post_id = p.id
    where m.concern_id = $1 and p.id = any ($2::bigint[])
  )
  select p.id from firsts f join posts p on p.id = f.id or p.copy_of = f.id
  join concern_posts m on m.post_id = p.id and m.concern_id = $1 order by p.id`;

/**
 * Calls a concern what a person says; null: by the words of its posts again.
 * @throws Refused `concern-gone`, `concern-changed`
 */
export async function renameConcern(
  store: Store,
  actor: Actor,
  seen: Seen,
  name: string | null,
): Promise<number> {
  return change(store, actor, seen, 'rename', async (client, { id, renamed }) => {
    await client.query('update concerns set renamed = $2 where id = $1', [id, name]);
    return { before: { renamed }, after: { renamed: name } };
  });
}

/** Keeps a concern on top of the list, or no longer. @throws Refused `concern-gone`, `concern-changed` */
export async function pinConcern(store: Store, actor: Actor, seen: Seen, pinned: boolean): Promise<number> {
  return change(store, actor, seen, pinned ? 'pin' : 'unpin', (client, { id }) =>
    setMark(client, id, 'pinned_at', pinned),
  );
}

/** Keeps a concern out of suggestions and off the list, or no longer. @throws Refused `concern-gone`, `concern-changed` */
export async function muteConcern(store: Store, actor: Actor, seen: Seen, muted: boolean): Promise<number> {
  return change(store, actor, seen, muted ? 'mute' : 'unmute', (client, { id }) =>
    setMark(client, id, 'muted_at', muted),
  );
}

/**
 * Takes back what was done. After merging, the posts of that time are a concern of their own again; after splitting they go
 * back; from then on grouping decides again. A name, pin or mute is again what it was before.
 * @throws Refused `concern-gone`; `concern-undone` when it was taken back already, or something was done since that it would
 * undo with it
 */
export async function undoConcernAct(store: Store, actor: Actor, actId: number): Promise<void> {
  await transaction(store, async (client) => {
    const found = await client.query<{ concernId: number; officeId: number }>(
      'select concern_id as "concernId", office_id as "officeId" from concern_acts where id = $1',
      [actId],
    );
    const [row] = found.rows;
    if (!row) throw new Refused('concern-gone', words.gone);
    await lockPosts(client, row.officeId);
    const undone = await client.query<{ kind: ConcernActKind; before: Before }>(
      `update concern_acts a set undone_at = now(), undone_by = $2 where a.id = $1 and ${UNDOABLE} returning kind, before`,
      [actId, actor.id],
    );
    const [act] = undone.rows;
    if (!act) throw new Refused('concern-undone', words.undone);
    const { kind, before } = act;
    if (kind === 'merge' || kind === 'split') {
      await (kind === 'merge' ? undoMerge : undoSplit)(client, row.concernId, before);
      await queueAct(client, row.officeId, actId, true);
    } else if (kind === 'rename') {
      await client.query('update concerns set renamed = $2 where id = $1', [
        row.concernId,
        before.renamed ?? null,
      ]);
    } else {
      const column = kind.endsWith('pin') ? 'pinned_at' : 'muted_at';
      await setMark(client, row.concernId, column, kind.startsWith('un'));
    }
    const both = [row.concernId, ...(before.other === undefined ? [] : [before.other])];
    await client.query('update concerns set version = version + 1 where id = any ($1::bigint[])', [both]);
    await tellLive(client, { kind: 'concerns', officeId: row.officeId });
    await appendAudit(client, {
      ...actor,
      officeId: row.officeId,
      action: 'concern-undo',
      subject: `concern:${row.concernId}`,
      before: { act: kind, ...audited(before) },
    });
  });
}

/** Nothing of its kind was done since that would be undone with it, and what was merged or split off is still that. */
const UNDOABLE = `a.undone_at is null and not exists (
    select from concern_acts later where later.concern_id = a.concern_id and later.id > a.id and later.undone_at is null
      and (later.kind = a.kind or (later.kind in ('pin', 'unpin') and a.kind in ('pin', 'unpin'))
        or (later.kind in ('mute', 'unmute') and a.kind in ('mute', 'unmute')))
      and a.kind <> 'split')
  and (a.kind <> 'merge' or exists (
    select from concerns c where c.id = a.concern_id and c.merged_into = (a.before ->> 'other')::bigint))
  and (a.kind <> 'split' or exists (
    select from concerns c where c.id = (a.before ->> 'other')::bigint and c.merged_into is null))`;

async function undoMerge(
  client: Queryable,
  concernId: number,
  { other = 0, posts = [] }: Before,
): Promise<void> {
  const host = await standing(client, other);
  await client.query('update concerns set merged_into = null, labelled_posts = null where id = $1', [
    concernId,
  ]);
  await moveByHand(client, posts, host, concernId);
  await free(client, [host, concernId]);
}

async function undoSplit(client: Queryable, concernId: number, { other = 0 }: Before): Promise<void> {
  const host = await standing(client, concernId);
  await mergeInto(client, other, host);
  await free(client, [host]);
  await refreshConcerns(client, [host], [host]);
}

/** Grouping decides again. */
async function free(client: Queryable, ids: readonly number[]): Promise<void> {
  await client.query('update concern_posts set held = false where concern_id = any ($1::bigint[])', [ids]);
}

async function standing(client: Queryable, id: number): Promise<number> {
  const found = await client.query<{ id: number }>(
    `with recursive c as (
       select id, merged_into from concerns where id = $1
       union select n.id, n.merged_into from c join concerns n on n.id = c.merged_into
     ) select id from c where merged_into is null`,
    [id],
  );
  return found.rows[0]?.id ?? id;
}

/** Moves posts that are (still) in one concern to another one, counters with them. */
async function moveByHand(
  client: Queryable,
  posts: readonly number[],
  from: number,
  to: number,
): Promise<void> {
  const found = await client.query<{ id: number }>(
    'select post_id as id from concern_posts where concern_id = $1 and post_id = any ($2::bigint[])',
    [from, posts],
  );
  const ids = found.rows.map(({ id }) => id);
  await countInConcerns(client, ids, 'take-out');
  await client.query('update concern_posts set concern_id = $2 where post_id = any ($1::bigint[])', [
    ids,
    to,
  ]);
  await countInConcerns(client, ids, 'add');
  await refreshConcerns(client, [from, to], [from]);
}

async function postsOf(client: Queryable, id: number): Promise<number[]> {
  const found = await client.query<{ id: number }>(
    'select post_id as id from concern_posts where concern_id = $1',
    [id],
  );
  return found.rows.map((row) => row.id);
}

async function setMark(client: Queryable, id: number, column: 'pinned_at' | 'muted_at', on: boolean) {
  await client.query(
    `update concerns set ${column} = case when $2 then coalesce(${column}, now()) end where id = $1`,
    [id, on],
  );
  return { before: {}, after: {} };
}

/** Locks concerns of one office for the rest of the transaction, in the order in which they are given. */
async function hold(client: Queryable, seen: readonly Seen[]): Promise<Held[]> {
  const offices = await client.query<{ officeId: number }>(
    'select distinct office_id as "officeId" from concerns where id = any ($1::bigint[]) order by 1',
    [seen.map(({ id }) => id)],
  );
  for (const { officeId } of offices.rows) await lockPosts(client, officeId);
  const found = await client.query<Held>(
    `select id, office_id as "officeId", version, label, renamed, pinned_at is not null as pinned, muted_at is not null as muted
     from concerns where id = any ($1::bigint[]) and merged_into is null order by id for update`,
    [seen.map(({ id }) => id)],
  );
  return seen.map(({ id, version }) => {
    const row = found.rows.find((each) => each.id === id);
    if (!row) throw new Refused('concern-gone', words.gone);
    if (row.version !== version) throw new Refused('concern-changed', words.changed);
    return row;
  });
}

type Done = { before: Before; after: Record<string, unknown> };

async function change(
  store: Store,
  actor: Actor,
  seen: Seen,
  kind: ConcernActKind,
  work: (client: pg.PoolClient, held: Held) => Promise<Done>,
): Promise<number> {
  return transaction(store, async (client) => {
    const [held] = await hold(client, [seen]);
    if (!held) throw new Refused('concern-gone', words.gone);
    const { before, after } = await work(client, held);
    return enter(client, actor, held, kind, before, [], after);
  });
}

/** Keeps the act with what it takes to undo it, raises versions, and enters it in the log. @returns its id */
async function enter(
  client: pg.PoolClient,
  actor: Actor,
  concern: Held,
  kind: ConcernActKind,
  before: Before,
  others: readonly Held[],
  after: Record<string, unknown> = {},
): Promise<number> {
  const made = await client.query<{ id: number }>(
    'insert into concern_acts (office_id, concern_id, kind, before, made_by) values ($1, $2, $3, $4, $5) returning id',
    [concern.officeId, concern.id, kind, JSON.stringify(before), actor.id],
  );
  const { id } = made.rows[0] as { id: number };
  await client.query('update concerns set version = version + 1 where id = any ($1::bigint[])', [
    [concern.id, ...others.map((other) => other.id)],
  ]);
  await tellLive(client, { kind: 'concerns', officeId: concern.officeId });
  await appendAudit(client, {
    ...actor,
    officeId: concern.officeId,
    action: `concern-${kind}`,
    subject: `concern:${concern.id}`,
    before: { label: concern.label, ...audited(before) },
    after,
  });
  return id;
}

function audited({ posts, ...rest }: Before): Record<string, unknown> {
  return { ...rest, ...(posts !== undefined && { posts: posts.length }) };
}

export type ConcernAct = {
  id: number;
  kind: ConcernActKind;
  concernId: number;
  /** What it was merged into, or what was split off. */
  otherId: number | null;
  madeAt: Date;
  /** Null: somebody of an office that is out of reach. */
  madeBy: string | null;
  undoneAt: Date | null;
  undoneBy: string | null;
  undoable: boolean;
};

/** What people did to a concern, the newest first: also what was merged into it, and the act by which it was split off. */
export async function concernActs(db: Queryable, concernId: number, limit = 50): Promise<ConcernAct[]> {
  const found = await db.query<ConcernAct>(
    `select a.id, a.kind, a.concern_id as "concernId", (a.before ->> 'other')::bigint as "otherId", a.made_at as "madeAt",
       p.name as "madeBy", a.undone_at as "undoneAt", u.name as "undoneBy", (${UNDOABLE}) as undoable
     from concern_acts a left join people p on p.id = a.made_by left join people u on u.id = a.undone_by
     where a.concern_id = $1 or (a.office_id = (select office_id from concerns where id = $1)
       and a.kind in ('merge', 'split') and (a.before ->> 'other')::bigint = $1)
     order by a.id desc limit $2`,
    [concernId, Math.min(limit, 500)],
  );
  return found.rows;
}

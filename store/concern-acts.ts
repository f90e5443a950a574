import type pg from 'pg';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { refreshConcerns } from './concern-count.ts';
import { audited, moveByHand, postsOf, setMark, type Before, type ConcernActKind } from './concern-moves.ts';
import { mergeInto } from './grouping-apply.ts';
import { queueAct } from './grouping.ts';
import { tellLive } from './live.ts';
import { lockPosts } from './locks.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.concerns;

/** A concern, and the version of it that the person had before them. */
export type Seen = { id: number; version: number };

type Held = {
  id: number;
  officeId: number;
  version: number;
  label: string;
  renamed: string | null;
  pinned: boolean;
  muted: boolean;
};

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

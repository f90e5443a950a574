import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { refreshConcerns } from './concern-count.ts';
import { audited, moveByHand, setMark, type Before, type ConcernActKind } from './concern-moves.ts';
import { standingConcern } from './concerns.ts';
import { mergeInto } from './grouping-apply.ts';
import { queueAct } from './grouping.ts';
import { tellLive } from './live.ts';
import { lockPosts } from './locks.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.concerns;

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

/**
 * Nothing of its kind was done since that would be undone with it, and what was merged or split off is still that: a concern
 * that is a part of what was split off from it cannot take that back.
 */
const UNDOABLE = `a.undone_at is null and not exists (
    select from concern_acts later where later.concern_id = a.concern_id and later.id > a.id and later.undone_at is null
      and (later.kind = a.kind or (later.kind in ('pin', 'unpin') and a.kind in ('pin', 'unpin'))
        or (later.kind in ('mute', 'unmute') and a.kind in ('mute', 'unmute')))
      and a.kind <> 'split')
  and (a.kind <> 'merge' or exists (
    select from concerns c where c.id = a.concern_id and c.merged_into = (a.before ->> 'other')::bigint))
  and (a.kind <> 'split' or (exists (
      select from concerns c where c.id = (a.before ->> 'other')::bigint and c.merged_into is null)
    and a.concern_id not in (select concern_parts((a.before ->> 'other')::bigint))))`;

async function undoMerge(
  client: Queryable,
  concernId: number,
  { other = 0, posts = [] }: Before,
): Promise<void> {
  const host = (await standingConcern(client, other)) ?? other;
  await client.query('update concerns set merged_into = null, labelled_posts = null where id = $1', [
    concernId,
  ]);
  await moveByHand(client, posts, host, concernId);
  await free(client, [host, concernId]);
}

async function undoSplit(client: Queryable, concernId: number, { other = 0 }: Before): Promise<void> {
  const host = (await standingConcern(client, concernId)) ?? concernId;
  await mergeInto(client, other, host);
  await free(client, [host]);
  await refreshConcerns(client, [host], [host]);
}

/** Grouping decides again. */
async function free(client: Queryable, ids: readonly number[]): Promise<void> {
  await client.query('update concern_posts set held = false where concern_id = any ($1::bigint[])', [ids]);
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

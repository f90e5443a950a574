import { Refused } from '../config/errors.ts';
import type { Level } from '../config/warning-levels.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Channel } from './deliveries.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';
import { addStep } from './warning-act.ts';
import { isOpen, type WarningState } from './warnings.ts';

const words = messages.warnings;

/** A scheduled delivery that waits for a second look. */
export type HeldDelivery = {
  id: number;
  officeId: number;
  releaseId: number;
  title: string;
  channel: Channel;
  dueAt: Date;
  heldAt: Date;
  warningId: number;
  warningTitle: string;
  warningLevel: Level;
  /** False: what it is held for is over, and it still waits until somebody has looked. */
  stands: boolean;
};

/** What is held at the offices, what was due first before the rest. @param warningId only for that warning; null: for any */
export async function heldDeliveries(
  db: Queryable,
  offices: Offices,
  warningId: number | null = null,
  limit = 100,
): Promise<HeldDelivery[]> {
  const found = await db.query<Omit<HeldDelivery, 'stands'> & { state: WarningState }>(
    `select d.id, d.office_id as "officeId", d.release_id as "releaseId", d.content->>'title' as title, d.channel,
       d.due_at as "dueAt", d.held_at as "heldAt", d.held_for as "warningId", w.title as "warningTitle",
       w.level as "warningLevel", w.state
     from deliveries d join warnings w on w.id = d.held_for
     where d.state = 'waiting' and d.held_for is not null and ($1::int[] is null or d.office_id = any ($1))
       and ($2::bigint is null or d.held_for = $2)
     order by d.due_at, d.id limit $3`,
    [offices, warningId, Math.min(limit, 500)],
  );
  return found.rows.map(({ state, ...row }) => ({ ...row, stands: isOpen(state) }));
}

/**
 * Lets a held delivery go after a second look: at its time, at once when that has passed meanwhile, or at another time.
 * @param at null: as it was scheduled
 * @throws Refused `held-gone` when it is not held any more; `held-time` for a time that is past
 */
export async function releaseHeld(
  store: Store,
  actor: Actor,
  id: number,
  at: Date | null,
  now: Date,
): Promise<void> {
  if (at !== null && at.getTime() <= now.getTime()) throw new Refused('held-time', words.heldTime);
  await transaction(store, async (client) => {
    const found = await client.query<{ officeId: number; releaseId: number; warningId: number; dueAt: Date }>(
      `select office_id as "officeId", release_id as "releaseId", held_for as "warningId", due_at as "dueAt" from deliveries
       where id = $1 and state = 'waiting' and held_for is not null for update`,
      [id],
    );
    const [held] = found.rows;
    if (!held) throw new Refused('held-gone', words.heldGone);
    const { officeId, releaseId, warningId, dueAt } = held;
    // A time that has passed is set anew: it is neither late nor missed, it was looked at.
    const next = at ?? (dueAt.getTime() <= now.getTime() ? now : dueAt);
    await client.query(
      `update deliveries set held_for = null, held_at = null, held_told_at = null, due_at = $2, woken = true, problem = null, reason = null,
         next_at = case when channel = 'website' then $2::timestamptz else $2::timestamptz - interval '10 minutes' end
       where id = $1`,
      [id, next],
    );
    const details = { delivery: id, release: releaseId, dueAt: next.toISOString() };
    await addStep(client, { id: warningId, officeId }, { kind: 'released', details }, now, actor.id);
    await tellLive(client, { kind: 'delivery', officeId, deliveryId: id });
    await tellLive(client, { kind: 'warning', officeId, warningId });
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'release-look', subject: `release:${releaseId}` },
      ...{ before: { heldFor: warningId, dueAt: dueAt.toISOString() }, after: { dueAt: next.toISOString() } },
    });
  });
}

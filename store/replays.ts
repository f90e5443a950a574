import { Refused } from '../config/errors.ts';
import type { SuggestedLevel } from '../config/warning-levels.ts';
import type { RuleSubject } from '../config/warning-rules.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** What the rules would have suggested, and how that stands to what people marked. Times are ISO 8601. */
export type ReplayResult = {
  posts: number;
  days: number;
  suggestions: {
    at: string;
    level: SuggestedLevel;
    subject: { kind: RuleSubject; key: string; title: string };
    rule: string;
    why: string;
    /** The marked event that it belongs to; null: none, which says nothing where none was marked. */
    event: number | null;
  }[];
  /** `found`: the first suggestion about it; `leadMinutes`: from then to its height, or its end where none was marked. */
  events: { id: number; name: string; found: string | null; leadMinutes: number | null }[];
  /** Share of suggestions that belong to an event, of events that were found; null: there were none. */
  precision: number | null;
  recall: number | null;
  medianLeadMinutes: number | null;
  falsePer30Days: number;
  falseAboveBluePer30Days: number;
};

export type Replay = {
  id: number;
  officeId: number;
  from: Date;
  to: Date;
  state: 'waiting' | 'running' | 'done' | 'failed';
  progress: number;
  result: ReplayResult | null;
  madeAt: Date;
  madeBy: string | null;
  doneAt: Date | null;
};

/** A process that was not heard of for so long was killed. */
const LOST = "interval '2 minutes'";

/** Asks for a replay, which the index role runs. @throws Refused `replay-running` while the office has one that is not done */
export async function askReplay(
  store: Store,
  actor: Actor,
  officeId: number,
  { from, to }: { from: Date; to: Date },
): Promise<number> {
  return transaction(store, async (client) => {
    const made = await client.query<{ id: number }>(
      `insert into replays (office_id, from_at, to_at, made_by) values ($1, $2, $3, $4)
       on conflict (office_id) where state in ('waiting', 'running') do nothing returning id`,
      [officeId, from, to, actor.id],
    );
    const id = made.rows[0]?.id;
    if (id === undefined) throw new Refused('replay-running', messages.replays.running);
    await appendAudit(client, {
      ...{ ...actor, officeId, action: 'replay-ask', subject: `replay:${id}` },
      after: { from: from.toISOString(), to: to.toISOString() },
    });
    return id;
  });
}

/** The replays of an office, the newest first; no more than twenty. */
export async function latestReplays(db: Queryable, officeId: number): Promise<Replay[]> {
  const found = await db.query<Replay>(
    `select r.id, r.office_id as "officeId", r.from_at as "from", r.to_at as "to", r.state, r.progress, r.result,
       r.made_at as "madeAt", p.name as "madeBy", r.done_at as "doneAt"
     from replays r left join people p on p.id = r.made_by where r.office_id = $1 order by r.id desc limit 20`,
    [officeId],
  );
  return found.rows;
}

/** Takes the replay that has waited longest, or one whose process was killed. Null: there is nothing to do. */
export async function takeReplay(
  db: Queryable,
): Promise<{ id: number; officeId: number; from: Date; to: Date } | null> {
  const taken = await db.query<{ id: number; officeId: number; from: Date; to: Date }>(
    `update replays set state = 'running', seen_at = now() where id = (
       select id from replays where state = 'waiting' or (state = 'running' and seen_at < now() - ${LOST})
       order by id limit 1 for update skip locked)
     returning id, office_id as "officeId", from_at as "from", to_at as "to"`,
  );
  return taken.rows[0] ?? null;
}

/** How far it has come, 0 to 1; also that its process is alive. */
export async function noteReplay(db: Queryable, id: number, progress: number): Promise<void> {
  await db.query("update replays set progress = $2, seen_at = now() where id = $1 and state = 'running'", [
    id,
    progress,
  ]);
}

/** @param result null: it failed */
export async function endReplay(db: Queryable, id: number, result: ReplayResult | null): Promise<void> {
  await db.query(
    `update replays set state = case when $2::jsonb is null then 'failed' else 'done' end, result = $2, done_at = now(),
       progress = case when $2::jsonb is null then progress else 1 end
     where id = $1 and state = 'running'`,
    [id, result],
  );
}

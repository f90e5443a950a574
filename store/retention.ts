import { hubActor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { forgetPosts } from './forget.ts';
import { lockPosts } from './locks.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

/** How many of what were removed: `posts`, `sessions`, … */
export type Removed = Record<string, number>;

/** Posts that go in one transaction: a fraction of a second, in which the office's visits wait. */
const BATCH = 1_000;

/** Offices that still hold raw text first seen before this time. */
export async function officesWithOldPosts(db: Queryable, before: Date): Promise<number[]> {
  const result = await db.query<{ id: number }>(
    `select o.id from offices o
     where exists (select 1 from posts p where p.office_id = o.id and p.first_seen_at < $1) order by o.id`,
    [before],
  );
  return result.rows.map((row) => row.id);
}

/**
 * Removes the office's oldest posts and counts them into the day's run, both or neither.
 * @returns how many went; fewer than a batch when nothing older is left
 */
export async function expirePosts(
  store: Store,
  officeId: number,
  day: string,
  before: Date,
  batch = BATCH,
): Promise<{ removed: number; more: boolean }> {
  return transaction(store, async (client) => {
    await lockPosts(client, officeId);
    const found = await client.query<{ id: number }>(
      'select id from posts where office_id = $1 and first_seen_at < $2 order by first_seen_at limit $3',
      [officeId, before, batch],
    );
    const ids = found.rows.map((row) => row.id);
    await forgetPosts(client, officeId, ids, 'expired');
    await countRemoved(client, officeId, day, { posts: ids.length });
    return { removed: ids.length, more: ids.length === batch };
  });
}

type SweepDays = { contactDays: number; objectionDays: number };

/** What runs out besides raw text, each after so many days. */
const SWEEPS: readonly { removed: string; days?: keyof SweepDays; statement: string }[] = [
  {
    removed: 'contacts',
    days: 'contactDays',
    statement: `update objections set contact = null
      where contact is not null and settled_at < now() - $1 * interval '1 day'`,
  },
  {
    removed: 'objections',
    days: 'objectionDays',
    statement: `delete from objections where settled_at < now() - $1 * interval '1 day'`,
  },
  {
    removed: 'objectionSenders',
    statement: `delete from objection_senders where day < (now() at time zone 'Asia/Shanghai')::date`,
  },
  {
    // What a visit came to stands in the hourly counters and the gaps; the last one that was known is still looked at.
    removed: 'visits',
    statement: `delete from visits v where v.finished_at < now() - interval '180 days' and exists (
      select from visits later where later.source_id = v.source_id and later.started_at > v.started_at
        and later.outcome in ('complete', 'unchanged', 'partial'))`,
  },
  {
    // A word that a single post has is no hot one; what is usual is told by the weeks before.
    removed: 'words',
    statement: `delete from word_days where day < (now() at time zone 'Asia/Shanghai')::date
      - case when posts = 1 then 2 else 90 end`,
  },
  {
    removed: 'pageMemory',
    statement: `delete from page_memory where since < now() - interval '30 days'`,
  },
  {
    // With who read them and what became of each message. The warnings themselves, and what was done about them, stay.
    removed: 'notices',
    statement: `delete from notices where last_at < now() - interval '365 days'`,
  },
];

/**
 * Removes what has run out by its own date, in one transaction with its count.
 * @param officeId the hub's own office, in whose run it is counted
 */
export async function sweep(store: Store, officeId: number, day: string, days: SweepDays): Promise<void> {
  await transaction(store, async (client) => {
    const removed: Removed = {};
    for (const each of SWEEPS) {
      const gone = await client.query(each.statement, each.days ? [days[each.days]] : []);
      removed[each.removed] = gone.rowCount ?? 0;
    }
    const signIns = await client.query<{ removed: Removed }>('select forget_expired_sign_ins() as removed');
    await countRemoved(client, officeId, day, { ...removed, ...signIns.rows[0]?.removed });
  });
}

/** Adds to the day's run of the office; makes it where there is none. */
async function countRemoved(
  client: Queryable,
  officeId: number,
  day: string,
  removed: Removed,
): Promise<void> {
  await client.query(
    `insert into retention_runs as r (office_id, day, removed) values ($1, $2, $3)
     on conflict (office_id, day) do update set removed = (
       select jsonb_object_agg(key, coalesce((r.removed ->> key)::int, 0) + coalesce((excluded.removed ->> key)::int, 0))
       from jsonb_object_keys(r.removed || excluded.removed) as key)`,
    [officeId, day, removed],
  );
}

/**
 * Ends every run of the office that is still open, also one of an earlier day whose worker was killed for good, with one
 * entry in the audit log each. A second call finds nothing to end.
 */
export async function finishRuns(store: Store, officeId: number): Promise<void> {
  await transaction(store, async (client) => {
    const ended = await client.query<{ day: string; removed: Removed }>(
      `update retention_runs set finished_at = now() where office_id = $1 and finished_at is null
       returning day::text, removed`,
      [officeId],
    );
    for (const { day, removed } of ended.rows) {
      await appendAudit(client, {
        ...hubActor('retain', officeId),
        action: 'retain',
        subject: `retention:${day}`,
        after: removed,
      });
    }
  });
}

/** Whether the office's run of this day has ended. */
export async function isRetained(db: Queryable, officeId: number, day: string): Promise<boolean> {
  const result = await db.query(
    'select 1 from retention_runs where office_id = $1 and day = $2 and finished_at is not null',
    [officeId, day],
  );
  return result.rowCount === 1;
}

export type RetentionRun = { finishedAt: Date; removed: Removed };

/** The newest run that came to its end. */
export async function lastRun(db: Queryable, officeId: number): Promise<RetentionRun | null> {
  const result = await db.query<RetentionRun>(
    `select finished_at as "finishedAt", removed from retention_runs
     where office_id = $1 and finished_at is not null order by day desc limit 1`,
    [officeId],
  );
  return result.rows[0] ?? null;
}

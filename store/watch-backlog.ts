import { queueGrouping } from './grouping.ts';
import { tellLive } from './live.ts';
import { lockPosts } from './locks.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { PostKind } from './drafts.ts';
import type { Sentiment, Voice } from './posts.ts';
import { countPosts } from './pulse-count.ts';
import { tellSearch } from './search-outbox.ts';

/** A stored post with what a watch may ask about. */
export type WatchedPost = {
  id: number;
  title: string | null;
  text: string;
  outlet: string | null;
  kind: PostKind;
  sourceKind: string | null;
  place: string | null;
  line: string | null;
  voice: Voice | null;
  sentiment: Sentiment;
};

/** The columns of a watched post `p` with its source `s`. */
export const WATCHED_POST = `p.id, p.title, p.text, p.outlet, p.kind, s.kind as "sourceKind", p.place, p.line, p.voice, p.sentiment`;

export type WatchTask = { officeId: number; watchId: number; version: number; second: boolean };

/** What is due of asking stored posts, the longest waiting first; one row for each office and watch. */
export async function dueWatches(db: Queryable, limit = 200): Promise<WatchTask[]> {
  const found = await db.query<WatchTask>(
    `select office_id as "officeId", watch_id as "watchId", version, from_at is not null as second
     from watch_backlog where due_at <= now() order by due_at, watch_id, office_id limit $1`,
    [limit],
  );
  return found.rows;
}

/** The query to ask with; null when the watch has changed since, or is not asked any more. */
export async function watchTask(
  db: Queryable,
  { officeId, watchId, version }: Pick<WatchTask, 'officeId' | 'watchId' | 'version'>,
): Promise<{ id: number; officeId: number; query: string } | null> {
  const found = await db.query<{ id: number; officeId: number; query: string }>(
    `select w.id, w.office_id as "officeId", w.query from watches w join watch_backlog b on b.watch_id = w.id
     where b.office_id = $1 and w.id = $2 and w.version = $3 and b.version = $3`,
    [officeId, watchId, version],
  );
  return found.rows[0] ?? null;
}

/**
 * How long after a change posts may still be stored that were matched without it: a process hears of it within a second
 * (indexer/knowledge-keeper.ts), and a batch that is under way may wait for its turn. Before the change, as long as a
 * transaction may take that stored without it.
 */
export const SETTLED_SECONDS = 60;

/**
 * Asks a watch about the next stored posts of an office, newest first, and brings marks, counters and search in line, in one
 * transaction. After the last of them comes a second round, over those that were on their way when the watch changed.
 * @param decide which of the posts the watch matches
 * @returns how many posts were asked about; null when nothing is left to do now
 */
export async function matchStoredPosts(
  store: Store,
  task: Pick<WatchTask, 'officeId' | 'watchId' | 'version'>,
  decide: (posts: readonly WatchedPost[]) => ReadonlySet<number>,
  size = 500,
): Promise<number | null> {
  const { officeId, watchId, version } = task;
  return transaction(store, async (client) => {
    await lockPosts(client, officeId);
    const keys = [officeId, watchId, version];
    const found = await client.query<Held>(HELD, keys);
    const [held] = found.rows;
    if (!held) return null;
    const bounds = [held.from, held.to, held.before];
    const page = await client.query<WatchedPost & { matched: boolean }>(PAGE, [
      officeId,
      watchId,
      ...bounds,
      size,
    ]);
    const posts = page.rows;
    const matched = posts.length > 0 ? decide(posts) : new Set<number>();
    const changed = posts.filter(({ id, matched: was }) => matched.has(id) !== was).map(({ id }) => id);
    if (changed.length > 0) await mark(client, officeId, watchId, changed);
    const last = posts.at(-1);
    if (last && posts.length === size) {
      await client.query(
        `update watch_backlog b set at = p.first_seen_at, post_id = p.id from posts p
         where b.office_id = $1 and b.watch_id = $2 and b.version = $3 and p.id = $4`,
        [...keys, last.id],
      );
      return posts.length;
    }
    await client.query(held.second ? FINISH : SECOND_ROUND, keys);
    // Open pages show what was found.
    await tellLive(client, { kind: 'posts', officeId, stored: 0 });
    return posts.length;
  });
}

/** Times as text: they have microseconds. */
type Held = { second: boolean; from: string; to: string; before: number };

const HELD = `
  select from_at is not null as second, coalesce(from_at, '-infinity')::text as "from", coalesce(at, 'infinity')::text as "to",
    coalesce(post_id, 0) as before
  from watch_backlog where office_id = $1 and watch_id = $2 and version = $3 and due_at <= now() for update`;

const PAGE = `
  select ${WATCHED_POST}, $2::int = any (p.watches) as matched
  from posts p left join sources s on s.id = p.source_id
  where p.office_id = $1 and p.first_seen_at >= $3::timestamptz and p.first_seen_at <= $4::timestamptz
    and (p.first_seen_at, p.id) < ($4::timestamptz, $5::bigint)
  order by p.first_seen_at desc, p.id desc limit $6`;

const FINISH = 'delete from watch_backlog where office_id = $1 and watch_id = $2 and version = $3';

const SECOND_ROUND = `
  update watch_backlog b set at = null, post_id = null, from_at = w.changed_at - interval '${SETTLED_SECONDS} seconds',
    due_at = w.changed_at + interval '${SETTLED_SECONDS} seconds'
  from watches w where w.id = b.watch_id and b.office_id = $1 and b.watch_id = $2 and b.version = $3`;

/**
 * Turns the mark of a watch round, counters and search with it. What is asked for has to do with the work, whatever its words
 * had made the steps think; a person's word about that stands.
 */
async function mark(
  client: Queryable,
  officeId: number,
  watchId: number,
  ids: readonly number[],
): Promise<void> {
  await countPosts(client, ids, 'take-out');
  const offTopic = await client.query<{ id: number }>(
    `select id from posts where id = any ($1::bigint[]) and relevance = 'off-topic'`,
    [ids],
  );
  await client.query(
    `update posts set watches = case when $2 = any (watches) then array_remove(watches, $2)
       else (select array_agg(id order by id) from unnest(watches || $2::int) as id) end,
       relevance = case when relevance = 'off-topic' and $2 <> all (watches) and 'relevance' <> all (reviewed)
         then 'relevant' else relevance end
     where id = any ($1::bigint[])`,
    [ids, watchId],
  );
  await countPosts(client, ids, 'add');
  await queueGrouping(
    client,
    officeId,
    offTopic.rows.map(({ id }) => id),
  );
  await tellSearch(client, officeId, ids);
}

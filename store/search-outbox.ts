import { exclusively } from './locks.ts';
import type { Queryable, Store } from './pool.ts';
import type { PostKind } from './drafts.ts';
import type { Sentiment } from './posts.ts';

/** What the search engine is told about one post; times in Unix seconds, the unit that it can sort and filter. */
export type SearchRow = {
  id: number;
  officeId: number;
  sourceId: number;
  kind: PostKind;
  title: string | null;
  text: string;
  outlet: string | null;
  at: number;
  sentiment: Sentiment;
  copyOf: number | null;
};

const SEARCH_COLUMNS = `p.id, p.office_id as "officeId", p.source_id as "sourceId", p.kind, p.title, p.text, p.outlet,
  floor(extract(epoch from p.at))::bigint as at, p.sentiment, p.copy_of as "copyOf"`;

/**
 * The oldest waiting rows of the outbox. Each post comes once, as it stands now, however often it waits; one that is there
 * no longer comes as `gone`. An id is never used again, so that what is gone stays gone whatever the order of the rows.
 */
export async function waitingOutbox(
  db: Queryable,
  limit: number,
): Promise<{ outboxIds: number[]; posts: SearchRow[]; gone: number[] }> {
  const result = await db.query<SearchRow & { outboxId: number; postId: number; here: boolean }>(
    `select o.id as "outboxId", o.post_id as "postId", p.id is not null as here, ${SEARCH_COLUMNS}
     from (select id, post_id from search_outbox where refused is null order by id limit $1) o
     left join posts p on p.id = o.post_id order by o.id`,
    [limit],
  );
  const posts = new Map<number, SearchRow>();
  const gone = new Set<number>();
  for (const { outboxId: _, postId, here, ...post } of result.rows) {
    if (here) posts.set(postId, post);
    else gone.add(postId);
  }
  return { outboxIds: result.rows.map((row) => row.outboxId), posts: [...posts.values()], gone: [...gone] };
}

/** Takes rows out once the engine has confirmed their documents. */
export async function clearOutbox(db: Queryable, outboxIds: number[]): Promise<void> {
  await db.query('delete from search_outbox where id = any ($1::bigint[]) and refused is null', [outboxIds]);
}

/** Sets aside a post that the engine refuses by itself, with its words, so that the others can go on. */
export async function refuseOutbox(db: Queryable, postId: number, why: string): Promise<void> {
  await db.query('update search_outbox set refused = $2 where post_id = $1', [postId, why]);
}

export async function outboxCounts(
  db: Queryable,
): Promise<{ waiting: number; refused: number; oldest: Date | null }> {
  const result = await db.query<{ waiting: number; refused: number; oldest: Date | null }>(
    `select count(*) filter (where refused is null)::int as waiting, count(refused)::int as refused,
       min(created_at) filter (where refused is null) as oldest from search_outbox`,
  );
  return result.rows[0] ?? { waiting: 0, refused: 0, oldest: null };
}

/** How many posts the search engine has still to be told of; beyond a thousand it does not matter how many. */
export async function waitingCount(db: Queryable): Promise<number> {
  const result = await db.query<{ waiting: number }>(
    'select count(*)::int as waiting from (select 1 from search_outbox where refused is null limit 1000) w',
  );
  return result.rows[0]?.waiting ?? 0;
}

/** Posts in id order, for a rebuild: those after `afterId`. */
export async function searchRowsAfter(db: Queryable, afterId: number, limit: number): Promise<SearchRow[]> {
  const result = await db.query<SearchRow>(
    `select ${SEARCH_COLUMNS} from posts p where p.id > $1 order by p.id limit $2`,
    [afterId, limit],
  );
  return result.rows;
}

/**
 * Runs `work` while this process is the only outbox worker of the whole hub: order matters, since of two documents of
 * one post the engine keeps the one that comes last.
 * @returns false when another process is
 */
export async function asOnlyOutboxWorker(store: Store, work: () => Promise<void>): Promise<boolean> {
  return exclusively(store, 'outbox', 0, work);
}

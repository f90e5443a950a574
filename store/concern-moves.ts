import { countInConcerns, refreshConcerns } from './concern-count.ts';
import type { Queryable } from './pool.ts';

export type ConcernActKind = 'merge' | 'split' | 'rename' | 'pin' | 'unpin' | 'mute' | 'unmute';

/** What it takes to undo an act. `other`: what was merged into, or split off; `posts`: those that were moved. */
export type Before = { other?: number; posts?: number[]; renamed?: string | null };

/** As the log has it: how many posts, not which. */
export function audited({ posts, ...rest }: Before): Record<string, unknown> {
  return { ...rest, ...(posts !== undefined && { posts: posts.length }) };
}

/** Moves posts that are (still) in one concern to another one, counters with them. */
export async function moveByHand(
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

export async function postsOf(client: Queryable, id: number): Promise<number[]> {
  const found = await client.query<{ id: number }>(
    'select post_id as id from concern_posts where concern_id = $1',
    [id],
  );
  return found.rows.map((row) => row.id);
}

export async function setMark(client: Queryable, id: number, column: 'pinned_at' | 'muted_at', on: boolean) {
  await client.query(
    `update concerns set ${column} = case when $2 then coalesce(${column}, now()) end where id = $1`,
    [id, on],
  );
  return { before: {}, after: {} };
}

import type { Queryable } from './pool.ts';

/**
 * The concern that an id stands for now: itself, or what it was merged into.
 * @returns null when there is none within reach
 */
export async function standingConcern(db: Queryable, id: number): Promise<number | null> {
  const found = await db.query<{ id: number }>(
    `with recursive c as (
       select id, merged_into from concerns where id = $1
       union select n.id, n.merged_into from c join concerns n on n.id = c.merged_into
     ) select id from c where merged_into is null`,
    [id],
  );
  return found.rows[0]?.id ?? null;
}

/** Of posts, the concern that each is in; posts in none are left out. */
export async function concernsOfPosts(
  db: Queryable,
  postIds: readonly number[],
): Promise<Map<number, number>> {
  const found = await db.query<{ postId: number; concernId: number }>(
    'select post_id as "postId", concern_id as "concernId" from concern_posts where post_id = any ($1::bigint[])',
    [postIds],
  );
  return new Map(found.rows.map(({ postId, concernId }) => [postId, concernId]));
}

import type { Queryable } from './pool.ts';

/** Concerns → the numbers under which grouping knows them; without those that it has not heard of yet. */
export async function numbersOf(client: Queryable, ids: readonly number[]): Promise<Map<number, number>> {
  const found = await client.query<{ id: number; number: number }>(
    'select id, number from concerns where id = any ($1::bigint[]) and number is not null',
    [ids],
  );
  return new Map(found.rows.map(({ id, number }) => [id, number]));
}

export async function setNumber(client: Queryable, id: number, number: number): Promise<void> {
  await client.query('update concerns set number = $2 where id = $1', [id, number]);
}

/** Of these posts those that a person has put somewhere, by concern; with the number under which grouping knows it. */
export async function heldAmong(
  client: Queryable,
  postIds: readonly number[],
): Promise<{ id: number; number: number | null; posts: number[] }[]> {
  const found = await client.query<{ id: number; number: number | null; posts: string[] }>(
    `select c.id, c.number, array_agg(m.post_id order by m.post_id) as posts
     from concern_posts m join concerns c on c.id = m.concern_id
     where m.held and m.post_id = any ($1::bigint[]) group by 1, 2 order by 1`,
    [postIds],
  );
  return found.rows.map((row) => ({ ...row, posts: row.posts.map(Number) }));
}

/** Grouping holds no more texts than this of an office. */
const LATEST = 16_000;

/** The posts of a concern, the latest of very many. */
export async function ownPosts(client: Queryable, id: number): Promise<number[]> {
  const found = await client.query<{ id: number }>(
    'select post_id as id from concern_posts where concern_id = $1 order by at desc, post_id desc limit $2',
    [id, LATEST],
  );
  return found.rows.map(({ id: post }) => post);
}

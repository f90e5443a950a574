import type { Queryable } from './pool.ts';

/** What a concern is called and what it says, as indexer/topics takes it from posts. */
export type ConcernLabel = {
  /** Null: its posts have no words in common that could name it. */
  label: string | null;
  sentences: readonly { postId: number; text: string }[];
  words: readonly { word: string; weight: number }[];
};

/** Concerns of an office whose label is due, no more than `limit`. */
export async function concernsToLabel(db: Queryable, officeId: number, limit: number): Promise<number[]> {
  const found = await db.query<{ id: number }>(
    `select id from concerns where office_id = $1 and labelled_posts is null and merged_into is null
     order by id limit $2`,
    [officeId, limit],
  );
  return found.rows.map(({ id }) => id);
}

/** Posts that a label is taken from: the latest, and those that were repeated most; copies are left out. */
export async function postsToLabel(
  db: Queryable,
  concernId: number,
): Promise<{ id: number; title: string | null; text: string }[]> {
  const found = await db.query<{ id: number; title: string | null; text: string }>(
    `with latest as (
       select post_id as id from concern_posts where concern_id = $1 order by at desc, post_id desc limit 200
     ), own as (
       select p.id, p.at, (select count(*) from posts c where c.copy_of = p.id) as copies
       from latest l join posts p on p.id = l.id where p.copy_of is null and p.kind <> 'comment'
     ), chosen as (
       (select id from own order by at desc, id desc limit 30) union (select id from own order by copies desc, at desc, id desc limit 20)
     )
     select p.id, p.title, p.text from posts p where p.id in (select id from chosen)
       or (not exists (select from chosen) and p.id in (select id from latest limit 20))
     order by p.id`,
    [concernId],
  );
  return found.rows;
}

/**
 * Keeps what a concern is called. For whoever holds `lockPosts` since before the posts were read: a sentence of a post that is
 * taken out meanwhile must not come back. A concern whose posts have all gone keeps the label that it has.
 */
export async function keepLabel(client: Queryable, concernId: number, said: ConcernLabel): Promise<void> {
  await client.query(
    `update concerns set label = coalesce($2, label), sentences = $3, sentence_posts = $4, words = $5, labelled_posts = posts
     where id = $1`,
    [
      concernId,
      said.label,
      JSON.stringify(said.sentences),
      said.sentences.map(({ postId }) => postId),
      JSON.stringify(said.words),
    ],
  );
}

/** It has no posts any more that words could be taken from. */
export async function leaveLabel(client: Queryable, concernId: number): Promise<void> {
  await client.query('update concerns set labelled_posts = posts where id = $1', [concernId]);
}

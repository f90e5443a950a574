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

export type PostToLabel = { id: number; title: string | null; text: string };

/**
 * Posts that labels are taken from, by concern: of its hundred latest the thirty latest, and the twenty that were repeated
 * most. Copies and comments are left out, unless there is nothing else.
 */
export async function postsToLabel(
  db: Queryable,
  concernIds: readonly number[],
): Promise<Map<number, PostToLabel[]>> {
  const found = await db.query<PostToLabel & { concernId: number }>(POSTS, [concernIds]);
  return Map.groupBy(found.rows, ({ concernId }) => concernId);
}

const POSTS = `
  with latest as (
    select k.id as concern_id, m.post_id, m.at from unnest($1::bigint[]) as k (id) cross join lateral (
      select post_id, at from concern_posts where concern_id = k.id order by at desc, post_id desc limit 100
    ) m
  ), ranked as (
    select l.concern_id, p.id, p.title, p.text, p.copy_of is null and p.kind <> 'comment' as own,
      row_number() over (partition by l.concern_id, p.copy_of is null and p.kind <> 'comment' order by l.at desc, p.id desc) as late,
      row_number() over (partition by l.concern_id, p.copy_of is null and p.kind <> 'comment'
        order by coalesce(c.copies, 0) desc, l.at desc, p.id desc) as repeated
    from latest l join posts p on p.id = l.post_id left join (
      select copy_of as id, count(*) as copies from posts where copy_of in (select post_id from latest) group by 1
    ) c on c.id = p.id
  )
  select concern_id as "concernId", id, title, text from ranked r
  where case when own then late <= 30 or repeated <= 20
    else late <= 20 and not exists (select from ranked o where o.concern_id = r.concern_id and o.own) end
  order by concern_id, id`;

/**
 * Keeps what concerns are called. For whoever holds `lockPosts` since before the posts were read: a sentence of a post that
 * is taken out meanwhile must not come back. A concern whose posts have all gone (null) keeps the label that it has.
 */
export async function keepLabels(
  client: Queryable,
  labels: ReadonlyMap<number, ConcernLabel | null>,
): Promise<void> {
  const rows = [...labels].map(([id, said]) => ({
    id,
    taken: said !== null,
    label: said?.label ?? null,
    sentences: said?.sentences ?? [],
    posts: said?.sentences.map(({ postId }) => postId) ?? [],
    words: said?.words ?? [],
  }));
  await client.query(KEEP, [JSON.stringify(rows)]);
}

const KEEP = `
  update concerns c set labelled_posts = c.posts, label = coalesce(r.label, c.label),
    sentences = case when r.taken then r.sentences else c.sentences end,
    sentence_posts = case when r.taken then r.posts else c.sentence_posts end,
    words = case when r.taken then r.words else c.words end
  from jsonb_to_recordset($1::jsonb)
    as r (id bigint, taken boolean, label text, sentences jsonb, posts bigint[], words jsonb)
  where c.id = r.id`;

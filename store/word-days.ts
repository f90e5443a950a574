import type { Queryable } from './pool.ts';

/** The last post of an office whose words are counted; posts are counted in the order of their ids. */
export async function lastCounted(client: Queryable, officeId: number): Promise<number> {
  const found = await client.query<{ id: number }>(
    'select counted_post as id from grouping_states where office_id = $1',
    [officeId],
  );
  return found.rows[0]?.id ?? 0;
}

/** The words of a post, each once, and its time. */
export type CountedWords = { id: number; at: Date; words: readonly string[] };

/**
 * Counts words by day of Asia/Shanghai. Belongs into the transaction of grouping, after what it knows was kept: no post is
 * counted twice.
 * @param posts whose ids are above `lastCounted`
 */
export async function countWords(
  client: Queryable,
  officeId: number,
  posts: readonly CountedWords[],
): Promise<void> {
  if (posts.length === 0) return;
  const sums = new Map<string, Map<string, number>>();
  for (const { at, words } of posts) {
    const day = new Date(at.getTime() + SHANGHAI_MS).toISOString().slice(0, 10);
    let counts = sums.get(day);
    if (!counts) sums.set(day, (counts = new Map()));
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  for (const [day, counts] of sums) {
    await client.query(ADD, [officeId, day, [...counts.keys()], [...counts.values()]]);
  }
  await client.query(
    'update grouping_states set counted_post = greatest(counted_post, $2) where office_id = $1',
    [officeId, Math.max(...posts.map(({ id }) => id))],
  );
}

/** UTC+8 all year (pulse.ts). */
const SHANGHAI_MS = 8 * 3_600_000;

const ADD = `
  insert into word_days as w (office_id, day, word, posts)
  select $1, $2, word, posts from unnest($3::text[], $4::int[]) as r (word, posts) order by word
  on conflict (office_id, day, word) do update set posts = w.posts + excluded.posts`;

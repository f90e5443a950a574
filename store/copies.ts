import { candidates } from './likenesses.ts';
import type { Queryable } from './pool.ts';
import type { NewPost } from './posts.ts';
import { repeats, wantedKeys, type Sketch } from './sketches.ts';

/**
 * For each of these posts, which are not stored, how many posts of the office say the same: the first that `storePosts`
 * would link it with, and what is linked with that already.
 */
export async function copiesOf(
  db: Queryable,
  officeId: number,
  posts: readonly Pick<NewPost, 'sketch'>[],
): Promise<number[]> {
  const wanted = posts.map(({ sketch }) => (sketch ? wantedKeys(sketch) : []));
  const found = await candidates(db, officeId, wanted);
  const firsts = posts.map(({ sketch }, n) => {
    const same = (found[n] ?? []).filter((each) => repeats(sketch as Sketch, each.sketch));
    return same.length === 0 ? null : Math.min(...same.map(({ first }) => first));
  });
  const counted = await db.query<{ first: number; copies: number }>(
    `select first, (select count(*)::int from posts c where c.copy_of = first) as copies
     from unnest($1::bigint[]) as first`,
    [[...new Set(firsts)].filter((first) => first !== null)],
  );
  const copies = new Map(counted.rows.map((row) => [row.first, row.copies]));
  return firsts.map((first) => (first === null ? 0 : 1 + (copies.get(first) ?? 0)));
}

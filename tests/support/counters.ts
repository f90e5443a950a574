import { expect } from 'vitest';
import type { Queryable } from '../../store/pool.ts';

/**
 * Compares what the counters say of an office with a count of its posts: always the same, by feeling and by line, kind of
 * voice, place and watch.
 * @returns by feeling, `negative: 2 1`: posts, and how many of them are copies
 */
export async function expectCounted(db: Queryable, officeId: number): Promise<string[]> {
  const of = async (text: string) =>
    (await db.query<{ key: string; posts: number; copies: number }>(text, [officeId])).rows
      .filter(({ posts, copies }) => posts !== 0 || copies !== 0)
      .map(({ key, posts, copies }) => `${key}: ${posts} ${copies}`)
      .toSorted();
  const pulse = await of(
    `select sentiment as key, sum(posts)::int as posts, sum(copies)::int as copies from pulse where office_id = $1 group by 1`,
  );
  const posts = await of(
    `select sentiment as key, count(*)::int as posts, count(copy_of)::int as copies from posts where office_id = $1 group by 1`,
  );
  expect(pulse).toEqual(posts);
  const by = await of(
    `select dimension || ' ' || key || ' ' || sentiment as key, sum(posts)::int as posts, sum(copies)::int as copies
     from pulse_by where office_id = $1 group by 1`,
  );
  const keys = await of(
    `select d || ' ' || v || ' ' || sentiment as key, count(*)::int as posts, count(copy_of)::int as copies
     from posts cross join lateral (
       select * from unnest(array['line', 'voice', 'place'], array[line, voice, place]) as x (d, v)
       union all select 'watch', watch::text from unnest(watches) as watch
     ) k
     where office_id = $1 and v is not null group by 1`,
  );
  expect(by).toEqual(keys);
  return pulse;
}

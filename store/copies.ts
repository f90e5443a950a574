import type { Queryable } from './pool.ts';
import { SAME_WORDS, type NewPost } from './posts.ts';

/**
 * For each of these posts, which are not stored, how many posts of the office say the same: what `storePosts` would link
 * them with.
 */
export async function copiesOf(
  db: Queryable,
  officeId: number,
  posts: readonly Pick<NewPost, 'fingerprint' | 'sentences'>[],
): Promise<number[]> {
  const asked = posts.map(({ fingerprint, sentences }, line) => {
    return { line, fingerprint: fingerprint?.toString() ?? null, sentences };
  });
  const found = await db.query<{ line: number; copies: number }>(
    `select r.line, count(*)::int as copies
     from jsonb_to_recordset($2::jsonb) as r(line int, fingerprint bigint, sentences int[])
     join posts p on p.office_id = $1 and p.fingerprint = r.fingerprint
       and (select count(*) from unnest(r.sentences) as sentence where sentence = any (p.sentences))
         >= ${SAME_WORDS} * least(cardinality(r.sentences), cardinality(p.sentences))
     group by r.line`,
    [officeId, JSON.stringify(asked)],
  );
  const counts = new Map(found.rows.map(({ line, copies }) => [line, copies]));
  return posts.map((_, line) => counts.get(line) ?? 0);
}

import type { Queryable } from './pool.ts';

/**
 * Changes with every edit of a word list or a watch and with every model that is taken into use, in the transaction of the
 * edit itself (triggers of migrations 0021 and 0022); that of one part, or of all. One short question, to be asked as often as one likes.
 */
export async function knowledgeVersion(
  db: Queryable,
  part: 'word-lists' | 'models' | 'watches' | null = null,
): Promise<string> {
  const found = await db.query<{ version: string | null }>(
    `select string_agg(part || '=' || version, ' ' order by part) as version from knowledge_versions
     where $1::text is null or part = $1`,
    [part],
  );
  return found.rows[0]?.version ?? '';
}

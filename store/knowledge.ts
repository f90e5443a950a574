import type { Queryable } from './pool.ts';

/**
 * Changes with every edit of a word list or a watch and with every model that is taken into use, in the transaction of the
 * edit itself (triggers of migrations 0021 and 0022). One short question, to be asked as often as one likes.
 */
export async function knowledgeVersion(db: Queryable): Promise<string> {
  const found = await db.query<{ version: string | null }>(
    `select string_agg(part || '=' || version, ' ' order by part) as version from knowledge_versions`,
  );
  return found.rows[0]?.version ?? '';
}

import type { OfficeLevel } from '../../config/office-levels.ts';
import type { Queryable } from '../../store/pool.ts';

/** Makes an office and gives its id. */
export async function makeOffice(
  db: Queryable,
  code: string,
  level: OfficeLevel,
  parentId: number | null = null,
): Promise<number> {
  const made = await db.query<{ id: number }>(
    'insert into offices (code, name, level, parent_id) values ($1, $2, $3, $4) returning id',
    [code, `检察院 ${code}`, level, parentId],
  );
  return (made.rows[0] as { id: number }).id;
}

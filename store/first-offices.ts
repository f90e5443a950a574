import type { OfficeLevel } from '../config/office-levels.ts';
import type { Queryable } from './pool.ts';

export type FirstOffice = {
  code: string;
  name: string;
  level: OfficeLevel;
  /** Code of the office above; absent: the hub's own. */
  parent?: string | undefined;
};

/**
 * Adds the offices that a hub names at its start, each below the one it names; those that are there stay as they are, since
 * the desk may have moved them.
 * @returns code → id of the hub's own office and all of these
 */
export async function ensureOfficesBelow(
  db: Queryable,
  ownCode: string,
  below: readonly FirstOffice[],
): Promise<Map<string, number>> {
  for (const { code, name, level, parent } of below) {
    await db.query(
      `insert into offices (code, name, level, parent_id) select $1, $2, $3, id from offices where code = $4
       on conflict (code) do nothing`,
      [code, name, level, parent ?? ownCode],
    );
  }
  const codes = [ownCode, ...below.map((office) => office.code)];
  const found = await db.query<{ id: number; code: string }>(
    'select id, code from offices where code = any ($1)',
    [codes],
  );
  return new Map(found.rows.map(({ code, id }) => [code, id]));
}

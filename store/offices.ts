import type { OfficeLevel } from '../config/hub.ts';
import type { Queryable } from './pool.ts';

export type Office = { id: number; code: string; name: string; level: OfficeLevel };

/** The office with this code, made or renamed as stated. */
export async function ensureOffice(db: Queryable, office: Omit<Office, 'id'>): Promise<Office> {
  const result = await db.query<Office>(
    `insert into offices (code, name, level) values ($1, $2, $3)
     on conflict (code) do update set name = excluded.name, level = excluded.level
     returning id, code, name, level`,
    [office.code, office.name, office.level],
  );
  return result.rows[0] as Office;
}

export async function officeById(db: Queryable, id: number): Promise<Office | null> {
  const result = await db.query<Office>('select id, code, name, level from offices where id = $1', [id]);
  return result.rows[0] ?? null;
}

/**
 * Adds the offices that a hub names at its start, each below the one it names; those that are there stay as they are, since
 * the desk may have moved them.
 * @returns code → id of the hub's own office and all of these
 */
export async function ensureOfficesBelow(
  db: Queryable,
  own: Office,
  below: readonly { code: string; name: string; level: OfficeLevel; parent?: string | undefined }[],
): Promise<Map<string, number>> {
  for (const { code, name, level, parent } of below) {
    await db.query(
      `insert into offices (code, name, level, parent_id) select $1, $2, $3, id from offices where code = $4
       on conflict (code) do nothing`,
      [code, name, level, parent ?? own.code],
    );
  }
  const codes = [own.code, ...below.map((office) => office.code)];
  const found = await db.query<{ id: number; code: string }>(
    'select id, code from offices where code = any ($1)',
    [codes],
  );
  return new Map(found.rows.map(({ code, id }) => [code, id]));
}

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

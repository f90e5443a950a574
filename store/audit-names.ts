import type { Queryable } from './pool.ts';

/** Most people that a name in the filter stands for. */
const MOST = 200;

/** Ids of the people whose name or e-mail holds these letters. */
export async function peopleLike(db: Queryable, text: string): Promise<string[]> {
  const found = await db.query<{ id: string }>(
    `select id from people where strpos(lower(name), lower($1)) > 0 or strpos(email, lower($1)) > 0
     order by id limit ${MOST}`,
    [text],
  );
  return found.rows.map((row) => row.id);
}

/** Names of the people of the scope among these ids. */
export async function namesOf(db: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await db.query<{ id: string; name: string }>(
    'select id, name from people where id = any ($1)',
    [ids],
  );
  return new Map(found.rows.map(({ id, name }) => [id, name]));
}

export async function officeNames(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  const found = await db.query<{ id: number; name: string }>(
    'select id, name from offices where id = any ($1)',
    [ids],
  );
  return new Map(found.rows.map(({ id, name }) => [id, name]));
}

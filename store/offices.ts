import type { OfficeLevel } from '../config/office-levels.ts';
import type { Queryable } from './pool.ts';
import type { Offices } from './scope.ts';

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

/** The office that the hub was set up for: what commands do is entered with it. */
export async function firstOfficeId(db: Queryable): Promise<number> {
  const found = await db.query<{ id: number | null }>('select min(id) as id from offices');
  return found.rows[0]?.id ?? 0;
}

/** The office itself and every one above it. */
export async function officeAndAbove(db: Queryable, id: number): Promise<number[]> {
  const found = await db.query<{ id: number }>(
    'select ancestor_id as id from office_tree where office_id = $1 order by depth',
    [id],
  );
  return found.rows.map((row) => row.id);
}

/** Id → name of offices, wherever they stand: the register is open to all. */
export async function officeNames(db: Queryable, ids: readonly number[]): Promise<Map<number, string>> {
  const result = await db.query<Pick<Office, 'id' | 'name'>>(
    'select id, name from offices where id = any ($1)',
    [ids],
  );
  return new Map(result.rows.map(({ id, name }) => [id, name]));
}

/** An office with its place in the tree. */
export type OfficeRow = Office & {
  parentId: number | null;
  parentName: string | null;
  closedAt: Date | null;
};
/** With how much stands below it: open offices, and people who can sign in there or below. */
export type OfficeLine = OfficeRow & { below: number; people: number };

const COLUMNS = `o.id, o.code, o.name, o.level, o.parent_id as "parentId", above.name as "parentName",
  o.closed_at as "closedAt"`;
const FROM = 'offices o left join offices above on above.id = o.parent_id';

/** An office of the scope. The register itself stands open, so that the scope is a part of the question. */
export async function officeRow(db: Queryable, offices: Offices, id: number): Promise<OfficeRow | null> {
  const result = await db.query<OfficeRow>(
    `select ${COLUMNS} from ${FROM} where o.id = $1 and ($2::int[] is null or o.id = any ($2))`,
    [id, offices],
  );
  return result.rows[0] ?? null;
}

/** As `officeRow`, by its code. */
export async function officeByCode(db: Queryable, offices: Offices, code: string): Promise<OfficeRow | null> {
  const result = await db.query<OfficeRow>(
    `select ${COLUMNS} from ${FROM} where o.code = $1 and ($2::int[] is null or o.id = any ($2))`,
    [code.replaceAll('\0', ''), offices],
  );
  return result.rows[0] ?? null;
}

/** The offices above one, as far as the scope goes, the highest first. */
export async function officesAbove(db: Queryable, offices: Offices, id: number): Promise<Office[]> {
  const result = await db.query<Office>(
    `select o.id, o.code, o.name, o.level from office_tree t join offices o on o.id = t.ancestor_id
     where t.office_id = $1 and t.depth > 0 and ($2::int[] is null or o.id = any ($2)) order by t.depth desc`,
    [id, offices],
  );
  return result.rows;
}

/** Counts of the offices that `chosen` lists; people are counted in the connection's scope. */
const withCounts = (chosen: string) => `
  with chosen as materialized (${chosen}),
  below as (
    select t.ancestor_id as id, count(*)::int - 1 as n from office_tree t join offices b on b.id = t.office_id
    where t.ancestor_id in (select id from chosen) and (b.closed_at is null or t.depth = 0) group by 1
  ),
  staff as (
    select t.ancestor_id as id, count(*)::int as n from people p join office_tree t on t.office_id = p.office_id
    where p.disabled_at is null and t.ancestor_id in (select id from chosen) group by 1
  )
  select ${COLUMNS}, coalesce(below.n, 0) as below, coalesce(staff.n, 0) as people
  from chosen join offices o on o.id = chosen.id left join offices above on above.id = o.parent_id
  left join below on below.id = o.id left join staff on staff.id = o.id
  order by o.closed_at is not null, o.code`;

/** The offices directly below one; with null the topmost of the scope. */
export async function officesBelow(
  db: Queryable,
  offices: Offices,
  parentId: number | null,
): Promise<OfficeLine[]> {
  const result = await db.query<OfficeLine>(
    withCounts(
      parentId === null
        ? `select id from offices where ($1::int[] is null and parent_id is null)
             or (id = any ($1) and (parent_id is null or parent_id <> all ($1)))`
        : `select id from offices where parent_id = $2 and ($1::int[] is null or id = any ($1))`,
    ),
    parentId === null ? [offices] : [offices, parentId],
  );
  return result.rows;
}

/** One office with its counts. */
export async function officeLine(db: Queryable, offices: Offices, id: number): Promise<OfficeLine | null> {
  const result = await db.query<OfficeLine>(
    withCounts('select id from offices where id = $2 and ($1::int[] is null or id = any ($1))'),
    [offices, id],
  );
  return result.rows[0] ?? null;
}

/** Offices whose name holds the words or whose code begins with them; the higher ones first. */
export async function findOffices(
  db: Queryable,
  offices: Offices,
  text: string,
  limit = 50,
): Promise<OfficeRow[]> {
  const result = await db.query<OfficeRow>(
    `select ${COLUMNS} from ${FROM}
     where (o.name like '%' || $2 || '%' or o.code like $2 || '%') and ($1::int[] is null or o.id = any ($1))
     order by o.closed_at is not null, office_rank(o.level), o.code limit $3`,
    [offices, asLike(text), Math.min(limit, 500)],
  );
  return result.rows;
}

/** Text to be looked for as it stands, in a `like`. */
export function asLike(text: string): string {
  return text.replaceAll('\0', '').replace(/[\\%_]/g, '\\$&');
}

export type ExportedOffice = {
  code: string;
  name: string;
  level: OfficeLevel;
  parent: string | null;
  closed: boolean;
};

/** Every office of the scope, higher ones first, with its parent's code: what an import reads again. */
export async function allOffices(db: Queryable, offices: Offices): Promise<ExportedOffice[]> {
  const result = await db.query<ExportedOffice>(
    `select o.code, o.name, o.level, above.code as parent, o.closed_at is not null as closed from ${FROM}
     where $1::int[] is null or o.id = any ($1) order by office_rank(o.level), o.code`,
    [offices],
  );
  return result.rows;
}

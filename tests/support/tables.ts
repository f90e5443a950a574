import type { Queryable } from '../../store/pool.ts';
import { identityTables, openTables } from '../../store/grants.ts';

/** What the database itself says of a table. */
export type Table = { name: string; rls: boolean; policies: number; byOffice: boolean };

/** Every table of the hub, as it stands in the catalogue: one that was made a minute ago is among them. */
export async function allTables(owner: Queryable): Promise<Table[]> {
  const result = await owner.query<Table>(
    `select c.relname as name, c.relrowsecurity as rls,
       (select count(*)::int from pg_policy p where p.polrelid = c.oid
          and pg_get_expr(p.polqual, p.polrelid) ~ 'jiansheng.(mask|offices)|offices_in_scope') as policies,
       exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'office_id' and a.attnotnull) as "byOffice"
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`,
  );
  return result.rows;
}

/** Tables whose rows belong to an office: all that are not named as something else. */
export function scopedTables(tables: readonly Table[]): Table[] {
  return tables.filter(({ name }) => !identityTables.includes(name) && !openTables.includes(name));
}

/** What is wrong with the guard of the tables: each of them is named, or guarded by its office. */
export function unguarded(tables: readonly Table[]): string[] {
  return scopedTables(tables)
    .filter(({ rls, policies, byOffice }) => !rls || policies === 0 || !byOffice)
    .map(({ name }) => name);
}

/**
 * Lets `fill` make rows of any table without knowing it: what rows mean to one another is not what is tested. The database
 * is good for nothing else afterwards.
 */
export async function loosen(owner: Queryable): Promise<void> {
  await owner.query(
    `do $$ declare c record; begin
       for c in select conrelid::regclass as on_table, conname from pg_constraint
         where connamespace = 'public'::regnamespace and contype in ('c', 'f') order by contype desc
       loop
         execute format('alter table %s drop constraint %I', c.on_table, c.conname);
       end loop;
     end $$`,
  );
}

type Column = { name: string; type: string; array: boolean };

let filled = 0;

/** A statement that puts a made-up row of an office into a table. */
export async function fill(
  owner: Queryable,
  table: string,
  officeId: number,
): Promise<{ text: string; values: unknown[] }> {
  if (table === 'audit_entries') return auditEntry(officeId);
  const columns = await owner.query<Column>(
    `select a.attname as name, case when t.typelem > 0 and t.typcategory = 'A' then e.typname else t.typname end as type,
       t.typcategory = 'A' as array
     from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_type e on e.oid = t.typelem
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull
       and not a.atthasdef and a.attidentity = '' and a.attgenerated = '' order by a.attnum`,
    [table],
  );
  const rows = columns.rows.map((column) => ({
    name: column.name,
    value: column.name === 'office_id' ? officeId : madeUp(column),
  }));
  // A withdrawn article: those on the website are there for everybody.
  if (table === 'site_articles') rows.push({ name: 'withdrawn_at', value: new Date() });
  // A stop that is over: those that stand are there for every worker.
  if (table === 'crawl_stops') rows.push({ name: 'ended_at', value: new Date() });
  // A watch that is not asked: those that are stand open to the offices below.
  if (table === 'watches') rows.push({ name: 'enabled', value: false });
  return {
    text: `insert into ${table} (${rows.map(({ name }) => `"${name}"`).join(', ')})
      values (${rows.map((_, n) => `$${n + 1}`).join(', ')})`,
    values: rows.map(({ value }) => value),
  };
}

function madeUp({ name, type, array }: Column): unknown {
  filled += 1;
  if (array) return [];
  switch (type) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
    case 'float4':
    case 'float8':
      return filled;
    case 'bool':
      return true;
    case 'json':
    case 'jsonb':
      return '{}';
    case 'bytea':
      return Buffer.from(String(filled).padStart(16, '0'));
    case 'date':
    case 'timestamptz':
      return new Date(Date.UTC(2026, 0, 1) + filled * 86_400_000);
    case 'inet':
      return '127.0.0.1';
    case 'uuid':
      return `00000000-0000-4000-8000-${String(filled).padStart(12, '0')}`;
    case 'text':
      return `${name}-${filled}`;
    default:
      throw new Error(`tests/support/tables.ts makes no ${type}: add a line`);
  }
}

function auditEntry(officeId: number) {
  filled += 1;
  const at = new Date().toISOString();
  const entry = { seq: filled, at, officeId, actor: 'p', role: 'self', action: 'a', subject: 's' };
  return {
    text: 'insert into audit_entries (seq, entry, previous, hash, key_id) values ($1, $2, $3, $3, $4)',
    values: [filled, JSON.stringify(entry), Buffer.alloc(32), 'k'],
  };
}

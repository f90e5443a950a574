import { readAnnotation, type Annotation } from '../config/privacy.ts';
import type { Queryable } from './pool.ts';

export type PersonalColumn = Annotation & { table: string; column: string };

/** Every column of the hub's own tables, with what its comment says. */
const COLUMNS = `
  select c.relname as "table", a.attname as "column", col_description(c.oid, a.attnum) as comment
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`;

type Column = { table: string; column: string; comment: string | null };

/** The columns that hold personal data, as the schema itself declares them. */
export async function personalColumns(db: Queryable): Promise<PersonalColumn[]> {
  const { rows } = await db.query<Column>(COLUMNS);
  return rows.flatMap(({ table, column, comment }) => {
    const annotation = readAnnotation(comment);
    return annotation ? [{ table, column, ...annotation }] : [];
  });
}

/** Columns that do not say, in the words of config/privacy.ts, whether they hold personal data: `table.column`. */
export async function unannotatedColumns(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<Column>(COLUMNS);
  return rows
    .filter(({ comment }) => readAnnotation(comment) === undefined)
    .map(({ table, column, comment }) => `${table}.${column}${comment === null ? '' : `: ${comment}`}`);
}

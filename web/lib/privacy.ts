import type { PersonalClass, Purpose, Retention } from '../../config/privacy.ts';
import type { PersonalColumn } from '../../store/privacy.ts';

/** One kind of personal data as the page shows it: the same content for the same purpose and time stands in one row. */
export type HeldRow = {
  personal: PersonalClass;
  why: Purpose;
  kept: Retention;
  /** `table.column`, in the order of the schema. */
  columns: string[];
  tables: string[];
};

/** What citizens ask about comes first. */
const ORDER: readonly PersonalClass[] = [
  'public-text',
  'public-address',
  'citizen-contact',
  'citizen-text',
  'citizen-mark',
  'network-address',
];

/** Groups the schema's personal columns by what they hold, why and for how long. */
export function heldRows(columns: readonly PersonalColumn[]): HeldRow[] {
  const rows = new Map<string, HeldRow>();
  for (const { table, column, personal, why, kept } of columns) {
    const key = `${personal} ${why} ${kept}`;
    const row = rows.get(key) ?? { personal, why, kept, columns: [], tables: [] };
    rows.set(key, row);
    row.columns.push(`${table}.${column}`);
    if (!row.tables.includes(table)) row.tables.push(table);
  }
  return [...rows.values()].sort((a, b) => rank(a.personal) - rank(b.personal));
}

function rank(personal: PersonalClass): number {
  const at = ORDER.indexOf(personal);
  return at === -1 ? ORDER.length : at;
}

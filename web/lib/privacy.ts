import { personalClasses, type PersonalClass, type Purpose, type Retention } from '../../config/privacy.ts';
import type { PersonalColumn } from '../../store/privacy.ts';

/** What one purpose keeps of a class, and where. */
export type HeldUse = { why: Purpose; kept: Retention; tables: string[]; columns: string[] };
/** One class of personal data as the page shows it. */
export type HeldClass = { personal: PersonalClass; uses: HeldUse[] };

const ofStaff = (personal: PersonalClass) => personal.startsWith('staff-') || personal === 'network-address';

/** Groups the schema's personal columns by what they hold, and that by purpose and time: citizens' data, then staff's. */
export function heldData(columns: readonly PersonalColumn[]): { citizens: HeldClass[]; staff: HeldClass[] } {
  const classes = personalClasses.flatMap((personal) => {
    const uses = usesOf(columns.filter((column) => column.personal === personal));
    return uses.length > 0 ? [{ personal, uses }] : [];
  });
  return {
    citizens: classes.filter(({ personal }) => !ofStaff(personal)),
    staff: classes.filter(({ personal }) => ofStaff(personal)),
  };
}

function usesOf(columns: readonly PersonalColumn[]): HeldUse[] {
  const uses = new Map<string, HeldUse>();
  for (const { table, column, why, kept } of columns) {
    const use = uses.get(`${why} ${kept}`) ?? { why, kept, tables: [], columns: [] };
    uses.set(`${why} ${kept}`, use);
    use.columns.push(`${table}.${column}`);
    if (!use.tables.includes(table)) use.tables.push(table);
  }
  return [...uses.values()];
}

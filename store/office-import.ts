import { Refused } from '../config/errors.ts';
import type { OfficeLevel } from '../config/office-levels.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { tellLive } from './live.ts';
import { messages } from './messages.ts';
import { lockTree, refusing } from './office-changes.ts';
import { planHash, type ImportRow, type ReadOffices, type WrongLine } from './office-import-read.ts';
import { rankOf } from './office-rules.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Offices } from './scope.ts';

const words = messages.offices;

/** What an import would do to one office. `before`: how it stands now; null for a new one. */
export type ImportChange = ImportRow & { before: { name: string; parent: string | null } | null };
export type ImportPlan = {
  changes: ImportChange[];
  unchanged: number;
  wrong: WrongLine[];
  /** Of the changes: an import is applied only as it was shown. */
  hash: string;
};

type Registered = {
  id: number;
  code: string;
  name: string;
  level: OfficeLevel;
  parent: string | null;
  closed: boolean;
};

/**
 * What a list would change, line by line, by the tree as it stands.
 * @param mayRoot whether an office may be made that stands under none
 */
export async function planImport(
  db: Queryable,
  offices: Offices,
  { rows, wrong }: ReadOffices,
  mayRoot = false,
): Promise<ImportPlan> {
  const found = await db.query<Registered>(
    `select o.id, o.code, o.name, o.level, above.code as parent, o.closed_at is not null as closed
     from offices o left join offices above on above.id = o.parent_id`,
  );
  const register = new Map(found.rows.map((office) => [office.code, office]));
  const listed = new Map(rows.map((row) => [row.code, row]));
  const reach = offices && new Set(offices);
  const inReach = (code: string): boolean => {
    if (reach === null) return true;
    // What the list makes lies within reach when what it stands under does.
    for (let at: string | null = code, steps = 0; at !== null && steps < 5; steps++) {
      const office = register.get(at);
      if (office) return reach.has(office.id);
      at = listed.get(at)?.parent ?? null;
    }
    return false;
  };

  function problemOf(row: ImportRow): string | null {
    const known = register.get(row.code);
    if (known && known.level !== row.level) return words.wrong.otherLevel;
    if (known && known.name === row.name && known.parent === row.parent) return null;
    if (row.parent === null) {
      if (known?.parent === null) return inReach(row.code) ? null : words.wrong.outOfScope;
      if (!mayRoot) return words.wrong.noParent;
    } else {
      const above = listed.get(row.parent) ?? register.get(row.parent);
      if (!above) return words.wrong.unknownParent(row.parent.slice(0, 32));
      if (known?.parent !== row.parent && register.get(row.parent)?.closed) {
        return words.wrong.closedParent(row.parent);
      }
      if (isCircle(row.code)) return words.wrong.circle;
      if (rankOf(above.level) >= rankOf(row.level)) return words.wrong.fit;
      if (known?.parent !== row.parent && !inReach(row.parent)) return words.wrong.outOfScope;
    }
    return known && !inReach(row.code) ? words.wrong.outOfScope : null;
  }

  /**
   * Whether the way up from an office, as it would be, comes back to it. Sound ways have four steps; what is lost on a
   * longer one is caught by its levels.
   */
  function isCircle(code: string): boolean {
    let at = parentOf(code);
    for (let steps = 0; at !== null && steps < 8; steps++) {
      if (at === code) return true;
      at = parentOf(at);
    }
    return false;
  }

  function parentOf(code: string): string | null {
    return (listed.get(code) ?? register.get(code))?.parent ?? null;
  }

  const changes: ImportChange[] = [];
  const all = [...wrong];
  let unchanged = 0;
  for (const row of rows) {
    const known = register.get(row.code);
    const reason = problemOf(row);
    if (reason !== null) all.push({ line: row.line, code: row.code, reason });
    else if (known && known.name === row.name && known.parent === row.parent) unchanged++;
    else changes.push({ ...row, before: known ? { name: known.name, parent: known.parent } : null });
  }
  all.sort((a, b) => a.line - b.line);
  // Where a change stands in the file is no part of what it does.
  const hash = planHash(changes.map(({ line: _, ...change }) => change));
  return { changes, unchanged, wrong: all, hash };
}

/** An entry of the audit log stays of a readable size. */
const CHANGES_PER_ENTRY = 500;

/**
 * Applies a list, all of it or nothing, as long as it would still do what was shown.
 * @param hash of the plan that was shown
 * @throws Refused `import-wrong`, `import-empty`, `import-changed`, or as `refusing` says
 */
export async function applyImport(
  store: Store,
  actor: Actor,
  offices: Offices,
  read: ReadOffices,
  hash: string,
  mayRoot = false,
): Promise<ImportPlan> {
  return refusing(() =>
    transaction(store, async (client) => {
      // So that what is planned here still holds below.
      await lockTree(client);
      const plan = await planImport(client, offices, read, mayRoot);
      if (plan.wrong.length > 0) throw new Refused('import-wrong', words.stillWrong);
      if (plan.hash !== hash) throw new Refused('import-changed', words.changedMeanwhile);
      if (plan.changes.length === 0) throw new Refused('import-empty', words.nothingToImport);
      await make(client, plan.changes);
      for (let at = 0; at < plan.changes.length; at += CHANGES_PER_ENTRY) {
        const part = plan.changes.slice(at, at + CHANGES_PER_ENTRY);
        await appendAudit(client, {
          ...{ ...actor, action: 'office-import', subject: 'offices' },
          before: part.filter(({ before }) => before).map(({ code, before }) => ({ code, ...before })),
          after: part.map(({ code, name, level, parent }) => ({ code, name, level, parent })),
        });
      }
      await tellLive(client, { kind: 'access' });
      return plan;
    }),
  );
}

async function make(client: Queryable, changes: readonly ImportChange[]): Promise<void> {
  const fresh = changes.filter(({ before }) => before === null);
  // A parent has to be there before what stands under it: a level at a time.
  for (const rank of [1, 2, 3, 4]) {
    const rows = fresh.filter(({ level }) => rankOf(level) === rank);
    if (rows.length === 0) continue;
    await client.query(
      `insert into offices (code, name, level, parent_id)
       select n.code, n.name, n.level, above.id
       from json_to_recordset($1) as n (code text, name text, level text, parent text)
       left join offices above on above.code = n.parent`,
      [JSON.stringify(rows)],
    );
  }
  const moved = changes.filter(({ before, parent }) => before && before.parent !== parent);
  for (const { code, parent } of moved) {
    await client.query(
      'update offices set parent_id = (select id from offices where code = $2) where code = $1',
      [code, parent],
    );
  }
  const renamed = changes.filter(({ before, name }) => before && before.name !== name);
  await client.query(
    `update offices o set name = n.name from json_to_recordset($1) as n (code text, name text) where o.code = n.code`,
    [JSON.stringify(renamed)],
  );
}

import { Refused } from '../config/errors.ts';
import { MOST_COLUMNS, shippedColumns, type SiteColumn } from '../config/site-columns.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';

const words = messages.siteColumns;

type Row = SiteColumn & { place: number };

/**
 * The columns of an office's website in their order: those that ship, as far as the office has not changed them, and its own.
 * @param archived whether those that are not offered any more are among them
 */
export async function siteColumns(
  db: Queryable,
  officeId: number,
  { archived = false }: { archived?: boolean } = {},
): Promise<SiteColumn[]> {
  const found = await db.query<Row>(
    `select key, name, description, keywords, type, place, archived_at is not null as archived from site_columns
     where office_id = $1`,
    [officeId],
  );
  const own = new Map(found.rows.map((row) => [row.key, row]));
  const shipped: Row[] = shippedColumns
    .map((column, at) => ({ ...column, place: at * STEP }))
    .filter(({ key }) => !own.has(key));
  return [...shipped, ...own.values()]
    .filter((column) => archived || !column.archived)
    .toSorted((a, b) => a.place - b.place || a.key.localeCompare(b.key))
    .map(({ key, name, description, keywords, type, archived }) => ({
      ...{ key, name, description, keywords, type, archived },
    }));
}

/** Between two columns there is room for others. */
const STEP = 10;

export async function siteColumn(db: Queryable, officeId: number, key: string): Promise<SiteColumn | null> {
  const all = await siteColumns(db, officeId, { archived: true });
  return all.find((column) => column.key === key) ?? null;
}

/**
 * Adds a column or changes one.
 * @param seen the column as the person had it before them; null: a new one
 * @returns what stood there before, for undoing
 * @throws Refused `site-column-stale`, `site-column-taken`, `site-columns-full`
 */
export async function saveSiteColumn(
  store: Store,
  actor: Actor,
  column: SiteColumn,
  seen: SiteColumn | null,
): Promise<SiteColumn | null> {
  const { officeId } = actor;
  return transaction(store, async (client) => {
    await holdColumns(client, officeId);
    const all = await siteColumns(client, officeId, { archived: true });
    const before = all.find(({ key }) => key === column.key) ?? null;
    if (seen === null && before !== null) throw new Refused('site-column-taken', words.taken);
    if (seen !== null && !isSame(before, seen)) throw new Refused('site-column-stale', words.stale);
    if (before === null && all.length >= MOST_COLUMNS) {
      throw new Refused('site-columns-full', words.full(MOST_COLUMNS));
    }
    const { key, name, description, keywords, type, archived } = column;
    await client.query(
      `insert into site_columns as c (office_id, key, name, description, keywords, type, place, archived_at)
       values ($1, $2, $3, $4, $5, $6, $7, case when $8 then now() end)
       on conflict (office_id, key) do update set name = $3, description = $4, keywords = $5, type = $6,
         archived_at = case when $8 then coalesce(c.archived_at, now()) end`,
      [officeId, key, name, description, keywords, type, placeOf(all, key), archived],
    );
    await appendAudit(client, {
      ...{ ...actor, action: 'site-column-save', subject: `site-column:${key}` },
      ...(before && { before }),
      after: column,
    });
    return before;
  });
}

/**
 * Takes a column that was added out again; one that something was published in is only no longer offered.
 * @throws Refused `site-column-stale`
 */
export async function dropSiteColumn(store: Store, actor: Actor, seen: SiteColumn): Promise<void> {
  const { officeId } = actor;
  const kept = await transaction(store, async (client) => {
    await holdColumns(client, officeId);
    const before = await siteColumn(client, officeId, seen.key);
    if (!isSame(before, seen)) throw new Refused('site-column-stale', words.stale);
    const dropped = await client.query(
      `delete from site_columns where office_id = $1 and key = $2
         and not exists (select from site_articles a where a.office_id = $1 and a.column_key = $2)`,
      [officeId, seen.key],
    );
    if (dropped.rowCount === 0) return true;
    await appendAudit(client, {
      ...{ ...actor, action: 'site-column-drop', subject: `site-column:${seen.key}`, before: seen },
    });
    return false;
  });
  if (kept) await saveSiteColumn(store, actor, { ...seen, archived: true }, seen);
}

/** Shipped columns keep their place, a new one goes to the end. A place that was taken once is kept (`on conflict`). */
function placeOf(all: readonly SiteColumn[], key: string): number {
  const shipped = shippedColumns.findIndex((column) => column.key === key);
  return (shipped === -1 ? MOST_COLUMNS + all.length : shipped) * STEP;
}

/** Two people who change the same list do so one after the other. */
async function holdColumns(client: Queryable, officeId: number): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK, officeId]);
}
/** Spells `JSSC`. */
const LOCK = 0x4a535343;

function isSame(one: SiteColumn | null, other: SiteColumn): boolean {
  return one !== null && JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

const inOrder = ({ key, name, description, keywords, type, archived }: SiteColumn) => [
  ...[key, name, description, keywords, type, archived],
];

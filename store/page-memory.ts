import type { Queryable } from './pool.ts';
import { identityOf } from './posts.ts';

/** What is remembered of a page of a source. Addresses are canonical. */
export type RememberedPage = {
  address: string;
  gone: boolean;
  /** Tries in a row that failed, and why the last one did. */
  tries: number;
  reason: string | null;
  /** Comments seen when it was last read; null: it was never read. */
  comments: number | null;
  /** When it was published, or last had new comments. */
  grewAt: Date | null;
  /** When it is to be asked for again; null: no more. */
  againAt: Date | null;
};

const COLUMNS = 'gone, tries, reason, comments, grew_at as "grewAt", again_at as "againAt"';

/** What is remembered of these addresses, by address. */
export async function rememberedPages(
  db: Queryable,
  sourceId: number,
  addresses: readonly string[],
): Promise<Map<string, RememberedPage>> {
  if (addresses.length === 0) return new Map();
  const byPage = new Map(addresses.map((address) => [identityOf(address).toString('hex'), address]));
  const result = await db.query<Omit<RememberedPage, 'address'> & { page: Buffer }>(
    `select page, ${COLUMNS} from page_memory where source_id = $1 and page = any ($2::bytea[])`,
    [sourceId, [...byPage.keys()].map((page) => Buffer.from(page, 'hex'))],
  );
  return new Map(
    result.rows.map(({ page, ...row }) => {
      const address = byPage.get(page.toString('hex')) ?? '';
      return [address, { ...row, address }];
    }),
  );
}

/**
 * Pages that are to be asked for, those never read first, no more than `most`. A page at an address that somebody objected
 * to is none.
 */
export async function duePages(
  db: Queryable,
  sourceId: number,
  now: Date,
  most: number,
): Promise<RememberedPage[]> {
  const result = await db.query<RememberedPage>(
    `select address, ${COLUMNS} from page_memory m
     where source_id = $1 and again_at <= $2 and not exists (select 1 from refused_addresses where address = m.page)
     order by comments is not null, again_at limit $3`,
    [sourceId, now, most],
  );
  return result.rows;
}

/** Keeps what came of pages; forgets those that need no memory. */
export async function rememberPages(
  db: Queryable,
  source: { id: number; officeId: number },
  pages: readonly RememberedPage[],
  forgotten: readonly string[],
): Promise<void> {
  if (forgotten.length > 0) {
    await db.query('delete from page_memory where source_id = $1 and page = any ($2::bytea[])', [
      source.id,
      forgotten.map(identityOf),
    ]);
  }
  if (pages.length === 0) return;
  await db.query(REMEMBER, [
    source.officeId,
    source.id,
    JSON.stringify(
      pages.map((page) => ({
        ...page,
        page: `\\x${identityOf(page.address).toString('hex')}`,
        address: page.againAt === null ? null : page.address,
      })),
    ),
  ]);
}

/** A page that is found to be gone is remembered from then on: its month begins anew. */
const REMEMBER = `
  insert into page_memory as m (office_id, source_id, page, address, gone, tries, reason, comments, grew_at, again_at)
  select $1, $2, r.page, r.address, r.gone, r.tries, r.reason, r.comments, r."grewAt", r."againAt"
  from jsonb_to_recordset($3::jsonb) as r(page bytea, address text, gone boolean, tries int, reason text, comments int,
    "grewAt" timestamptz, "againAt" timestamptz)
  on conflict (source_id, page) do update set address = excluded.address, gone = excluded.gone, tries = excluded.tries,
    reason = excluded.reason, comments = excluded.comments, grew_at = excluded.grew_at, again_at = excluded.again_at,
    since = case when excluded.gone and not m.gone then now() else m.since end`;

/** When a visit of the source last got something. */
export async function lastVisited(db: Queryable, sourceId: number): Promise<Date | null> {
  const result = await db.query<{ at: Date | null }>(
    `select max(started_at) as at from visits where source_id = $1 and outcome in ('complete', 'unchanged', 'partial')`,
    [sourceId],
  );
  return result.rows[0]?.at ?? null;
}

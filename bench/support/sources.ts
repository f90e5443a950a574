import type { Queryable } from '../../store/pool.ts';

export type BenchSource = { id: number; officeId: number; kind: string };

/** One county office and so many sources of it, in an empty database. */
export async function makeBenchSources(store: Queryable, many: number): Promise<BenchSource[]> {
  const office = await store.query<{ id: number }>(
    `insert into offices (code, name, level) values ('bench', '青石县人民检察院', 'county') returning id`,
  );
  const officeId = office.rows[0]?.id ?? 0;
  const sources = await store.query<{ id: number }>(
    `insert into sources (office_id, key, name, kind, url, interval_seconds, legal_basis, impact_note, approved_by, settings)
     select $1, 'bench-' || n, '云州留言板 ' || n, 'feed', 'http://bench.example/' || n, 3600, 'b', 'b', 'b', '{}'
     from generate_series(1, $2::int) n returning id`,
    [officeId, many],
  );
  return sources.rows.map(({ id }) => ({ id, officeId, kind: 'feed' }));
}

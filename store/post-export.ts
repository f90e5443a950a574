import type { Queryable } from './pool.ts';
import type { PostRow } from './posts.ts';

export type ExportRow = Pick<
  PostRow,
  'id' | 'title' | 'text' | 'outlet' | 'sourceName' | 'kind' | 'url' | 'at' | 'sentiment' | 'place' | 'copies'
> & { line: string | null; voice: string | null; officeName: string; relevance: string };

/** Posts for a list to take away, in the order of the ids; those that are out of reach or gone are left out. */
export async function exportRows(db: Queryable, ids: readonly number[]): Promise<ExportRow[]> {
  const found = await db.query<ExportRow>(
    `select p.id, p.title, p.text, p.outlet, coalesce(s.name, p.outlet, o.name) as "sourceName", p.kind, p.url, p.at,
       p.sentiment, p.place, p.line, p.voice, p.relevance, o.name as "officeName",
       (select count(*)::int from posts c where c.copy_of = p.id) as copies
     from unnest($1::bigint[]) with ordinality as w(id, place_in_list)
     join posts p on p.id = w.id join offices o on o.id = p.office_id left join sources s on s.id = p.source_id
     order by w.place_in_list`,
    [ids],
  );
  return found.rows;
}

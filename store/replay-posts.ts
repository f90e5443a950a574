import type { Queryable } from './pool.ts';

/** A stored post as it is run through grouping and rules once more. */
export type StoredForReplay = {
  id: number;
  at: Date;
  title: string | null;
  text: string;
  negative: boolean;
  place: string;
  line: string | null;
  /** Ids of watches of the office. */
  watches: number[];
  /** It is about the work, and is to be grouped. */
  grouped: boolean;
  /** The post that it repeats, or stands under. */
  copyOf: number | null;
  /** The concern that it is in now. */
  concern: number | null;
  /** Its time to the microsecond: where to read on. */
  cursor: string;
};

/** The next posts of an office in order of time. @param after the one that was read last */
export async function postsForReplay(
  db: Queryable,
  officeId: number,
  after: { cursor: string; id: number },
  to: Date,
  limit: number,
): Promise<StoredForReplay[]> {
  const found = await db.query<StoredForReplay>(
    `select p.id, p.at, p.title, p.text, p.sentiment = 'negative' as negative, p.source_id || ' ' || coalesce(p.outlet, '') as place,
       p.line, array(select w.id from watches w where w.id = any (p.watches) and w.office_id = $1) as watches,
       p.relevance = 'relevant' as grouped, coalesce(p.copy_of, parent.id) as "copyOf", m.concern_id as concern, p.at::text as cursor
     from posts p
     left join lateral (select q.id from posts q where q.url = p.parent_url and q.source_id = p.source_id and q.id <> p.id limit 1) parent on true
     left join concern_posts m on m.post_id = p.id
     where p.office_id = $1 and (p.at, p.id) > ($2::timestamptz, $3::bigint) and p.at < $4 order by p.at, p.id limit $5`,
    [officeId, after.cursor, after.id, to, limit],
  );
  return found.rows;
}

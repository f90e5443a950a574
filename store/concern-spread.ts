import type { Queryable } from './pool.ts';
import type { PulsePoint, PulseRange } from './pulse.ts';
import { pulseSeriesOf } from './pulse-by.ts';
import type { Gap } from './visits.ts';

/** A source or an outlet of it that a concern has come to. */
export type SpreadStep = {
  sourceId: number;
  sourceName: string;
  /** Kind of source (config/sources.ts). */
  sourceKind: string;
  /** Where it stands within the source; null: the source itself is that. */
  outlet: string | null;
  /** Time of its first post about it, and of its last. */
  at: Date;
  lastAt: Date;
  posts: number;
  copies: number;
  /** The concern was spoken of here first. */
  first: boolean;
};

/** How a concern went from outlet to outlet, in the order in which they joined; also where its posts have gone since. */
export async function concernSpread(db: Queryable, concernId: number, limit = 200): Promise<SpreadStep[]> {
  const found = await db.query<SpreadStep>(
    `select c.source_id as "sourceId", s.name as "sourceName", s.kind as "sourceKind", nullif(c.outlet, '') as outlet,
       c.first_at as at, c.last_at as "lastAt", c.posts, c.copies,
       row_number() over (order by c.first_at, c.source_id, c.outlet) = 1 as first
     from concern_sources c join sources s on s.id = c.source_id
     where c.concern_id = $1 and c.posts > 0 order by c.first_at, c.source_id, c.outlet limit $2`,
    [concernId, Math.min(limit, 1_000)],
  );
  return found.rows;
}

/** Volume of a concern by sentiment, for every bucket of [from, to), and when the sources that speak of it were not known. */
export async function concernTimeline(
  db: Queryable,
  concern: { id: number; officeId: number },
  range: PulseRange,
): Promise<{ points: PulsePoint[]; gaps: Gap[] }> {
  const points = await pulseSeriesOf(db, [concern.officeId], 'concern', String(concern.id), range);
  return { points, gaps: await gapsOfConcern(db, concern.id, range.from, range.to) };
}

/** Times without collection, of sources that speak of the concern, that touch [from, to). */
export async function gapsOfConcern(db: Queryable, concernId: number, from: Date, to: Date): Promise<Gap[]> {
  const found = await db.query<Gap>(
    `select g.source_id as "sourceId", s.name as "sourceName", g.began_at as "beganAt", g.ended_at as "endedAt", g.reason
     from gaps g join sources s on s.id = g.source_id
     where g.source_id in (select source_id from concern_sources where concern_id = $1 and posts > 0) and s.enabled
       and g.began_at < $3 and coalesce(g.ended_at, now()) > $2
     order by g.began_at limit 1000`,
    [concernId, from, to],
  );
  return found.rows;
}

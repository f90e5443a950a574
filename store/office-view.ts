import type { OfficeLevel } from '../config/office-levels.ts';
import type { Queryable } from './pool.ts';
import { officesOf, within, type Offices, type Scope } from './scope.ts';

export type OfficeName = { id: number; name: string; level: OfficeLevel };

/** The part of the tree that a page is about, and where one can go from there. */
export type OfficeView = {
  office: OfficeName;
  /** Without what lies below. */
  only: boolean;
  /** The offices in reach above it, the highest first. */
  above: OfficeName[];
  /** The offices in reach directly below it. */
  below: OfficeName[];
};

/** As many as a province has; more would not be read in a list. */
const MOST_BELOW = 500;

/**
 * Narrows a scope to one office, with or without what lies below it.
 * @returns null when the office is not within the scope
 */
export async function officeView(
  db: Queryable,
  scope: Scope,
  officeId: number,
  only: boolean,
): Promise<{ view: OfficeView; offices: Offices } | null> {
  if (!scope.every && !scope.offices.includes(officeId)) return null;
  const reach = officesOf(scope);
  const [near, offices] = await Promise.all([
    db.query<OfficeName & { place: 'above' | 'here' | 'below' }>(NEAR, [officeId, reach, MOST_BELOW]),
    only ? [officeId] : within(db, scope, officeId),
  ]);
  const at = (place: string) =>
    near.rows.filter((row) => row.place === place).map(({ id, name, level }) => ({ id, name, level }));
  const [office] = at('here');
  return office ? { view: { office, only, above: at('above'), below: at('below') }, offices } : null;
}

const NEAR = `
  select o.id, o.name, o.level, case when t.depth = 0 then 'here' else 'above' end as place, -t.depth as rank
  from office_tree t join offices o on o.id = t.ancestor_id
  where t.office_id = $1 and ($2::int[] is null or o.id = any ($2))
  union all
  (select o.id, o.name, o.level, 'below', 1 from offices o
   where o.parent_id = $1 and ($2::int[] is null or o.id = any ($2)) order by o.name limit $3)
  order by rank, name`;

/** What was said in an office and in the trees below it, the loudest first; the office itself comes without its tree. */
export type OfficeVolume = OfficeName & { posts: number; negative: number };

/** Volume of [from, to), whole hours, for the office itself and each tree directly below. */
export async function volumeBelow(
  db: Queryable,
  offices: Offices,
  officeId: number,
  from: Date,
  to: Date,
): Promise<OfficeVolume[]> {
  const result = await db.query<OfficeVolume>(
    `with counted as (
       select office_id, sum(posts) as posts, sum(posts) filter (where sentiment = 'negative') as negative
       from pulse where ($1::int[] is null or office_id = any ($1)) and hour >= $3 and hour < $4 group by 1
     ), part as (
       select $2::int as id, $2::int as office_id
       union all
       select o.id, t.office_id from offices o join office_tree t on t.ancestor_id = o.id where o.parent_id = $2
     )
     select o.id, o.name, o.level, coalesce(sum(c.posts), 0)::int as posts, coalesce(sum(c.negative), 0)::int as negative
     from part join offices o on o.id = part.id left join counted c on c.office_id = part.office_id
     where $1::int[] is null or o.id = any ($1)
     group by o.id order by posts desc, o.name limit 100`,
    [offices, officeId, from, to],
  );
  return result.rows;
}

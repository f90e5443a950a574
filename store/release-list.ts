import type { Channel, ReleaseType } from '../config/release-types.ts';
import type { Queryable } from './pool.ts';
import type { ReleaseState } from './releases.ts';
import type { Offices } from './scope.ts';

/** What is to be done next with a release, and where; `trouble`: somebody has to look at a delivery. */
export type NextStep = ReleaseState | 'returned' | 'trouble';

export type ReleaseListRow = {
  id: number;
  officeId: number;
  officeName: string;
  type: ReleaseType;
  title: string;
  summary: string;
  state: ReleaseState;
  next: NextStep;
  urgent: boolean;
  channels: Channel[];
  /** Null: somebody of an office that is out of reach. */
  createdBy: string | null;
  updatedAt: Date;
  /** When the next of its deliveries is due; null: none waits. */
  dueAt: Date | null;
  /** Its page on the website, as long as it stands. */
  address: string | null;
  /** A delivery of it waits for a second look. */
  held: boolean;
};

export type ReleaseFilter = {
  state?: ReleaseState | null;
  type?: ReleaseType | null;
  /** Words of title or summary; '' for all. */
  text?: string;
  /** Begun by this person. */
  createdBy?: string | null;
};

/** What the filter lets through, as conditions on `r`; parameters $1 to $5. */
const WHERE = `($1::int[] is null or r.office_id = any ($1)) and ($2::text is null or r.state = $2)
  and ($3::text is null or r.type = $3) and ($4::text is null or r.title ilike $4 or r.summary ilike $4)
  and ($5::text is null or r.created_by = $5)`;

function values(offices: Offices, { state, type, text = '', createdBy }: ReleaseFilter): unknown[] {
  const like = text === '' ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return [offices, state ?? null, type ?? null, like, createdBy ?? null];
}

/** The offices' releases, the last touched first. */
export async function listReleases(
  db: Queryable,
  offices: Offices,
  filter: ReleaseFilter = {},
  page: { limit: number; offset: number } = { limit: 100, offset: 0 },
): Promise<ReleaseListRow[]> {
  const found = await db.query<ReleaseListRow>(
    `select r.id, r.office_id as "officeId", o.name as "officeName", r.type, r.title, r.summary, r.state, r.urgent,
       array_remove(array[case when coalesce((r.details->'website'->>'on')::bool, true) then 'website' end,
         case when (r.details->'weibo'->>'on')::bool then 'weibo' end,
         case when (r.details->'wechat'->>'on')::bool then 'wechat' end], null) as channels,
       p.name as "createdBy", r.updated_at as "updatedAt", d."dueAt", d.address, coalesce(d.held, false) as held,
       case when coalesce(d.trouble, false) then 'trouble'
         when r.state = 'draft' and last.state = 'returned' then 'returned' else r.state end as next
     from (select * from releases r where ${WHERE} order by r.updated_at desc, r.id desc limit $6 offset $7) r
     join offices o on o.id = r.office_id left join people p on p.id = r.created_by
     left join lateral (select min(due_at) filter (where state = 'waiting') as "dueAt",
         min(address) filter (where channel = 'website' and state = 'published') as address,
         bool_or(state = 'waiting' and held_for is not null) as held,
         bool_or(person_asked_at is not null and state not in ('cancelled', 'withdrawn')) as trouble
       from deliveries where release_id = r.id) d on true
     left join lateral (select state from review_rounds where release_id = r.id order by id desc limit 1) last on true
     order by r.updated_at desc, r.id desc`,
    [...values(offices, filter), Math.min(page.limit, 500), page.offset],
  );
  return found.rows;
}

/** How many there are. */
export async function countReleases(
  db: Queryable,
  offices: Offices,
  filter: ReleaseFilter = {},
): Promise<number> {
  const found = await db.query<{ count: number }>(
    `select count(*)::int as count from releases r where ${WHERE}`,
    values(offices, filter),
  );
  return found.rows[0]?.count ?? 0;
}

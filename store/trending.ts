import type { Level } from '../config/levels.ts';
import type { Queryable } from './pool.ts';
import { SHANGHAI } from './pulse.ts';
import type { Offices } from './scope.ts';

/** How a list of concerns is ordered: by change of heat against its own usual, by heat, by its first or its latest post. */
export const concernSorts = ['trend', 'heat', 'new', 'last'] as const;
export type ConcernSort = (typeof concernSorts)[number];
/** Awake and not muted, or the ones that are left out there. */
export const concernStates = ['awake', 'asleep', 'muted'] as const;
export type ConcernState = (typeof concernStates)[number];

export type ConcernFilter = {
  text: string;
  state: ConcernState;
  sort: ConcernSort;
  /** Only those with a post since then; null: all. */
  since: Date | null;
};

/** What a list shows of a concern. Times are of its posts. */
export type ConcernLine = {
  id: number;
  officeId: number;
  officeName: string;
  label: string;
  words: string[];
  posts: number;
  copies: number;
  sources: number;
  heat: number;
  /** Heat against its own usual, 1 = as usual; null: too young to have one. */
  trend: number | null;
  firstAt: Date;
  lastAt: Date;
  firstSource: string | null;
  pinned: boolean;
  muted: boolean;
  asleep: boolean;
  /** The level at which an open warning about it stands. */
  warningLevel: Level | null;
};

/** One post that nobody repeats or answers is no concern yet; a list of them would be a list of posts. */
export const LEAST_POSTS = 2;
export const CONCERNS_A_PAGE = 30;

/** A concern as the pages name it: what a person called it, or words of its posts. */
export const LABEL = `coalesce(c.renamed, c.label)`;

const LINE = `c.id, c.office_id as "officeId", o.name as "officeName", ${LABEL} as label,
  array(select w ->> 'word' from jsonb_array_elements(c.words) w limit 6) as words,
  c.posts, c.copies, c.sources, c.heat, c.trend, c.first_at as "firstAt", c.last_at as "lastAt", s.name as "firstSource",
  c.pinned_at is not null as pinned, c.muted_at is not null as muted, c.asleep_at is not null as asleep,
  (select w.level from warnings w where w.concern_id in (select concern_parts(c.id)) and w.state not in ('lifted', 'dismissed')
   order by w.id desc limit 1) as "warningLevel"`;

/**
 * From here on heat is taken to rise. Above what one or two fresh posts make of a cold concern (config/defaults/heat.json:
 * trend.ground), which is no rise.
 */
export const RISING = 1.6;
/** Where one that is too young for a usual of its own stands among the others: as if it had doubled. */
const FRESH = 2;

const ORDER: Record<ConcernSort, string> = {
  // What does not rise stands by its heat: that one of them went from 0.9 to 1.1 says nothing.
  trend: `case when coalesce(c.trend, ${FRESH}) >= ${RISING} then coalesce(c.trend, ${FRESH}) end desc nulls last, c.heat desc, c.id desc`,
  heat: 'c.heat desc, c.id desc',
  new: 'c.first_at desc, c.id desc',
  last: 'c.last_at desc, c.id desc',
};

const STATE: Record<ConcernState, string> = {
  awake: 'c.asleep_at is null and c.muted_at is null',
  asleep: 'c.asleep_at is not null and c.muted_at is null',
  muted: 'c.muted_at is not null',
};

/**
 * A page of the concerns of some offices, the pinned ones first; `total` counts all that the filter leaves. Reads the rows of
 * concerns, never posts.
 * @param page from 1
 */
export async function listConcerns(
  db: Queryable,
  offices: Offices,
  { text, state, sort, since }: ConcernFilter,
  page = 1,
  limit = CONCERNS_A_PAGE,
): Promise<{ concerns: ConcernLine[]; total: number }> {
  const from = `($1::int[] is null or c.office_id = any ($1)) and c.merged_into is null and ${STATE[state]}
    and (c.posts >= ${LEAST_POSTS} or c.pinned_at is not null or c.renamed is not null)
    and ($2::timestamptz is null or c.last_at >= $2)
    and ($3 = '' or strpos(lower(${LABEL} || ' ' || c.label || ' ' || c.words::text), lower($3)) > 0)`;
  // The page is chosen by the bare rows; what goes with each is looked up for those of the page alone.
  const found = await db.query<ConcernLine & { total: number }>(
    `with chosen as materialized (
       select c.id, count(*) over ()::int as total, row_number() over (order by c.pinned_at is null, ${ORDER[sort]}) as rank
       from concerns c where ${from} order by rank limit $4 offset $5
     )
     select ${LINE}, chosen.total from chosen join concerns c on c.id = chosen.id
     join offices o on o.id = c.office_id left join sources s on s.id = c.first_source_id order by chosen.rank`,
    [offices, since, text, limit, (page - 1) * limit],
  );
  const concerns = found.rows.map(({ total: _, ...line }) => line);
  if (concerns.length > 0 || page === 1) return { concerns, total: found.rows[0]?.total ?? 0 };
  // Beyond the last page: what there is in all is told by the first.
  return { concerns, total: (await listConcerns(db, offices, { text, state, sort, since }, 1, 1)).total };
}

/** What stirs most against its own usual; for the overview. Muted, sleeping and long quiet ones are left out. */
export async function trendingConcerns(
  db: Queryable,
  offices: Offices,
  since: Date,
  limit: number,
): Promise<ConcernLine[]> {
  const { concerns } = await listConcerns(
    db,
    offices,
    { text: '', state: 'awake', sort: 'trend', since },
    1,
    limit,
  );
  return concerns;
}

/** Posts of a concern on each of some days, and how many were negative in all of them. */
export type ConcernDays = { days: number[]; negative: number; total: number };

/**
 * Posts of concerns by day in Asia/Shanghai. Reads counters, never posts.
 * @param days midnights, ascending; the last day is counted up to now
 */
export async function concernDays(
  db: Queryable,
  offices: Offices,
  ids: readonly number[],
  days: readonly Date[],
): Promise<Map<number, ConcernDays>> {
  const result = new Map(
    ids.map((id): [number, ConcernDays] => [id, { days: days.map(() => 0), negative: 0, total: 0 }]),
  );
  const [first] = days;
  if (!first || ids.length === 0) return result;
  const found = await db.query<{ concern: number; day: Date; posts: number; negative: number }>(
    `select key::bigint as concern, date_trunc('day', hour, '${SHANGHAI}') as day, sum(posts)::int as posts,
       coalesce(sum(posts) filter (where sentiment = 'negative'), 0)::int as negative
     from pulse_by where dimension = 'concern' and ($1::int[] is null or office_id = any ($1)) and hour >= $2 and key = any ($3::text[])
     group by 1, 2`,
    [offices, first, ids.map(String)],
  );
  const places = new Map(days.map((day, at) => [day.getTime(), at]));
  for (const { concern, day, posts, negative } of found.rows) {
    const row = result.get(concern);
    const at = places.get(day.getTime());
    if (!row || at === undefined) continue;
    row.days[at] = posts;
    row.negative += negative;
    row.total += posts;
  }
  return result;
}

/** Days that the usual of a word is taken from: each day of the week once. */
export const USUAL_DAYS = 7;
/** What is said less often is no hot word, however rare it was before. */
const LEAST_SAID = 3;
/** Words that are looked at: those that are said most now. Of many offices fewer, since each is looked up for each of them. */
const MOST_WORDS = 300;
const MOST_OF_MANY = 60;
const MANY_OFFICES = 10;

/** In how many posts words stood: of the last day, and of the `days` before (0: nothing to compare with yet). */
export type WordCounts = { now: Map<string, number>; before: Map<string, number>; days: number };

/**
 * What posts say now and usually. Words are counted by calendar day: of yesterday's count goes in what of it lies within the
 * last 24 hours, as if it had been said evenly over the day. Reads counters, never posts.
 */
export async function wordCounts(db: Queryable, offices: Offices, now: Date): Promise<WordCounts> {
  const most = offices && offices.length < MANY_OFFICES ? MOST_WORDS : MOST_OF_MANY;
  const found = await db.query<{ word: string; now: number; before: number; days: number }>(
    `with at as materialized (
       select ($2::timestamptz at time zone '${SHANGHAI}')::date as today,
         1 - extract(epoch from ($2::timestamptz at time zone '${SHANGHAI}')::time)::float / 86400 as rest
     ), fresh as materialized (
       select word, sum(case when day = today then posts else posts * rest end) as now
       -- Most words stand in one post of a day and no more.
       from at, word_days where posts > 1 and day between today - 1 and today and ($1::int[] is null or office_id = any ($1))
       group by 1 having sum(posts) >= ${LEAST_SAID} order by 2 desc, 1 limit $3
     ), past as materialized (
       -- Day by day and office by office, so that the index leads to each word at once.
       select o.id as office, today - n as day from at, generate_series(2, ${USUAL_DAYS + 1}) n, offices o
       where ($1::int[] is null or o.id = any ($1))
         and exists (select from word_days w where w.office_id = o.id and w.day = today - n)
     ), kept as (
       select count(distinct day)::int as days from past
     )
     select f.word, f.now, coalesce(u.posts, 0)::int as before, days
     from kept, fresh f left join lateral (
       select sum(w.posts) as posts from past p join word_days w on w.office_id = p.office and w.day = p.day and w.word = f.word
     ) u on true`,
    [offices, now, most],
  );
  return {
    now: new Map(found.rows.map((row) => [row.word, row.now])),
    before: new Map(found.rows.map((row) => [row.word, row.before])),
    days: found.rows[0]?.days ?? 0,
  };
}

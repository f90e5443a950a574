import type { Queryable } from './pool.ts';
import type { Sentiment } from './posts.ts';
import type { Offices } from './scope.ts';

export type PulseStep = 'hour' | 'day';
export type PulseRange = { from: Date; to: Date; step: PulseStep };
/** One bucket: its start, and the posts in it by sentiment. */
export type PulsePoint = { at: Date; negative: number; neutral: number; positive: number };

/** Days are those of Asia/Shanghai, which has had no daylight saving since 1991: UTC+8 all year. */
export const SHANGHAI = 'Asia/Shanghai';

/**
 * Volume by sentiment for every bucket of [from, to), buckets without posts included as zeros. Whether a zero means calm
 * or a gap in collection is told by `gapsBetween` of visits.ts. Reads counters, never posts.
 */
export async function pulseSeries(
  db: Queryable,
  offices: Offices,
  range: PulseRange & { sourceId?: number | undefined },
): Promise<PulsePoint[]> {
  const result = await db.query<PulsePoint>(
    `with buckets as (
       select generate_series(date_trunc($4, $2::timestamptz, '${SHANGHAI}'), $3::timestamptz - interval '1 microsecond',
         case $4 when 'day' then interval '1 day' else interval '1 hour' end, '${SHANGHAI}') as at
     ), hours as (
       -- By the hour first: to find the day of every single counter takes longer than to add them all up.
       select hour, sentiment, sum(posts) as posts
       from pulse
       where ($1::int[] is null or office_id = any ($1)) and hour >= date_trunc($4, $2::timestamptz, '${SHANGHAI}') and hour < $3
         and ($5::int is null or source_id = $5)
       group by 1, 2
     ), counted as (
       select date_trunc($4, hour, '${SHANGHAI}') as at, sentiment, sum(posts)::int as posts from hours group by 1, 2
     )
     select b.at,
       coalesce(sum(c.posts) filter (where sentiment = 'negative'), 0)::int as negative,
       coalesce(sum(c.posts) filter (where sentiment = 'neutral'), 0)::int as neutral,
       coalesce(sum(c.posts) filter (where sentiment = 'positive'), 0)::int as positive
     from buckets b left join counted c on c.at = b.at group by b.at order by b.at`,
    [offices, range.from, range.to, range.step, range.sourceId ?? null],
  );
  return result.rows;
}

/** Totals of [from, to) by sentiment, and how many of them repeat an earlier post. `from` and `to` are whole hours. */
export async function pulseTotals(
  db: Queryable,
  offices: Offices,
  from: Date,
  to: Date,
): Promise<Record<Sentiment, number> & { copies: number }> {
  const result = await db.query<Record<Sentiment, number> & { copies: number }>(
    `select coalesce(sum(posts) filter (where sentiment = 'negative'), 0)::int as negative,
       coalesce(sum(posts) filter (where sentiment = 'neutral'), 0)::int as neutral,
       coalesce(sum(posts) filter (where sentiment = 'positive'), 0)::int as positive,
       coalesce(sum(copies), 0)::int as copies
     from pulse where ($1::int[] is null or office_id = any ($1)) and hour >= $2 and hour < $3`,
    [offices, from, to],
  );
  return result.rows[0] ?? { negative: 0, neutral: 0, positive: 0, copies: 0 };
}

import type { Queryable } from './pool.ts';
import { SHANGHAI, type PulsePoint, type PulseRange } from './pulse.ts';
import type { Sentiment } from './posts.ts';
import type { Offices } from './scope.ts';

/** What posts are counted by, beside sentiment and time: kind of source (config/sources.ts) and source, and what the steps found. */
export type PulseDimension = 'kind' | 'source' | 'watch' | 'line' | 'voice' | 'place' | 'concern';

/** `key`: kind of source, id of a source, watch or concern, key of a line or voice, division code. */
export type PulseShare = { key: string; copies: number } & Record<Sentiment, number>;

/** The counters of each dimension as rows of (office_id, key, hour, sentiment, posts, copies). */
const COUNTERS: Record<PulseDimension, string> = {
  kind: `select p.office_id, s.kind as key, p.hour, p.sentiment, p.posts, p.copies
    from pulse p join sources s on s.id = p.source_id`,
  source: `select office_id, source_id::text as key, hour, sentiment, posts, copies from pulse`,
  watch: found('watch'),
  line: found('line'),
  voice: found('voice'),
  place: found('place'),
  concern: found('concern'),
};

function found(dimension: string): string {
  return `select office_id, key, hour, sentiment, posts, copies from pulse_by where dimension = '${dimension}'`;
}

/**
 * How the posts of [from, to) divide by one dimension, the largest share first. `from` and `to` are whole hours. Posts that
 * the dimension says nothing of (no line, no place) are in none of the shares; one that matches two watches is in both. Reads
 * counters, never posts.
 */
export async function pulseShares(
  db: Queryable,
  offices: Offices,
  dimension: PulseDimension,
  range: { from: Date; to: Date },
  limit = 50,
): Promise<PulseShare[]> {
  const result = await db.query<PulseShare>(
    `select key, sum(copies)::int as copies,
       coalesce(sum(posts) filter (where sentiment = 'negative'), 0)::int as negative,
       coalesce(sum(posts) filter (where sentiment = 'neutral'), 0)::int as neutral,
       coalesce(sum(posts) filter (where sentiment = 'positive'), 0)::int as positive
     from (${COUNTERS[dimension]}) c
     where ($1::int[] is null or office_id = any ($1)) and hour >= $2 and hour < $3
     group by key having sum(posts) > 0 order by sum(posts) desc, key limit $4`,
    [offices, range.from, range.to, Math.min(limit, 5_000)],
  );
  return result.rows;
}

/** Volume by sentiment of one key, for every bucket of [from, to), as `pulseSeries`. */
export async function pulseSeriesOf(
  db: Queryable,
  offices: Offices,
  dimension: PulseDimension,
  key: string,
  range: PulseRange,
): Promise<PulsePoint[]> {
  const result = await db.query<PulsePoint>(
    `with buckets as (
       select generate_series(date_trunc($4, $2::timestamptz, '${SHANGHAI}'), $3::timestamptz - interval '1 microsecond',
         case $4 when 'day' then interval '1 day' else interval '1 hour' end, '${SHANGHAI}') as at
     ), counted as (
       select date_trunc($4, hour, '${SHANGHAI}') as at,
         sum(posts) filter (where sentiment = 'negative') as negative,
         sum(posts) filter (where sentiment = 'neutral') as neutral,
         sum(posts) filter (where sentiment = 'positive') as positive
       from (${COUNTERS[dimension]}) c
       where key = $5 and ($1::int[] is null or office_id = any ($1))
         and hour >= date_trunc($4, $2::timestamptz, '${SHANGHAI}') and hour < $3
       group by 1
     )
     select b.at, coalesce(c.negative, 0)::int as negative, coalesce(c.neutral, 0)::int as neutral,
       coalesce(c.positive, 0)::int as positive
     from buckets b left join counted c on c.at = b.at order by b.at`,
    [offices, range.from, range.to, range.step, key],
  );
  return result.rows;
}

import type { PostKind } from './drafts.ts';
import type { Queryable } from './pool.ts';
import type { ReviewField } from './reviews.ts';
import type { Offices } from './scope.ts';

/** Fields that are drawn for review. Whether a post is a copy shows only beside the other one. */
export const sampledFields = [
  'sentiment',
  'line',
  'voice',
  'relevance',
  'place',
] as const satisfies ReviewField[];
export type SampledField = (typeof sampledFields)[number];

/** A post as it is shown to whoever reviews. */
export type SampledPost = {
  id: number;
  officeName: string;
  sourceName: string;
  outlet: string | null;
  kind: PostKind;
  title: string | null;
  text: string;
  at: Date;
  /** What the program found, whatever somebody has said about it since. */
  machine: string | null;
};

/** So many days back posts are drawn from; where they hold fewer than `FEW`, from those of the longer stretch. */
const DAYS = 7;
const LONG_DAYS = 30;
const FEW = 200;

/**
 * Posts of the last days in an order that chance has made and nobody can choose: by a hash of their ids, the same for
 * everybody. Posts that were reviewed because of their place in it are left out; those that somebody corrected on their own
 * are not, or the wrong ones would be missing from the sample.
 */
export async function drawSample(
  db: Queryable,
  offices: Offices,
  field: SampledField,
  limit = 20,
): Promise<SampledPost[]> {
  const recent = await db.query<{ posts: number }>(
    `select count(*)::int as posts from (
       select 1 from posts where ($1::int[] is null or office_id = any ($1))
         and at > now() - $2 * interval '1 day' and at <= now() limit $3) as recent`,
    [offices, DAYS, FEW],
  );
  const days = (recent.rows[0]?.posts ?? 0) < FEW ? LONG_DAYS : DAYS;
  const drawn = await db.query<SampledPost>(
    // The index holds office, time and id: nothing else of a post is read before it is drawn.
    `with drawn as materialized (
       select p.id, hashint8extended(p.id, ${SEED}) as place from posts p
       where ($1::int[] is null or p.office_id = any ($1)) and p.at > now() - $2 * interval '1 day' and p.at <= now()
         and not exists (select from reviews r
           where r.post_id = p.id and r.field = $3 and r.sampled and r.undone_at is null)
       order by 2, 1 limit $4)
     select p.id, o.name as "officeName", coalesce(s.name, p.outlet, o.name) as "sourceName", p.outlet, p.kind,
       p.title, p.text, p.at,
       case when said.post_id is null then ${MACHINE} else said.machine end as machine
     from drawn d join posts p on p.id = d.id join offices o on o.id = p.office_id
     left join sources s on s.id = p.source_id
     left join lateral (
       select r.post_id, r.machine from reviews r
       where r.post_id = p.id and r.field = $3 and r.undone_at is null order by r.id desc limit 1) said on true
     order by d.place, p.id`,
    [offices, days, field, Math.min(limit, 100)],
  );
  return drawn.rows;
}

/** Any number will do, as long as it stays the same. */
const SEED = 12309;

const MACHINE = `case $3 when 'sentiment' then p.sentiment when 'line' then p.line when 'voice' then p.voice
  when 'relevance' then p.relevance else p.place end`;

/** How often the program and people agree about a field. */
export type Agreement = {
  field: SampledField;
  /** Sampled posts about which somebody said whether the program was right; and of them, those where it was. */
  n: number;
  agreed: number;
  /** Sampled posts about which the person could not tell. */
  unsure: number;
  /** Words about posts that people chose themselves, which say nothing about all the others. */
  chosen: number;
};

export const AGREEMENT_DAYS = 30;

/**
 * Agreement over the words of the last thirty days, every field, also those about which nobody has said anything. One post
 * counts once, by the newest word that stands.
 */
export async function agreements(db: Queryable, offices: Offices): Promise<Agreement[]> {
  const found = await db.query<Agreement>(
    `with standing as (
       select distinct on (post_id, field) field, agreed, sampled from reviews
       where ($1::int[] is null or office_id = any ($1)) and undone_at is null
         and made_at > now() - interval '${AGREEMENT_DAYS} days'
       order by post_id, field, id desc
     )
     select f.field, count(s.agreed) filter (where s.sampled)::int as n,
       count(*) filter (where s.sampled and s.agreed)::int as agreed,
       count(*) filter (where s.sampled and s.agreed is null)::int as unsure,
       count(*) filter (where not s.sampled)::int as chosen
     from unnest($2::text[]) with ordinality as f(field, place) left join standing s on s.field = f.field
     group by f.field, f.place order by f.place`,
    [offices, sampledFields],
  );
  return found.rows;
}

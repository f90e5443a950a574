import type { Queryable } from './pool.ts';

export type ForgetReason = 'expired' | 'objection';

/**
 * Takes posts of one office out for good; belongs into a transaction that holds `lockPosts`. What stays is a mark by which
 * the source's next visit does not take them again, and the hourly counters. Copies are linked to the earliest that is
 * left. The search engine drops the documents by the outbox, whose rows outlive their posts.
 */
export async function forgetPosts(
  client: Queryable,
  officeId: number,
  ids: readonly number[],
  why: ForgetReason,
): Promise<void> {
  if (ids.length === 0) return;
  await client.query(MARK, [ids, why]);
  const linked = await client.query<{ id: number }>(LINK_TO_EARLIEST, [ids]);
  await client.query('delete from search_outbox where post_id = any ($1::bigint[])', [ids]);
  await client.query('delete from posts where id = any ($1::bigint[])', [ids]);
  await client.query(
    'insert into search_outbox (office_id, post_id) select $1, id from unnest($2::bigint[]) as id',
    [officeId, [...ids, ...linked.rows.map((row) => row.id)]],
  );
}

const MARK = `
  insert into forgotten (office_id, source_id, identity, why)
  select office_id, source_id, identity, $2 from posts where id = any ($1::bigint[])
  on conflict do nothing`;

const LINK_TO_EARLIEST = `
  with orphans as (
    select id, min(id) over (partition by copy_of) as first from posts
    where copy_of = any ($1::bigint[]) and id <> all ($1::bigint[])
  )
  update posts p set copy_of = nullif(o.first, o.id) from orphans o where p.id = o.id returning p.id`;

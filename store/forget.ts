import { leaveConcerns } from './grouping.ts';
import { enterLikenesses } from './likenesses.ts';
import { tellLive } from './live.ts';
import type { Queryable } from './pool.ts';
import { tellSearch } from './search-outbox.ts';
import { leaveEvidence } from './suggestions.ts';

export type ForgetReason = 'expired' | 'objection';

/**
 * Takes posts of one office out for good; belongs into a transaction that holds `lockPosts`. What stays is a mark by which
 * the source's next visit does not take them again, and the hourly counters. Copies are linked to the earliest that is
 * left; of a concern go the sentences that were taken from them, of a warning their words. The search engine drops the documents by the outbox, whose rows outlive their posts.
 */
export async function forgetPosts(
  client: Queryable,
  officeId: number,
  ids: readonly number[],
  why: ForgetReason,
): Promise<void> {
  if (ids.length === 0) return;
  await client.query(MARK, [ids, why]);
  await client.query(FORGET_PAGES, [ids]);
  await enterLikenesses(client, ids, 'out');
  const firsts = await firstsOf(client, ids);
  const orphans = await linkToEarliest(client, ids);
  await enterLikenesses(client, orphans, 'in');
  await client.query('delete from search_outbox where post_id = any ($1::bigint[])', [ids]);
  await leaveConcerns(client, officeId, ids);
  await leaveEvidence(client, officeId, ids);
  await client.query('delete from posts where id = any ($1::bigint[])', [ids]);
  await tellSearch(client, officeId, [...ids, ...orphans, ...firsts]);
  // Open pages show what they have until they load again.
  await tellLive(client, { kind: 'posts', officeId, stored: 0 });
}

const MARK = `
  insert into forgotten (office_id, source_id, identity, why)
  select office_id, source_id, identity, $2 from posts where id = any ($1::bigint[])
  on conflict do nothing`;

/** Their pages are not read again for comments. */
const FORGET_PAGES = `
  delete from page_memory m using posts p
  where p.id = any ($1::bigint[]) and m.source_id = p.source_id
    and m.page = substring(sha256(convert_to(p.url, 'UTF8')) for 16) and not m.gone`;

/** The firsts that lose a copy and stay: they are repeated less now. */
async function firstsOf(client: Queryable, ids: readonly number[]): Promise<number[]> {
  const found = await client.query<{ id: number }>(
    `select distinct copy_of as id from posts
     where id = any ($1::bigint[]) and copy_of is not null and copy_of <> all ($1::bigint[])`,
    [ids],
  );
  return found.rows.map(({ id }) => id);
}

/**
 * Two statements: in one, the planner takes the orphans for so many that it reads the whole table.
 * @returns the ids of the copies that were linked anew
 */
async function linkToEarliest(client: Queryable, ids: readonly number[]): Promise<number[]> {
  const found = await client.query<{ id: number; first: number }>(
    `select id, min(id) over (partition by copy_of) as first from posts
     where copy_of = any ($1::bigint[]) and id <> all ($1::bigint[])`,
    [ids],
  );
  if (found.rows.length === 0) return [];
  const orphans = found.rows.map((row) => row.id);
  await client.query(
    `update posts p set copy_of = nullif(o.first, o.id)
     from unnest($1::bigint[], $2::bigint[]) as o(id, first) where p.id = o.id`,
    [orphans, found.rows.map((row) => row.first)],
  );
  return orphans;
}

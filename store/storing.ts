import { queueGrouping } from './grouping.ts';
import { linkPosts } from './likenesses.ts';
import { tellLive } from './live.ts';
import { lockPosts } from './locks.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import { identityOf, type NewPost } from './posts.ts';
import { countNew } from './pulse-count.ts';
import { tellSearch } from './search-outbox.ts';
import { storedKeys } from './sketches.ts';

/**
 * `fresh`: new ones, of them `copies` in the words of another one and `withheld` that were counted and not kept; `known`:
 * those that the source had, or is not to have.
 */
export type StoreResult = { fresh: number; copies: number; known: number; withheld: number };

/**
 * Stores posts in one transaction with all that depends on them: links to the first of the same words, hourly counters,
 * search outbox, news for open pages. Posts that the source already has only get their interaction counts brought up
 * to date; what was forgotten, or stands at an address that somebody objected to, counts as known. Of a post that is
 * withheld stay its mark and its place in the counters.
 */
export async function storePosts(
  store: Store,
  officeId: number,
  sourceId: number,
  posts: readonly NewPost[],
): Promise<StoreResult> {
  const unique = inOrder(posts);
  if (unique.length === 0) return { fresh: 0, copies: 0, known: 0, withheld: 0 };
  return transaction(store, async (client) => {
    await lockPosts(client, officeId);
    const ids = await drawIds(client, sourceId, unique);
    const fresh: (NewPost & { id: number })[] = [];
    const withheld: NewPost[] = [];
    const known: NewPost[] = [];
    unique.forEach((post, n) => {
      const id = ids[n];
      if (!id) known.push(post);
      else if (post.withheld) withheld.push(post);
      else fresh.push({ ...post, id });
    });
    const links = await linkPosts(client, officeId, fresh);
    await insert(client, officeId, sourceId, fresh, links);
    if (withheld.length > 0) await mark(client, officeId, sourceId, withheld);
    const counted = [
      ...fresh.map((post) => ({ ...post, copy: links.has(post.id) })),
      ...withheld.map((post) => ({ ...post, copy: false })),
    ];
    await countNew(client, officeId, sourceId, counted);
    const updated = await updateCounts(client, sourceId, known);
    // Of a text that is repeated the heat has changed.
    const changed = new Set([...fresh.map(({ id }) => id), ...updated, ...links.values()]);
    await tellSearch(client, officeId, changed);
    await queueGrouping(client, officeId, grouped(fresh));
    const news = fresh.length + withheld.length;
    if (news > 0) await tellLive(client, { kind: 'posts', officeId, stored: news });
    return { fresh: news, copies: links.size, known: known.length, withheld: withheld.length };
  });
}

/** What is not about the work, or wants to sell something, is no concern. */
function grouped(fresh: readonly (NewPost & { id: number })[]): number[] {
  return fresh.filter(({ relevance }) => relevance === 'relevant').map(({ id }) => id);
}

/** Each once, the earliest first: who said it first has the lowest id. Those without a time come last, as they were read. */
function inOrder(posts: readonly NewPost[]): NewPost[] {
  const unique = [...new Map(posts.map((post) => [post.identity.toString('hex'), post])).values()];
  const time = ({ publishedAt }: NewPost) => publishedAt?.getTime() ?? Number.MAX_VALUE;
  return unique.sort((a, b) => time(a) - time(b));
}

/** An id for each post that the source neither has nor is not to have; null for the others. */
async function drawIds(
  client: Queryable,
  sourceId: number,
  posts: readonly NewPost[],
): Promise<(number | null)[]> {
  const addresses = posts.map(({ url }) => (url === null ? null : identityOf(url)));
  const found = await client.query<{ identity: Buffer | null; address: Buffer | null }>(KNOWN, [
    sourceId,
    posts.map(({ identity }) => identity),
    addresses.filter((address) => address !== null),
  ]);
  const known = new Set(found.rows.map(({ identity }) => identity?.toString('hex')));
  const refused = new Set(found.rows.map(({ address }) => address?.toString('hex')));
  const fresh = posts.map(
    ({ identity }, n) =>
      !known.has(identity.toString('hex')) && !(addresses[n] && refused.has(addresses[n].toString('hex'))),
  );
  const drawn = await client.query<{ id: number }>(
    `select nextval('posts_id_seq') as id from generate_series(1, $1::int)`,
    [fresh.filter(Boolean).length],
  );
  let next = 0;
  return fresh.map((each) => (each ? (drawn.rows[next++]?.id ?? null) : null));
}

// One look into an index for each: joined, or asked for as a list, the planner may read all posts of the source instead.
const KNOWN = `
  select r.identity, null::bytea as address from unnest($2::bytea[]) as r(identity)
  cross join lateral (select 1 from posts p where p.source_id = $1 and p.identity = r.identity limit 1) found
  union all
  select r.identity, null from unnest($2::bytea[]) as r(identity)
  cross join lateral (select 1 from forgotten f where f.source_id = $1 and f.identity = r.identity limit 1) found
  union all
  select null, r.address from unnest($3::bytea[]) as r(address)
  cross join lateral (select 1 from refused_addresses a where a.address = r.address limit 1) found`;

async function insert(
  client: Queryable,
  officeId: number,
  sourceId: number,
  posts: readonly (NewPost & { id: number })[],
  links: ReadonlyMap<number, number>,
): Promise<void> {
  if (posts.length === 0) return;
  const rows = posts.map(({ sketch, withheld: _, ...post }) => {
    const copyOf = links.get(post.id) ?? null;
    return {
      ...post,
      copyOf,
      // Bytes have no JSON form: they go as text.
      identity: hex(post.identity),
      sketch: sketch && hex(sketch),
      keys: sketch && copyOf === null ? storedKeys(sketch) : null,
    };
  });
  await client.query(INSERT, [officeId, sourceId, JSON.stringify(rows)]);
}

/** Of a post that may not be kept its source is not to bring it again. Nothing of its words is sent to the database. */
async function mark(
  client: Queryable,
  officeId: number,
  sourceId: number,
  posts: readonly NewPost[],
): Promise<void> {
  await client.query(
    `insert into forgotten (office_id, source_id, identity, why)
     select $1, $2, identity, why from unnest($3::bytea[], $4::text[]) as r(identity, why)`,
    [officeId, sourceId, posts.map(({ identity }) => identity), posts.map(({ withheld }) => withheld)],
  );
}

function hex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}

/** Ids were drawn beforehand, so that a copy can point at a post of the same statement. */
const INSERT = `
  with incoming as materialized (
    select * from jsonb_to_recordset($3::jsonb) as r(
      id bigint, identity bytea, kind text, url text, "parentUrl" text, title text, text text, outlet text,
      "publishedAt" timestamptz, "dateProblem" text, sentiment text, "sentimentProbability" real, redactions jsonb,
      place text, line text, voice text, relevance text, watches int[], sketch bytea, keys int[], "copyOf" bigint,
      likes int, comments int, shares int, times int)
  ), found as (
    insert into likenesses (office_id, key, post_id)
    select $1, key, id from incoming cross join unnest(keys) as key order by key
  )
  insert into posts (id, office_id, source_id, identity, kind, url, parent_url, title, text, outlet, published_at,
    date_problem, at, sentiment, sentiment_probability, redactions, place, line, voice, relevance, watches, sketch,
    copy_of, likes, comments, shares, times)
  overriding system value
  select id, $1, $2, identity, kind, url, "parentUrl", title, text, outlet, "publishedAt",
    "dateProblem", coalesce("publishedAt", now()), sentiment, "sentimentProbability", redactions, place, line, voice,
    relevance, coalesce(watches, '{}'), sketch, "copyOf", likes, comments, shares, times
  from incoming`;

/** @returns the ids of those whose counts have changed */
async function updateCounts(
  client: Queryable,
  sourceId: number,
  posts: readonly NewPost[],
): Promise<number[]> {
  const rows = posts
    .filter(({ likes, comments, shares, times }) => likes ?? comments ?? shares ?? times ?? false)
    .map(({ identity, likes, comments, shares, times }) => {
      return { identity: hex(identity), likes, comments, shares, times };
    });
  if (rows.length === 0) return [];
  const updated = await client.query<{ id: number }>(UPDATE_COUNTS, [sourceId, JSON.stringify(rows)]);
  return updated.rows.map(({ id }) => id);
}

const UPDATE_COUNTS = `
  update posts p set likes = coalesce(r.likes, p.likes), comments = coalesce(r.comments, p.comments),
    shares = coalesce(r.shares, p.shares), times = coalesce(r.times, p.times)
  from jsonb_to_recordset($2::jsonb) as r(identity bytea, likes int, comments int, shares int, times int)
  where p.source_id = $1 and p.identity = r.identity
    and (p.likes, p.comments, p.shares, p.times) is distinct from (coalesce(r.likes, p.likes),
      coalesce(r.comments, p.comments), coalesce(r.shares, p.shares), coalesce(r.times, p.times))
  returning p.id`;

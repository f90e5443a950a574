import { divisionAbove, levelOf } from '../config/divisions.ts';
import { exclusively } from './locks.ts';
import type { Queryable, Store } from './pool.ts';
import type { PostKind } from './drafts.ts';
import type { Relevance, Sentiment, Voice } from './posts.ts';

/** What the search engine is told about one post; times in Unix seconds, the unit that it can sort and filter. */
export type SearchRow = {
  id: number;
  officeId: number;
  sourceId: number;
  /** Null: the source is out of reach. */
  sourceKind: string | null;
  kind: PostKind;
  title: string | null;
  text: string;
  outlet: string | null;
  /** The host of its address and the hosts above it, without the top level: what `site:` asks for. */
  sites: string[];
  at: number;
  sentiment: Sentiment;
  /** GB/T 2260 codes: as exact as it is known, then the city and the province that it lies in. */
  place: string | null;
  city: string | null;
  province: string | null;
  line: string | null;
  voice: Voice | null;
  relevance: Relevance;
  watches: number[];
  copyOf: number | null;
  copies: number;
  /** See `HEAT`. */
  heat: number;
};

/**
 * How much attention a post has had. Saying the same somewhere else takes most, then passing it on, answering, and a click;
 * what a source has counted itself counts as so many clicks. A rule of thumb, for an order only, never shown as a figure.
 */
const HEAT = `least(10 * copied.n::bigint + 3 * coalesce(p.shares, 0)::bigint + 2 * coalesce(p.comments, 0)::bigint
  + coalesce(p.likes, 0) + coalesce(p.times, 0), 2147483647)`;

const SEARCH_COLUMNS = `p.id, p.office_id as "officeId", p.source_id as "sourceId", s.kind as "sourceKind", p.kind, p.title,
  p.text, p.outlet, lower(substring(p.url from '^https?://(?:[^/?#@]*@)?([^/:?#]+)')) as host,
  floor(extract(epoch from p.at))::bigint as at, p.sentiment, p.place, p.line, p.voice, p.relevance, p.watches,
  p.copy_of as "copyOf", copied.n as copies, ${HEAT} as heat`;

const SEARCH_JOINS = `left join sources s on s.id = p.source_id
  cross join lateral (select count(*)::int as n from posts c where c.copy_of = p.id) copied`;

type Read = Omit<SearchRow, 'sites' | 'city' | 'province'> & { host: string | null };

function searchRow({ host, ...row }: Read): SearchRow {
  const { place } = row;
  return {
    ...row,
    sites: sitesOf(host),
    city: place === null ? null : cityOf(place),
    province: place === null ? null : `${place.slice(0, 2)}0000`,
  };
}

/** Null: the place is a province, or a county that its province governs itself. */
function cityOf(place: string): string | null {
  if (levelOf(place) !== 2) return levelOf(place) === 1 ? place : null;
  const above = divisionAbove(place);
  return above !== null && levelOf(above) === 1 ? above : null;
}

/** `news.example.cn` is found by its name and by `example.cn`; a numeric address only as a whole. */
export function sitesOf(host: string | null): string[] {
  if (host === null) return [];
  if (/^[\d.]+$|:/u.test(host)) return [host];
  const parts = host.split('.');
  return parts.slice(0, Math.max(1, parts.length - 1)).map((_, n) => parts.slice(n).join('.'));
}

/** The search engine is to be told of these posts, or that they are gone. */
export async function tellSearch(client: Queryable, officeId: number, ids: Iterable<number>): Promise<void> {
  const all = [...new Set(ids)];
  if (all.length === 0) return;
  await client.query(
    'insert into search_outbox (office_id, post_id) select $1, id from unnest($2::bigint[]) as id',
    [officeId, all],
  );
}

/** Ids of rows of the outbox. */
type Range = { from: number; to: number };

const NOT_TOLD = (from: string, to: string) =>
  `(${from}::bigint is null or id not between ${from} and ${to}::bigint)`;

/**
 * The oldest waiting rows of the outbox. Each post comes once, as it stands now, however often it waits; one that is there
 * no longer comes as `gone`. An id is never used again, so that what is gone stays gone whatever the order of the rows.
 * @param after only rows entered after this one
 * @param told rows between these, these included, are passed over: the engine was told of them and has not confirmed
 */
export async function waitingOutbox(
  db: Queryable,
  limit: number,
  after = 0,
  told: Range | null = null,
): Promise<{ outboxIds: number[]; posts: SearchRow[]; gone: number[] }> {
  const result = await db.query<Read & { outboxId: number; postId: number; here: boolean }>(
    `select o.id as "outboxId", o.post_id as "postId", p.id is not null as here, ${SEARCH_COLUMNS}
     from (select id, post_id from search_outbox
       where refused is null and id > $2 and ${NOT_TOLD('$3', '$4')} order by id limit $1) o
     left join posts p on p.id = o.post_id ${SEARCH_JOINS} order by o.id`,
    [limit, after, told?.from ?? null, told?.to ?? null],
  );
  const posts = new Map<number, SearchRow>();
  const gone = new Set<number>();
  for (const { outboxId: _, postId, here, ...post } of result.rows) {
    if (here) posts.set(postId, searchRow(post));
    else gone.add(postId);
  }
  return { outboxIds: result.rows.map((row) => row.outboxId), posts: [...posts.values()], gone: [...gone] };
}

/** Takes rows out once the engine has confirmed their documents. */
export async function clearOutbox(db: Queryable, outboxIds: number[]): Promise<void> {
  await db.query('delete from search_outbox where id = any ($1::bigint[]) and refused is null', [outboxIds]);
}

/** Sets aside a post that the engine refuses by itself, with its words, so that the others can go on. */
export async function refuseOutbox(db: Queryable, postId: number, why: string): Promise<void> {
  await db.query('update search_outbox set refused = $2 where post_id = $1', [postId, why]);
}

export async function outboxCounts(
  db: Queryable,
): Promise<{ waiting: number; refused: number; oldest: Date | null }> {
  const result = await db.query<{ waiting: number; refused: number; oldest: Date | null }>(
    `select count(*) filter (where refused is null)::int as waiting, count(refused)::int as refused,
       min(created_at) filter (where refused is null) as oldest from search_outbox`,
  );
  return result.rows[0] ?? { waiting: 0, refused: 0, oldest: null };
}

/** How many posts the search engine has still to be told of; beyond `most` it does not matter how many. */
export async function waitingCount(db: Queryable, most = 1_000, told: Range | null = null): Promise<number> {
  const result = await db.query<{ waiting: number }>(
    `select count(*)::int as waiting from (
       select 1 from search_outbox where refused is null and ${NOT_TOLD('$2', '$3')} limit $1) w`,
    [most, told?.from ?? null, told?.to ?? null],
  );
  return result.rows[0]?.waiting ?? 0;
}

/** The newest post that is stored; what comes after it waits in the outbox. */
export async function newestPost(db: Queryable): Promise<number> {
  const found = await db.query<{ id: number | null }>('select max(id) as id from posts');
  return found.rows[0]?.id ?? 0;
}

/** Posts in id order, for a rebuild: those after `afterId`, up to `lastId`. */
export async function searchRowsAfter(
  db: Queryable,
  afterId: number,
  limit: number,
  lastId = Number.MAX_SAFE_INTEGER,
): Promise<SearchRow[]> {
  const result = await db.query<Read>(
    `select ${SEARCH_COLUMNS} from posts p ${SEARCH_JOINS} where p.id > $1 and p.id <= $3 order by p.id limit $2`,
    [afterId, limit, lastId],
  );
  return result.rows.map(searchRow);
}

/**
 * Runs `work` while this process is the only outbox worker of the whole hub: order matters, since of two documents of
 * one post the engine keeps the one that comes last.
 * @returns false when another process is
 */
export async function asOnlyOutboxWorker(store: Store, work: () => Promise<void>): Promise<boolean> {
  return exclusively(store, 'outbox', 0, work);
}

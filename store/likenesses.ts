import type { Queryable } from './pool.ts';
import { repeats, storedKeys, wantedKeys, type Sketch } from './sketches.ts';

/**
 * Under one key stand few texts, but for set phrases that many have: of those the newest are looked at, as reprints come
 * within days.
 */
const LATEST = 5;
/** Of the posts that are found, so many are compared, those under the most keys first. */
const COMPARED = 6;
/** Of those that are under one key alone, so many: a repeat is seldom among them, a common phrase brings many. */
const ONCE = 2;

/** The first of those with the same words, and the words that tell. */
type Candidate = { first: number; sketch: Sketch };

/**
 * Which of these posts, given in the order of their ids, repeat one that is stored or an earlier one among them. The caller
 * holds `lockPosts`: two that link the same words at once would both believe to be the first.
 * @returns id of the copy → id of the first
 */
export async function linkPosts(
  db: Queryable,
  officeId: number,
  posts: readonly { id: number; sketch: Sketch | null }[],
): Promise<Map<number, number>> {
  const told = posts.flatMap(({ id, sketch }) => (sketch ? { id, sketch, wanted: wantedKeys(sketch) } : []));
  const stored = await candidates(
    db,
    officeId,
    told.map(({ wanted }) => wanted),
  );
  const links = new Map<number, number>();
  const batch = new Map<number, Candidate[]>();
  told.forEach(({ id, sketch, wanted }, n) => {
    const found = [...(stored[n] ?? []), ...new Set(wanted.flatMap((key) => batch.get(key) ?? []))];
    const first = found.reduce(
      (least, each) => (each.first < least && repeats(sketch, each.sketch) ? each.first : least),
      id,
    );
    if (first !== id) {
      links.set(id, first);
      return;
    }
    const self = { first: id, sketch };
    for (const key of storedKeys(sketch)) {
      const there = batch.get(key);
      if (!there) batch.set(key, [self]);
      else if (there.length < COMPARED) there.push(self);
    }
  });
  return links;
}

/** For each list of keys, the stored posts of the office that have some of them in common. */
export async function candidates(
  db: Queryable,
  officeId: number,
  wanted: readonly (readonly number[])[],
): Promise<Candidate[][]> {
  // In the order of the index: one key is looked up near the one before.
  const keys = [...new Set(wanted.flat())].sort((a, b) => a - b);
  if (keys.length === 0) return wanted.map(() => []);
  const found = await db.query<{ key: number; id: number }>(FIND, [officeId, keys]);
  const under = Map.groupBy(found.rows, ({ key }) => key);
  const chosen = wanted.map((keys) => mostCommon(keys, under));
  const sketches = await sketchesOf(db, officeId, [...new Set(chosen.flat())]);
  return chosen.map((ids) => ids.flatMap((id) => sketches.get(id) ?? []));
}

const FIND = `
  select k.key, l.id from unnest($2::int[]) as k(key) cross join lateral (
    select post_id as id from likenesses where office_id = $1 and key = k.key order by post_id desc limit ${LATEST}
  ) l`;

function mostCommon(
  keys: readonly number[],
  under: ReadonlyMap<number, readonly { id: number }[]>,
): number[] {
  const hits = new Map<number, number>();
  for (const key of keys) for (const { id } of under.get(key) ?? []) hits.set(id, (hits.get(id) ?? 0) + 1);
  const chosen = [...hits].sort(([a, n], [b, m]) => m - n || a - b).slice(0, COMPARED);
  const once = chosen.findIndex(([, n]) => n === 1);
  return (once < 0 ? chosen : chosen.slice(0, once + ONCE)).map(([id]) => id);
}

async function sketchesOf(db: Queryable, officeId: number, ids: number[]): Promise<Map<number, Candidate>> {
  if (ids.length === 0) return new Map();
  // Somebody may have linked a first to another one since it was entered.
  const found = await db.query<Candidate & { id: number }>(
    `select id, coalesce(copy_of, id) as first, sketch from posts
     where id = any ($1::bigint[]) and office_id = $2 and sketch is not null`,
    [ids, officeId],
  );
  return new Map(found.rows.map(({ id, first, sketch }) => [id, { first, sketch }]));
}

/** Enters posts that are firsts now, or takes out those that are about to go. */
export async function enterLikenesses(
  client: Queryable,
  ids: readonly number[],
  how: 'in' | 'out',
): Promise<void> {
  const found = await client.query<{ id: number; officeId: number; sketch: Sketch }>(
    `select id, office_id as "officeId", sketch from posts
     where id = any ($1::bigint[]) and sketch is not null and ($2 or copy_of is null)`,
    [ids, how === 'out'],
  );
  const rows = found.rows.flatMap(({ id, officeId, sketch }) =>
    storedKeys(sketch).map((key) => ({ id, officeId, key })),
  );
  if (rows.length === 0) return;
  await client.query(how === 'in' ? ENTER : TAKE_OUT, [
    rows.map(({ officeId }) => officeId),
    rows.map(({ key }) => key),
    rows.map(({ id }) => id),
  ]);
}

const ENTER = `
  insert into likenesses (office_id, key, post_id)
  select * from unnest($1::int[], $2::int[], $3::bigint[]) on conflict do nothing`;

const TAKE_OUT = `
  delete from likenesses l using unnest($1::int[], $2::int[], $3::bigint[]) as r(office_id, key, post_id)
  where l.office_id = r.office_id and l.key = r.key and l.post_id = r.post_id`;

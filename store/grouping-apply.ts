import { setNumber } from './concern-numbers.ts';
import { countInConcerns, refreshConcerns } from './concern-count.ts';
import type { Queryable } from './pool.ts';

/** What grouping has found, by its own numbers of concerns; to be done in this order (indexer/topics). */
export type Grouped = {
  /** All posts of the one are the other's now. */
  merged: readonly { concern: number; into: number }[];
  /** `to` null: it is in no concern (any more). */
  moved: readonly { post: number; to: number | null }[];
  /** Has no posts any more; `into`: where most of them went. */
  gone: readonly { concern: number; into: number | null }[];
};

/**
 * Brings concerns, their posts and their counters in line with what grouping has found. What a person has held stays, and
 * what grouping adds to a concern that was merged goes to the one that it was merged into. For whoever holds `lockPosts`.
 */
export async function applyGrouped(client: Queryable, officeId: number, grouped: Grouped): Promise<void> {
  const { merged, moved, gone } = grouped;
  const known = await Numbers.of(client, officeId, grouped);
  const touched = new Set<number>();
  for (const { concern, into } of merged) {
    const from = known.own(concern);
    if (from === null) continue;
    await known.make([into]);
    const to = known.standingOf(into);
    if (known.standing(from) !== from || from === to) continue;
    await mergeInto(client, from, to);
    await carryOver(client, from, to);
    known.merge(from, to);
    touched.add(to);
  }
  const lost = await movePosts(client, officeId, known, moved, touched);
  for (const { concern, into } of gone) {
    const from = known.own(concern);
    const to = into === null ? null : known.own(into);
    if (from === null || to === null || known.standing(from) !== from) continue;
    const host = known.standing(to);
    if (host === from || (await hasPosts(client, from))) continue;
    await mergeInto(client, from, host);
    await carryOver(client, from, host);
    known.merge(from, host);
    touched.add(host);
  }
  await refreshConcerns(client, [...touched], [...lost]);
}

/** Takes posts out of their concerns: they are not about the work after all. */
export async function takeOutOfConcerns(client: Queryable, ids: readonly number[]): Promise<void> {
  const found = await client.query<{ concernId: number }>(
    'select distinct concern_id as "concernId" from concern_posts where post_id = any ($1::bigint[])',
    [ids],
  );
  if (found.rows.length === 0) return;
  const lost = found.rows.map(({ concernId }) => concernId);
  await countInConcerns(client, ids, 'take-out');
  await client.query('delete from concern_posts where post_id = any ($1::bigint[])', [ids]);
  await refreshConcerns(client, lost, lost);
}

/** Grouping's numbers → concerns, and which of these are a part of others by now. */
class Numbers {
  readonly #client: Queryable;
  readonly #officeId: number;
  readonly #ids = new Map<number, number>();
  readonly #into = new Map<number, number>();

  private constructor(client: Queryable, officeId: number) {
    this.#client = client;
    this.#officeId = officeId;
  }

  static async of(client: Queryable, officeId: number, { merged, moved, gone }: Grouped): Promise<Numbers> {
    const numbers = new Set([
      ...[...merged, ...gone].flatMap(({ concern, into }) => [concern, into]),
      ...moved.map(({ to }) => to),
    ]);
    const known = new Numbers(client, officeId);
    const found = await client.query<{ id: number; number: number | null; into: number | null }>(
      `with recursive c as (
         select id, number, merged_into from concerns where office_id = $1 and number = any ($2::int[])
         union select n.id, n.number, n.merged_into from c join concerns n on n.id = c.merged_into
       ) select id, number, merged_into as into from c`,
      [officeId, [...numbers].filter((number) => number !== null)],
    );
    for (const { id, number, into } of found.rows) {
      if (number !== null) known.#ids.set(number, id);
      if (into !== null) known.#into.set(id, into);
    }
    return known;
  }

  own(number: number): number | null {
    return this.#ids.get(number) ?? null;
  }

  /** Which concern it is a part of; itself when of none. */
  standing(id: number): number {
    let at = id;
    for (let into = this.#into.get(at); into !== undefined; into = this.#into.get(at)) at = into;
    return at;
  }

  merge(id: number, into: number): void {
    this.#into.set(id, into);
  }

  /**
   * After grouping has begun anew (`dropGroupingState`) concerns have no numbers: a new number goes to the one that has most of its
   * posts. Those that a person has split off a moment ago wait for theirs.
   */
  async adopt(moved: Grouped['moved']): Promise<void> {
    const posts = moved.filter(({ to }) => to !== null && !this.#ids.has(to));
    if (posts.length === 0) return;
    const found = await this.#client.query<{ id: number; number: number }>(ADOPT, [
      this.#officeId,
      posts.map(({ post }) => post),
      posts.map(({ to }) => to),
    ]);
    const taken = new Set<number>();
    for (const { id, number } of found.rows) {
      if (this.#ids.has(number) || taken.has(id)) continue;
      await setNumber(this.#client, id, number);
      this.#ids.set(number, id);
      taken.add(id);
    }
  }

  /** Makes a concern of each number that has none. */
  async make(numbers: Iterable<number>): Promise<void> {
    const without = [...new Set(numbers)].filter((number) => !this.#ids.has(number));
    if (without.length === 0) return;
    const made = await this.#client.query<{ id: number; number: number }>(
      `insert into concerns (office_id, number, first_at, last_at) select $1, number, now(), now()
       from unnest($2::int[]) as number returning id, number`,
      [this.#officeId, without],
    );
    for (const { id, number } of made.rows) this.#ids.set(number, id);
  }

  /** The concern that people see of a number that has one. */
  standingOf(number: number): number {
    return this.standing(this.#ids.get(number) as number);
  }
}

const ADOPT = `
  select m.concern_id as id, r.number from unnest($2::bigint[], $3::int[]) as r (post_id, number)
  join concern_posts m on m.post_id = r.post_id and not m.held
  join concerns c on c.id = m.concern_id and c.office_id = $1 and c.number is null and c.merged_into is null
  group by 1, 2 order by count(*) desc, 1, 2`;

async function hasPosts(client: Queryable, concernId: number): Promise<boolean> {
  const found = await client.query('select 1 from concern_posts where concern_id = $1 limit 1', [concernId]);
  return found.rowCount === 1;
}

/** @returns the concerns that have lost posts */
async function movePosts(
  client: Queryable,
  officeId: number,
  known: Numbers,
  moved: Grouped['moved'],
  touched: Set<number>,
): Promise<Set<number>> {
  const lost = new Set<number>();
  if (moved.length === 0) return lost;
  await known.adopt(moved);
  await known.make(moved.flatMap(({ to }) => (to === null ? [] : [to])));
  const target = new Map<number, number | null>();
  for (const { post, to } of moved) target.set(post, to === null ? null : known.standingOf(to));
  const now = await client.query<{ id: number; concernId: number | null; held: boolean }>(
    `select p.id, m.concern_id as "concernId", coalesce(m.held, false) as held
     from posts p left join concern_posts m on m.post_id = p.id where p.id = any ($1::bigint[]) and p.office_id = $2`,
    [[...target.keys()], officeId],
  );
  const changed = now.rows.filter(({ id, concernId, held }) => !held && target.get(id) !== concernId);
  const placed = changed.flatMap(({ id, concernId }) => {
    if (concernId === null) return [];
    lost.add(concernId);
    touched.add(concernId);
    return [id];
  });
  await countInConcerns(client, placed, 'take-out');
  const out = changed.flatMap(({ id }) => (target.get(id) === null ? [id] : []));
  if (out.length > 0) {
    await client.query('delete from concern_posts where post_id = any ($1::bigint[])', [out]);
  }
  const put = changed.flatMap(({ id }) => {
    const to = target.get(id);
    return to === null || to === undefined ? [] : [{ id, to }];
  });
  await client.query(PUT, [put.map(({ id }) => id), put.map(({ to }) => to)]);
  for (const { to } of put) touched.add(to);
  await countInConcerns(
    client,
    put.map(({ id }) => id),
    'add',
  );
  return lost;
}

const PUT = `
  insert into concern_posts (office_id, post_id, concern_id, at)
  select p.office_id, p.id, r.concern_id, p.at from unnest($1::bigint[], $2::bigint[]) as r (id, concern_id)
  join posts p on p.id = r.id
  on conflict (post_id) do update set concern_id = excluded.concern_id`;

/** Makes one concern a part of another one, with all its posts and counters, also those of posts that have gone since. */
export async function mergeInto(client: Queryable, from: number, to: number): Promise<void> {
  await client.query('update concern_posts set concern_id = $2 where concern_id = $1', [from, to]);
  for (const statement of MERGE) await client.query(statement, [from, to]);
}

/** What a person has named or pinned stays named and pinned when grouping makes it a part of another one. */
async function carryOver(client: Queryable, from: number, to: number): Promise<void> {
  await client.query(
    `update concerns c set renamed = coalesce(c.renamed, f.renamed), pinned_at = coalesce(c.pinned_at, f.pinned_at)
     from concerns f where f.id = $1 and c.id = $2 and (f.renamed is not null or f.pinned_at is not null)`,
    [from, to],
  );
}

const MERGE = [
  `insert into pulse_by as c (office_id, dimension, key, hour, sentiment, posts, copies)
   select office_id, dimension, $2::bigint::text, hour, sentiment, posts, copies from pulse_by
   where dimension = 'concern' and key = $1::bigint::text and office_id = (select office_id from concerns where id = $1::bigint)
   on conflict (office_id, dimension, key, hour, sentiment)
   do update set posts = c.posts + excluded.posts, copies = c.copies + excluded.copies`,
  `delete from pulse_by where dimension = 'concern' and key = $1::bigint::text
     and office_id = (select office_id from concerns where id = $2::bigint)`,
  `insert into concern_sources as c (office_id, concern_id, source_id, outlet, posts, copies, first_at, last_at)
   select office_id, $2::bigint, source_id, outlet, posts, copies, first_at, last_at from concern_sources
   where concern_id = $1::bigint and posts > 0
   on conflict (concern_id, source_id, outlet) do update set posts = c.posts + excluded.posts,
     copies = c.copies + excluded.copies, first_at = least(c.first_at, excluded.first_at),
     last_at = greatest(c.last_at, excluded.last_at)`,
  `delete from concern_sources where concern_id = $1::bigint and $2::bigint <> concern_id`,
  `update concerns c set posts = c.posts + f.posts, copies = c.copies + f.copies
   from concerns f where f.id = $1::bigint and c.id = $2::bigint`,
  `update concerns set merged_into = $2::bigint, posts = 0, copies = 0, sources = 0, heat = 0, sentences = '[]',
     sentence_posts = '{}' where id = $1::bigint`,
];

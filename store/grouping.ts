import type { Queryable } from './pool.ts';

/**
 * Has grouping look at posts: those that have come, and those of which something was said that decides whether they are
 * grouped. Belongs into the transaction that stores or changes them; a killed process forgets none.
 */
export async function queueGrouping(
  client: Queryable,
  officeId: number,
  postIds: readonly number[],
): Promise<void> {
  if (postIds.length === 0) return;
  await client.query('insert into grouping_backlog (office_id, post_ids) values ($1, $2)', [
    officeId,
    postIds,
  ]);
}

/** Has grouping learn what a person did by hand, or undid. Belongs into the transaction of the act. */
export async function queueAct(
  client: Queryable,
  officeId: number,
  actId: number,
  undone: boolean,
): Promise<void> {
  await client.query('insert into grouping_backlog (office_id, act_id, undone) values ($1, $2, $3)', [
    officeId,
    actId,
    undone,
  ]);
}

/**
 * Posts are about to go for good: the sentences that were taken from them go at once, and a label that rests on them is
 * taken anew. Counters stay, and so does a concern that has no posts any more. For `forgetPosts`.
 */
export async function leaveConcerns(
  client: Queryable,
  officeId: number,
  postIds: readonly number[],
): Promise<void> {
  await client.query(
    `update concerns c set labelled_posts = null, sentence_posts = '{}', sentences = (
       select coalesce(jsonb_agg(s order by n), '[]') from jsonb_array_elements(c.sentences) with ordinality as e (s, n)
       where (s ->> 'postId')::bigint <> all ($2::bigint[]))
     where c.office_id = $1 and c.sentence_posts && $2::bigint[]`,
    [officeId, postIds],
  );
  // Also those that stand alone: grouping knows their words.
  await queueGrouping(client, officeId, postIds);
}

/** Offices with posts to group, the longest waiting first. */
export async function officesToGroup(db: Queryable, limit = 100): Promise<number[]> {
  const found = await db.query<{ id: number }>(
    'select office_id as id from grouping_backlog group by office_id order by min(id) limit $1',
    [limit],
  );
  return found.rows.map(({ id }) => id);
}

/** What a person did by hand, as it is told to grouping. Numbers are those of the concerns, posts those that were moved. */
export type ActOrder = {
  actId: number;
  kind: 'merge' | 'split';
  undone: boolean;
  concernId: number;
  otherId: number;
  posts: number[];
};

export type Portion = { rows: number[]; postIds: number[]; acts: ActOrder[]; left: boolean };

/** Rows of the backlog that are looked at for one portion. */
const ROWS = 200;

/**
 * The next of the backlog, in order: posts up to about `size`, or one act alone. For whoever holds `lockGrouping`;
 * `donePortion` takes it out.
 */
export async function nextPortion(client: Queryable, officeId: number, size: number): Promise<Portion> {
  const found = await client.query<{ id: number; postIds: string[]; actId: number | null; undone: boolean }>(
    `select id, post_ids as "postIds", act_id as "actId", undone from grouping_backlog
     where office_id = $1 order by id limit $2`,
    [officeId, ROWS],
  );
  const portion: Portion = { rows: [], postIds: [], acts: [], left: false };
  for (const { id, postIds: texts, actId, undone } of found.rows) {
    // Within an array the driver leaves ids as text.
    const postIds = texts.map(Number);
    const full = portion.postIds.length > 0 && portion.postIds.length + postIds.length > size;
    if (full || portion.acts.length > 0 || (actId !== null && portion.rows.length > 0)) {
      portion.left = true;
      break;
    }
    if (postIds.length > 2 * size) {
      // A large upload is one transaction: the rest of it comes first next time.
      await client.query('update grouping_backlog set post_ids = post_ids[$2::int:] where id = $1', [
        id,
        size + 1,
      ]);
      portion.postIds.push(...postIds.slice(0, size));
      portion.left = true;
      break;
    }
    portion.rows.push(id);
    portion.postIds.push(...postIds);
    if (actId !== null) portion.acts.push(...(await actOrder(client, actId, undone)));
  }
  portion.left ||= found.rows.length === ROWS;
  return portion;
}

/** Nothing for an act that was undone before grouping heard of it. */
async function actOrder(client: Queryable, actId: number, undone: boolean): Promise<ActOrder[]> {
  const found = await client.query<Omit<ActOrder, 'actId' | 'undone'>>(
    `select kind, concern_id as "concernId", (before ->> 'other')::bigint as "otherId",
       array(select jsonb_array_elements_text(before -> 'posts')::bigint) as posts
     from concern_acts where id = $1 and kind in ('merge', 'split') and ($2 or undone_at is null)`,
    [actId, undone],
  );
  return found.rows.map((row) => ({ ...row, posts: row.posts.map(Number), actId, undone }));
}

export async function donePortion(client: Queryable, { rows }: Portion): Promise<void> {
  await client.query('delete from grouping_backlog where id = any ($1::bigint[])', [rows]);
}

/** A post as grouping looks at it. */
export type PostToGroup = {
  id: number;
  title: string | null;
  text: string;
  at: Date;
  /** The post that it goes with: the first of the same words, or what it comments on. */
  lead: number | null;
  relevant: boolean;
};

/** Posts by id, in the order in which they came; those that have gone are left out. */
export async function postsToGroup(client: Queryable, ids: readonly number[]): Promise<PostToGroup[]> {
  const found = await client.query<PostToGroup>(
    `select p.id, p.title, p.text, p.at, p.relevance = 'relevant' as relevant, coalesce(parent.id, p.copy_of) as lead
     from posts p left join lateral (
       select coalesce(q.copy_of, q.id) as id from posts q
       where q.url = p.parent_url and q.office_id = p.office_id and q.kind <> 'comment' and q.relevance = 'relevant'
         and q.id < p.id
       order by q.id limit 1
     ) parent on p.kind = 'comment'
     where p.id = any ($1::bigint[]) order by p.id`,
    [ids],
  );
  return found.rows;
}

/** The next posts of an office that are to be grouped from the beginning, in the order in which they came; without those that wait. */
export async function postsToGroupAnew(
  client: Queryable,
  officeId: number,
  since: Date,
  after: number,
  limit: number,
): Promise<number[]> {
  const found = await client.query<{ id: number }>(
    `select id from posts where office_id = $1 and id > $2 and at >= $3 and relevance = 'relevant'
       and id not in (select unnest(post_ids) from grouping_backlog where office_id = $1)
     order by id limit $4`,
    [officeId, after, since, limit],
  );
  return found.rows.map(({ id }) => id);
}

/** What grouping has kept of an office. */
export type GroupingState = { turn: number; snapshot: Buffer | null; journal: Buffer[] };

export async function groupingTurn(client: Queryable, officeId: number): Promise<number> {
  const found = await client.query<{ turn: number }>(
    'select turn from grouping_states where office_id = $1',
    [officeId],
  );
  return found.rows[0]?.turn ?? 0;
}

/** @returns null when nothing was kept, or in another form than `form` */
export async function groupingState(
  client: Queryable,
  officeId: number,
  form: number,
): Promise<GroupingState | null> {
  const found = await client.query<{ turn: number; snapshot: Buffer | null }>(
    'select turn, state as snapshot from grouping_states where office_id = $1 and form = $2',
    [officeId, form],
  );
  const [row] = found.rows;
  if (!row) return null;
  const journal = await client.query<{ entry: Buffer }>(
    'select entry from grouping_journal where office_id = $1 order by id',
    [officeId],
  );
  return { ...row, journal: journal.rows.map(({ entry }) => entry) };
}

/** Raises the turn: whoever has the state of before in memory finds out. @returns the turn that it is now */
export async function keepJournal(
  client: Queryable,
  officeId: number,
  form: number,
  entry: Uint8Array | null,
): Promise<number> {
  if (entry) {
    await client.query('insert into grouping_journal (office_id, entry) values ($1, $2)', [officeId, entry]);
  }
  const kept = await client.query<{ turn: number }>(
    `insert into grouping_states as g (office_id, turn, form) values ($1, 1, $2)
     on conflict (office_id) do update set turn = g.turn + 1, form = excluded.form returning turn`,
    [officeId, form],
  );
  return kept.rows[0]?.turn ?? 0;
}

/** As `keepJournal`, with the whole state: the journal so far is not needed any more. */
export async function keepSnapshot(
  client: Queryable,
  officeId: number,
  form: number,
  snapshot: Uint8Array,
): Promise<number> {
  await client.query('delete from grouping_journal where office_id = $1', [officeId]);
  const kept = await client.query<{ turn: number }>(
    `insert into grouping_states as g (office_id, turn, form, state, saved_at) values ($1, 1, $2, $3, now())
     on conflict (office_id) do update
     set turn = g.turn + 1, form = excluded.form, state = excluded.state, saved_at = now() returning turn`,
    [officeId, form, snapshot],
  );
  return kept.rows[0]?.turn ?? 0;
}

/**
 * Drops what was kept in another form. Grouping knows no concern any more: `applyGrouped` gives them their new numbers, each to
 * the one that has its posts.
 */
export async function dropGroupingState(client: Queryable, officeId: number): Promise<void> {
  await client.query('delete from grouping_journal where office_id = $1', [officeId]);
  await client.query('update grouping_states set state = null where office_id = $1', [officeId]);
  await client.query('update concerns set number = null where office_id = $1', [officeId]);
}

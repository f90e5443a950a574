import { createHash, randomBytes } from 'node:crypto';
import { Refused } from '../config/errors.ts';
import type { Actor } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { PostKind } from './drafts.ts';
import { messages } from './messages.ts';
import { transaction, type Queryable, type Store } from './pool.ts';
import type { Sentiment, Voice } from './posts.ts';

/** What a saved search asks for; times as ISO 8601, `hours` back from now instead of them. */
export type Asks = {
  text: string;
  hours: number | null;
  from: string | null;
  to: string | null;
  sourceIds: number[];
  sourceKinds: string[];
  sentiments: Sentiment[];
  kinds: PostKind[];
  lines: string[];
  voices: Voice[];
  watches: number[];
  place: string | null;
  withCopies: boolean;
  withRest: boolean;
  /** An office with what lies below it, or `only` itself; null: all in reach. */
  office: number | null;
  only: boolean;
};

export type SavedSearch = {
  id: number;
  officeId: number;
  personId: string;
  name: string;
  /** What comes after the question mark of the search page's address. */
  query: string;
  asks: Asks;
  /** Whether it is looked for new posts (see `fresh`). */
  alert: boolean;
  madeAt: Date;
  /** The newest post that it had found when the person last looked. */
  seenPost: number;
  /** How many posts it has found since; as of `checkedAt`. */
  fresh: number;
  checkedAt: Date | null;
  /** Null: there is no feed. */
  feedMadeAt: Date | null;
  feedReadAt: Date | null;
};

/** Each of them is looked at every few minutes. */
export const MOST_SEARCHES = 50;

const COLUMNS = `id, office_id as "officeId", person_id as "personId", name, query, asks, alert, made_at as "madeAt",
  seen_post as "seenPost", fresh, checked_at as "checkedAt", feed_made_at as "feedMadeAt", feed_read_at as "feedReadAt"`;

/** What a person has saved, by name. */
export async function savedSearches(db: Queryable, personId: string): Promise<SavedSearch[]> {
  const found = await db.query<SavedSearch>(
    `select ${COLUMNS} from saved_searches where person_id = $1 order by name, id limit ${MOST_SEARCHES}`,
    [personId],
  );
  return found.rows;
}

/** Null: it is not there, or another person's. */
export async function savedSearch(db: Queryable, personId: string, id: number): Promise<SavedSearch | null> {
  const found = await db.query<SavedSearch>(
    `select ${COLUMNS} from saved_searches where person_id = $1 and id = $2`,
    [personId, id],
  );
  return found.rows[0] ?? null;
}

/** How many new posts all of a person's searches have found. */
export async function freshOfAll(db: Queryable, personId: string): Promise<number> {
  const found = await db.query<{ fresh: number }>(
    'select coalesce(sum(fresh), 0)::int as fresh from saved_searches where person_id = $1 and alert',
    [personId],
  );
  return found.rows[0]?.fresh ?? 0;
}

/** @throws Refused `saved-search-many` when the person has as many as there may be */
export async function saveSearch(
  store: Store,
  actor: Actor,
  search: Pick<SavedSearch, 'name' | 'query' | 'asks' | 'alert' | 'seenPost'>,
): Promise<number> {
  return transaction(store, async (client) => {
    const { name, query, asks, alert, seenPost } = search;
    const made = await client.query<{ id: number }>(
      `insert into saved_searches (office_id, person_id, name, query, alert, seen_post, asks)
       select $1, $2, $3, $4, $5, $6, $7
       where (select count(*) from saved_searches where person_id = $2) < ${MOST_SEARCHES} returning id`,
      [actor.officeId, actor.id, name, query, alert, seenPost, JSON.stringify(asks)],
    );
    const id = made.rows[0]?.id;
    if (id === undefined) throw new Refused('saved-search-many', messages.savedSearches.many(MOST_SEARCHES));
    await appendAudit(client, {
      ...{ ...actor, action: 'search-save', subject: `saved-search:${id}` },
      after: { name, query, alert },
    });
    return id;
  });
}

/** Ends a search together with its feed. @returns false when it is not there, or another person's */
export async function dropSearch(store: Store, actor: Actor, id: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const dropped = await client.query<{ name: string; query: string }>(
      'delete from saved_searches where person_id = $1 and id = $2 returning name, query',
      [actor.id, id],
    );
    const [before] = dropped.rows;
    if (!before) return false;
    await appendAudit(client, { ...actor, action: 'search-drop', subject: `saved-search:${id}`, before });
    return true;
  });
}

/** Whether a search is looked for new posts. What was new is so no longer. */
export async function setAlert(store: Store, actor: Actor, id: number, alert: boolean): Promise<boolean> {
  return transaction(store, async (client) => {
    const changed = await client.query(
      'update saved_searches set alert = $3, fresh = 0 where person_id = $1 and id = $2 and alert <> $3',
      [actor.id, id, alert],
    );
    if (changed.rowCount === 0) return false;
    await appendAudit(client, {
      ...{ ...actor, action: 'search-alert', subject: `saved-search:${id}` },
      before: { alert: !alert },
      after: { alert },
    });
    return true;
  });
}

/** The person has looked: what it has found up to this post is not new. A mark for themselves, not audited. */
export async function markSeen(db: Queryable, personId: string, id: number, seenPost: number): Promise<void> {
  await db.query(
    `update saved_searches set seen_post = greatest(seen_post, $3), fresh = 0 where person_id = $1 and id = $2`,
    [personId, id, seenPost],
  );
}

/**
 * Searches that are to be looked for new posts, of all people who can sign in, the longest unlooked-for first.
 * @param before only those that nobody has looked at since
 * @param without those that could not be looked at
 */
export async function searchesToCheck(
  db: Queryable,
  limit: number,
  before: Date,
  without: readonly number[],
): Promise<SavedSearch[]> {
  const found = await db.query<SavedSearch>(
    `select ${COLUMNS} from saved_searches
     where alert and (checked_at is null or checked_at < $2) and id <> all ($3::int[])
       and exists (select 1 from people p where p.id = person_id and p.disabled_at is null)
     order by checked_at nulls first, id limit $1`,
    [limit, before, without],
  );
  return found.rows;
}

/** Writes down what was found after `seenPost`; nothing when the person has looked meanwhile. */
export async function setFresh(
  db: Queryable,
  { id, seenPost }: Pick<SavedSearch, 'id' | 'seenPost'>,
  fresh: number,
): Promise<void> {
  await db.query(
    `update saved_searches set fresh = case when seen_post = $2 then $3 else fresh end, checked_at = now() where id = $1`,
    [id, seenPost, fresh],
  );
}

/** So that somebody who finds one knows what it is. */
const PREFIX = 'jsf_';

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * Opens a feed, or gives an open one another address: the one before is good no longer.
 * @returns the token in its address, which is kept nowhere; null when the search is not there, or another person's
 */
export async function openFeed(store: Store, actor: Actor, id: number): Promise<string | null> {
  const token = PREFIX + randomBytes(32).toString('base64url');
  return transaction(store, async (client) => {
    const changed = await client.query(
      `update saved_searches set feed_digest = $3, feed_made_at = now(), feed_read_at = null where person_id = $1 and id = $2`,
      [actor.id, id, digestOf(token)],
    );
    if (changed.rowCount === 0) return null;
    await appendAudit(client, { ...actor, action: 'feed-open', subject: `saved-search:${id}` });
    return token;
  });
}

/** Ends a feed: its address is good no longer. */
export async function closeFeed(store: Store, actor: Actor, id: number): Promise<boolean> {
  return transaction(store, async (client) => {
    const changed = await client.query(
      `update saved_searches set feed_digest = null, feed_made_at = null, feed_read_at = null
       where person_id = $1 and id = $2 and feed_digest is not null`,
      [actor.id, id],
    );
    if (changed.rowCount === 0) return false;
    await appendAudit(client, { ...actor, action: 'feed-close', subject: `saved-search:${id}` });
    return true;
  });
}

/** The search behind a feed's address; null when there is none, it was ended, or its person can sign in no longer. */
export async function searchOfFeed(db: Queryable, token: string): Promise<SavedSearch | null> {
  if (!token.startsWith(PREFIX) || token.length > 100) return null;
  const found = await db.query<SavedSearch>(
    `update saved_searches set feed_read_at = now()
     where feed_digest = $1 and exists (select 1 from people p where p.id = person_id and p.disabled_at is null)
     returning ${COLUMNS}`,
    [digestOf(token)],
  );
  return found.rows[0] ?? null;
}

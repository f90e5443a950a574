import type { Queryable } from './pool.ts';
import type { Relevance } from './posts.ts';
import type { ReviewField } from './reviews.ts';
import { WATCHED_POST, type WatchedPost } from './watch-backlog.ts';
import { watchesFor } from './watches.ts';

/** What both a word can change and a watch may ask about. */
const watchedFields = ['sentiment', 'line', 'voice', 'place'] as const;
export type WatchedField = (typeof watchedFields)[number];

/** A query is read with its watch; what it means is not known here. */
type Asked = { id: number; officeId: number; query: string };

/** Asks those of the watches that look at the field. @returns the asked → whether it matches the post */
export type AskWatches = (
  asked: { post: WatchedPost; watches: readonly Asked[] },
  field: WatchedField,
) => ReadonlyMap<number, boolean>;

/**
 * Brings the marks of a post in line with a field that has changed, within the transaction that changes it, holds
 * `lockPosts` and has taken the post out of the counters: a watch that changes meanwhile asks later by itself. Marks of
 * watches that do not look at the field, or are not asked any more, stay.
 * @returns whether the post was off-topic until then and is not any more
 */
export async function markAgain(
  client: Queryable,
  officeId: number,
  postId: number,
  field: ReviewField,
  ask: AskWatches,
): Promise<boolean> {
  const watched = watchedFields.find((each) => each === field);
  if (!watched) return false;
  const watches = await watchesFor(client, officeId);
  if (watches.length === 0) return false;
  const found = await client.query<Marked>(MARKED, [postId]);
  const [row] = found.rows;
  if (!row) return false;
  const { marks: before, ...post } = row;
  const marks = new Set(before);
  for (const [id, matches] of ask({ post, watches }, watched)) {
    if (matches) marks.add(id);
    else marks.delete(id);
  }
  const relevance = relevanceOf(row, marks.size > 0);
  await client.query('update posts set watches = $2, relevance = $3 where id = $1', [
    postId,
    [...marks].sort((a, b) => a - b),
    relevance,
  ]);
  return row.relevance === 'off-topic' && relevance !== 'off-topic';
}

type Marked = WatchedPost & { marks: number[]; relevance: Relevance; settled: boolean; freed: boolean };

const MARKED = `
  select ${WATCHED_POST}, p.watches as marks, p.relevance, 'relevance' = any (p.reviewed) as settled,
    exists (select from reviews r where r.post_id = p.id and r.made_relevant) as freed
  from posts p left join sources s on s.id = p.source_id where p.id = $1`;

/** What is asked for has to do with the work; a person's word about that stands. */
function relevanceOf({ relevance, settled, freed }: Marked, marked: boolean): Relevance {
  if (settled) return relevance;
  if (relevance === 'off-topic' && marked) return 'relevant';
  return relevance === 'relevant' && !marked && freed ? 'off-topic' : relevance;
}

import type { QueryFault } from '../../indexer/watches/query.ts';
import type { Segment } from '../../indexer/search/marks.ts';
import type { PostKind } from '../../store/drafts.ts';
import type { Sentiment } from '../../store/posts.ts';

/** A post that a query has found, as it is shown: title and the part of the text around the first word that was found. */
export type TrialHit = {
  id: number;
  title: Segment[] | null;
  text: Segment[];
  sourceName: string;
  /** ISO 8601. */
  at: string;
  sentiment: Sentiment;
  kind: PostKind;
};

/** What the hub answers, line by line, to a query that is checked or tried. */
export type TrialLine =
  | { say: 'checked'; fault: QueryFault | null }
  | { say: 'progress'; scanned: number; matched: number }
  /** `since`: the oldest post that was looked at, ISO 8601, where older ones were left out; null: all were looked at. */
  | { say: 'found'; scanned: number; matched: number; since: string | null; hits: TrialHit[] };

/** A query is tried on no more than so many posts, and on none older than so many days. */
export const TRIED_POSTS = 20_000;
export const TRIED_DAYS = 30;

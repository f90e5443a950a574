import type { AskWatches } from '../../store/review-watches.ts';
import { matchStoredPosts, watchTask, type WatchedPost, type WatchTask } from '../../store/watch-backlog.ts';
import type { Store } from '../../store/pool.ts';
import { analysed } from '../steps/simplify.ts';
import { fold } from '../text/fold.ts';
import { compileWatches } from './compile.ts';
import { names } from './names.ts';
import { parseQuery } from './parser.ts';
import type { Query } from './query.ts';
import { WatchSet, type CompiledWatch, type Subject } from './watch-set.ts';

/** What a query is asked about a stored post: the same as when it came in. */
export function subjectOf(post: Omit<WatchedPost, 'id'>): Subject {
  const { title, text, outlet, kind, sourceKind, place, line, voice, sentiment } = post;
  return {
    analysed: analysed(title, text),
    outlet: outlet === null ? '' : fold(outlet),
    ...{ kind, sourceKind, place, line, voice, sentiment },
  };
}

/**
 * Asks a watch about the stored posts of an office, page by page; whoever is stopped in between goes on where it was.
 * @returns how many posts were asked about
 */
export async function askStored(
  store: Store,
  task: Omit<WatchTask, 'second'>,
  signal?: AbortSignal,
): Promise<number> {
  let asked = 0;
  for (;;) {
    const watch = await watchTask(store, task);
    if (!watch) return asked;
    const watches = compileWatches([watch]);
    const page = await matchStoredPosts(store, task, (posts) => {
      return new Set(
        posts.filter((post) => watches.match(subjectOf(post), null).length > 0).map(({ id }) => id),
      );
    });
    if (page === null || signal?.aborted) return asked;
    asked += page;
  }
}

/** Asks about a post of which a person has said something: the watches that look at that field. */
export const askAgain: AskWatches = ({ post, watches }, field) => {
  const asked: CompiledWatch[] = [];
  for (const { id, officeId, query } of watches) {
    const parsed = parseQuery(query, names);
    if ('query' in parsed && looksAt(parsed.query, field)) asked.push({ id, officeId, query: parsed.query });
  }
  if (asked.length === 0) return new Map();
  const matched = new Set(new WatchSet(asked).match(subjectOf(post), null));
  return new Map(asked.map(({ id }) => [id, matched.has(id)]));
};

function looksAt(query: Query, field: string): boolean {
  if (query.is === 'value') return query.field === field;
  if (query.is === 'not') return looksAt(query.of, field);
  return (query.is === 'all' || query.is === 'any') && query.of.some((each) => looksAt(each, field));
}

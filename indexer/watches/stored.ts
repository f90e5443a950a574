import { matchStoredPosts, watchTask, type WatchedPost, type WatchTask } from '../../store/watch-backlog.ts';
import type { Store } from '../../store/pool.ts';
import { analysed } from '../steps/simplify.ts';
import { fold } from '../text/fold.ts';
import { compileWatches } from './compile.ts';
import type { Subject } from './watch-set.ts';

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

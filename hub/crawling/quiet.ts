import { usualQuiet } from '../../crawler/health.ts';
import type { Store } from '../../store/pool.ts';
import { hoursWithPosts, quietIsStale, setQuiet } from '../../store/sources.ts';

/** Works out now and then how long a silence is nothing unusual for the source. */
export async function learnQuiet(store: Store, sourceId: number): Promise<void> {
  if (!(await quietIsStale(store, sourceId))) return;
  await setQuiet(store, sourceId, usualQuiet(await hoursWithPosts(store, sourceId)));
}

import { concernsToLabel, keepLabels, postsToLabel, type ConcernLabel } from '../../store/concern-labels.ts';
import { tellLive } from '../../store/live.ts';
import { lockPosts } from '../../store/locks.ts';
import { transaction, type Store } from '../../store/pool.ts';
import type { Segmenter } from '../text/segmenter.ts';
import type { Concerns } from './concerns.ts';
import { describe } from './describe.ts';

/** Concerns that are named in one transaction, in which the office's visits wait. */
const NAMED = 20;

/**
 * Names concerns whose label is due.
 * @returns whether more may be due
 */
export async function labelConcerns(
  store: Store,
  officeId: number,
  concerns: Concerns,
  segmenter: Segmenter,
  limit = NAMED,
): Promise<boolean> {
  const due = await concernsToLabel(store, officeId, limit);
  if (due.length === 0) return false;
  await transaction(store, async (client) => {
    await lockPosts(client, officeId);
    const posts = await postsToLabel(client, due);
    const labels = new Map<number, ConcernLabel | null>();
    for (const id of due) {
      const own = posts.get(id);
      labels.set(id, own ? describe(own, concerns, segmenter) : null);
    }
    await keepLabels(client, labels);
    await tellLive(client, { kind: 'concerns', officeId });
  });
  return due.length === limit;
}

import type { Store } from '../store/pool.ts';
import { expirePosts, finishRuns, isRetained, officesWithOldPosts, sweep } from '../store/retention.ts';

const DAY_MS = 86_400_000;

export type RetentionSettings = { rawTextDays: number; contactDays: number; objectionDays: number };

/**
 * The day's clearing of every office: raw text that has had its time becomes what the counters already know, and whatever
 * else has run out goes. Killed at any moment and run again, it goes on where it was.
 * @param store with every office in its scope
 * @param officeId the hub's own office; its run ends last and stands for the whole
 * @param day in Asia/Shanghai, `2026-11-22`
 */
export async function retain(
  store: Store,
  officeId: number,
  day: string,
  now: Date,
  settings: RetentionSettings,
): Promise<void> {
  if (await isRetained(store, officeId, day)) return;
  const before = new Date(now.getTime() - settings.rawTextDays * DAY_MS);
  const others = (await officesWithOldPosts(store, before)).filter((id) => id !== officeId);
  for (const id of [...others, officeId]) {
    while ((await expirePosts(store, id, day, before)).more);
    if (id === officeId) await sweep(store, officeId, day, settings);
    await finishRuns(store, id);
  }
}

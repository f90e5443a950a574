import type { ReplayResult } from '../../store/replays.ts';

/**
 * What a suggestion of a replay was: about a marked event, false because it belongs to none, or unknown because nobody has
 * marked any event of that time.
 */
export function trueness(
  { events }: Pick<ReplayResult, 'events'>,
  { event }: Pick<ReplayResult['suggestions'][number], 'event'>,
): { event: number } | 'false' | 'unknown' {
  if (event !== null) return { event };
  return events.length > 0 ? 'false' : 'unknown';
}

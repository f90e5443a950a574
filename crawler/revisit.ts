import type { Judgement, Standing } from '../store/source-states.ts';
import { isBusy, isStop, type Seen } from './health.ts';

/** Why the time between two visits is what it is; a word for each stands in messages.ts. */
export type IntervalReason =
  | 'many' // so much was new that some of it may have scrolled away: as often as allowed
  | 'new' // there was something new: twice as often
  | 'none' // there was not: a little less often
  | 'missed' // something is to be tried again: as before
  | 'rest' // a part was left for next time: as soon as allowed
  | 'failed' // nothing was got: sooner once, to be sure, then less and less often
  | 'refused' // we are not let in: as seldom as allowed
  | 'busy' // its host was not free: as before, and this visit once more soon
  | 'asked' // the site asked for a pause
  | 'stopped'; // a person has stopped it: as before

type Revisit = Pick<Judgement, 'intervalSeconds' | 'waitSeconds'> & { intervalReason: IntervalReason };

const WEEK = 604_800;
const FASTER = 0.5;
/** With this, three to four visits come to one that brings something new. */
const SLOWER = 1.3;
/** The second look at a source that failed comes no later than this, where its least interval allows. */
const LOOK_AGAIN = 600;
/** A visit that was not made is made this much later, where nothing else is said. */
const BUSY_SECONDS = 60;
const UNDONE = new Set(['later']);

/**
 * When a source is visited next: learned from whether its visits bring something new, never below `leastSeconds`, never
 * above `longestSeconds` (null: eight times the least, and no more than a week).
 * @param judged what the visit made of the source
 * @param visit `expected`: how many items it listed; `retryAfterSeconds`: what the site asked for, which is kept also beyond
 *   the longest interval, up to a week
 */
export function nextVisit(
  before: Pick<Standing, 'currentSeconds' | 'leastSeconds' | 'longestSeconds'>,
  judged: Pick<Judgement, 'health' | 'bad'>,
  visit: Seen & { expected: number | null; unsettled: boolean; retryAfterSeconds: number | null },
): Revisit {
  const least = before.leastSeconds;
  const longest = Math.max(least, before.longestSeconds ?? Math.min(8 * least, WEEK));
  const within = (seconds: number) => Math.round(Math.min(longest, Math.max(least, seconds)));
  const current = within(before.currentSeconds ?? least);
  if (isBusy(visit)) {
    const waitSeconds = Math.min(current, visit.retryAfterSeconds ?? BUSY_SECONDS);
    return { intervalSeconds: current, waitSeconds, intervalReason: 'busy' };
  }
  const [wanted, intervalReason] = wish(current, least, judged, visit);
  const intervalSeconds = within(wanted);
  const asked = Math.min(WEEK, visit.retryAfterSeconds ?? 0);
  return asked > intervalSeconds
    ? { intervalSeconds, waitSeconds: asked, intervalReason: 'asked' }
    : { intervalSeconds, waitSeconds: intervalSeconds, intervalReason };
}

function wish(
  current: number,
  least: number,
  judged: Pick<Judgement, 'health' | 'bad'>,
  visit: Seen & { expected: number | null; unsettled: boolean },
): [number, IntervalReason] {
  if (isStop(visit)) return [current, 'stopped'];
  if (visit.outcome === 'failed') {
    if (judged.health === 'blocked') return [Infinity, 'refused'];
    return [judged.bad === 1 ? Math.min(current, LOOK_AGAIN) : current * 2, 'failed'];
  }
  if (Object.keys(visit.failures).some((reason) => UNDONE.has(reason))) return [least, 'rest'];
  if (visit.fresh > 0) {
    return visit.expected !== null && visit.fresh * 2 >= visit.expected
      ? [least, 'many']
      : [current * FASTER, 'new'];
  }
  return visit.unsettled ? [current, 'missed'] : [current * SLOWER, 'none'];
}

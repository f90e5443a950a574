import { setImmediate } from 'node:timers/promises';
import { heatWeights } from '../../config/heat.ts';
import {
  concernsToHeat,
  gapsOfConcerns,
  hoursOfConcerns,
  keepHeat,
  type GapOfConcern,
  type HeatFound,
  type HeatTask,
  type HourOfConcern,
} from '../../store/concern-heat.ts';
import type { Queryable } from '../../store/pool.ts';
import { heatOf, trendOf } from './heat.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Nothing was said for so long: the concern sleeps. */
const SLEEPS_AFTER = 7 * DAY;
/** Of what was said lately heat changes fast, of the rest slowly. */
const LATELY = 2 * DAY;
const [SOON, LATER] = [10 * MINUTE, 6 * 60 * MINUTE];
/** Beyond so many half-lives before the days that a trend is told by nothing counts any more. */
const HALF_LIVES = 6;
/** Concerns at once, and in one call at most. */
const BATCH = 50;
const MOST = 2_000;
/** From this share of a concern's posts on, gaps of their sources make a moment unknown. */
const UNKNOWN = 0.5;

/**
 * Works out heat and trend of concerns whose turn it is: those that posts came to, and all others now and then. Done twice it
 * says the same, so that it needs no lock.
 * @param officeId of this office only
 * @returns how many
 */
export async function heatDue(
  db: Queryable,
  now: Date,
  signal: AbortSignal,
  officeId: number | null = null,
): Promise<number> {
  let done = 0;
  while (done < MOST && !signal.aborted) {
    const due = await concernsToHeat(db, now, officeId, BATCH);
    if (due.length === 0) return done;
    await keepHeat(db, await found(db, due, now), now);
    done += due.length;
    if (due.length < BATCH) return done;
    await setImmediate();
  }
  return done;
}

async function found(db: Queryable, due: readonly HeatTask[], now: Date): Promise<HeatFound[]> {
  const ids = due.map(({ id }) => id);
  const days = heatWeights.trend.days * DAY + HALF_LIVES * heatWeights.halfLifeHours * 60 * MINUTE;
  const since = new Date(now.getTime() - days);
  const hours = await hoursOfConcerns(db, ids, since);
  const gaps = await gapsOfConcerns(db, ids, since, now);
  return due.map((task) => heatOfOne(task, hours.get(task.id) ?? [], gaps.get(task.id) ?? [], now.getTime()));
}

function heatOfOne(
  { id, posts, firstAt, lastAt }: HeatTask,
  hours: readonly HourOfConcern[],
  gaps: readonly GapOfConcern[],
  now: number,
): HeatFound {
  const { heat, parts } = heatOf(hours, heatWeights, now);
  const isUnknown = (at: number) => unknownAt(gaps, at);
  const trend = trendOf(hours, heatWeights, now, firstAt.getTime(), isUnknown);
  const quiet = now - lastAt.getTime();
  const next = quiet > SLEEPS_AFTER ? null : new Date(now + (quiet < LATELY ? SOON : LATER));
  return { id, posts, heat, parts, trend, next };
}

function unknownAt(gaps: readonly GapOfConcern[], at: number): boolean {
  let share = 0;
  for (const gap of gaps) if (gap.from <= at && at < gap.to) share += gap.share;
  return share >= UNKNOWN;
}

import type { Judgement, SourceHealth, Standing } from '../store/source-states.ts';
import type { VisitOutcome } from '../store/visits.ts';
import { healthWords } from './messages.ts';

/** What of a visit counts for how its source is doing. */
export type Seen = {
  outcome: VisitOutcome;
  reason: string | null;
  /** The reason's sentence for people. */
  detail: string | null;
  /** Status of the answer, where the reason was one. */
  status: number | null;
  failures: Readonly<Record<string, number>>;
  fresh: number;
  at: Date;
};

type Health = Omit<Judgement, 'intervalSeconds' | 'intervalReason' | 'waitSeconds'>;

/** Answers that leave no doubt: asking again changes nothing until a person does something. */
const DEFINITE = new Set([
  'robots-disallow',
  'login-required',
  'captcha',
  'token-rejected',
  'token-expired',
  'credentials-wrong',
  'ip-not-allowed',
  'not-permitted',
  'secret-missing',
  'address-blocked',
]);
/** Refusals that may have been a mood: they count as blocked when they stay. */
const REFUSALS = new Set([401, 403, 407, 451]);
/** Left out on purpose: nothing is wrong with the source. */
const PLANNED = new Set(['later', 'stopped']);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Failing takes three visits that got nothing and lie this far apart, or two where visits are rare. */
const FIRM_AFTER = 10 * MINUTE;
const RARE_AFTER = 6 * HOUR;
/** Good visits in a row until a source counts as well again; twice as many with each further fall within a day, up to a bound. */
const TO_RECOVER = 2;
const MOST_TO_RECOVER = 8;
/** A failing source changes to blocked, or back, when this many answers in a row say so. */
const TO_CHANGE_KIND = 3;

/**
 * How a source is doing after one more visit. Slow to change its mind: one failed visit is not yet an outage, one good one
 * not yet a recovery, and a source that flaps stays degraded.
 */
export function judgeHealth(before: Standing, seen: Seen): Health {
  if (isStop(seen) || isBusy(seen)) {
    const { health, reason, detail, good, usable, bad, alike, badSince } = before;
    return { health, reason, detail, good, usable, bad, alike, badSince };
  }
  return seen.outcome === 'failed' ? fell(before, seen) : rose(before, seen);
}

/**
 * The visit was ended by a person's stop, of the source or of a host that it leads to: it says nothing about the source. That
 * a source is off is told by the stop, not by a visit.
 */
export function isStop({ outcome, reason }: Pick<Seen, 'outcome' | 'reason'>): boolean {
  return outcome === 'failed' && reason === 'stopped';
}

/** Other visits had the host for so long that this one gave up its place: the source was not asked. */
export function isBusy({ outcome, reason }: Pick<Seen, 'outcome' | 'reason'>): boolean {
  return outcome === 'failed' && reason === 'host-busy';
}

function fell(before: Standing, seen: Seen): Health {
  const refused =
    DEFINITE.has(seen.reason ?? '') || seen.reason === 'status-429' || REFUSALS.has(seen.status ?? 0);
  const bad = before.bad + 1;
  const badSince = before.badSince ?? seen.at;
  const alike = before.bad > 0 && refused === before.alike > 0 ? Math.abs(before.alike) + 1 : 1;
  const counts = { good: 0, usable: 0, bad, alike: refused ? alike : -alike, badSince };
  const health = worse(before, { ...counts, alike }, seen, refused);
  return { ...counts, health, reason: seen.reason, detail: seen.detail };
}

function worse(
  before: Standing,
  now: Pick<Standing, 'bad' | 'alike'> & { badSince: Date },
  seen: Seen,
  refused: boolean,
): SourceHealth {
  const kind = refused ? 'blocked' : 'failing';
  const definite = DEFINITE.has(seen.reason ?? '');
  // Nothing good is known of it that one failure could be held against.
  if (before.health === 'unknown' || before.health === 'off') return definite ? 'blocked' : 'failing';
  if (isDown(before)) return before.health !== kind && now.alike >= TO_CHANGE_KIND ? kind : before.health;
  if (definite) return 'blocked';
  const lasts = seen.at.getTime() - now.badSince.getTime();
  const firm = (now.bad >= 3 && lasts >= FIRM_AFTER) || (now.bad >= 2 && lasts >= RARE_AFTER);
  return firm ? kind : 'degraded';
}

const isDown = ({ health }: Pick<Standing, 'health'>) => health === 'failing' || health === 'blocked';

function rose(before: Standing, seen: Seen): Health {
  const whole =
    seen.outcome !== 'partial' || Object.keys(seen.failures).every((reason) => PLANNED.has(reason));
  const counts = {
    good: whole ? before.good + 1 : 0,
    usable: before.usable + 1,
    bad: 0,
    alike: 0,
    badSince: null,
  };
  const missed = { reason: seen.reason, detail: seen.detail };
  const needed = Math.min(MOST_TO_RECOVER, TO_RECOVER * 2 ** Math.max(0, before.falls - 1));
  const back = {
    reason: 'recovering',
    detail: healthWords.recovering(Math.max(1, needed - counts.good)),
  };
  if (isDown(before) && counts.usable < TO_RECOVER) return { ...counts, ...back, health: before.health };
  const ill = isDown(before) || before.health === 'degraded';
  if (ill ? counts.good >= needed : whole) return { ...counts, ...quietOrNot(before, seen) };
  return { ...counts, ...(whole ? back : missed), health: 'degraded' };
}

/** Whether the silence of a source that answers well is longer than it ever used to be. */
export function quietOrNot(
  before: Pick<Standing, 'lastFreshAt' | 'quietSeconds'>,
  seen: Pick<Seen, 'fresh' | 'at'>,
): Pick<Health, 'health' | 'reason' | 'detail'> {
  const { lastFreshAt, quietSeconds } = before;
  if (seen.fresh === 0 && lastFreshAt !== null && quietSeconds !== null) {
    const quiet = (seen.at.getTime() - lastFreshAt.getTime()) / 1000;
    if (quiet > quietSeconds) {
      return { health: 'silent', reason: 'quiet', detail: healthWords.quiet(quiet, quietSeconds) };
    }
  }
  return { health: 'healthy', reason: null, detail: null };
}

/** Fewer distances than these say nothing about what is usual. */
const LEAST_KNOWN = 8;
const DAY_SECONDS = 86_400;

/**
 * How long a source may bring nothing without that being unusual: half as long again as its second-longest silence (so that
 * nights and week-ends count, and one holiday does not), three times what three quarters of its silences stay below (which
 * tells more where few are known), and no less than a day.
 * @param hours times at which it had items, in whole hours, Unix ms, in any order
 * @returns seconds; null when too little is known
 */
export function usualQuiet(hours: readonly number[]): number | null {
  const sorted = [...new Set(hours)].toSorted((a, b) => a - b);
  const distances = sorted
    .slice(1)
    .map((hour, n) => (hour - (sorted[n] ?? hour)) / 1000)
    .toSorted((a, b) => a - b);
  if (distances.length < LEAST_KNOWN) return null;
  const common = distances[Math.floor(distances.length * 0.75)] ?? 0;
  const second = distances.at(-2) ?? 0;
  return Math.round(Math.max(3 * common, 1.5 * second, DAY_SECONDS));
}

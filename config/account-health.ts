/**
 * After how many days without anything new an account is spoken of. From the inspection of government websites and new media
 * (国办秘函〔2019〕19号), which lets a new-media account fail that shows nothing new in the two weeks before it is looked at;
 * some provinces ask for every ten days, some for every week. For a procuratorate it is a benchmark and no rule.
 */
export const FRESHNESS = { strictDays: 7, warnDays: 10, lateDays: 14 } as const;

/** People are told so many days before an authorisation ends; platforms do not prolong it by themselves. */
export const ENDS_IN_DAYS = [7, 3, 1] as const;

const DAY_MS = 86_400_000;

/** `unknown`: nothing was published there through the hub, and what was published otherwise it does not see. */
export type Freshness = 'fresh' | 'weekly' | 'warn' | 'late' | 'unknown';

/** How long nothing new has come, in whole days; null: nobody knows since when. */
export function daysSilent(lastPublishedAt: Date | null, now: Date): number | null {
  return lastPublishedAt && Math.max(0, Math.floor((now.getTime() - lastPublishedAt.getTime()) / DAY_MS));
}

/** @param days whole days without anything new; null: unknown */
export function freshnessOf(days: number | null): Freshness {
  if (days === null) return 'unknown';
  if (days >= FRESHNESS.lateDays) return 'late';
  if (days >= FRESHNESS.warnDays) return 'warn';
  return days >= FRESHNESS.strictDays ? 'weekly' : 'fresh';
}

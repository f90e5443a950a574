const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * When something that stands is looked at again: often on its first day, when most is read and the platform's own review may
 * take it down; every day after that; not any more after thirty days, as long as the platforms' statistics go.
 * @returns null: not any more
 */
export function nextLookAt(publishedAt: Date, now: Date): Date | null {
  const age = now.getTime() - publishedAt.getTime();
  if (age >= 30 * DAY) return null;
  const pause = age < 2 * HOUR ? 30 * MINUTE : age < DAY ? 4 * HOUR : DAY;
  return new Date(now.getTime() + pause);
}

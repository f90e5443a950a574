import { warningMessages } from './messages/warnings.ts';

const words = warningMessages.clocks;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A stretch of time for a running clock: two units, the finer the less there is. */
export function remaining(milliseconds: number): string {
  const size = Math.max(0, milliseconds);
  if (size >= 2 * DAY) return words.days(Math.floor(size / DAY), Math.floor((size % DAY) / HOUR));
  if (size >= HOUR) return words.hours(Math.floor(size / HOUR), Math.floor((size % HOUR) / MINUTE));
  return words.minutes(Math.floor(size / MINUTE), Math.floor((size % MINUTE) / 1_000));
}

import { publicHolidays, workedWeekendDays } from '../../config/holidays.ts';

const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;
const SATURDAY = 6;

/** Days of Asia/Shanghai, counted since 1970 → days until the day whose rhythm they have. */
const shifts: ReadonlyMap<number, number> = new Map([
  ...Array.from(publicHolidays, (day) => [numberOf(day), (7 - weekday(day)) % 7] as const),
  ...Array.from(workedWeekendDays, (day) => [numberOf(day), weekday(day) === SATURDAY ? -1 : 1] as const),
]);

/**
 * The time whose rhythm a time has, both in milliseconds since 1970: on a public holiday that of the Sunday after, on a
 * Saturday or Sunday that is worked that of the Friday before or the Monday after. Any other time is its own.
 */
export function rhythmTime(at: number): number {
  return at + DAY_MS * (shifts.get(Math.floor((at + SHANGHAI_MS) / DAY_MS)) ?? 0);
}

function numberOf(day: string): number {
  return Date.parse(day) / DAY_MS;
}

function weekday(day: string): number {
  return new Date(day).getUTCDay();
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The story lives in one zone without summer time, so plain arithmetic is exact. */
const SHANGHAI = 8 * HOUR;

/** Number of the day in Shanghai, counted from 1970-01-01. */
export function dayOf(at: number): number {
  return Math.floor((at + SHANGHAI) / DAY);
}

/** Unix milliseconds at which that day begins in Shanghai. */
export function startOfDay(day: number): number {
  return day * DAY - SHANGHAI;
}

export interface Calendar {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** 0 is Sunday. */
  weekday: number;
}

/** What a clock on a wall in Shanghai shows. */
export function shanghai(at: number): Calendar {
  const local = new Date(at + SHANGHAI);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
  };
}

/** `08`. */
export function two(value: number): string {
  return String(value).padStart(2, '0');
}

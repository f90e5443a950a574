/** Asia/Shanghai has had no daylight saving since 1991: UTC+8 all year. */
const OFFSET_MS = 8 * 3_600_000;

/** The calendar day that it is in Asia/Shanghai, `2026-11-22`. */
export function shanghaiDay(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 10);
}

/** Day and time in Asia/Shanghai, `2026-11-22 09:05`. */
export function shanghaiTime(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}

/** The hour of the day in Asia/Shanghai, 0–23. */
export function shanghaiHour(at: Date): number {
  return new Date(at.getTime() + OFFSET_MS).getUTCHours();
}

/** Seconds until the next midnight in Asia/Shanghai, when platforms begin to count the day's calls anew. */
export function secondsToShanghaiMidnight(at: number): number {
  const day = 86_400_000;
  return (day - ((at + OFFSET_MS) % day)) / 1000;
}

import { messages } from './messages.ts';

const { units } = messages;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Asia/Shanghai has had no daylight saving since 1991. */
const SHANGHAI_OFFSET = 8 * HOUR;

const grouped = new Intl.NumberFormat('zh-CN', { maximumFractionDigits: 1 });
const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** 9,876 · 1.2 万 · 3.4 亿. Null, which is "not known", is a dash. */
export function count(value: number | null): string {
  if (value === null) return units.unknown;
  // From where one decimal of the smaller unit would round up to the larger one.
  if (value >= 99_995_000) return `${grouped.format(value / 1e8)} ${units.hundredMillion}`;
  if (value >= 10_000) return `${grouped.format(value / 1e4)} ${units.tenThousand}`;
  return grouped.format(value);
}

/** `48 / 50`; one dash where neither is known. */
export function outOf(part: number | null, whole: number | null): string {
  return part === null && whole === null ? units.unknown : `${count(part)} / ${count(whole)}`;
}

/** A share in whole percent; null when there is nothing to be a share of. */
export function percent(part: number, whole: number): string | null {
  if (whole === 0) return null;
  const share = (part / whole) * 100;
  if (share > 0 && share < 1) return units.lessThanPercent;
  // 99.6 % is not all of it.
  return `${part < whole ? Math.min(Math.round(share), 99) : 100}%`;
}

type Fields = { year: string; month: string; day: string; hour: string; minute: string; second: string };

function fields(date: Date): Fields {
  return Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value])) as Fields;
}

/** `2026-11-22 09:05` in Asia/Shanghai. */
export function fullTime(date: Date): string {
  const { year, month, day, hour, minute } = fields(date);
  return `${year}-${month}-${day} ${hour}:${minute}`;
}

export function clock(date: Date): string {
  const { hour, minute } = fields(date);
  return `${hour}:${minute}`;
}

/** `11 月 22 日`, with the year when it is not this one. */
export function day(date: Date, now: Date = date): string {
  const { year, month, day: date_ } = fields(date);
  if (year === fields(now).year) return units.date(Number(month), Number(date_));
  return units.yearDate(Number(year), Number(month), Number(date_));
}

/** `11/22`, where there is no room. */
export function shortDay(date: Date): string {
  const { month, day: date_ } = fields(date);
  return `${Number(month)}/${Number(date_)}`;
}

/** `3 小时前`, `20 分钟后`; beyond a week the date. */
export function relativeTime(date: Date, now: Date): string {
  const distance = now.getTime() - date.getTime();
  const size = Math.abs(distance);
  // The clocks of the machine and the browser may differ by a little.
  if (size < MINUTE) return distance < -5_000 ? units.soon : units.now;
  if (size >= 7 * DAY) return day(date, now);
  const past = distance > 0;
  if (size < HOUR) return (past ? units.minutesAgo : units.minutesOn)(Math.floor(size / MINUTE));
  if (size < DAY) return (past ? units.hoursAgo : units.hoursOn)(Math.floor(size / HOUR));
  return (past ? units.daysAgo : units.daysOn)(Math.floor(size / DAY));
}

export function every(seconds: number): string {
  if (seconds % 86_400 === 0) return units.everyDays(seconds / 86_400);
  if (seconds % 3600 === 0) return units.everyHours(seconds / 3600);
  if (seconds % 60 === 0) return units.everyMinutes(seconds / 60);
  return units.everySeconds(seconds);
}

export function duration(milliseconds: number): string {
  if (milliseconds < MINUTE) return units.seconds(Math.max(1, Math.round(milliseconds / 1000)));
  if (milliseconds < HOUR) return units.minutes(Math.round(milliseconds / MINUTE));
  if (milliseconds < 2 * DAY) return units.hours(Math.round(milliseconds / HOUR));
  return units.days(Math.round(milliseconds / DAY));
}

/** The value of a `datetime-local` field that shows this time in Asia/Shanghai. */
export function toShanghaiInput(date: Date): string {
  return new Date(date.getTime() + SHANGHAI_OFFSET).toISOString().slice(0, 16);
}

/** Reads a `datetime-local` value as Asia/Shanghai; null when it is none. */
export function fromShanghaiInput(value: string): Date | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(value)) return null;
  const date = new Date(`${value}+08:00`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Midnight in Asia/Shanghai of the day that holds this time, `days` later. */
export function shanghaiMidnight(date: Date, days = 0): Date {
  const local = date.getTime() + SHANGHAI_OFFSET;
  return new Date(Math.floor(local / DAY) * DAY + days * DAY - SHANGHAI_OFFSET);
}

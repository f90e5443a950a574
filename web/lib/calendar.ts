import { publicHolidays, workedWeekendDays } from '../../config/holidays.ts';
import { shanghaiDay } from '../../config/shanghai.ts';
import type { CalendarEntry } from '../../store/calendar.ts';

/** Days are written as in Asia/Shanghai, `2026-11-22`, months as `2026-11`. */
export const views = ['month', 'week', 'list'] as const;
export type View = (typeof views)[number];

const DAY_MS = 86_400_000;
const OFFSET = '+08:00';

/** @returns `days` later, or earlier */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 1: Monday … 7: Sunday. */
export function weekdayOf(day: string): number {
  return ((new Date(day).getUTCDay() + 6) % 7) + 1;
}

export function mondayOf(day: string): string {
  return addDays(day, 1 - weekdayOf(day));
}

/** @returns the first day of the month so many months from the day's own */
export function addMonths(day: string, months: number): string {
  const at = new Date(Date.parse(`${day.slice(0, 7)}-01`));
  at.setUTCMonth(at.getUTCMonth() + months);
  return at.toISOString().slice(0, 10);
}

/** When a day begins in Asia/Shanghai. */
export function beginOf(day: string): Date {
  return new Date(`${day}T00:00:00${OFFSET}`);
}

/** The days that a view shows around a day: whole weeks for a month, from Monday on; a list shows four weeks. */
export function daysOf(view: View, day: string): string[] {
  const first = view === 'month' ? mondayOf(`${day.slice(0, 7)}-01`) : view === 'week' ? mondayOf(day) : day;
  const end = view === 'month' ? addMonths(day, 1) : null;
  const days: string[] = [];
  for (let each = first; ; each = addDays(each, 1)) {
    if (
      view === 'month' ? days.length % 7 === 0 && end !== null && each >= end : days.length === LENGTH[view]
    ) {
      return days;
    }
    days.push(each);
  }
}
const LENGTH = { month: 42, week: 7, list: 28 } as const;

/** The day to turn to. */
export function turned(view: View, day: string, by: -1 | 1): string {
  if (view === 'month') return addMonths(day, by);
  return addDays(day, by * LENGTH[view]);
}

/** @returns the day asked for, or today where there is none or no such day */
export function readDay(value: string | null, today: string): string {
  if (value === null || !/^20\d\d-\d\d-\d\d$/.test(value)) return today;
  const at = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== value ? today : value;
}

/** What kind of day it is for people who work. */
export function dayKind(day: string): 'holiday' | 'made-up' | 'weekend' | 'work' {
  if (publicHolidays.has(day)) return 'holiday';
  if (workedWeekendDays.has(day)) return 'made-up';
  return weekdayOf(day) > 5 ? 'weekend' : 'work';
}

/** The same time of day on another day. */
export function onDay(at: Date, day: string): Date {
  return new Date(at.getTime() + (Date.parse(day) - Date.parse(shanghaiDay(at))));
}

/** @returns so many minutes later, or earlier */
export function later(at: Date, minutes: number): Date {
  return new Date(at.getTime() + minutes * 60_000);
}

export type Conflict = 'close' | 'title' | 'quiet' | 'held' | 'holiday';

/** How an office publishes, as far as a calendar shades it. Minutes of the day in Asia/Shanghai. */
export type Manners = { quietFrom: number | null; quietUntil: number | null; gapMinutes: number };

/** Minute of the day in Asia/Shanghai, 0–1439. */
export function minuteOf(at: Date): number {
  return Math.floor(((at.getTime() + 8 * 3_600_000) % DAY_MS) / 60_000);
}

/** A minute of the day as a clock shows it, `09:05`. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

export function isQuiet(minute: number, { quietFrom, quietUntil }: Manners): boolean {
  if (quietFrom === null || quietUntil === null || quietFrom === quietUntil) return false;
  return quietFrom < quietUntil
    ? minute >= quietFrom && minute < quietUntil
    : minute >= quietFrom || minute < quietUntil;
}

/** What somebody had better look at before it goes out; only of what is still to come. */
export function conflictsOf(
  entries: readonly CalendarEntry[],
  manners: (officeId: number) => Manners,
): Map<number, Conflict[]> {
  const found = new Map<number, Set<Conflict>>();
  const note = ({ id }: CalendarEntry, conflict: Conflict) => {
    const all = found.get(id) ?? new Set();
    found.set(id, all.add(conflict));
  };
  const waiting = entries.filter(({ state }) => state === 'waiting');
  for (const entry of waiting) {
    const { quietFrom, quietUntil } = manners(entry.officeId);
    if (entry.held) note(entry, 'held');
    if (isQuiet(minuteOf(entry.dueAt), { quietFrom, quietUntil, gapMinutes: 0 })) note(entry, 'quiet');
    if (dayKind(shanghaiDay(entry.dueAt)) === 'holiday') note(entry, 'holiday');
  }
  for (const same of Map.groupBy(waiting, ({ accountId }) => accountId).values()) {
    const byTime = same.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    for (const [place, entry] of byTime.entries()) {
      const next = byTime[place + 1];
      if (!next) continue;
      const gap = manners(entry.officeId).gapMinutes * 60_000;
      if (next.dueAt.getTime() - entry.dueAt.getTime() < gap)
        [entry, next].forEach((each) => note(each, 'close'));
    }
    for (const titled of Map.groupBy(same, ({ title }) => title).values()) {
      if (new Set(titled.map(({ releaseId }) => releaseId)).size > 1)
        titled.forEach((each) => note(each, 'title'));
    }
  }
  return new Map([...found].map(([id, all]) => [id, [...all]]));
}

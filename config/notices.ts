import { shanghaiDay, shanghaiTime } from './shanghai.ts';
import type { Level } from './levels.ts';

export type NoticeLevel = Level;

/** What there is to tell. */
export const noticeKinds = [
  'suggested',
  'raised',
  'confirmed',
  'level',
  'dismissed',
  'lifted',
  'reopened',
  'overdue',
  'order',
  'order-done',
  'order-overdue',
  'escalated',
  'held',
  'undelivered',
  'delivery-failed',
  'delivery-unknown',
  'account-ends',
  'account-stopped',
  'account-silent',
  'taken-down',
  'review-asked',
  'review-returned',
  'review-overdue',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** News that somebody has to see to; the rest is to be known. */
export const toBeSeenTo: readonly NoticeKind[] = [
  'suggested',
  'raised',
  'overdue',
  'order',
  'order-overdue',
  'escalated',
  'delivery-failed',
  'delivery-unknown',
  'account-stopped',
];

/** Group robots, and other systems that take a JSON document. */
export const robotKinds = ['wecom', 'dingtalk', 'feishu', 'webhook'] as const;
export type RobotKind = (typeof robotKinds)[number];

export const shifts = ['day', 'night'] as const;
export type Shift = (typeof shifts)[number];

/** What somebody is told who has not said what they want to be told. */
export type Preferences = {
  appLevels: readonly NoticeLevel[];
  mailLevels: readonly NoticeLevel[];
  /** Minutes of the day in Asia/Shanghai; null: mail at any time. */
  quietFrom: number | null;
  quietUntil: number | null;
};
export const defaultPreferences: Preferences = {
  appLevels: ['blue', 'yellow', 'orange', 'red'],
  mailLevels: ['orange', 'red'],
  quietFrom: 22 * 60,
  quietUntil: 7 * 60,
};

/** Levels that break through quiet hours. */
export const urgentLevels: readonly NoticeLevel[] = ['orange', 'red'];

export type NoticeSettings = {
  /** Minutes after which others are told when nobody has seen to it; null: never. */
  escalateMinutes: Record<NoticeLevel, number | null>;
  /** News about the same within so long is told together. */
  bundleMinutes: number;
  /** Minutes of the day in Asia/Shanghai. */
  dayBegins: number;
  nightBegins: number;
};
export const defaultSettings: NoticeSettings = {
  escalateMinutes: { green: null, blue: null, yellow: 60, orange: 20, red: 10 },
  bundleMinutes: 30,
  dayBegins: 8 * 60 + 30,
  nightBegins: 17 * 60 + 30,
};

/** The duty that runs at a moment, named by the day on which it begins. */
export type Duty = {
  /** In Asia/Shanghai, `2026-11-22`. */
  day: string;
  /** 1: Monday … 7: Sunday. */
  weekday: number;
  shift: Shift;
};

/** Who is on duty at a moment: until the day's duty begins in the morning it is still the night of the day before. */
export function dutyAt(
  at: Date,
  { dayBegins, nightBegins }: Pick<NoticeSettings, 'dayBegins' | 'nightBegins'>,
): Duty {
  const minute = minuteOfDay(at);
  if (minute < dayBegins) return dutyOf(shanghaiDay(new Date(at.getTime() - DAY_MS)), 'night');
  return dutyOf(shanghaiDay(at), minute < nightBegins ? 'day' : 'night');
}

/** The duty that takes over from one. */
export function dutyAfter({ day, shift }: Duty): Duty {
  if (shift === 'day') return dutyOf(day, 'night');
  return dutyOf(new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10), 'day');
}

export function dutyOf(day: string, shift: Shift): Duty {
  return { day, weekday: ((new Date(day).getUTCDay() + 6) % 7) + 1, shift };
}

/** When mail may go to somebody: at once, or at the end of their quiet hours. */
export function mailTime(
  now: Date,
  { quietFrom, quietUntil }: Pick<Preferences, 'quietFrom' | 'quietUntil'>,
  level: NoticeLevel,
): Date {
  if (quietFrom === null || quietUntil === null || urgentLevels.includes(level)) return now;
  const minute = minuteOfDay(now);
  const quiet =
    quietFrom <= quietUntil
      ? minute >= quietFrom && minute < quietUntil
      : minute >= quietFrom || minute < quietUntil;
  if (!quiet) return now;
  const wait = (quietUntil - minute + DAY_MINUTES) % DAY_MINUTES;
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 + wait * 60_000);
}

const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;

/** In Asia/Shanghai. */
function minuteOfDay(at: Date): number {
  const [hours = 0, minutes = 0] = shanghaiTime(at).slice(11).split(':').map(Number);
  return hours * 60 + minutes;
}

import { fromShanghaiInput, shanghaiMidnight } from './format.ts';
import { messages } from './messages.ts';

export const whens = ['now', 'today18', 'tomorrow9', 'at'] as const;
export type When = (typeof whens)[number];

const HOUR = 3_600_000;
const YEAR = 366 * 24 * HOUR;
/** A minute that is running when it is chosen still counts as to come: the field knows no seconds. */
const GRACE_MS = 60_000;

/** What the quick buttons mean today, in Asia/Shanghai. */
export function quickTime(when: 'today18' | 'tomorrow9', now: Date): Date {
  const [days, hour] = when === 'today18' ? [0, 18] : [1, 9];
  return new Date(shanghaiMidnight(now, days).getTime() + hour * HOUR);
}

/** When to publish, or in words why not then. */
export function dueTime(when: When, field: string, now: Date): { due: Date } | { problem: string } {
  if (when === 'now') return { due: now };
  const due = when === 'at' ? fromShanghaiInput(field) : quickTime(when, now);
  if (!due) return { problem: messages.releases.needTime };
  if (due.getTime() < now.getTime() - GRACE_MS) return { problem: messages.releases.pastTime };
  if (due.getTime() > now.getTime() + YEAR) return { problem: messages.releases.farTime };
  return { due };
}

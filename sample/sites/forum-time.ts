import { DAY, dayOf, HOUR, MINUTE, shanghai, two } from '../story/time.ts';
import { minuteStamp } from './markup.ts';

/** Forum clocks: `3 分钟前`, `5 小时前`, `昨天 22:10`, `前天 09:00`, then `2026-11-22 08:05`. */
export function forumStamp(at: number, now: number): string {
  const age = Math.max(0, now - at);
  const { hour, minute } = shanghai(at);
  const clock = `${two(hour)}:${two(minute)}`;
  if (age < MINUTE) return `${Math.floor(age / 1000)} 秒前`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} 分钟前`;
  if (dayOf(at) === dayOf(now)) return `${Math.floor(age / HOUR)} 小时前`;
  if (dayOf(at) === dayOf(now - DAY)) return `昨天 ${clock}`;
  if (dayOf(at) === dayOf(now - 2 * DAY)) return `前天 ${clock}`;
  return minuteStamp(at);
}

import { hashText } from '../story/random.ts';
import { shanghai, two } from '../story/time.ts';

/** Text made safe for HTML and XML. */
export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** The wide space of Chinese typesetting. */
export const WIDE = '\u3000';

/** Lines as `<p>` elements. */
export function paragraphs(text: string): string {
  return text
    .split('\n')
    .map((line) => `<p>${escape(line)}</p>`)
    .join('\n');
}

/** `2026-11-22 08:05`. */
export function minuteStamp(at: number): string {
  const { year, month, day, hour, minute } = shanghai(at);
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

/** `2026年11月22日 08:05`. */
export function chineseStamp(at: number): string {
  const { year, month, day, hour, minute } = shanghai(at);
  return `${year}年${two(month)}月${two(day)}日 ${two(hour)}:${two(minute)}`;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun, 22 Nov 2026 08:05:00 +0800`, as RSS wants it. */
export function rfc822(at: number): string {
  const { year, month, day, hour, minute, second, weekday } = shanghai(at);
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
  return `${weekdays[weekday]}, ${two(day)} ${months[month - 1]} ${year} ${clock} +0800`;
}

/** `Sun Nov 22 08:05:00 +0800 2026`, as microblog interfaces have it. */
export function microblogStamp(at: number): string {
  const { year, month, day, hour, minute, second, weekday } = shanghai(at);
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
  return `${weekdays[weekday]} ${months[month - 1]} ${two(day)} ${clock} +0800 ${year}`;
}

/** `2026-11-22T08:05:00+08:00`. */
export function isoStamp(at: number): string {
  const { year, month, day, hour, minute, second } = shanghai(at);
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}+08:00`;
}

export interface Author {
  readonly id: string;
  readonly name: string;
  readonly avatar: string;
  readonly region: string;
}

const regions = ['云州', '云州', '云州', '云州临江', '云州青石', '云州白鹭', '邻省', '外省'];

/**
 * The invented poster of an item. Posters exist only on the pages, so that a crawler has something to drop; some of
 * them post more than once.
 */
export function authorOf(id: string): Author {
  const number = 10_000 + (hashText(`poster ${id}`) % 4_000) * 7;
  return {
    id: String(number),
    name: `网友${number}`,
    avatar: `/user/avatar/${number}.jpg`,
    region: regions[number % regions.length] ?? '云州',
  };
}

/** The profile page that robots.txt forbids: a crawler that reads it has a fault. */
export function profilePage(path: string): string | undefined {
  const number = /^\/user\/(\d{1,12})$/.exec(path)?.[1];
  return (
    number &&
    `<!DOCTYPE html><html lang="zh-CN"><title>网友${number}的主页</title><h1>网友${number}</h1></html>`
  );
}

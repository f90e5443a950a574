/** Milliseconds that Asia/Shanghai is ahead of UTC. No summer time since 1991, and no page is older than that. */
export const SHANGHAI_OFFSET = 8 * 3_600_000;

// CST is China Standard Time here: Java servers in China print it, American ones are no source of ours.
const ZONES: Record<string, number> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  CST: 8,
  HKT: 8,
  SGT: 8,
  JST: 9,
  KST: 9,
  CET: 1,
  CEST: 2,
  BST: 1,
  MSK: 3,
  IST: 5.5,
  EST: -5,
  EDT: -4,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
  ET: -5,
  PT: -8,
};

/** The calendar day of a moment in Shanghai. */
export function shanghaiParts(at: number): { year: number; month: number; day: number } {
  const date = new Date(at + SHANGHAI_OFFSET);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Offset of a zone name, `+08:00`, `+8` or `GMT+8` in milliseconds; null when unknown (a word that merely follows). */
export function readZone(zone: string): number | null {
  const offset = /([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    return minutes > 14 * 60 ? null : (offset[1] === '-' ? -1 : 1) * minutes * 60_000;
  }
  const hours = ZONES[zone.toUpperCase()];
  return hours === undefined ? null : hours * 3_600_000;
}

/** The hour 0–24 that a clock reading means with a word like 下午 or pm before or after it; null when impossible. */
export function hourOfDay(hour: number, part: string | undefined): number | null {
  if (hour > 24) return null;
  if (part === undefined || hour > 12) return hour;
  if (part === 'am' || /凌晨|清晨|早|晨|上午/.test(part)) return hour === 12 ? 0 : hour;
  if (part === '中午') return hour < 6 ? hour + 12 : hour;
  // 深夜2点 comes before dawn.
  if (part.includes('夜') && hour < 5) return hour;
  // 晚上12点 is the midnight that ends the day.
  if (part !== 'pm' && part !== '下午' && hour === 12) return 24;
  return hour === 12 ? 12 : hour + 12;
}

/** Unix ms of a wall-clock reading in a zone `offset` ms ahead of UTC; null when the calendar has no such moment. */
export function fromParts(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  offset: number,
): number | null {
  if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1) return null;
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return null;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second) - offset;
}

import { z } from 'zod';
import file from './defaults/holidays.json' with { type: 'json' };

const DAY_MS = 86_400_000;

const day = z.iso.date();
const { holidays, workdays } = z
  .object({ holidays: z.array(z.tuple([day, day])), workdays: z.array(day) })
  .parse(file);

/** Days in Asia/Shanghai, `2026-10-01`, on which the country is off, and days of weekends on which it works. */
export const publicHolidays: ReadonlySet<string> = new Set(
  holidays.flatMap(([first, last]) => {
    const days = 1 + Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);
    return Array.from({ length: days }, (_, index) =>
      new Date(Date.parse(first) + index * DAY_MS).toISOString().slice(0, 10),
    );
  }),
);
export const workedWeekendDays: ReadonlySet<string> = new Set(workdays);

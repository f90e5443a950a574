import { z } from 'zod';
import levelsFile from './defaults/warning-levels.json' with { type: 'json' };
import { levels, type Level } from './levels.ts';

export * from './levels.ts';

const text = z.string().trim().min(1).max(500);
/** A month at most: what may take longer needs no clock. */
const hours = z.int().min(1).max(720).nullable();

/**
 * How a level is handled. `respondHours`: from confirmation to the first authoritative word; `pressHours`: to a press
 * conference where one is fitting; null: no clock.
 */
export const levelSchema = z.strictObject({
  shows: text,
  tier: text,
  measures: text,
  procedure: text,
  reporting: text,
  respondHours: hours,
  pressHours: hours,
});
export type LevelDetails = z.infer<typeof levelSchema>;

/**
 * As the levels ship. The hours follow what the State Council's office asks of government bodies (国办发〔2016〕61号 and its
 * rules of November 2016: 5 hours, 24 hours, 48 hours); for a procuratorate they are a habit that it sets itself.
 */
export const shippedLevels: Readonly<Record<Level, LevelDetails>> = z
  .record(z.enum(levels), levelSchema)
  .parse(levelsFile);

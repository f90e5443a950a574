import { z } from 'zod';
import levelsFile from './defaults/warning-levels.json' with { type: 'json' };

/** From nothing unusual to the gravest. The program suggests the last four; green is what stands when nothing is open. */
export const levels = ['green', 'blue', 'yellow', 'orange', 'red'] as const;
export type Level = (typeof levels)[number];
/** What a rule can suggest. */
export type SuggestedLevel = Exclude<Level, 'green'>;
export const suggestedLevels = levels.slice(1) as readonly SuggestedLevel[];

/** 0 for green to 4 for red. */
export function levelRank(level: Level): number {
  return levels.indexOf(level);
}

/** From this level on releases are held and the three things that have to go together are asked for. */
export function isGrave(level: Level): boolean {
  return levelRank(level) >= levelRank('orange');
}

/** The five attributes of a level, in the order in which they are shown. */
export const attributes = ['shows', 'tier', 'measures', 'procedure', 'reporting'] as const;
export type Attribute = (typeof attributes)[number];

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

const file = z
  .record(z.enum(levels), levelSchema.extend({ name: z.string().min(1), grade: z.string().min(1) }))
  .parse(levelsFile);

/** 绿色, 蓝色 … */
export const levelNames = Object.fromEntries(levels.map((level) => [level, file[level].name])) as Record<
  Level,
  string
>;
/** 日常关注, 一般, 较大 … */
export const levelGrades = Object.fromEntries(levels.map((level) => [level, file[level].grade])) as Record<
  Level,
  string
>;

/**
 * As the levels ship. The hours follow what the State Council's office asks of government bodies (国办发〔2016〕61号 and its
 * rules of November 2016: 5 hours, 24 hours, 48 hours); for a procuratorate they are a habit that it sets itself.
 */
export const shippedLevels = Object.fromEntries(
  levels.map((level) => {
    const { name: _, grade: __, ...details } = file[level];
    return [level, details];
  }),
) as Record<Level, LevelDetails>;

import names from './defaults/level-names.json' with { type: 'json' };

/**
 * The five levels by themselves: pages load this, and not how each is handled (warning-levels.ts).
 * From nothing unusual to the gravest. The program suggests the last four; green is what stands when nothing is open.
 */
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

/** 绿色, 蓝色 … */
export const levelNames = named('name');
/** 日常关注, 一般, 较大 … */
export const levelGrades = named('grade');

function named(what: 'name' | 'grade'): Readonly<Record<Level, string>> {
  return Object.fromEntries(levels.map((level) => [level, names[level][what]])) as Record<Level, string>;
}

/** 三同步: handled by law, guided in public, and the competent department told (a record; the hub operates nothing there). */
export const checkItems = ['law', 'opinion', 'order'] as const;
export type CheckItem = (typeof checkItems)[number];

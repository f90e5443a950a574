import type { SuggestedLevel } from '../../config/levels.ts';

/** What the hub says of a rule that is being written. */
export type RuleAnswer = {
  /** What it means, in one sentence; null while it cannot be read. */
  sentence: string | null;
  /** What is wrong, by the names of the form's fields. */
  wrong: Record<string, string>;
  /** What it would have done; null: not asked, or it cannot be read. Times are ISO 8601. */
  preview: {
    days: number;
    per30Days: number;
    level: SuggestedLevel;
    volume: { at: string; posts: number }[];
    /** Conditions that the past cannot be asked about: taken to hold. */
    leftOut: ('sources' | 'heat')[];
    suggestions: { at: string; title: string; level: SuggestedLevel; why: string }[];
  } | null;
};

import type { Sentiment } from './posts.ts';

/** One hour of the chart. Null as `value`: not collected; null as what was expected: not learnt yet. */
export type EvidencePoint = {
  /** Start of the hour, ISO 8601. */
  at: string;
  value: number | null;
  expected: number | null;
  low: number | null;
  high: number | null;
};

/** A post of that moment. Its excerpt goes when its words may no longer be kept; that it was there remains. */
export type EvidencePost = {
  id: number;
  at: string;
  outlet: string;
  sentiment: Sentiment;
  excerpt: string | null;
};

/** A number that the rule looked at, with what was usual; null where nothing is usual for it. */
export type EvidenceNumber = {
  /** In Chinese, with its unit: `近 3 小时帖文（条）`. */
  label: string;
  value: number | null;
  expected: number | null;
};

/** Why a level was suggested, as it was then: nothing of it is computed anew (column `evidence` of `warnings`). */
export type WarningEvidence = {
  /** The rule in words, as it read then. */
  rule: { name: string; text: string };
  /** One sentence with the numbers. */
  why: string;
  numbers: EvidenceNumber[];
  /** What the series counts (`帖文`, `负面占比（%）`), hour by hour, without holes: an hour not collected has a null. */
  series: { label: string; points: EvidencePoint[] };
  posts: EvidencePost[];
  /** The moment, ISO 8601. */
  asOf: string;
};

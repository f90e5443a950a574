/** What a release is looked through for before its review, in the order in which it is shown. */
export const checkKeys = [
  'personal-data',
  'minors',
  'secrecy',
  'secrecy-marks',
  'pending-case',
  'type-rules',
  'offices',
  'laws',
  'wrong-words',
  'sensitive-words',
  'advertising',
  'ai-label',
  'media',
  'links',
  'duplicate',
  'limits',
] as const;
export type CheckKey = (typeof checkKeys)[number];

/** `block`: nobody can pass it; `warn`: with a reason by name. */
export type Severity = 'block' | 'warn';

/** What a check found. `start` and `end` are offsets in the part's plain text (publisher/releases/plain.ts); null: of the whole. */
export type Found = {
  severity: Severity;
  part: 'title' | 'summary' | 'document' | 'weibo' | 'wechat' | 'details';
  start: number | null;
  end: number | null;
  /** What stands there, or what it is about where no words do. */
  quote: string;
  /** What is wrong and what to do. */
  text: string;
  /** Another release that it is about. */
  releaseId?: number;
};

export type Finding = Found & {
  check: CheckKey;
  /** Tells this finding from others as long as the sentence around it stays: reasons are given for it. */
  finding: string;
};

/** What stands for the finding of a check that could not run: of what it looks for, nothing is known. */
export const NOT_RUN = 'not-run';

/** What a secrecy review ticks, item by item (保守国家秘密法实施条例 (2024), article 42). */
export const secrecyItems = [
  'state-secrets',
  'work-secrets',
  'internal-papers',
  'case-secrets',
  'business-secrets',
  'privacy',
  'pictures',
] as const;
export type SecrecyItem = (typeof secrecyItems)[number];

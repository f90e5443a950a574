import type { ReleaseContent } from '../../../config/release-content.ts';
import type { PartName } from '../plain.ts';

/** In the order in which they are shown and run; one file each. */
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
  part: PartName;
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

/** A kind of personal data and where it stands, as the redactor of posts tells it; `mask`: what could stand there instead. */
export type PersonalPlace = { start: number; end: number; type: string; mask?: string };

export type MediaFacts = {
  kind: 'image' | 'video' | 'audio' | 'captions' | 'attachment';
  name: string;
  alt: string;
};

/** A release of the same office that is out, or on its way, and its words. */
export type RecentRelease = { id: number; title: string; text: string; at: Date };

/**
 * What became of asking for an address. `unknown`: nobody answered in time, or the name cannot be looked up from here: that
 * is no proof that it is broken, and none that it is not.
 */
export type LinkState =
  | { kind: 'fine' }
  | { kind: 'broken'; status: number }
  | { kind: 'refused'; status: number }
  | { kind: 'private' }
  | { kind: 'unknown' };

/** What the checks need of other rooms. */
export type CheckTools = {
  /** The office that publishes, and full names of others that the hub knows. */
  office: { name: string; others: ReadonlySet<string> };
  personalData: (text: string) => readonly PersonalPlace[];
  /** Whether a text is about a case of one minor. */
  aboutMinor: (text: string) => boolean;
  /** How much of the shorter text stands in the other one, 0 to 1. */
  likeness: (one: string, other: string) => number;
  /** What the office published or planned within `DUPLICATE_DAYS`, without the release itself. */
  recent: () => Promise<readonly RecentRelease[]>;
  media: (ids: readonly number[]) => Promise<ReadonlyMap<number, MediaFacts>>;
  probe: (address: string) => Promise<LinkState>;
  /** Items of the secrecy review that somebody ticked for the version at hand; null: nobody has. */
  secrecy: readonly string[] | null;
};

/** How far back a release may repeat another one unnoticed. */
export const DUPLICATE_DAYS = 90;

/** A release as the checks see it. */
export type Checked = {
  content: ReleaseContent;
  /** The texts to look through; of a channel only what was written for it. */
  parts: ReadonlyMap<PartName, string>;
  /** It tells of a case, by its type or by what was said about it. */
  ofCase: boolean;
};

export type Check = {
  key: CheckKey;
  /** @throws whatever its tools throw: it could not run then, which is told and blocks */
  run: (checked: Checked, tools: CheckTools) => readonly Found[] | Promise<readonly Found[]>;
};

import type { CheckKey, Found } from '../../../config/release-checks.ts';
import type { ReleaseContent } from '../../../config/release-content.ts';
import type { PartName } from '../plain.ts';

export type { CheckKey, Finding, Found, SecrecyItem, Severity } from '../../../config/release-checks.ts';

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

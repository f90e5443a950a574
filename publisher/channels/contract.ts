import type { PoolClient } from 'pg';
import type { ReleaseContent } from '../../config/release-content.ts';
import type { Channel } from '../../config/release-types.ts';
import type { Store } from '../../store/pool.ts';
import type { PlatformFetch } from './http.ts';

/**
 * What a channel is for the hub. An adapter knows its platform and nothing of states, times, retries or people: those are the
 * business of publisher/deliver.ts. Every function may be called again after a kill at any line of it; whatever is not to be
 * done twice is found in `progress`, or asked of the platform.
 *
 * Errors: an adapter may let the errors of `tools.fetch` through. The engine knows whether the irreversible call had been begun,
 * and whether the error proves that nothing had left. Not in the contract: more than one call of a delivery that cannot be
 * taken back.
 */
export type ChannelAdapter = {
  channel: Channel;
  /**
   * What stands on the platform can only be told apart while little follows it there: while one delivery of an account is being
   * sent or is unknown, no other one of the account is sent.
   */
  oneAtATime: boolean;
  /** So long after the irreversible call the platform may still carry it out or show it: `not-arrived` is no proof before. */
  settleMs: number;
  /**
   * Everything that can be repeated without harm: uploads, drafts. Called up to ten minutes ahead of time, and again where it did
   * not come to its end. Null: there is nothing to prepare.
   */
  prepare: ((account: OpenAccount, delivery: Outgoing, tools: Tools) => Promise<Prepared>) | null;
  /** The irreversible call: right before it `tools.beginIrreversible` is awaited. The website uses `tools.together` instead. */
  publish(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Outcome>;
  /** After a kill or an unknown outcome: did it arrive? Only reads. */
  reconcile(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Reconciled>;
  /** What has become of it at the platform. Null: `publish` says it all. */
  poll: ((account: OpenAccount, delivery: Outgoing, tools: Tools) => Promise<Outcome>) | null;
  /** Takes back what stands there. May be called again after an unknown outcome: what is gone already is `done`. */
  withdraw(account: OpenAccount, delivery: Outgoing, tools: Tools): Promise<Withdrawn>;
  correction: Correction;
  /** Whether each still stands, and its counts; as many at once as the platform takes, within its quota. */
  look(account: OpenAccount, deliveries: readonly Outgoing[], tools: Tools): Promise<Map<number, Look>>;
  /** The exact requests that `prepare` and `publish` would make; secrets replaced by `***`. Asks nobody. */
  requests(account: OpenAccount, delivery: Outgoing, tools: Pick<Tools, 'media' | 'now'>): Promise<Request[]>;
  /** Whether the account can publish, item by item, for whoever adds it. */
  check(account: OpenAccount, tools: Tools): Promise<CheckItem[]>;
};

/** An account with what opens it. Secrets never leave this object: not in errors, logs or attempts. */
export type OpenAccount = {
  id: number;
  officeId: number;
  channel: Channel;
  /** Name or number at the platform: uid, appid; '' for the website. */
  externalId: string;
  name: string;
  /** As kept; each adapter reads it with its schema of config/channels.ts. */
  settings: unknown;
  secrets: Readonly<Record<string, string>>;
  dryRun: boolean;
};

/** A delivery as an adapter sees it. */
export type Outgoing = {
  id: number;
  officeId: number;
  releaseId: number;
  /** Of the release: what `content` is frozen from. */
  version: number;
  content: ReleaseContent;
  dueAt: Date;
  /** What the platform gave so far; only the adapter reads its keys. */
  progress: Progress;
  /** Path of the release's page on the website (`/news/20261122-9`), known before it stands there; null: it does not go there. */
  sitePath: string | null;
  /** The same with host: what platforms are given as the link. */
  siteAddress: string | null;
  /** Where it stands, once it does. */
  address: string | null;
  publishedAt: Date | null;
  /** Address of what this one corrects, where a channel can only send anew; null: it corrects nothing. */
  corrects: string | null;
  /** What was corrected, for readers; null: nothing was. */
  correction: string | null;
};
export type Progress = Readonly<Record<string, unknown>>;

/** What an adapter may use; everything outside goes through here so that it is guarded, counted and written down. */
export type Tools = {
  now(): Date;
  /** @throws NotSent nothing has left; NoAnswer anything may have happened */
  fetch: PlatformFetch;
  /**
   * The account's access token, the same for every process of the hub.
   * @param lend asks the platform for one, good for so many seconds
   * @param rejected the token that the platform has just refused
   */
  token(lend: () => Promise<{ token: string; seconds: number }>, rejected?: string): Promise<string>;
  /** Counts a call of the day. @returns false when the limit is reached */
  spend(path: string, most: { day: number; path?: number }): Promise<boolean>;
  /** The platform says that today's calls of a path (of all) are used up. */
  usedUp(path?: string): Promise<void>;
  /** What is remembered of the account by name: uploads by their hash, what the crawler wants to know. */
  marks(beginning?: string): Promise<Map<string, unknown>>;
  mark(name: string, value: unknown): Promise<void>;
  media(id: number): Promise<Media | null>;
  /** Writes what the platform gave, at once and durably: it has to survive a kill. Merged by key. */
  keep(progress: Progress): Promise<void>;
  /**
   * Commits the ledger row of a call that cannot be taken back; awaited right before that call, at most once in a try. From here
   * on the outcome is unknown until the platform has said it.
   * @param call path of the interface, with nothing secret
   * @throws Lost when somebody else has the delivery by now: nothing may be sent
   */
  beginIrreversible(call: string): Promise<void>;
  /**
   * For what the hub publishes itself: page, state and ledger change in one transaction, or none of them.
   * @param work writes the page; may find it there already
   */
  together(work: (client: PoolClient) => Promise<{ address: string }>): Promise<Outcome>;
  /** The hub's database. */
  store: Store;
};

export type Media = {
  bytes: Buffer;
  mime: string;
  name: string;
  alt: string;
  sha256: string;
  width: number | null;
  height: number | null;
};

/** What a platform said about itself; `code` and `requestId` (rid) are its own. `why`: Chinese, for people. */
type Said = { why: string; code?: string; requestId?: string };

/** Nothing was carried out that cannot be taken back. */
export type NotDone =
  | ({ kind: 'retry'; at: Date } & Said)
  /** Until the window of the quota begins anew. */
  | ({ kind: 'quota'; until: Date } & Said)
  /** The account cannot publish before somebody has authorised it anew, or an administrator has changed something. */
  | ({ kind: 'stopped'; problem: 'reauthorise' | 'administrator' } & Said)
  /** The content is not taken: back to the editor. */
  | ({ kind: 'refused' } & Said)
  | ({ kind: 'failed' } & Said);

export type Prepared = { kind: 'ready' } | NotDone;

export type Outcome =
  /** `address` null: it stands there, and where is not known. */
  | { kind: 'published'; address: string | null; note?: string; requestId?: string }
  | { kind: 'processing'; lookAgainAt: Date; requestId?: string }
  /** The irreversible call may have been carried out. */
  | ({ kind: 'unknown' } & Said)
  | NotDone;

export type Reconciled =
  | { kind: 'arrived'; address: string | null; note?: string }
  | { kind: 'processing'; lookAgainAt: Date }
  /** Proved by what the platform shows now; it may be sent again. */
  | { kind: 'not-arrived'; why?: string }
  /** `lookAgainAt` null: a person has to look. */
  | { kind: 'cannot-tell'; lookAgainAt: Date | null; why: string };

export type Withdrawn =
  | { kind: 'done'; note?: string }
  /** The channel has no way: how a person does it there, in Chinese. */
  | { kind: 'manual'; how: string }
  | ({ kind: 'retry'; at: Date } & Said)
  | ({ kind: 'unknown' } & Said)
  | ({ kind: 'stopped'; problem: 'reauthorise' | 'administrator' } & Said)
  | ({ kind: 'refused' } & Said);

/** How a text that stands there is corrected. */
export type Correction =
  /** In place, with a note for readers (`note`). Repeating is safe. `delivery.content` is the corrected text. */
  | {
      way: 'edit';
      edit(account: OpenAccount, delivery: Outgoing, tools: Tools, note: string): Promise<Prepared>;
    }
  /** By a further item that says what it corrects (`delivery.corrects`). */
  | { way: 'anew' }
  /** Only by a person at the platform. `how`: Chinese. */
  | { way: 'manual'; how: string };

export type Look = {
  /** Null: cannot be told. */
  standing: boolean | null;
  counts: { reads?: number; likes?: number; comments?: number; shares?: number };
};

export type Request = { method: string; url: string; headers: Record<string, string>; body: unknown };

/** `ok` null: could not be tried. */
export type CheckItem = { item: string; ok: boolean | null; text: string };

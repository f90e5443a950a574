import type { SourceRow } from '../../store/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import type { BrowserKeeper } from '../browser/keeper.ts';
import type { NotGot, ReasonCode } from '../errors.ts';
import type { Conditional, Fetcher } from '../fetch/fetcher.ts';
import type { ReadingThread } from '../reading/apart.ts';
import type { AccountKeeper } from './account.ts';

/** Gets one page as text; null when it has not changed. @throws NotGot with the reason */
export type PageReader = Pick<Fetcher, 'getText'>;

/**
 * What a kind of source is given for one visit. It reads pages, hands drafts on as it goes and reports every listed item
 * that it could not get; it keeps nothing itself.
 */
export type VisitTools = {
  fetcher: Fetcher;
  /** Who gets the list pages, and who the pages that they link to: the fetcher, or a browser in front of it. */
  readers: { list: PageReader; linked: PageReader };
  /** Renders pages that need scripts; absent where no browser is kept. */
  browser?: Pick<BrowserKeeper, 'visit'> | undefined;
  /** Reads pages of hosts that may be asked for several at a time; absent: they are read right here. */
  thread?: Pick<ReadingThread, 'read'> | undefined;
  /** Unix ms; the same throughout the visit. */
  now: number;
  /** Read the list to its end (as far as the settings allow), not only to the first page that is known already. */
  deep: boolean;
  conditional: Conditional;
  /** Tokens and the like by name: they go into requests and nowhere else, no report, log or stored address. */
  secrets: Readonly<Record<string, string>>;
  /** Calls, tokens and marks of the account, where the source is one of the office's own. */
  account: AccountKeeper;
  /** What came of the source's pages at earlier visits. */
  pages: PageMemory;
  /** Unix ms of the last visit that got something; null when there was none. */
  since: number | null;
  /** Of these ids or addresses, those that the hub has not stored yet. */
  unknown(items: string[]): Promise<Set<string>>;
  /** Takes drafts over; resolves when they are stored, so that memory stays bounded. */
  emit(drafts: Draft[]): Promise<void>;
  /**
   * An item that the source lists was not got.
   * @param owed the page memory holds it: no list has to be read again on its account
   */
  missed(url: string, reason: NotGot, owed?: boolean): void;
};

/** What came of pages earlier, kept by the hub from visit to visit. Addresses are canonical. */
export type PageMemory = {
  /**
   * Pages to be read now, whether or not a list names them: owed ones, that no visit got so far, and read ones, which may
   * have new comments.
   */
  due(most: number): Promise<{ owed: string[]; read: string[] }>;
  /**
   * Of these addresses, those that are not to be asked for now: gone for good, waiting after they failed (with the reason)
   * or, once read, waiting for new comments.
   */
  barred(addresses: readonly string[]): Promise<Map<string, 'gone' | 'read' | ReasonCode>>;
  /** What came of pages now. Once for each page and visit. */
  note(notes: readonly PageNote[]): Promise<void>;
};

export type PageNote = { url: string } & (
  | {
      came: 'read';
      /** Null: nobody can comment there. */
      comments: number | null;
      /** What comments there are stand on the page: none seen means none made, not that they come by script. */
      shown: boolean;
      publishedAt: number | null;
    }
  | { came: 'gone' }
  | { came: 'failed'; reason: ReasonCode }
  /** It is listed, but this visit has read enough. */
  | { came: 'later' }
);

/** For a single visit that nobody remembers. */
export const NO_MEMORY: PageMemory = {
  due: () => Promise.resolve({ owed: [], read: [] }),
  barred: () => Promise.resolve(new Map()),
  note: () => Promise.resolve(),
};

/**
 * What the list itself said. `expected` counts the items that the source listed, `got` those that were read now or are
 * stored already.
 */
export type ListReport =
  { unchanged: true } | { unchanged: false; expected: number; got: number; conditional: Conditional };

/** Visits one source. @throws NotGot when the source as a whole could not be read */
export type VisitKind<S extends SourceRow['kind']> = (
  source: SourceRow & { kind: S; url: string },
  tools: VisitTools,
) => Promise<ListReport>;

import type { SourceRow } from '../../store/sources.ts';
import type { Draft } from '../../store/drafts.ts';
import type { NotGot } from '../errors.ts';
import type { Conditional, Fetcher } from '../fetch/fetcher.ts';

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
  /** Unix ms; the same throughout the visit. */
  now: number;
  /** Read the list to its end (as far as the settings allow), not only to the first page that is known already. */
  deep: boolean;
  conditional: Conditional;
  /** Of these ids or addresses, those that the hub has not stored yet. */
  unknown(items: string[]): Promise<Set<string>>;
  /** Takes drafts over; resolves when they are stored, so that memory stays bounded. */
  emit(drafts: Draft[]): Promise<void>;
  /** An item that the source lists was not got. */
  missed(url: string, reason: NotGot): void;
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

import type { Draft } from '../store/drafts.ts';
import type { SourceRow } from '../store/sources.ts';
import type { VisitOutcome } from '../store/visits.ts';
import { asNotGot, NotGot } from './errors.ts';
import type { Conditional, Fetcher } from './fetch/fetcher.ts';
import { partial } from './messages.ts';
import { accountInMemory } from './sources/account.ts';
import { visitApi } from './sources/api.ts';
import { visitBrowser } from './sources/browser.ts';
import { NO_MEMORY, type ListReport, type VisitTools } from './sources/contract.ts';
import { visitFeed } from './sources/feed.ts';
import { visitSite } from './sources/site.ts';
import { visitWechat } from './sources/wechat.ts';
import { visitWeibo } from './sources/weibo.ts';

export type VisitReport = {
  outcome: VisitOutcome;
  reason: string | null;
  detail: string | null;
  expected: number | null;
  got: number | null;
  failed: number;
  failures: Record<string, number>;
  /** Status of the answer, where the reason was one. */
  status: number | null;
  /** Something listed could not be had but may be next time: the next visit reads the list to its end. */
  unsettled: boolean;
  /** For the next visit's conditional request; null when it must not be conditional. */
  conditional: Conditional | null;
  retryAfterSeconds: number | null;
  /** The error behind `internal`, for the log. */
  cause: unknown;
};

/**
 * One visit of one source, from its list to its items.
 * @returns what came of it; never throws for anything that the site did
 */
export async function visitSource(
  source: SourceRow,
  tools: {
    fetcher: Fetcher;
    now: number;
    deep: boolean;
    unknown: VisitTools['unknown'];
    browser?: VisitTools['browser'];
    thread?: VisitTools['thread'];
    secrets?: VisitTools['secrets'];
    account?: VisitTools['account'];
    pages?: VisitTools['pages'];
    since?: VisitTools['since'];
    /** Unix ms from which on no further page is asked for: the rest is left for the next visit. Absent: no bound. */
    until?: number;
    /** Stores drafts; gives the addresses of those that could not be stored by themselves, where there are any. */
    emit: (drafts: Draft[]) => Promise<readonly string[] | void>;
  },
): Promise<VisitReport> {
  const missed: Missed[] = [];
  let refused = 0;
  // Anything left over from last time is only found when the list is read again, changed or not.
  const conditional = tools.deep
    ? { etag: null, lastModified: null }
    : { etag: source.etag, lastModified: source.lastModified };
  const reader = tools.until === undefined ? tools.fetcher : readingUntil(tools.until, tools.fetcher);
  try {
    const report = await visitByKind(source, {
      ...tools,
      readers: { list: reader, linked: reader },
      conditional,
      secrets: tools.secrets ?? {},
      account: tools.account ?? accountInMemory(),
      pages: tools.pages ?? NO_MEMORY,
      since: tools.since ?? null,
      missed: (url, reason, owed = false) => void missed.push({ url, reason, owed }),
      // What was read but cannot be stored was not got: a visit that lost it must not look complete.
      async emit(drafts) {
        for (const url of (await tools.emit(drafts)) ?? []) {
          refused += 1;
          missed.push({ url, reason: new NotGot('item-broken'), owed: false });
        }
      },
    });
    return reportOf(
      report.unchanged ? report : { ...report, got: Math.max(0, report.got - refused) },
      missed,
    );
  } catch (error) {
    const reason = asNotGot(error);
    return {
      outcome: 'failed',
      reason: reason.code,
      detail: reason.message,
      expected: null,
      got: null,
      failed: missed.length,
      failures: countReasons(missed),
      status: reason.status,
      unsettled: true,
      conditional: null,
      retryAfterSeconds: reason.retryAfterSeconds,
      cause: reason.cause,
    };
  }
}

/** A visit that has had its time reads no further: others wait for its place. */
function readingUntil(until: number, fetcher: Fetcher): VisitTools['readers']['list'] {
  return {
    getText(address, conditional) {
      if (Date.now() >= until) throw new NotGot('later');
      return fetcher.getText(address, conditional);
    },
  };
}

async function visitByKind(source: SourceRow, tools: VisitTools): Promise<ListReport> {
  const { kind, url } = source;
  if (kind === 'weibo') return visitWeibo({ ...source, kind }, tools);
  if (kind === 'wechat') return visitWechat({ ...source, kind }, tools);
  // The table and its settings are checked together: only a kind that is not visited has no address.
  if (url === null) throw new NotGot('no-address');
  switch (kind) {
    case 'feed':
      return visitFeed({ ...source, kind, url }, tools);
    case 'site':
      return visitSite({ ...source, kind, url }, tools);
    case 'api':
      return visitApi({ ...source, kind, url }, tools);
    case 'browser':
      return visitBrowser({ ...source, kind, url }, tools);
    case 'upload':
    case 'push':
      // Brought or sent: there is nothing to be visited, whatever stands as their address.
      throw new NotGot('no-address');
  }
}

/** What was left for the next visit on purpose is no failure. */
const isPutOff = ({ reason }: { reason: NotGot }) => reason.code === 'later';

type Missed = { url: string; reason: NotGot; owed: boolean };

function reportOf(report: ListReport, missed: readonly Missed[]): VisitReport {
  const nothing = {
    failed: 0,
    failures: {},
    status: null,
    reason: null,
    detail: null,
    retryAfterSeconds: null,
    cause: null,
  };
  if (report.unchanged) {
    return {
      ...nothing,
      outcome: 'unchanged',
      expected: null,
      got: null,
      unsettled: false,
      conditional: null,
    };
  }
  const { expected, got, conditional } = report;
  const first = missed[0];
  if (!first) return { ...nothing, outcome: 'complete', expected, got, unsettled: false, conditional };
  const unsettled = missed.some(({ reason, owed }) => !owed && (reason.passing || reason.code === 'later'));
  return {
    outcome: got === 0 && expected > 0 && !missed.every(isPutOff) ? 'failed' : 'partial',
    reason: first.reason.code,
    detail: partial(missed.length, expected, first.reason.message),
    expected,
    got,
    failed: missed.length,
    failures: countReasons(missed),
    status: first.reason.status,
    unsettled,
    conditional: unsettled ? null : conditional,
    retryAfterSeconds: longestPause(missed),
    cause: first.reason.cause ?? null,
  };
}

function longestPause(missed: readonly { reason: NotGot }[]): number | null {
  const asked = missed.flatMap(({ reason }) => reason.retryAfterSeconds ?? []);
  return asked.length === 0 ? null : Math.max(...asked);
}

function countReasons(missed: readonly { reason: NotGot }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of missed) counts[reason.code] = (counts[reason.code] ?? 0) + 1;
  return counts;
}

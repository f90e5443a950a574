import type { SourceSettings } from '../config/sources.ts';
import type { Draft } from '../store/drafts.ts';
import type { SourceRow } from '../store/sources.ts';
import { NotGot } from './errors.ts';
import type { Fetcher } from './fetch/fetcher.ts';
import { visitSource, type VisitReport } from './visit.ts';

/** What a visit of a source would bring, without one: nothing is stored, and only its newest items are read. */
export type Trial = {
  /** The newest first; no more than asked for, and of comments as many again. */
  drafts: Draft[];
  report: Pick<VisitReport, 'outcome' | 'reason' | 'detail' | 'expected' | 'got' | 'failures'>;
};

/**
 * Visits a source as a job would, but reads only so many of its newest items and gives them instead of storing them.
 * @param source settings that have been checked
 * @param tools.secrets the source's, where it needs some
 */
export async function tryVisit(
  source: SourceSettings,
  tools: { fetcher: Fetcher; now: number; limit: number; secrets?: Readonly<Record<string, string>> },
): Promise<Trial> {
  const drafts: Draft[] = [];
  const wanted = new Set<string>();
  const { outcome, reason, detail, expected, got, failures } = await visitSource(asRow(source), {
    fetcher: tools.fetcher,
    now: tools.now,
    deep: false,
    secrets: tools.secrets ?? {},
    // Sources list the newest first. Whatever is beyond the limit counts as known: it is listed, and not read.
    unknown: (items) => {
      for (const item of items) if (wanted.size < tools.limit) wanted.add(item);
      return Promise.resolve(new Set(items.filter((item) => wanted.has(item))));
    },
    emit: (more) => {
      drafts.push(...more);
      return Promise.resolve();
    },
  });
  return {
    drafts: newest(drafts, tools.limit),
    report: { outcome, reason, detail, expected, got, failures },
  };
}

function newest(drafts: readonly Draft[], limit: number): Draft[] {
  // What carries no time stays where the source has put it, behind what does.
  const byTime = drafts.toSorted((a, b) => (b.publishedAt ?? 0) - (a.publishedAt ?? 0));
  const isComment = ({ kind }: Draft) => kind === 'comment';
  return [
    ...byTime.filter((draft) => !isComment(draft)).slice(0, limit),
    ...byTime.filter(isComment).slice(0, limit),
  ];
}

/** A source as the table would keep it, that was never visited. */
function asRow(source: SourceSettings): SourceRow {
  return {
    id: 0,
    officeId: 0,
    key: source.key,
    name: source.name,
    kind: source.kind,
    url: 'url' in source ? source.url : null,
    outlet: source.outlet ?? null,
    enabled: false,
    intervalSeconds: 'intervalSeconds' in source ? source.intervalSeconds : 3_600,
    longestIntervalSeconds: null,
    settings: source.settings,
    etag: null,
    lastModified: null,
  };
}

/** The methods of a fetcher that send requests. */
const REQUESTS = new Set<string | symbol>(['get', 'getText', 'ask', 'robotsOf', 'paced']);

/**
 * A fetcher that asks no more once `signal` has fired, or more than `most` times: whoever waits for a trial has gone, or
 * has waited long enough.
 */
export function boundedFetcher(fetcher: Fetcher, signal: AbortSignal, most: number): Fetcher {
  let asked = 0;
  const over = new Promise<never>((_, reject) => {
    const end = () => reject(new NotGot('later'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  // Nobody may be waiting for a request at that moment.
  over.catch(() => {});
  return new Proxy(fetcher, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (!REQUESTS.has(name)) return value.bind(target) as unknown;
      return async (...given: unknown[]): Promise<unknown> => {
        asked += 1;
        if (signal.aborted || asked > most) throw new NotGot('later');
        return Promise.race([over, Reflect.apply(value, target, given) as Promise<unknown>]);
      };
    },
  });
}
